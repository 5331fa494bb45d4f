// SPDX-License-Identifier: GPL-2.0-or-later
/* printk: format, take the level off, hand the text to the host's log. */
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/printk.h>
#include <linux/jiffies.h>
#include <linux/ratelimit.h>
#include <linux/string.h>
#include "builtin.h"

/* What one record holds at most, NUL included: LOG_LINE_MAX of kernel/printk/printk.c. */
#define LINE_MAX      992
/* MESSAGE_LOGLEVEL_DEFAULT of Debian's configuration */
#define DEFAULT_LEVEL 4

int oops_in_progress;
EXPORT_SYMBOL(oops_in_progress);

/* Bytes of level marks at the start; the first level counts. */
static size_t parse_levels(const char *text, int *level, unsigned int *flags)
{
	size_t length = 0;
	int mark;

	while ((mark = printk_get_level(text + length))) {
		if (mark == 'c')
			*flags |= R3_LOG_CONT;
		else if (*level < 0)
			*level = mark - '0';
		length += 2;
	}
	return length;
}

asmlinkage int vprintk(const char *fmt, va_list args)
{
	char line[LINE_MAX];
	unsigned int flags = 0;
	int level = LOGLEVEL_DEFAULT;
	size_t length, skip;

	length = vscnprintf(line, sizeof(line), fmt, args);
	skip = parse_levels(line, &level, &flags);
	if (length > skip && line[length - 1] == '\n') {
		length--;
		flags |= R3_LOG_NEWLINE;
	}
	if (level < 0)
		level = DEFAULT_LEVEL;
	r3hc_log(level, flags, line + skip, length - skip, NULL, NULL);
	return length - skip;
}
EXPORT_SYMBOL(vprintk);

asmlinkage int _printk(const char *fmt, ...)
{
	va_list args;
	int length;

	va_start(args, fmt);
	length = vprintk(fmt, args);
	va_end(args);
	return length;
}
EXPORT_SYMBOL(_printk);

/* Nothing in the log's way can sleep or wake: there is no need to wait. */
int _printk_deferred(const char *fmt, ...)
{
	va_list args;
	int length;

	va_start(args, fmt);
	length = vprintk(fmt, args);
	va_end(args);
	return length;
}
EXPORT_SYMBOL_GPL(_printk_deferred);

void dump_stack_lvl(const char *log_lvl)
{
	int level = LOGLEVEL_DEFAULT;
	unsigned int flags = 0;

	parse_levels(log_lvl, &level, &flags);
	r3hc_dump_stack(level < 0 ? DEFAULT_LEVEL : level);
}
EXPORT_SYMBOL(dump_stack_lvl);

void dump_stack(void)
{
	dump_stack_lvl(KERN_DEFAULT);
}
EXPORT_SYMBOL(dump_stack);

int ___ratelimit(struct ratelimit_state *rs, const char *func)
{
	unsigned long flags, now = jiffies;
	int allowed = 0, missed = 0;

	if (!rs->interval)
		return 1;
	raw_spin_lock_irqsave(&rs->lock, flags);
	if (!rs->begin)
		rs->begin = now;
	if (time_is_before_jiffies(rs->begin + rs->interval)) {
		missed = rs->missed;
		rs->begin = now;
		rs->printed = 0;
		rs->missed = 0;
	}
	if (rs->burst && rs->burst > rs->printed) {
		rs->printed++;
		allowed = 1;
	} else {
		rs->missed++;
	}
	raw_spin_unlock_irqrestore(&rs->lock, flags);
	if (missed && !(rs->flags & RATELIMIT_MSG_ON_RELEASE))
		printk_deferred(KERN_WARNING "%s: %d callbacks suppressed\n", func, missed);
	return allowed;
}
EXPORT_SYMBOL(___ratelimit);

bool printk_timed_ratelimit(unsigned long *caller_jiffies, unsigned int interval_msec)
{
	unsigned long now = jiffies;

	if (*caller_jiffies && now - *caller_jiffies <= msecs_to_jiffies(interval_msec))
		return false;
	*caller_jiffies = now;
	return true;
}
EXPORT_SYMBOL(printk_timed_ratelimit);
