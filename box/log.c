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
#include "box/log.h"

#define NR_LINES  8192
#define LINE_SIZE 1024 /* as CONSOLE_LOG_MAX */

struct line {
	uint64_t sequence, time_ns;
	int level, caller;
	char *text;
	size_t length;
};

struct log {
	pthread_mutex_t lock; /* recursive: the callback may ask for things that log */
	uint64_t next;        /* sequence of the next line */
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
				      .caller = line->caller,
				      .text = line->text,
				      .length = line->length};
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
