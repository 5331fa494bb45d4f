// SPDX-License-Identifier: GPL-2.0-or-later
/* The time: jiffies, the clocks, waiting busily and asleep. */
#include <linux/delay.h>
#include <linux/export.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/sched.h>
#include <linux/sched/clock.h>
#include "builtin.h"

unsigned long volatile jiffies = INITIAL_JIFFIES;
EXPORT_SYMBOL(jiffies);

/* When jiffies had which value; the next ones follow every TICK_NSEC. */
static unsigned long base_ns, base_jiffies;

/* Kept up to date by the host, from when somebody could look. */
void jiffies_start(void)
{
	static bool started;

	if (READ_ONCE(started) || xchg(&started, true))
		return;
	base_jiffies = INITIAL_JIFFIES + r3hc_clock(R3_CLOCK_MONOTONIC) / TICK_NSEC;
	jiffies = base_jiffies;
	r3hc_jiffies((unsigned long *)&jiffies, HZ);
	/* Read afterwards: rather a little late than before jiffies says so. */
	base_ns = r3hc_clock(R3_CLOCK_MONOTONIC);
}

/* The time of the box's clock at which jiffies will be j. */
u64 jiffies_to_clock_ns(unsigned long j)
{
	long after = j - base_jiffies;

	return base_ns + (after > 0 ? after * TICK_NSEC : 0);
}

u64 get_jiffies_64(void)
{
	return jiffies;
}
EXPORT_SYMBOL(get_jiffies_64);

unsigned int jiffies_to_msecs(const unsigned long j)
{
	return j * (MSEC_PER_SEC / HZ);
}
EXPORT_SYMBOL(jiffies_to_msecs);

unsigned int jiffies_to_usecs(const unsigned long j)
{
	return j * (USEC_PER_SEC / HZ);
}
EXPORT_SYMBOL(jiffies_to_usecs);

unsigned long __msecs_to_jiffies(const unsigned int m)
{
	if ((int)m < 0)
		return MAX_JIFFY_OFFSET;
	return DIV_ROUND_UP((unsigned long)m, MSEC_PER_SEC / HZ);
}
EXPORT_SYMBOL(__msecs_to_jiffies);

unsigned long __usecs_to_jiffies(const unsigned int u)
{
	return DIV_ROUND_UP((unsigned long)u, USEC_PER_SEC / HZ);
}
EXPORT_SYMBOL(__usecs_to_jiffies);

unsigned long nsecs_to_jiffies(u64 n)
{
	return n / TICK_NSEC;
}
EXPORT_SYMBOL_GPL(nsecs_to_jiffies);

clock_t jiffies_to_clock_t(unsigned long x)
{
	return x * USER_HZ / HZ;
}
EXPORT_SYMBOL(jiffies_to_clock_t);

/* Whole seconds: timers that need no precision fire together. */
static unsigned long round_to_second(unsigned long j)
{
	unsigned long remainder = j % HZ, rounded = j - remainder;

	if (remainder >= HZ / 4)
		rounded += HZ;
	return time_is_after_jiffies(rounded) ? rounded : j;
}

unsigned long round_jiffies(unsigned long j)
{
	return round_to_second(j);
}
EXPORT_SYMBOL_GPL(round_jiffies);

unsigned long round_jiffies_relative(unsigned long j)
{
	unsigned long now = jiffies;

	return round_to_second(j + now) - now;
}
EXPORT_SYMBOL_GPL(round_jiffies_relative);

/* ---- clocks ---- */

u64 ktime_get_ns(void)
{
	return r3hc_clock(R3_CLOCK_MONOTONIC);
}
EXPORT_SYMBOL_GPL(ktime_get_ns);

u64 ktime_get_real_ns(void)
{
	return r3hc_clock(R3_CLOCK_REALTIME);
}
EXPORT_SYMBOL_GPL(ktime_get_real_ns);

/* The box is never suspended, nor is its clock steered. */
#define MONOTONIC(name, type)                                                                      \
	type name(void)                                                                            \
	{                                                                                          \
		return r3hc_clock(R3_CLOCK_MONOTONIC);                                             \
	}                                                                                          \
	EXPORT_SYMBOL_GPL(name)
