// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Timekeeping over the host's clocks. Monotonic, raw and boot time are one,
 * since nothing slews or suspends a box; real time is a fixed distance away.
 */
#include <linux/clocksource.h>
#include <linux/delay.h>
#include <linux/hrtimer.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/sched/clock.h>
#include <linux/time.h>
#include <linux/time64.h>
#include <linux/timekeeping.h>
#include <asm/processor.h>
#include <asm/timer.h>
#include <asm/tsc.h>
#include "machine.h"

u64 jiffies_64 __cacheline_aligned_in_smp = INITIAL_JIFFIES;
/* Linux's linker script makes jiffies another name of it. */
asm(".globl jiffies\n.set jiffies, jiffies_64");

int timekeeping_suspended;
unsigned long loops_per_jiffy = 1 << 12;
unsigned long lpj_fine;
unsigned int __read_mostly cpu_khz;
unsigned int __read_mostly tsc_khz;

static u64 monotonic(void)
{
	return r3hc_clock(R3_CLOCK_MONOTONIC);
}

static struct timespec64 to_timespec(u64 ns)
{
	struct timespec64 ts;
	u32 rest;

	ts.tv_sec = div_u64_rem(ns, NSEC_PER_SEC, &rest);
	ts.tv_nsec = rest;
	return ts;
}

/* The last tick's time: a multiple of the jiffy. */
static u64 coarse(u64 ns)
{
	u32 rest;

	div_u64_rem(ns, TICK_NSEC, &rest);
	return ns - rest;
}

static u64 real_offset(void)
{
	return r3_boot.realtime_offset;
}

/* ---- monotonic ---- */

ktime_t ktime_get(void)
{
	return monotonic();
}

ktime_t ktime_get_raw(void)
{
	return monotonic();
}

u64 ktime_get_mono_fast_ns(void)
{
	return monotonic();
}

u64 ktime_get_raw_fast_ns(void)
{
	return monotonic();
}

u64 ktime_get_boot_fast_ns(void)
{
	return monotonic();
}

u64 ktime_get_tai_fast_ns(void)
{
	return monotonic() + real_offset();
}

u64 ktime_get_real_fast_ns(void)
{
	return monotonic() + real_offset();
}

void ktime_get_ts64(struct timespec64 *ts)
{
	*ts = to_timespec(monotonic());
}

void ktime_get_raw_ts64(struct timespec64 *ts)
{
	*ts = to_timespec(monotonic());
}

void ktime_get_coarse_ts64(struct timespec64 *ts)
{
	*ts = to_timespec(coarse(monotonic()));
}

time64_t ktime_get_seconds(void)
{
	return div_u64(monotonic(), NSEC_PER_SEC);
}

u32 ktime_get_resolution_ns(void)
{
	return 1;
}

/* ---- other clocks ---- */

static u64 offset_of(enum tk_offsets offs)
{
	return offs == TK_OFFS_BOOT ? 0 : real_offset();
}

ktime_t ktime_get_with_offset(enum tk_offsets offs)
{
	return monotonic() + offset_of(offs);
}

ktime_t ktime_get_coarse_with_offset(enum tk_offsets offs)
{
	return coarse(monotonic()) + offset_of(offs);
}

ktime_t ktime_mono_to_any(ktime_t mono, enum tk_offsets offs)
{
	return mono + offset_of(offs);
}

void ktime_get_real_ts64(struct timespec64 *ts)
{
	*ts = to_timespec(monotonic() + real_offset());
}

void ktime_get_coarse_real_ts64(struct timespec64 *ts)
{
	*ts = to_timespec(coarse(monotonic()) + real_offset());
}

time64_t ktime_get_real_seconds(void)
{
	return div_u64(monotonic() + real_offset(), NSEC_PER_SEC);
}

time64_t __ktime_get_real_seconds(void)
{
	return ktime_get_real_seconds();
}

void getboottime64(struct timespec64 *ts)
{
	*ts = to_timespec(real_offset());
}

void ktime_get_snapshot(struct system_time_snapshot *snapshot)
{
	u64 now = monotonic();

	*snapshot = (struct system_time_snapshot){
		.cycles = rdtsc_ordered(),
		.real = now + real_offset(),
		.raw = now,
		.cs_id = CSID_GENERIC,
	};
}

void ktime_get_fast_timestamps(struct ktime_timestamps *snapshot)
{
	snapshot->mono = snapshot->boot = monotonic();
	snapshot->real = snapshot->mono + real_offset();
}

/* kernel/time/hrtimer.c: the distances of its clock bases, and whether they changed. */
ktime_t ktime_get_update_offsets_now(unsigned int *cwsseq, ktime_t *offs_real, ktime_t *offs_boot,
				     ktime_t *offs_tai)
{
	*cwsseq = 0;
	*offs_real = *offs_tai = real_offset();
	*offs_boot = 0;
	return monotonic();
}

unsigned long random_get_entropy_fallback(void)
{
	return rdtsc();
}

/* ---- the scheduler's clock ---- */

u64 sched_clock(void)
{
	return monotonic();
}

u64 native_sched_clock(void)
{
	return monotonic();
}

u64 sched_clock_cpu(int cpu)
{
	return monotonic();
}

#ifdef R3_CLOCK_NOINSTR
u64 local_clock(void)
{
	return monotonic();
}

noinstr u64 sched_clock_noinstr(void)
{
	return monotonic();
}

noinstr u64 local_clock_noinstr(void)
{
	return monotonic();
}
#endif

u64 running_clock(void)
{
	return monotonic();
}

int sched_clock_stable(void)
{
	return 1;
}

int check_tsc_unstable(void)
{
	return 0;
}

/* ---- delays ---- */

/* Busy, but in steps, so that interrupts get through. */
static void delay_ns(u64 ns)
{
	const u64 step = 20 * NSEC_PER_USEC;
	u64 end, now = monotonic();

	for (end = now + ns; now < end; now = monotonic())
		r3hc_delay(min(end - now, step));
}

void __delay(unsigned long loops)
{
	delay_ns(div_u64((u64)loops * USEC_PER_SEC, tsc_khz));
}

/* xloops: seconds as a fraction of 2^32. */
void __const_udelay(unsigned long xloops)
{
	delay_ns((u64)xloops * NSEC_PER_SEC >> 32);
}

void __udelay(unsigned long usecs)
{
	delay_ns((u64)usecs * NSEC_PER_USEC);
}

void __ndelay(unsigned long nsecs)
{
	delay_ns(nsecs);
}

/* What the processor or hypervisor says, else a short measurement. */
static unsigned int find_tsc_khz(void)
{
	u32 denominator, numerator, crystal, unused;
	u64 cycles, ns;

	if (boot_cpu_data.cpuid_level >= 0x15) {
		cpuid(0x15, &denominator, &numerator, &crystal, &unused);
		if (denominator && numerator && crystal)
			return div_u64((u64)crystal * numerator, denominator * 1000);
	}
	ns = monotonic();
	cycles = rdtsc_ordered();
	r3hc_delay(50 * NSEC_PER_USEC);
	cycles = rdtsc_ordered() - cycles;
	ns = monotonic() - ns;
	return div64_u64(cycles * USEC_PER_SEC, ns);
}

void time_boot(void)
{
	tsc_khz = cpu_khz = find_tsc_khz();
	lpj_fine = loops_per_jiffy = (unsigned long)tsc_khz * 1000 / HZ;
	boot_cpu_data.loops_per_jiffy = loops_per_jiffy;
	r3hc_jiffies((unsigned long *)&jiffies_64, HZ);
}
