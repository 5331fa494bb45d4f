/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _ASM_MODULE_H
#define _ASM_MODULE_H

struct mod_arch_specific {
};

#endif
