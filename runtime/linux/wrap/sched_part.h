/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Linux compiles kernel/sched/{wait,swait,completion,wait_bit}.c as parts of
 * one file, build_utility.c, whose includes they lean on: first what the
 * scheduler's own header takes for granted, then that header, which lies
 * beside the member.
 */
#include <linux/cpufreq.h>
#include <linux/cpuset.h>
#include <linux/energy_model.h>
#include <linux/irq.h>
#include <linux/kthread.h>
#include <linux/nospec.h>
#include <linux/poll.h>
#include <linux/psi.h>
#include <linux/sched/clock.h>
#include <linux/sched/cputime.h>
#include <linux/sched/debug.h>
#include <linux/security.h>
#include <linux/swait.h>
#include <linux/swait_api.h>
#include <linux/wait_bit.h>
#include <sched.h>
