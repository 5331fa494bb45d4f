/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_LIST_SORT_H
#define _LINUX_LIST_SORT_H

#include <linux/types.h>

typedef int __attribute__((nonnull(2, 3))) (*list_cmp_func_t)(void *, const struct list_head *,
							      const struct list_head *);
void list_sort(void *priv, struct list_head *head, list_cmp_func_t cmp);

#endif
