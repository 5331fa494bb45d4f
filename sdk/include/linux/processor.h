/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_PROCESSOR_H
#define _LINUX_PROCESSOR_H

#include <asm/processor.h>

#define spin_begin()
#define spin_cpu_relax() cpu_relax()
#define spin_end()

#endif
