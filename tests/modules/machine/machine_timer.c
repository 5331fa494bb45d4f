// SPDX-License-Identifier: GPL-2.0-or-later
#include <linux/delay.h>
#include <linux/hrtimer.h>
#include <linux/interrupt.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/sched.h>
#include <linux/timer.h>
#include "machine.h"

static bool in_softirq_then, in_hardirq_then;
static unsigned int fired;
static ktime_t hr_fired[3];
static atomic_t hr_count;

static void on_timer(struct timer_list *timer)
{
	in_softirq_then = in_serving_softirq();
	fired++;
}
static DEFINE_TIMER(timer, on_timer);

static enum hrtimer_restart on_hrtimer(struct hrtimer *hrtimer)
{
	int n = atomic_read(&hr_count);

	in_hardirq_then = in_hardirq() && irqs_disabled();
	hr_fired[n] = ktime_get();
	atomic_inc(&hr_count);
	if (n == 2)
		return HRTIMER_NORESTART;
	hrtimer_forward_now(hrtimer, ms_to_ktime(2));
	return HRTIMER_RESTART;
}

static int check_hrtimer(void)
{
	struct hrtimer hrtimer;
	ktime_t start;

	hrtimer_init(&hrtimer, CLOCK_MONOTONIC, HRTIMER_MODE_REL_HARD);
	hrtimer.function = on_hrtimer;
	start = ktime_get();
	hrtimer_start(&hrtimer, ms_to_ktime(2), HRTIMER_MODE_REL_HARD);
	CHECK(hrtimer_active(&hrtimer));
	CHECK_SOON(atomic_read(&hr_count) == 3);
	msleep(30);
	CHECK(atomic_read(&hr_count) == 3);
	CHECK(in_hardirq_then);
	CHECK(ktime_ms_delta(hr_fired[0], start) >= 2);
	CHECK(ktime_ms_delta(hr_fired[1], start) >= 4);
	CHECK(!hrtimer_cancel(&hrtimer));
	hrtimer_start(&hrtimer, ms_to_ktime(1000), HRTIMER_MODE_REL_HARD);
	CHECK(hrtimer_cancel(&hrtimer) == 1);
	return 0;
}

static int run(void)
{
	unsigned long before = jiffies;
	ktime_t start = ktime_get();
	long left;

	mod_timer(&timer, jiffies + 2);
	CHECK(timer_pending(&timer));
	msleep(50);
	CHECK(ktime_ms_delta(ktime_get(), start) >= 50);
	CHECK(ktime_ms_delta(ktime_get(), start) < 2000);
	CHECK(jiffies - before >= msecs_to_jiffies(50));
	CHECK(fired == 1 && in_softirq_then);
	mod_timer(&timer, jiffies + 10 * HZ);
	CHECK(del_timer_sync(&timer) == 1);
	CHECK(del_timer_sync(&timer) == 0);
	set_current_state(TASK_UNINTERRUPTIBLE);
	left = schedule_timeout(3);
	CHECK(left == 0);
	start = ktime_get();
	usleep_range(500, 600);
	CHECK(ktime_us_delta(ktime_get(), start) >= 500);
	start = ktime_get();
	udelay(200);
	CHECK(ktime_us_delta(ktime_get(), start) >= 200);
	return check_hrtimer();
}
CHECK_MODULE(
	"Timers and hrtimers fire when due, in their context; sleeps last as long as they should");
