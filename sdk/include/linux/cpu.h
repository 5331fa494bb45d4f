/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_CPU_H
#define _LINUX_CPU_H

#include <linux/cpumask.h>
#include <linux/smp.h>

/* CPUs neither come nor go. */
static inline void cpus_read_lock(void)
{
}
static inline void cpus_read_unlock(void)
{
}
#define get_online_cpus() cpus_read_lock()
#define put_online_cpus() cpus_read_unlock()

#endif
