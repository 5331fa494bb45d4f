/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _ASM_PARAM_H
#define _ASM_PARAM_H

#include <linux/param.h>

#endif