MONOTONIC(ktime_get, ktime_t);
MONOTONIC(ktime_get_boottime, ktime_t);
MONOTONIC(ktime_get_raw, ktime_t);
MONOTONIC(ktime_get_boottime_ns, u64);
MONOTONIC(ktime_get_mono_fast_ns, u64);
MONOTONIC(local_clock, u64);
MONOTONIC(sched_clock, u64);

ktime_t ktime_get_real(void)
{
	return r3hc_clock(R3_CLOCK_REALTIME);
}
EXPORT_SYMBOL_GPL(ktime_get_real);

time64_t ktime_get_seconds(void)
{
	return ktime_get_ns() / NSEC_PER_SEC;
}
EXPORT_SYMBOL_GPL(ktime_get_seconds);

time64_t ktime_get_real_seconds(void)
{
	return ktime_get_real_ns() / NSEC_PER_SEC;
}
EXPORT_SYMBOL_GPL(ktime_get_real_seconds);

struct timespec64 ns_to_timespec64(s64 nsec)
{
	struct timespec64 ts = {nsec / NSEC_PER_SEC, nsec % NSEC_PER_SEC};

	if (ts.tv_nsec < 0) {
		ts.tv_sec--;
		ts.tv_nsec += NSEC_PER_SEC;
	}
	return ts;
}
EXPORT_SYMBOL(ns_to_timespec64);

void ktime_get_ts64(struct timespec64 *ts)
{
	*ts = ns_to_timespec64(ktime_get_ns());
}
EXPORT_SYMBOL_GPL(ktime_get_ts64);

void ktime_get_real_ts64(struct timespec64 *tv)
{
	*tv = ns_to_timespec64(ktime_get_real_ns());
}
EXPORT_SYMBOL(ktime_get_real_ts64);

/* Civil date from days: years begin in March, so that a leap day is a year's last. */
void time64_to_tm(time64_t totalsecs, int offset, struct tm *result)
{
	static const int days_before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
	s64 seconds = totalsecs + offset, days = seconds / 86400, era, day_of_era, year, day, month;

	seconds -= days * 86400;
	if (seconds < 0) {
		seconds += 86400;
		days--;
	}
	result->tm_hour = seconds / 3600;
	result->tm_min = seconds / 60 % 60;
	result->tm_sec = seconds % 60;
	result->tm_wday = ((days + 4) % 7 + 7) % 7;
	days += 719468; /* from 0000-03-01 */
	era = (days >= 0 ? days : days - 146096) / 146097;
	day_of_era = days - era * 146097;
	year = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	day = day_of_era - (365 * year + year / 4 - year / 100);
	month = (5 * day + 2) / 153;
	result->tm_mday = day - (153 * month + 2) / 5 + 1;
	result->tm_mon = month < 10 ? month + 2 : month - 10;
	year += era * 400 + (month >= 10);
	result->tm_year = year - 1900;
	result->tm_yday = days_before[result->tm_mon] + result->tm_mday - 1;
	if (result->tm_mon > 1 && year % 4 == 0 && (year % 100 || year % 400 == 0))
		result->tm_yday++;
}
EXPORT_SYMBOL(time64_to_tm);

/* ---- delays ---- */

void __ndelay(unsigned long nsecs)
{
	r3hc_delay(nsecs);
}
EXPORT_SYMBOL(__ndelay);

void __udelay(unsigned long usecs)
{
	r3hc_delay(usecs * NSEC_PER_USEC);
}
EXPORT_SYMBOL(__udelay);

void msleep(unsigned int msecs)
{
	unsigned long timeout = msecs_to_jiffies(msecs) + 1;

	while (timeout)
		timeout = schedule_timeout_uninterruptible(timeout);
}
EXPORT_SYMBOL(msleep);

unsigned long msleep_interruptible(unsigned int msecs)
{
	unsigned long timeout = msecs_to_jiffies(msecs) + 1;

	while (timeout && !signal_pending(current))
		timeout = schedule_timeout_interruptible(timeout);
	return jiffies_to_msecs(timeout);
}
EXPORT_SYMBOL(msleep_interruptible);

void fsleep(unsigned long usecs)
{
	if (usecs <= 10)
		udelay(usecs);
	else if (usecs <= 20000)
		usleep_range(usecs, 2 * usecs);
	else
		msleep(DIV_ROUND_UP(usecs, 1000));
}
EXPORT_SYMBOL(fsleep);
