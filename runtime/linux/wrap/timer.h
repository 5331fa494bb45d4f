/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kernel/time/timer.c registers a sysctl when it starts, for the migration of
 * timers from idle processors, which a box has none of. What has a place for
 * sysctls in its layout is included before they are said to be off.
 *
 * Timers' functions are called by callback.c.
 */
#include <linux/module.h>
#include <linux/sysctl.h>
#include <linux/user_namespace.h>
#include <linux/sched/sysctl.h>
#include <linux/sched/signal.h>
#include <linux/mm.h>
#include <linux/perf_event.h>
#include <linux/syscalls.h>
#undef CONFIG_SYSCTL

void r3_timer_call(void (*function)(struct timer_list *), struct timer_list *timer);
#define fn(timer) r3_timer_call(fn, timer)
