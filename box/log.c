// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The kernel log: a ring of lines. A line that was printed without a newline
 * waits until its thread continues it or anybody prints something else, as
 * kernel/printk/printk.c does.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "box/log.h"

#define NR_LINES  8192
#define LINE_SIZE 1024 /* as CONSOLE_LOG_MAX */

struct line {
	uint64_t sequence, time_ns;
	int level, facility, caller;
	char *text;
	size_t length;
};

struct log {
	pthread_mutex_t lock; /* recursive: the callback may ask for things that log */
	uint64_t next;        /* sequence of the next line */
	uint64_t cleared;     /* SYSLOG_ACTION_CLEAR was here */
	uint64_t unread;      /* SYSLOG_ACTION_READ is here */
	struct log_watch *watches;
	struct line lines[NR_LINES];
	bool is_open; /* a line waits for its continuation */
	struct line open;
	char open_text[LINE_SIZE];
};

struct log *log_new(struct r3_box *box)
{
	struct log *log = calloc(1, sizeof(*log));
	pthread_mutexattr_t attributes;

	if (!log)
		return NULL;
	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
	pthread_mutex_init(&log->lock, &attributes);
	pthread_mutexattr_destroy(&attributes);
	return log;
}

void log_free(struct log *log)
{
	if (!log)
		return;
	for (unsigned int i = 0; i < NR_LINES; i++)
		free(log->lines[i].text);
	pthread_mutex_destroy(&log->lock);
	free(log);
}

static struct r3_log_record record_of(const struct line *line)
{
	return (struct r3_log_record){.sequence = line->sequence,
				      .time_ns = line->time_ns,
				      .level = line->level,
				      .facility = line->facility,
				      .caller = line->caller,
				      .text = line->text,
				      .length = line->length};
}

static void wake_watches(struct log *log)
{
	const uint64_t one = 1;

	for (struct log_watch *watch = log->watches; watch; watch = watch->next) {
		if (!watch->wanted)
			continue;
		watch->wanted = false;
		/* Full means that it is readable already. */
		if (write(watch->event_fd, &one, sizeof(one)) < 0)
			continue;
	}
}

static void add_line(struct r3_box *box, const struct line *from, const char *text, size_t length)
{
	struct log *log = box->log;
	struct line *line = &log->lines[log->next % NR_LINES];
	char *copy = malloc(length + 1);

	if (!copy)
		return;
	memcpy(copy, text, length);
	copy[length] = '\0';
	free(line->text);
	*line = *from;
	line->text = copy;
	line->length = length;
	line->sequence = log->next++;
	wake_watches(log);
	if (box->options.log) {
		struct r3_log_record record = record_of(line);

		box->options.log(box->options.context, &record);
	}
}

/* One printk may hold several lines; each becomes its own. */
static void add_lines(struct r3_box *box, const struct line *from, const char *text, size_t length)
{
	const char *end;

	while ((end = memchr(text, '\n', length))) {
		add_line(box, from, text, end - text);
		length -= end + 1 - text;
		text = end + 1;
	}
	add_line(box, from, text, length);
}

static void close_line(struct r3_box *box)
{
	struct log *log = box->log;

	if (!log->is_open)
		return;
	log->is_open = false;
	add_lines(box, &log->open, log->open_text, log->open.length);
}

void log_flush(struct r3_box *box)
{
	pthread_mutex_lock(&box->log->lock);
	close_line(box);
	pthread_mutex_unlock(&box->log->lock);
}

static uint64_t box_time(const struct r3_box *box)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000UL + now.tv_nsec - box->boot_ns;
}

static void open_append(struct log *log, const char *text, size_t length)
{
	if (length > sizeof(log->open_text) - log->open.length)
		length = sizeof(log->open_text) - log->open.length;
	memcpy(log->open_text + log->open.length, text, length);
	log->open.length += length;
}

void log_store(struct r3_box *box, int level, unsigned int flags, const char *text, size_t length)
{
	struct thread *thread = thread_current();
	int caller = thread ? thread->id : 0;
	struct log *log = box->log;

	pthread_mutex_lock(&log->lock);
	if (!log->is_open || !(flags & R3_LOG_CONT) || log->open.caller != caller) {
		close_line(box);
		log->is_open = true;
		log->open =
			(struct line){.time_ns = box_time(box), .level = level, .caller = caller};
	}
	open_append(log, text, length);
	if (flags & R3_LOG_NEWLINE)
		close_line(box);
	pthread_mutex_unlock(&log->lock);
}

