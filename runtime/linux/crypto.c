// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The default random generator is made for the first who asks and kept for
 * all: it is not left behind by the module that happened to be the first.
 */
#include <linux/module.h>
#include <crypto/rng.h>
#include <ring3/hypercall.h>

int r3_get_default_rng(void);

int crypto_get_default_rng(void)
{
	int error;

	r3hc_own(1);
	error = r3_get_default_rng();
	r3hc_own(-1);
	return error;
}
EXPORT_SYMBOL_GPL(crypto_get_default_rng);
