/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _ASM_BUG_H
#define _ASM_BUG_H

#include <linux/instrumentation.h>
#include <linux/printk.h>
#include <linux/panic.h>

#define CUT_HERE             "------------[ cut here ]------------\n"

/* Linux's values: they lie in __bug_table, where the trap handler reads them. */
#define BUGFLAG_WARNING      (1 << 0)
#define BUGFLAG_ONCE         (1 << 1)
#define BUGFLAG_DONE         (1 << 2)
#define BUGFLAG_NO_CUT_HERE  (1 << 3)
#define BUGFLAG_TAINT(taint) ((taint) << 8)
#define BUG_GET_TAINT(bug)   ((bug)->flags >> 8)

struct bug_entry {
	signed int bug_addr_disp;
	signed int file_disp;
	unsigned short line;
	unsigned short flags;
};

/* ud2, and an entry that says what it means. */
#define _BUG_FLAGS(flags)                                                                          \
	do {                                                                                       \
		asm volatile("1:	ud2\n"                                                            \
			     "	.pushsection __bug_table,\"aw\"\n"                                  \
			     "2:	.long 1b - .\n"                                                   \
			     "	.long %c0 - .\n"                                                    \
			     "	.word %c1\n"                                                        \
			     "	.word %c2\n"                                                        \
			     "	.org 2b + %c3\n"                                                    \
			     "	.popsection\n"                                                      \
			     :                                                                     \
			     : "i"(__FILE__), "i"(__LINE__), "i"(flags),                           \
			       "i"(sizeof(struct bug_entry)));                                     \
	} while (0)

#endif
