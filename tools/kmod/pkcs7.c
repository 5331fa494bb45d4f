// SPDX-License-Identifier: GPL-2.0-or-later
#include <dlfcn.h>
#include <openssl/objects.h>
#include <openssl/pkcs7.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>
#include "tools/kmod/log.h"
#include "tools/kmod/pkcs7.h"

static const char library[] = "libcrypto.so.3";

#define CALLS(X)                                                                                   \
	X(d2i_PKCS7)                                                                               \
	X(PKCS7_free)                                                                              \
	X(PKCS7_get_signer_info)                                                                   \
	X(PKCS7_SIGNER_INFO_get0_algs)                                                             \
	X(OPENSSL_sk_value)                                                                        \
	X(X509_NAME_entry_count)                                                                   \
	X(X509_NAME_get_entry)                                                                     \
	X(X509_NAME_ENTRY_get_data)                                                                \
	X(X509_NAME_ENTRY_get_object)                                                              \
	X(X509_ALGOR_get0)                                                                         \
	X(OBJ_obj2nid)                                                                             \
	X(OBJ_obj2txt)                                                                             \
	X(ASN1_STRING_get0_data)                                                                   \
	X(ASN1_STRING_length)

#define FIELD(name) typeof(name) *name;
#define NAME(name)  #name,

/* Nothing but pointers, in the order of CALLS. */
struct pkcs7_calls {
	CALLS(FIELD)
};

static struct pkcs7_calls *load_calls(void)
{
	static const char *const names[] = {CALLS(NAME)};
	void *handle = dlopen(library, RTLD_LAZY | RTLD_LOCAL), *call;
	struct pkcs7_calls *calls = malloc(sizeof(*calls));
	bool found = handle && calls;

	for (size_t i = 0; found && i < sizeof(names) / sizeof(names[0]); i++) {
		call = dlsym(handle, names[i]);
		found = call;
		memcpy((char *)calls + i * sizeof(call), &call, sizeof(call));
	}
	if (found)
		return calls;
	free(calls);
	return NULL;
}

/* The library itself stays: it may have left work to be done at exit. */
void pkcs7_end(struct pkcs7_reader *reader)
{
	free(reader->calls);
	*reader = (struct pkcs7_reader){0};
}

static struct pkcs7_bytes bytes_of(const struct pkcs7_calls *calls, const ASN1_STRING *string)
{
	return (struct pkcs7_bytes){calls->ASN1_STRING_get0_data(string),
				    calls->ASN1_STRING_length(string)};
}

static struct pkcs7_bytes issuer_of(const struct pkcs7_calls *calls, const X509_NAME *name)
{
	struct pkcs7_bytes value = {0};
	const X509_NAME_ENTRY *entry;

	for (int i = 0; i < calls->X509_NAME_entry_count(name); i++) {
		entry = calls->X509_NAME_get_entry(name, i);
		value = bytes_of(calls, calls->X509_NAME_ENTRY_get_data(entry));
		if (calls->OBJ_obj2nid(calls->X509_NAME_ENTRY_get_object(entry)) == NID_commonName)
			break;
	}
	return value;
}

/* Move bytes to *to, which moves on. */
static void keep(struct pkcs7_bytes *bytes, uint8_t **to)
{
	if (bytes->size)
		memcpy(*to, bytes->data, bytes->size);
	bytes->data = *to;
	*to += bytes->size;
}

static bool read_info(const struct pkcs7_calls *calls, PKCS7_SIGNER_INFO *info,
		      struct pkcs7_signer *signer)
{
	const ASN1_OBJECT *algorithm;
	X509_ALGOR *digest;
	uint8_t *to;

	signer->issuer = issuer_of(calls, info->issuer_and_serial->issuer);
	signer->serial = bytes_of(calls, info->issuer_and_serial->serial);
	signer->signature = bytes_of(calls, info->enc_digest);
	while (signer->serial.size && !*signer->serial.data) {
		signer->serial.data++;
		signer->serial.size--;
	}
	calls->PKCS7_SIGNER_INFO_get0_algs(info, NULL, &digest, NULL);
	calls->X509_ALGOR_get0(&algorithm, NULL, NULL, digest);
	if (calls->OBJ_obj2txt(signer->digest, sizeof(signer->digest), algorithm, 0) <= 0)
		return false;
	to = malloc(signer->issuer.size + signer->serial.size + signer->signature.size + 1);
	if (!to)
		return false;
	signer->owned = to;
	keep(&signer->issuer, &to);
	keep(&signer->serial, &to);
	keep(&signer->signature, &to);
	return true;
}

bool pkcs7_read_signer(struct pkcs7_reader *reader, const uint8_t *message, size_t size,
		       struct pkcs7_signer *signer)
{
	const struct pkcs7_calls *calls;
	PKCS7_SIGNER_INFO *info;
	PKCS7 *pkcs7;
	bool found;

	*signer = (struct pkcs7_signer){0};
	if (!reader->calls && !reader->was_tried) {
		reader->calls = load_calls();
		if (!reader->calls)
			warning("signatures cannot be read without %s", library);
	}
	reader->was_tried = true;
	calls = reader->calls;
	if (!calls)
		return false;
	pkcs7 = calls->d2i_PKCS7(NULL, &message, size);
	if (!pkcs7)
		return false;
	/* NULL of a message that is not signed, or has no signer */
	info = calls->OPENSSL_sk_value((OPENSSL_STACK *)calls->PKCS7_get_signer_info(pkcs7), 0);
	found = info && read_info(calls, info, signer);
	calls->PKCS7_free(pkcs7);
	return found;
}
