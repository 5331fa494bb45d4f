/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fs/debugfs/inode.c as with CONFIG_DEBUG_FS_ALLOW_NONE, which is what
 * debugfs=off says to any kernel: a box mounts nothing.
 */
#include <linux/kconfig.h>
#undef CONFIG_DEBUG_FS_ALLOW_ALL
#undef CONFIG_DEBUG_FS_DISALLOW_MOUNT
#define CONFIG_DEBUG_FS_ALLOW_NONE 1
