/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a tool says, as kmod's tools say it: "insmod: ERROR: text", or to syslog. */
#ifndef RING3_KMOD_LOG_H
#define RING3_KMOD_LOG_H

#include <stdarg.h>
#include <stdbool.h>
#include <syslog.h>

/*
 * level: the least important priority that is shown (LOG_ERR, LOG_WARNING, ...).
 * Without this call: stderr, LOG_WARNING. The name is program_invocation_short_name.
 */
void log_open(bool to_syslog, int level);
void log_close(void);

/* Each thread has its own: one that is begun takes over those of who begins it. */
struct log_settings {
	bool to_syslog;
	int level;
};
struct log_settings log_settings(void);
void log_inherit(struct log_settings parents);

/* Are messages of this priority shown at all? */
bool log_shows(int priority);

/* One message, without its newline. errno is left as it was. */
__attribute__((format(printf, 2, 3))) void log_message(int priority, const char *format, ...);
__attribute__((format(printf, 2, 0))) void log_vmessage(int priority, const char *format,
							va_list arguments);

#define error(...)   log_message(LOG_ERR, __VA_ARGS__)
#define warning(...) log_message(LOG_WARNING, __VA_ARGS__)
#define info(...)    log_message(LOG_INFO, __VA_ARGS__)
#define debug(...)   log_message(LOG_DEBUG, __VA_ARGS__)

/* After an error: what is behind it, and what to do. "insmod: HINT: text". */
__attribute__((format(printf, 1, 2))) void hint(const char *format, ...);

#endif
