/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_KMOD_H
#define _LINUX_KMOD_H

#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/types.h>

__printf(2, 3) int __request_module(bool wait, const char *name, ...);
#define request_module(mod...)             __request_module(true, mod)
#define request_module_nowait(mod...)      __request_module(false, mod)
#define try_then_request_module(x, mod...) ((x) ?: (__request_module(true, mod), (x)))

#endif
