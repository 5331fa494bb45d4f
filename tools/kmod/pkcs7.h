/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What modinfo shows of a PKCS#7 message: who signed, with which key, how. Only
 * reads, verifies nothing. OpenSSL reads it; it is loaded when the first message
 * is met, since to start with it takes longer than what most tools do.
 */
#ifndef RING3_KMOD_PKCS7_H
#define RING3_KMOD_PKCS7_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PKCS7_NAME_MAX 64

/* Zeros in the beginning. Kept from message to message: to find the calls takes its time, too. */
struct pkcs7_reader {
	struct pkcs7_calls *calls; /* owned; NULL: the library was not loaded, or is not there */
	bool was_tried;
};
void pkcs7_end(struct pkcs7_reader *reader);

struct pkcs7_bytes {
	const uint8_t *data;
	size_t size;
};

struct pkcs7_signer {
	uint8_t *owned;            /* what the others point into; free() it */
	struct pkcs7_bytes issuer; /* common name, else the last part of the name; may be empty */
	struct pkcs7_bytes serial; /* an unsigned number, big endian, no leading zeros */
	struct pkcs7_bytes signature;
	char digest[PKCS7_NAME_MAX]; /* "sha256", or the algorithm's number "1.2.3" */
};

/*
 * The first signer. false: it is no signed message in DER, or identifies no
 * issuer; no memory; no library, which is told once.
 */
bool pkcs7_read_signer(struct pkcs7_reader *reader, const uint8_t *message, size_t size,
		       struct pkcs7_signer *signer);

#endif
