// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The signature that sign-file appends: PKCS#7 message, struct
 * module_signature, marker. Found and split off as Linux does
 * (kernel/module/signing.c, kernel/module_signature.c); the message itself is
 * not verified here.
 */
#include <endian.h>
#include <errno.h>
#include <string.h>
#include "elf/image.h"

static const char marker[] = "~Module signature appended~\n";
#define MARKER_LENGTH (sizeof(marker) - 1)

/* linux/module_signature.h */
#define PKEY_ID_PKCS7 2
struct module_signature {
	uint8_t algo, hash, id_type, signer_len, key_id_len, pad[3];
	uint32_t sig_len; /* big endian */
};

/* size: of the file without the marker. */
static int check_signature(const struct module_signature *signature, size_t size,
			   const char **message)
{
	static const uint8_t zero[3];

	if (be32toh(signature->sig_len) >= size - sizeof(*signature))
		return -EBADMSG;
	if (signature->id_type != PKEY_ID_PKCS7) {
		*message = "module: not signed with expected PKCS#7 message";
		return -ENOPKG;
	}
	if (signature->algo || signature->hash || signature->signer_len || signature->key_id_len ||
	    memcmp(signature->pad, zero, sizeof(zero))) {
		*message = "module: PKCS#7 signature info has unexpected non-zero params";
		return -EBADMSG;
	}
	return 0;
}

void image_split_signature(struct module_image *image)
{
	struct module_signature signature;
	size_t size = image->size;

	image->is_signed = false;
	image->signature_size = 0;
	image->signature_error = -ENODATA;
	image->signature_message = "";
	if (size <= MARKER_LENGTH ||
	    memcmp(image->data + size - MARKER_LENGTH, marker, MARKER_LENGTH))
		return;
	size -= MARKER_LENGTH;
	image->signature_error = -EBADMSG;
	if (size <= sizeof(signature))
		return;
	memcpy(&signature, image->data + size - sizeof(signature), sizeof(signature));
	image->signature_error = check_signature(&signature, size, &image->signature_message);
	if (image->signature_error)
		return;
	image->is_signed = true;
	image->signature_size = be32toh(signature.sig_len);
	image->size = size - sizeof(signature) - image->signature_size;
}
