/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_EXPORT_INTERNAL_H
#define _LINUX_EXPORT_INTERNAL_H

/* For the C files that modpost generates: the name under which a symbol is exported. */
#include <linux/compiler.h>

#define KSYMTAB_NAME(label, name)                                                                  \
	extern const char label[];                                                                 \
	const char label[] __used __section(".kstrtab") __aligned(1) = name

#endif
