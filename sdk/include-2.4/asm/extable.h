/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _ASM_EXTABLE_H
#define _ASM_EXTABLE_H

/* Two addresses, which insmod relocates: after a fault at insn go on at fixup. */
struct exception_table_entry {
	unsigned long insn, fixup;
};

#define _ASM_EXTABLE(from, to)                                                                     \
	"	.section __ex_table,\"a\"\n"                                                             \
	"	.balign 8\n"                                                                             \
	"	.quad " #from ", " #to "\n"                                                        \
	"	.previous\n"

#endif
