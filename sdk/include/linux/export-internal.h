/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_EXPORT_INTERNAL_H
#define _LINUX_EXPORT_INTERNAL_H

/* For the C files that modpost generates. */
#include <linux/compiler.h>
#include <linux/types.h>

#define SYMBOL_CRC(sym, crc, sec)                                                                  \
	asm("	.section \"___kcrctab" sec "+" #sym "\",\"a\"\n"                                   \
	    "	.balign 4\n"                                                                         \
	    "__crc_" #sym ":\n"                                                                    \
	    "	.long " #crc "\n"                                                                  \
	    "	.previous\n")

#endif
