/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a tool says, as kmod's tools say it: "insmod: ERROR: text", or to syslog. */
#ifndef RING3_KMOD_LOG_H
#define RING3_KMOD_LOG_H

#include <stdbool.h>
#include <syslog.h>

/*
 * level: the least important priority that is shown (LOG_ERR, LOG_WARNING, ...).
 * Without this call: stderr, LOG_WARNING. The name is program_invocation_short_name.
 */
void log_open(bool use_syslog, int level);
void log_close(void);

/* One message, without its newline. errno is left as it was. */
__attribute__((format(printf, 2, 3))) void log_message(int priority, const char *format, ...);

#define error(...)   log_message(LOG_ERR, __VA_ARGS__)
#define warning(...) log_message(LOG_WARNING, __VA_ARGS__)
#define info(...)    log_message(LOG_INFO, __VA_ARGS__)
#define debug(...)   log_message(LOG_DEBUG, __VA_ARGS__)

/* After an error: what is behind it, and what to do. "insmod: HINT: text". */
__attribute__((format(printf, 1, 2))) void hint(const char *format, ...);

#endif
