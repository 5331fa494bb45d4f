/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_STATIC_KEY_H
#define _LINUX_STATIC_KEY_H

#include <linux/jump_label.h>

#endif
