// SPDX-License-Identifier: GPL-2.0-or-later
/* A small module, and with -DLIBRARY a shared library of the same functions and relocations. */
#ifdef LIBRARY
#include <stdio.h>
#include <stdlib.h>
#define MODULE_LICENSE(x)
#define pr_debug(...)        printf(__VA_ARGS__)
#define kmalloc(size, flags) malloc(size)
#define kfree                free
#define EXPORT               __attribute__((visibility("default")))
#else
#include <linux/module.h>
#include <linux/slab.h>
#define EXPORT
#endif

#define OPERATION(n)                                                                               \
	EXPORT int bench_operation_##n(int x);                                                     \
	EXPORT int bench_operation_##n(int x)                                                      \
	{                                                                                          \
		int *p = kmalloc(sizeof(*p) * n, GFP_KERNEL);                                      \
		int r = p ? x + n : 0;                                                             \
		kfree(p);                                                                          \
		return r;                                                                          \
	}
/* clang-format off */
#define TEN(n)                                                                                     \
	OPERATION(n##1) OPERATION(n##2) OPERATION(n##3) OPERATION(n##4) OPERATION(n##5)            \
	OPERATION(n##6) OPERATION(n##7) OPERATION(n##8) OPERATION(n##9) OPERATION(n##0)
/* clang-format on */

TEN(1)
TEN(2)
TEN(3)

typedef int operation(int x);
extern operation *bench_table[];
EXPORT operation *bench_table[] = {
	bench_operation_11, bench_operation_12, bench_operation_13, bench_operation_14,
	bench_operation_15, bench_operation_16, bench_operation_17, bench_operation_18,
	bench_operation_21, bench_operation_22, bench_operation_23, bench_operation_24,
	bench_operation_25, bench_operation_26, bench_operation_27, bench_operation_28,
	bench_operation_31, bench_operation_32, bench_operation_33, bench_operation_34,
	bench_operation_35, bench_operation_36, bench_operation_37, bench_operation_38,
};

#ifndef LIBRARY
static int __init bench_init(void)
{
	return bench_table[3](1) ? 0 : -ENOMEM;
}

static void __exit bench_exit(void)
{
}

#ifdef EXPORT_NO_SYMBOLS
EXPORT_NO_SYMBOLS; /* the 2.4 scheme: else all of them are exported */
#endif
module_init(bench_init);
module_exit(bench_exit);
MODULE_LICENSE("GPL");
#endif
