/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_VERMAGIC_H
#define _LINUX_VERMAGIC_H

#ifndef INCLUDE_VERMAGIC
#error "linux/vermagic.h is for the kernel and for generated .mod.c files only"
#endif

#include <generated/utsrelease.h>

#ifdef CONFIG_MODULE_UNLOAD
#define MODULE_VERMAGIC_MODULE_UNLOAD "mod_unload "
#else
#define MODULE_VERMAGIC_MODULE_UNLOAD ""
#endif
#define VERMAGIC_STRING UTS_RELEASE " SMP preempt " MODULE_VERMAGIC_MODULE_UNLOAD "modversions "

#endif