void box_printk(struct r3_box *box, int level, const char *format, ...)
{
	char text[LINE_SIZE];
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	if (length >= (int)sizeof(text))
		length = sizeof(text) - 1;
	if (length >= 0)
		log_store(box, level, R3_LOG_NEWLINE, text, length);
}

int r3_log_read(struct r3_box *box, uint64_t *sequence,
		int (*visit)(void *context, const struct r3_log_record *record), void *context)
{
	struct log *log = box->log;
	int result = 0;

	pthread_mutex_lock(&log->lock);
	close_line(box);
	if (log->next > NR_LINES && *sequence < log->next - NR_LINES)
		*sequence = log->next - NR_LINES;
	while (*sequence < log->next && !result) {
		struct r3_log_record record = record_of(&log->lines[*sequence % NR_LINES]);

		(*sequence)++;
		result = visit(context, &record);
	}
	pthread_mutex_unlock(&log->lock);
	return result;
}

static uint64_t first_of(const struct log *log)
{
	return log->next > NR_LINES ? log->next - NR_LINES : 0;
}

int log_read_record(struct r3_box *box, uint64_t *sequence, struct r3_log_record *record,
		    char *buffer, size_t size)
{
	struct log *log = box->log;
	const struct line *line;
	int error = 0;

	pthread_mutex_lock(&log->lock);
	if (*sequence < first_of(log)) {
		*sequence = first_of(log);
		error = -EPIPE;
	} else if (*sequence >= log->next) {
		error = -EAGAIN;
	} else {
		line = &log->lines[(*sequence)++ % NR_LINES];
		*record = record_of(line);
		if (record->length > size)
			record->length = size;
		memcpy(buffer, line->text, record->length);
		record->text = buffer;
	}
	pthread_mutex_unlock(&log->lock);
	return error;
}

uint64_t log_first(struct r3_box *box)
{
	uint64_t first;

	pthread_mutex_lock(&box->log->lock);
	first = first_of(box->log);
	pthread_mutex_unlock(&box->log->lock);
	return first;
}

uint64_t log_next(struct r3_box *box)
{
	uint64_t next;

	pthread_mutex_lock(&box->log->lock);
	next = box->log->next;
	pthread_mutex_unlock(&box->log->lock);
	return next;
}

void log_clear(struct r3_box *box)
{
	pthread_mutex_lock(&box->log->lock);
	box->log->cleared = box->log->next;
	pthread_mutex_unlock(&box->log->lock);
}

uint64_t log_cleared(struct r3_box *box)
{
	uint64_t cleared;

	pthread_mutex_lock(&box->log->lock);
	cleared = box->log->cleared;
	pthread_mutex_unlock(&box->log->lock);
	return cleared;
}

uint64_t log_unread(struct r3_box *box)
{
	return __atomic_load_n(&box->log->unread, __ATOMIC_RELAXED);
}

bool log_take(struct r3_box *box, uint64_t from, uint64_t to)
{
	return __atomic_compare_exchange_n(&box->log->unread, &from, to, false, __ATOMIC_RELAXED,
					   __ATOMIC_RELAXED);
}

void log_store_user(struct r3_box *box, int facility, int level, const char *text, size_t length)
{
	struct log *log = box->log;
	struct line line = {.level = level, .facility = facility};

	pthread_mutex_lock(&log->lock);
	close_line(box);
	line.time_ns = box_time(box);
	add_line(box, &line, text, length);
	pthread_mutex_unlock(&log->lock);
}

void log_watch(struct r3_box *box, struct log_watch *watch)
{
	pthread_mutex_lock(&box->log->lock);
	watch->next = box->log->watches;
	box->log->watches = watch;
	pthread_mutex_unlock(&box->log->lock);
}

void log_unwatch(struct r3_box *box, struct log_watch *watch)
{
	struct log_watch **link;

	pthread_mutex_lock(&box->log->lock);
	for (link = &box->log->watches; *link; link = &(*link)->next) {
		if (*link == watch) {
			*link = watch->next;
			break;
		}
	}
	pthread_mutex_unlock(&box->log->lock);
}

bool log_await(struct r3_box *box, struct log_watch *watch, uint64_t sequence)
{
	bool ready;

	pthread_mutex_lock(&box->log->lock);
	ready = sequence < box->log->next;
	watch->wanted = !ready;
	pthread_mutex_unlock(&box->log->lock);
	return ready;
}
