/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What modinfo shows of a PKCS#7 message: who signed, with which key, how. Only
 * reads, verifies nothing. A reader of its own, since loading a cryptographic
 * library takes longer than all the rest that modinfo does.
 */
#ifndef RING3_KMOD_PKCS7_H
#define RING3_KMOD_PKCS7_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PKCS7_NAME_MAX 64

struct pkcs7_bytes {
	const uint8_t *data; /* in the message */
	size_t size;
};

struct pkcs7_signer {
	struct pkcs7_bytes issuer; /* common name, else the last part of the name; may be empty */
	struct pkcs7_bytes serial; /* an unsigned number, big endian, no leading zeros */
	struct pkcs7_bytes signature;
	char digest[PKCS7_NAME_MAX]; /* "sha256", or the algorithm's number "1.2.3" */
};

/* The first signer. false: it is no signed message in DER, or identifies no issuer. */
bool pkcs7_read_signer(const uint8_t *message, size_t size, struct pkcs7_signer *signer);

#endif
