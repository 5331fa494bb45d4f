/* SPDX-License-Identifier: GPL-2.0-or-later */
/* hrtimers' functions are called by callback.c. */
#include <linux/hrtimer.h>
#include <linux/interrupt.h>
#include <linux/syscalls.h>
#include <linux/sched/signal.h>

enum hrtimer_restart r3_hrtimer_call(enum hrtimer_restart (*function)(struct hrtimer *),
				     struct hrtimer *timer);
#define fn(timer) r3_hrtimer_call(fn, timer)
