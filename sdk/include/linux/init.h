/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_INIT_H
#define _LINUX_INIT_H

#include <linux/build_bug.h>
#include <linux/compiler.h>
#include <linux/stringify.h>
#include <linux/types.h>

#define __init      __section(".init.text") __cold
#define __initdata  __section(".init.data")
#define __initconst __section(".init.rodata")
#define __exitdata  __section(".exit.data")
#define __exit_call __used __section(".exitcall.exit")
#ifdef MODULE
#define __exitused
#else
#define __exitused __used
#endif
#define __exit     __section(".exit.text") __exitused __cold notrace
#define __ref      __section(".ref.text") noinline
#define __refdata  __section(".ref.data")
#define __refconst __section(".ref.rodata")
#define __meminit
#define __meminitdata
#define __memexit
#define __devinit
#define __devexit
#define __net_init
#define __net_exit
#define __initdata_or_module
#define __init_or_module
#define __initconst_or_module

typedef int (*initcall_t)(void);
typedef void (*exitcall_t)(void);

#ifndef KBUILD_MODNAME
#define KBUILD_MODNAME "kernel"
#endif

#endif
