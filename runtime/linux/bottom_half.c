// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Bottom halves off and on. Usually they are a part of preempt_count; under
 * PREEMPT_RT a section without bottom halves may sleep, so the task counts,
 * and a lock of each CPU keeps one task from another's.
 */
#include <linux/bottom_half.h>
#include <linux/hardirq.h>
#include <linux/interrupt.h>
#include <linux/kernel.h>
#include <linux/local_lock.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include "machine.h"

#ifdef CONFIG_PREEMPT_RT

struct softirq_ctrl {
	local_lock_t lock;
	int cnt;
};

static DEFINE_PER_CPU(struct softirq_ctrl, softirq_ctrl) = {
	.lock = INIT_LOCAL_LOCK(softirq_ctrl.lock),
};

bool local_bh_blocked(void)
{
	return __this_cpu_read(softirq_ctrl.cnt) != 0;
}

void __local_bh_disable_ip(unsigned long ip, unsigned int cnt)
{
	WARN_ON_ONCE(in_hardirq());
	if (!current->softirq_disable_cnt && preemptible()) {
		local_lock(&softirq_ctrl.lock);
		rcu_read_lock(); /* rcu_read_lock_bh() protects as rcu_read_lock() does */
	}
	current->softirq_disable_cnt = __this_cpu_add_return(softirq_ctrl.cnt, cnt);
}

static void bh_enable(unsigned int cnt, bool unlock)
{
	int left = __this_cpu_sub_return(softirq_ctrl.cnt, cnt);

	current->softirq_disable_cnt = left;
	if (!left && unlock) {
		rcu_read_unlock();
		local_unlock(&softirq_ctrl.lock);
	}
}

void __local_bh_enable_ip(unsigned long ip, unsigned int cnt)
{
	bool preempt_on = preemptible();
	unsigned long flags;

	WARN_ON_ONCE(in_hardirq());
	local_irq_save(flags);
	if (__this_cpu_read(softirq_ctrl.cnt) == cnt && local_softirq_pending()) {
		if (preempt_on) {
			/* What is left makes in_serving_softirq() true. */
			bh_enable(cnt - SOFTIRQ_OFFSET, false);
			cnt = SOFTIRQ_OFFSET;
			__do_softirq();
		} else {
			softirq_wake_thread();
		}
	}
	bh_enable(cnt, preempt_on);
	local_irq_restore(flags);
}

int bottom_halves_off(void)
{
	return current->softirq_disable_cnt;
}

/* Interrupts are off. */
void bottom_halves_restore(int count)
{
	int more = current->softirq_disable_cnt - count;

	if (more > 0)
		bh_enable(more, !count && preemptible());
}

void softirq_begin(void)
{
}

void softirq_end(void)
{
}

bool softirq_may_wake(void)
{
	return !this_cpu_read(softirq_ctrl.cnt);
}

void softirq_invoke(void)
{
	if (softirq_may_wake())
		softirq_wake_thread();
}

void softirq_run_pending(void)
{
	__local_bh_disable_ip(_RET_IP_, SOFTIRQ_OFFSET);
	local_irq_disable();
	if (local_softirq_pending())
		__do_softirq();
	bh_enable(SOFTIRQ_OFFSET, true);
	local_irq_enable();
}

#else

int bottom_halves_off(void)
{
	return 0;
}

void bottom_halves_restore(int count)
{
}

void softirq_begin(void)
{
	preempt_count_add(SOFTIRQ_OFFSET);
}

void softirq_end(void)
{
	preempt_count_sub(SOFTIRQ_OFFSET);
}

bool softirq_may_wake(void)
{
	return true;
}

void softirq_invoke(void)
{
	__do_softirq();
}

void softirq_run_pending(void)
{
	local_irq_disable();
	if (local_softirq_pending())
		__do_softirq();
	local_irq_enable();
}

asmlinkage __visible void do_softirq(void)
{
	unsigned long flags;

	if (in_interrupt())
		return;
	local_irq_save(flags);
	if (local_softirq_pending())
		__do_softirq();
	local_irq_restore(flags);
}

/* Without a look at what is pending; for callers with interrupts off. */
void _local_bh_enable(void)
{
	preempt_count_sub(SOFTIRQ_DISABLE_OFFSET);
}

void __local_bh_enable_ip(unsigned long ip, unsigned int cnt)
{
	WARN_ON_ONCE(in_hardirq());
	/* One count stays until the softirqs have run on this very CPU. */
	preempt_count_sub(cnt - 1);
	if (unlikely(!in_interrupt() && local_softirq_pending()))
		do_softirq();
	preempt_count_dec();
	preempt_check_resched();
}

#endif
