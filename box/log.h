/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel log. */
#ifndef RING3_LOG_H
#define RING3_LOG_H

#include "box/box.h"

#define LOG_RECORD_MAX 1024 /* bytes of text: CONSOLE_LOG_MAX, PRINTK_MESSAGE_MAX */

struct log;

/* What one printk has printed, which may be several lines. */
struct log_record {
	uint64_t sequence, time_ns;
	int level, facility, caller;
	bool continues;   /* it was to continue a record that was not there any more */
	const char *text; /* without its last newline; ends in NUL */
	size_t length;
	char subsystem[16], device[48]; /* of a device's message: struct dev_printk_info */
};

struct log *log_new(struct r3_box *box);
void log_free(struct log *log);

/* One printk; flags: R3_LOG_*; subsystem and device may be NULL. */
void log_store(struct r3_box *box, int level, unsigned int flags, const char *text, size_t length,
	       const char *subsystem, const char *device);

/*
 * What /dev/kmsg reads. *sequence names the record wanted and is the next
 * one's afterwards. 0: *record has it, its text in buffer, without NUL;
 * -EAGAIN: there is none yet; -EPIPE: it was overwritten, *sequence is the
 * oldest now.
 */
int log_read_record(struct r3_box *box, uint64_t *sequence, struct log_record *record,
		    char buffer[LOG_RECORD_MAX]);
/* As r3_log_read(), by whole records. */
int log_each(struct r3_box *box, uint64_t *sequence,
	     int (*visit)(void *context, const struct log_record *record), void *context);
uint64_t log_first(struct r3_box *box);
uint64_t log_next(struct r3_box *box);
/* SYSLOG_ACTION_CLEAR: where SEEK_DATA of /dev/kmsg and `dmesg' begin. */
void log_clear(struct r3_box *box);
uint64_t log_cleared(struct r3_box *box);
/* SYSLOG_ACTION_READ: the first record that nobody has read; take them, if nobody else did. */
uint64_t log_unread(struct r3_box *box);
bool log_take(struct r3_box *box, uint64_t from, uint64_t to);
/* A record from user space: of a facility, never continued. */
void log_store_user(struct r3_box *box, int facility, int level, const char *text, size_t length);

/* Wake somebody by an eventfd at the next record, once, if wanted is set. */
struct log_watch {
	struct log_watch *next;
	int event_fd;
	bool wanted;
};
void log_watch(struct r3_box *box, struct log_watch *watch);
void log_unwatch(struct r3_box *box, struct log_watch *watch);
/* True: there is a record from sequence on already; false: the watch is armed. */
bool log_await(struct r3_box *box, struct log_watch *watch, uint64_t sequence);

/* Complete the record that waits for its continuation. */
void log_flush(struct r3_box *box);

#endif
