/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _RING3_24_KCONFIG_H
#define _RING3_24_KCONFIG_H

/* The builtin kernel's configuration, without what the loader of Linux 2.6 does for modules. */
#include_next <linux/kconfig.h>

#undef CONFIG_JUMP_LABEL
#undef CONFIG_MODULE_FORCE_LOAD
#undef CONFIG_MODULE_FORCE_UNLOAD
#undef CONFIG_GENERIC_BUG
#undef CONFIG_GENERIC_BUG_RELATIVE_POINTERS
#undef CONFIG_HAVE_ARCH_PREL32_RELOCATIONS
#undef CONFIG_SYSFS
#define CONFIG_KMOD 1

#endif
