/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_PTRACE_H
#define _LINUX_PTRACE_H

#include <asm/ptrace.h>
#include <linux/sched.h>

#endif
