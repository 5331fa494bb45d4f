/* SPDX-License-Identifier: GPL-2.0-or-later */
/* crypto/rng.c with another name for the function that runtime/linux/own.c wraps. */
#define crypto_get_default_rng r3_get_default_rng
