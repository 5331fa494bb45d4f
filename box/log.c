// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The kernel log: a ring of records, each what one printk printed. One that was
 * printed without a newline waits until its thread continues it or anybody
 * prints something else, as kernel/printk/printk.c does.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "box/clock.h"
#include "box/console.h"
#include "box/log.h"

#define NR_RECORDS 8192

struct log {
	pthread_mutex_t lock; /* recursive: the callback may ask for things that log */
	uint64_t next;        /* sequence of the next record */
	uint64_t cleared;     /* SYSLOG_ACTION_CLEAR was here */
	uint64_t unread;      /* SYSLOG_ACTION_READ is here */
	struct log_watch *watches;
	struct log_record records[NR_RECORDS]; /* their texts are the log's */
	bool is_open;                          /* a record waits for its continuation */
	struct log_record open;
	char open_text[LOG_RECORD_MAX];
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
	for (unsigned int i = 0; i < NR_RECORDS; i++)
		free((char *)log->records[i].text);
	pthread_mutex_destroy(&log->lock);
	free(log);
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

/* Each line of a record in turn, as the public record that it is. */
static int each_line(struct r3_box *box, const struct log_record *record,
		     int (*visit)(void *context, const struct r3_log_record *line), void *context)
{
	struct r3_log_record line = {
		.sequence = record->sequence,
		.time_ns = record->time_ns,
		.level = record->level,
		.facility = record->facility,
		.caller = record->caller,
		.on_console = console_shows(box, record->level),
	};
	const char *text = record->text, *end = record->text + record->length;
	int result = 0;

	do {
		const char *newline = memchr(text, '\n', end - text);

		line.text = text;
		line.length = (newline ? newline : end) - text;
		result = visit(context, &line);
		text += line.length + 1;
	} while (!result && text <= end);
	return result;
}

static int call_back(void *context, const struct r3_log_record *line)
{
	struct r3_box *box = context;

	box->options.log(box->options.context, line);
	return 0;
}

static void add_record(struct r3_box *box, const struct log_record *from, const char *text)
{
	struct log *log = box->log;
	struct log_record *record = &log->records[log->next % NR_RECORDS];
	char *copy = malloc(from->length + 1);

	if (!copy)
		return;
	memcpy(copy, text, from->length);
	copy[from->length] = '\0';
	free((char *)record->text);
	*record = *from;
	record->text = copy;
	record->sequence = log->next++;
	wake_watches(log);
	if (box->options.log)
		each_line(box, record, call_back, box);
}

static void close_record(struct r3_box *box)
{
	struct log *log = box->log;

	if (!log->is_open)
		return;
	log->is_open = false;
	add_record(box, &log->open, log->open_text);
}

void log_flush(struct r3_box *box)
{
	pthread_mutex_lock(&box->log->lock);
	close_record(box);
	pthread_mutex_unlock(&box->log->lock);
}

static void open_append(struct log *log, const char *text, size_t length)
{
	if (length > sizeof(log->open_text) - log->open.length)
		length = sizeof(log->open_text) - log->open.length;
	memcpy(log->open_text + log->open.length, text, length);
	log->open.length += length;
}

void log_store(struct r3_box *box, int level, unsigned int flags, const char *text, size_t length,
	       const char *subsystem, const char *device)
{
	struct thread *thread = thread_current();
	int caller = thread ? thread->id : 0;
	struct log *log = box->log;

	pthread_mutex_lock(&log->lock);
	if (!log->is_open || !(flags & R3_LOG_CONT) || log->open.caller != caller) {
		close_record(box);
		log->is_open = true;
		log->open = (struct log_record){.time_ns = clock_monotonic(box),
						.level = level,
						.caller = caller,
						.continues = flags & R3_LOG_CONT};
		snprintf(log->open.subsystem, sizeof(log->open.subsystem), "%s",
			 subsystem ? subsystem : "");
		snprintf(log->open.device, sizeof(log->open.device), "%s", device ? device : "");
	}
	open_append(log, text, length);
	if (flags & R3_LOG_NEWLINE)
		close_record(box);
	pthread_mutex_unlock(&log->lock);
}

void box_printk(struct r3_box *box, int level, const char *format, ...)
{
	char text[LOG_RECORD_MAX];
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	if (length >= (int)sizeof(text))
		length = sizeof(text) - 1;
	if (length >= 0)
		log_store(box, level, R3_LOG_NEWLINE, text, length, NULL, NULL);
}

static uint64_t first_of(const struct log *log)
{
	return log->next > NR_RECORDS ? log->next - NR_RECORDS : 0;
}

int log_each(struct r3_box *box, uint64_t *sequence,
	     int (*visit)(void *context, const struct log_record *record), void *context)
{
	struct log *log = box->log;
	int result = 0;

	pthread_mutex_lock(&log->lock);
	close_record(box);
	if (*sequence < first_of(log))
		*sequence = first_of(log);
	while (*sequence < log->next && !result)
		result = visit(context, &log->records[(*sequence)++ % NR_RECORDS]);
	pthread_mutex_unlock(&log->lock);
	return result;
}

struct line_visit {
	struct r3_box *box;
	int (*visit)(void *context, const struct r3_log_record *line);
	void *context;
};

static int visit_lines(void *context, const struct log_record *record)
{
	const struct line_visit *lines = context;

	return each_line(lines->box, record, lines->visit, lines->context);
}

int r3_log_read(struct r3_box *box, uint64_t *sequence,
		int (*visit)(void *context, const struct r3_log_record *record), void *context)
{
	struct line_visit lines = {box, visit, context};

	return log_each(box, sequence, visit_lines, &lines);
}

int log_read_record(struct r3_box *box, uint64_t *sequence, struct log_record *record,
		    char buffer[LOG_RECORD_MAX])
{
	struct log *log = box->log;
	int error = 0;

	pthread_mutex_lock(&log->lock);
	if (*sequence < first_of(log)) {
		*sequence = first_of(log);
		error = -EPIPE;
	} else if (*sequence >= log->next) {
		error = -EAGAIN;
	} else {
		*record = log->records[(*sequence)++ % NR_RECORDS];
		memcpy(buffer, record->text, record->length);
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
	struct log_record record = {.level = level, .facility = facility};

	record.length = length < LOG_RECORD_MAX ? length : LOG_RECORD_MAX;
	pthread_mutex_lock(&log->lock);
	close_record(box);
	record.time_ns = clock_monotonic(box);
	add_record(box, &record, text);
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
