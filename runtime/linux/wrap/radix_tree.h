/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lib/radix-tree.c with other names for the functions that runtime/linux/own.c wraps. */
#define radix_tree_preload       r3_radix_tree_preload
#define radix_tree_maybe_preload r3_radix_tree_maybe_preload
#define idr_preload              r3_idr_preload
