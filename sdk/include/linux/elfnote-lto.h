/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_ELFNOTE_LTO_H
#define _LINUX_ELFNOTE_LTO_H

#include <linux/build-salt.h>

#endif
