// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What is made for the first who asks and kept for all is not left behind by
 * the module that happened to be the first: the default random generator, and
 * the nodes that each CPU has in stock for radix trees.
 */
#include <linux/idr.h>
#include <linux/module.h>
#include <linux/radix-tree.h>
#include <crypto/rng.h>
#include <ring3/hypercall.h>

/* Linux's own, by the names that wrap/rng.h and wrap/radix_tree.h give them. */
int r3_get_default_rng(void);
int r3_radix_tree_preload(gfp_t gfp);
int r3_radix_tree_maybe_preload(gfp_t gfp);
void r3_idr_preload(gfp_t gfp);

int crypto_get_default_rng(void)
{
	int error;

	r3hc_own(1);
	error = r3_get_default_rng();
	r3hc_own(-1);
	return error;
}
EXPORT_SYMBOL_GPL(crypto_get_default_rng);

int radix_tree_preload(gfp_t gfp)
{
	int error;

	r3hc_own(1);
	error = r3_radix_tree_preload(gfp);
	r3hc_own(-1);
	return error;
}
EXPORT_SYMBOL(radix_tree_preload);

int radix_tree_maybe_preload(gfp_t gfp)
{
	int error;

	r3hc_own(1);
	error = r3_radix_tree_maybe_preload(gfp);
	r3hc_own(-1);
	return error;
}
EXPORT_SYMBOL(radix_tree_maybe_preload);

void idr_preload(gfp_t gfp)
{
	r3hc_own(1);
	r3_idr_preload(gfp);
	r3hc_own(-1);
}
EXPORT_SYMBOL(idr_preload);
