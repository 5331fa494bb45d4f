// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * printk: format, split off the level, hand the line to the host's log.
 * Behaviour of kernel/printk/printk.c; formatting is the library's.
 */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/console.h>
#include <linux/dev_printk.h>
#include <linux/jiffies.h>
#include <linux/kern_levels.h>
#include <linux/kmsg_dump.h>
#include <linux/printk.h>
#include <linux/ratelimit.h>
#include <linux/semaphore.h>
#include <ring3/hypercall.h>
#include "compat.h"

/* Levels at boot, as CONFIG_CONSOLE_LOGLEVEL_* and _MESSAGE_ say; the host goes by them as well. */
int console_printk[4] = {
	CONSOLE_LOGLEVEL_DEFAULT,
	MESSAGE_LOGLEVEL_DEFAULT,
	CONSOLE_LOGLEVEL_MIN,
	CONSOLE_LOGLEVEL_DEFAULT,
};
EXPORT_SYMBOL_GPL(console_printk);

int oops_in_progress;
EXPORT_SYMBOL(oops_in_progress);

atomic_t ignore_console_lock_warning = ATOMIC_INIT(0);
EXPORT_SYMBOL(ignore_console_lock_warning);

int console_set_on_cmdline;
EXPORT_SYMBOL(console_set_on_cmdline);

bool console_suspend_enabled = true;
EXPORT_SYMBOL(console_suspend_enabled);

/* Length of the KERN_SOH prefixes of text; the first level wins, 'c' continues a line. */
static size_t parse_prefix(const char *text, int *level, unsigned int *flags)
{
	size_t length = 0;
	int kind;

	while ((kind = printk_get_level(text + length))) {
		if (kind == 'c')
			*flags |= R3_LOG_CONT;
		else if (*level == LOGLEVEL_DEFAULT)
			*level = kind - '0';
		length += 2;
	}
	return length;
}

int vprintk_emit(int facility, int level, const struct dev_printk_info *dev_info, const char *fmt,
		 va_list args)
{
	char text[PRINTK_RECORD_MAX];
	unsigned int flags = 0;
	size_t length, prefix = 0;

	if (level == LOGLEVEL_SCHED)
		level = LOGLEVEL_DEFAULT;
	length = vscnprintf(text, sizeof(text), fmt, args);
	if (length && text[length - 1] == '\n') {
		flags |= R3_LOG_NEWLINE;
		length--;
	}
	if (!facility)
		prefix = parse_prefix(text, &level, &flags);
	if (prefix > length)
		prefix = length;
	if (level == LOGLEVEL_DEFAULT)
		level = default_message_loglevel;
	/* A device's message is a record of its own whether it ends in a newline or not. */
	if (dev_info)
		flags |= R3_LOG_NEWLINE;
	r3hc_log(level, flags, text + prefix, length - prefix,
		 dev_info ? dev_info->subsystem : NULL, dev_info ? dev_info->device : NULL);
	return length - prefix;
}
EXPORT_SYMBOL(vprintk_emit);

int vprintk_default(const char *fmt, va_list args)
{
	return vprintk_emit(0, LOGLEVEL_DEFAULT, NULL, fmt, args);
}
EXPORT_SYMBOL_GPL(vprintk_default);

int vprintk(const char *fmt, va_list args)
{
	return vprintk_emit(0, LOGLEVEL_DEFAULT, NULL, fmt, args);
}
EXPORT_SYMBOL(vprintk);

int _printk(const char *fmt, ...)
{
	va_list args;
	int ret;

	va_start(args, fmt);
	ret = vprintk_emit(0, LOGLEVEL_DEFAULT, NULL, fmt, args);
	va_end(args);
	return ret;
}
EXPORT_SYMBOL(_printk);

int vprintk_deferred(const char *fmt, va_list args)
{
	return vprintk_emit(0, LOGLEVEL_SCHED, NULL, fmt, args);
}

/*
 * Deferring serves consoles that take locks; the host's log takes none of ours,
 * so that all of it is written at once.
 */
int _printk_deferred(const char *fmt, ...)
{
	va_list args;
	int ret;

	va_start(args, fmt);
	ret = vprintk_deferred(fmt, args);
	va_end(args);
	return ret;
}

void __printk_deferred_enter(void)
{
}

void __printk_deferred_exit(void)
{
}

/* ---- rate limits ---- */

DEFINE_RATELIMIT_STATE(printk_ratelimit_state, DEFAULT_RATELIMIT_INTERVAL, DEFAULT_RATELIMIT_BURST);

int __printk_ratelimit(const char *func)
{
	return ___ratelimit(&printk_ratelimit_state, func);
}
EXPORT_SYMBOL(__printk_ratelimit);

bool printk_timed_ratelimit(unsigned long *caller_jiffies, unsigned int interval_msecs)
{
	unsigned long elapsed = jiffies - *caller_jiffies;

	if (*caller_jiffies && elapsed <= msecs_to_jiffies(interval_msecs))
		return false;
	*caller_jiffies = jiffies;
	return true;
}
EXPORT_SYMBOL(printk_timed_ratelimit);

/* ---- who prints a report owns the log until it is done ---- */

static atomic_t cpu_sync_owner = ATOMIC_INIT(-1);
static unsigned int cpu_sync_depth;

int __printk_cpu_sync_try_get(void)
{
	int cpu = smp_processor_id();

	if (atomic_read(&cpu_sync_owner) == cpu) {
		cpu_sync_depth++;
		return 1;
	}
	return atomic_cmpxchg_acquire(&cpu_sync_owner, -1, cpu) == -1;
}
EXPORT_SYMBOL(__printk_cpu_sync_try_get);

void __printk_cpu_sync_wait(void)
{
	while (atomic_read(&cpu_sync_owner) != -1)
		cpu_relax();
}
EXPORT_SYMBOL(__printk_cpu_sync_wait);

void __printk_cpu_sync_put(void)
{
	if (cpu_sync_depth)
		cpu_sync_depth--;
	else
		atomic_set_release(&cpu_sync_owner, -1);
}
EXPORT_SYMBOL(__printk_cpu_sync_put);

/* ---- consoles: the host's log is the only one ---- */

static DEFINE_SEMAPHORE_ONE(console_sem);
static bool console_locked;

void console_lock(void)
{
	down(&console_sem);
	console_locked = true;
}
EXPORT_SYMBOL(console_lock);

int console_trylock(void)
{
	if (down_trylock(&console_sem))
		return 0;
	console_locked = true;
	return 1;
}
EXPORT_SYMBOL(console_trylock);

void console_unlock(void)
{
	console_locked = false;
	up(&console_sem);
}
EXPORT_SYMBOL(console_unlock);

int is_console_locked(void)
{
	return console_locked;
}
EXPORT_SYMBOL(is_console_locked);

void console_verbose(void)
{
	if (console_loglevel)
		console_loglevel = CONSOLE_LOGLEVEL_MOTORMOUTH;
}
EXPORT_SYMBOL_GPL(console_verbose);
