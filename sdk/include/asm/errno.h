/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _ASM_ERRNO_H
#define _ASM_ERRNO_H

#include <linux/errno.h>

#endif
