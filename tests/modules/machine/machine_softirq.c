// SPDX-License-Identifier: GPL-2.0-or-later
#include <linux/delay.h>
#include <linux/interrupt.h>
#include <linux/irq_work.h>
#include <linux/percpu.h>
#include <linux/smp.h>
#include "machine.h"

static DEFINE_PER_CPU(unsigned long, counter);
static atomic_t tasklet_runs, work_runs;
static bool tasklet_in_softirq, work_in_hardirq;

static void on_tasklet(struct tasklet_struct *tasklet)
{
	tasklet_in_softirq = in_serving_softirq();
	atomic_inc(&tasklet_runs);
}
static DECLARE_TASKLET(tasklet, on_tasklet);

static void on_irq_work(struct irq_work *work)
{
	work_in_hardirq = in_hardirq();
	atomic_inc(&work_runs);
}

static void count(void *info)
{
	this_cpu_add(counter, smp_processor_id() + 1);
	*(bool *)info = irqs_disabled();
}

static int check_cross_calls(void)
{
	unsigned long sum = 0;
	bool off = false;
	int cpu;

	on_each_cpu(count, &off, 1);
	CHECK(off);
	for_each_online_cpu (cpu) {
		CHECK(per_cpu(counter, cpu) == cpu + 1);
		sum += per_cpu(counter, cpu);
	}
	CHECK(sum == num_online_cpus() * (num_online_cpus() + 1) / 2);
	for_each_online_cpu (cpu) {
		CHECK(!smp_call_function_single(cpu, count, &off, 1));
		CHECK(per_cpu(counter, cpu) == 2 * (cpu + 1));
	}
	CHECK(smp_call_function_single(nr_cpu_ids, count, &off, 1) == -ENXIO);
	return 0;
}

static int run(void)
{
	struct irq_work work = IRQ_WORK_INIT_HARD(on_irq_work);

	CHECK(!in_interrupt() && !irqs_disabled() && !preempt_count());
	local_bh_disable();
	CHECK(in_softirq());
	tasklet_schedule(&tasklet);
	mdelay(10);
	CHECK(atomic_read(&tasklet_runs) == 0);
	local_bh_enable();
	CHECK(IS_ENABLED(CONFIG_PREEMPT_RT) || atomic_read(&tasklet_runs) == 1);
	CHECK_SOON(atomic_read(&tasklet_runs) == 1 && tasklet_in_softirq);
	tasklet_schedule(&tasklet);
	CHECK_SOON(atomic_read(&tasklet_runs) == 2);
	tasklet_disable(&tasklet);
	tasklet_schedule(&tasklet);
	msleep(20);
	CHECK(atomic_read(&tasklet_runs) == 2);
	tasklet_enable(&tasklet);
	CHECK_SOON(atomic_read(&tasklet_runs) == 3);
	tasklet_kill(&tasklet);
	local_irq_disable();
	CHECK(irq_work_queue(&work));
	CHECK(!irq_work_queue(&work));
	CHECK(atomic_read(&work_runs) == 0);
	local_irq_enable();
	irq_work_sync(&work);
	CHECK(atomic_read(&work_runs) == 1 && work_in_hardirq);
	return check_cross_calls();
}
CHECK_MODULE("Tasklets, irq_work and cross calls run where and when they should");
