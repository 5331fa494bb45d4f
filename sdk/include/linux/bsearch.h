/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_BSEARCH_H
#define _LINUX_BSEARCH_H

#include <linux/types.h>

void *bsearch(const void *key, const void *base, size_t num, size_t size, cmp_func_t cmp);

#endif
