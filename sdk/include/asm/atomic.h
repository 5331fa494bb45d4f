/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _ASM_ATOMIC_H
#define _ASM_ATOMIC_H

#include <linux/atomic.h>

#endif
