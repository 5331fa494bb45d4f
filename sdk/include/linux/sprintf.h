/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_SPRINTF_H
#define _LINUX_SPRINTF_H

#include <linux/kernel.h>

#endif
