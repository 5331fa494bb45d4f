/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_BYTEORDER_GENERIC_H
#define _LINUX_BYTEORDER_GENERIC_H

#include <asm/byteorder.h>

#endif
