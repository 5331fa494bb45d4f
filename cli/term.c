// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "cli/term.h"

#define PROGRESS_WIDTH 24

static const char *const styles[] = {
	[TERM_PLAIN] = "",
	[TERM_BOLD] = "\033[1m",
	[TERM_DIM] = "\033[2m",
	[TERM_GREEN] = "\033[32m",
	[TERM_BROWN] = "\033[33m",
	[TERM_RED] = "\033[31m",
	[TERM_BOLD_RED] = "\033[31;1m",
	[TERM_REVERSE_RED] = "\033[7;31m",
};

/* util-linux' dmesg colours the text of these levels; others only their prefix. */
static const enum term_style level_styles[8] = {
	[0] = TERM_BOLD_RED, [1] = TERM_REVERSE_RED, [2] = TERM_BOLD_RED,
	[3] = TERM_RED,      [4] = TERM_BOLD,
};

void term_init(struct term *term)
{
	const char *no_color = getenv("NO_COLOR");
	const char *name = getenv("TERM");
	bool dumb = name && strcmp(name, "dumb") == 0;

	*term = (struct term){
		.lock = PTHREAD_MUTEX_INITIALIZER,
		.colour = isatty(STDOUT_FILENO) && !dumb && !(no_color && *no_color),
		.progress_line = isatty(STDERR_FILENO) && !dumb,
		.out = stdout,
	};
}

void term_use(struct term *term, FILE *out)
{
	term->out = out;
	term->colour = term->colour && isatty(fileno(out));
}

static void clear_progress(struct term *term)
{
	if (!term->shown)
		return;
	fputs("\r\033[K", stderr);
	fflush(stderr);
	term->shown = false;
}

static void styled(struct term *term, enum term_style style, const char *text, size_t length)
{
	bool on = term->colour && style != TERM_PLAIN && length > 0;

	if (on)
		fputs(styles[style], term->out);
	fwrite(text, 1, length, term->out);
	if (on)
		fputs("\033[0m", term->out);
}

/*
 * A log line is bytes that a module made up: nothing of it may steer the
 * terminal. Shown as \xHH, as /dev/kmsg shows them.
 */
static void log_text(struct term *term, enum term_style style, const char *text, size_t length)
{
	char escape[8];
	size_t i, from = 0;

	for (i = 0; i < length; i++) {
		unsigned char c = text[i];

		if ((c >= ' ' && c != 0x7f) || c == '\t')
			continue;
		styled(term, style, text + from, i - from);
		snprintf(escape, sizeof(escape), "\\x%02x", c);
		styled(term, style, escape, strlen(escape));
		from = i + 1;
	}
	styled(term, style, text + from, length - from);
}

static void time_stamp(struct term *term, uint64_t time_ns)
{
	uint64_t us = time_ns / 1000;
	char stamp[40];

	snprintf(stamp, sizeof(stamp), "[%5" PRIu64 ".%06" PRIu64 "] ", us / 1000000, us % 1000000);
	styled(term, TERM_GREEN, stamp, strlen(stamp));
}

void term_log(struct term *term, const struct r3_log_record *record)
{
	enum term_style style = level_styles[record->level & 7];
	const char *colon = memmem(record->text, record->length, ": ", 2);
	size_t prefix = colon && style == TERM_PLAIN ? (size_t)(colon - record->text) + 1 : 0;

	if (!record->on_console)
		return;
	pthread_mutex_lock(&term->lock);
	clear_progress(term);
	time_stamp(term, record->time_ns);
	log_text(term, TERM_BROWN, record->text, prefix);
	log_text(term, style, record->text + prefix, record->length - prefix);
	fputc('\n', term->out);
	fflush(term->out);
	pthread_mutex_unlock(&term->lock);
}

void term_hit(struct term *term, const struct r3_probe_hit *hit)
{
	const size_t name = strlen(hit->name) + strlen(":");
	char task[64];

	snprintf(task, sizeof(task), "%s-%d [%03d] ", hit->comm, hit->pid, hit->cpu);
	pthread_mutex_lock(&term->lock);
	clear_progress(term);
	time_stamp(term, hit->time_ns);
	log_text(term, TERM_DIM, task, strlen(task));
	log_text(term, TERM_BOLD, hit->text, name);
	log_text(term, TERM_PLAIN, hit->text + name, hit->length - name);
	fputc('\n', term->out);
	fflush(term->out);
	pthread_mutex_unlock(&term->lock);
}

void term_trace(struct term *term, const struct r3_trace_event *event)
{
	const char *module = event->module ? event->module : "";
	const char *text = event->text ? event->text : "";
	bool named = *module && strncmp(text, module, strlen(module)) != 0;

	term_print(term, TERM_DIM, "  %-10s  %s%s%s", r3_trace_kind_name(event->kind),
		   named ? module : "", named ? ": " : "", text);
}

/* "compiling [######........] 3/20" */
static void draw_progress(const char *what, unsigned int done, unsigned int total)
{
	unsigned int filled = total ? (unsigned int)((uint64_t)done * PROGRESS_WIDTH / total) : 0;
	char bar[PROGRESS_WIDTH + 1];
	unsigned int i;

	for (i = 0; i < PROGRESS_WIDTH; i++)
		bar[i] = i < filled ? '#' : '.';
	bar[PROGRESS_WIDTH] = '\0';
	fprintf(stderr, "\r\033[Kring3: %s [%s] %u/%u", what, bar, done, total);
	fflush(stderr);
}

void term_progress(struct term *term, const char *what, unsigned int done, unsigned int total)
{
	pthread_mutex_lock(&term->lock);
	if (term->progress_line) {
		if (done >= total) {
			clear_progress(term);
		} else {
			draw_progress(what, done, total);
			term->shown = true;
		}
	} else if (done < total && strncmp(term->announced, what, sizeof(term->announced) - 1)) {
		snprintf(term->announced, sizeof(term->announced), "%s", what);
		fprintf(stderr, "ring3: %s (%u)\n", what, total);
	}
	pthread_mutex_unlock(&term->lock);
}

void term_progress_end(struct term *term)
{
	pthread_mutex_lock(&term->lock);
	clear_progress(term);
	pthread_mutex_unlock(&term->lock);
}

void term_print(struct term *term, enum term_style style, const char *format, ...)
{
	va_list args;
	char *line;
	int length;

	va_start(args, format);
	length = vasprintf(&line, format, args);
	va_end(args);
	if (length < 0)
		return;
	pthread_mutex_lock(&term->lock);
	clear_progress(term);
	styled(term, style, line, length);
	fputc('\n', term->out);
	fflush(term->out);
	pthread_mutex_unlock(&term->lock);
	free(line);
}

static void complain(struct term *term, const char *prefix, const char *format, va_list args)
{
	pthread_mutex_lock(&term->lock);
	clear_progress(term);
	fflush(term->out);
	fputs(prefix, stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	pthread_mutex_unlock(&term->lock);
}

void term_error(struct term *term, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	complain(term, "ring3: ", format, args);
	va_end(args);
}

void term_advice(struct term *term, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	complain(term, "       ", format, args);
	va_end(args);
}
