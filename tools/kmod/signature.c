// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The file's last bytes, from its end: a marker, struct module_signature, the
 * signature, and, unless that is a PKCS#7 message, the key's and the signer's
 * name (linux/module_signature.h, and scripts/sign-file.c of Linux 3.7).
 */
#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "tools/kmod/signature.h"

static const char marker[] = "~Module signature appended~\n";
#define MARKER_LENGTH (sizeof(marker) - 1)

static const char *const key_types[] = {"PGP", "X509", "PKCS#7"};
#define KEY_TYPE_PKCS7 2
static const char *const digests[] = {"md4",    "md5",    "sha1",   "rmd160", "sha256",
				      "sha384", "sha512", "sha224", "sm3"};
#define NR_PUBLIC_KEY_ALGORITHMS 2
#define NR(array)                (sizeof(array) / sizeof((array)[0]))

struct module_signature {
	uint8_t algorithm, digest, key_type, signer_length, key_length, padding[3];
	uint32_t length; /* big endian */
};

static bool read_pkcs7(struct pkcs7_reader *reader, const uint8_t *message, size_t size,
		       struct signature *signature)
{
	struct pkcs7_signer signer;

	if (!pkcs7_read_signer(reader, message, size, &signer))
		return false;
	signature->owned = signer.owned;
	signature->signer = signer.issuer;
	signature->key = signer.serial;
	signature->value = signer.signature;
	memcpy(signature->digest, signer.digest, sizeof(signature->digest));
	return true;
}

void signature_release(struct signature *signature)
{
	free(signature->owned);
	*signature = (struct signature){0};
}

bool signature_read(const struct modfile *file, struct pkcs7_reader *reader,
		    struct signature *signature)
{
	struct module_signature tail;
	const uint8_t *end;
	size_t size = file->size, length;

	*signature = (struct signature){0};
	if (size < MARKER_LENGTH + sizeof(tail))
		return false;
	size -= MARKER_LENGTH;
	if (memcmp(file->data + size, marker, MARKER_LENGTH))
		return false;
	size -= sizeof(tail);
	end = file->data + size;
	memcpy(&tail, end, sizeof(tail));
	length = be32toh(tail.length);
	if (tail.algorithm >= NR_PUBLIC_KEY_ALGORITHMS || tail.digest >= NR(digests) ||
	    tail.key_type >= NR(key_types) || !length ||
	    size < length + tail.key_length + tail.signer_length)
		return false;
	signature->id = key_types[tail.key_type];
	if (tail.key_type == KEY_TYPE_PKCS7)
		return read_pkcs7(reader, end - length, length, signature);
	signature->value = (struct pkcs7_bytes){end - length, length};
	signature->key =
		(struct pkcs7_bytes){signature->value.data - tail.key_length, tail.key_length};
	signature->signer =
		(struct pkcs7_bytes){signature->key.data - tail.signer_length, tail.signer_length};
	snprintf(signature->digest, sizeof(signature->digest), "%s", digests[tail.digest]);
	return true;
}
