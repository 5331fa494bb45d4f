/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The signature that a module file carries at its end, as modinfo shows it. */
#ifndef RING3_KMOD_SIGNATURE_H
#define RING3_KMOD_SIGNATURE_H

#include "tools/kmod/modfile.h"
#include "tools/kmod/pkcs7.h"

struct signature {
	const char *id;                        /* "PGP", "X509", "PKCS#7" */
	struct pkcs7_bytes signer, key, value; /* in the file, or owned */
	char digest[PKCS7_NAME_MAX];
	uint8_t *owned;
};

/* false: the file is not signed, or unreadably. */
bool signature_read(const struct modfile *file, struct pkcs7_reader *reader,
		    struct signature *signature);
void signature_release(struct signature *signature);

#endif
