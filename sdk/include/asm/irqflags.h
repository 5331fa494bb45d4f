/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _ASM_IRQFLAGS_H
#define _ASM_IRQFLAGS_H

#include <linux/irqflags.h>

#endif
