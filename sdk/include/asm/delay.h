/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _ASM_DELAY_H
#define _ASM_DELAY_H

#include <linux/delay.h>

#endif
