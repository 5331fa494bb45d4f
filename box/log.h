/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RING3_LOG_H
#define RING3_LOG_H

#include "box/box.h"

struct log;

struct log *log_new(struct r3_box *box);
void log_free(struct log *log);

/*
 * What /dev/kmsg and syslog(2) read. *sequence names the record wanted and is
 * the next one's afterwards. 0: *record has it, its text in buffer, cut off at
 * size; -EAGAIN: there is none yet; -EPIPE: it was overwritten, *sequence is
 * the oldest now.
 */
int log_read_record(struct r3_box *box, uint64_t *sequence, struct r3_log_record *record,
		    char *buffer, size_t size);
uint64_t log_first(struct r3_box *box);
uint64_t log_next(struct r3_box *box);
/* SYSLOG_ACTION_CLEAR: where SEEK_DATA of /dev/kmsg and `dmesg' begin. */
void log_clear(struct r3_box *box);
uint64_t log_cleared(struct r3_box *box);
/* SYSLOG_ACTION_READ: the first line that nobody has read; take them, if nobody else did. */
uint64_t log_unread(struct r3_box *box);
bool log_take(struct r3_box *box, uint64_t from, uint64_t to);
/* A line from user space: of a facility, never continued. */
void log_store_user(struct r3_box *box, int facility, int level, const char *text, size_t length);

/* Wake somebody by an eventfd at the next line, once, if wanted is set. */
struct log_watch {
	struct log_watch *next;
	int event_fd;
	bool wanted;
};
void log_watch(struct r3_box *box, struct log_watch *watch);
void log_unwatch(struct r3_box *box, struct log_watch *watch);
/* True: there is a record from sequence on already; false: the watch is armed. */
bool log_await(struct r3_box *box, struct log_watch *watch, uint64_t sequence);

/* Complete the line that waits for its continuation. */
void log_flush(struct r3_box *box);

#endif
