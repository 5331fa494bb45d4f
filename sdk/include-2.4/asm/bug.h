/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _ASM_BUG_H
#define _ASM_BUG_H

/*
 * A module of Linux 2.4 has no table of its BUGs that the kernel would read:
 * the message comes first, then the undefined instruction that ends in an oops.
 */
#include <linux/instrumentation.h>
#include <linux/panic.h>
#include <linux/printk.h>

#define CUT_HERE             "------------[ cut here ]------------\n"

#define BUGFLAG_WARNING      (1 << 0)
#define BUGFLAG_ONCE         (1 << 1)
#define BUGFLAG_NO_CUT_HERE  (1 << 3)
#define BUGFLAG_TAINT(taint) ((taint) << 8)

#define _BUG_FLAGS(flags)                                                                          \
	do {                                                                                       \
		static bool __bug_once;                                                            \
                                                                                                   \
		if (!((flags)&BUGFLAG_WARNING)) {                                                  \
			_printk(KERN_CRIT "kernel BUG at " __FILE__ ":%d!\n", __LINE__);           \
			asm volatile("ud2");                                                       \
		} else if (!((flags)&BUGFLAG_ONCE) || !__bug_once) {                               \
			__bug_once = true;                                                         \
			if (!((flags)&BUGFLAG_NO_CUT_HERE))                                        \
				_printk(KERN_WARNING CUT_HERE);                                    \
			_printk(KERN_WARNING "WARNING: at " __FILE__ ":%d %s()\n", __LINE__,       \
				__func__);                                                         \
			dump_stack();                                                              \
			add_taint((flags) >> 8, LOCKDEP_STILL_OK);                                 \
		}                                                                                  \
	} while (0)

#endif
