// SPDX-License-Identifier: GPL-2.0-or-later
/* RFC 2315, sections 7 and 9, in the distinguished encoding rules (X.690). */
#include <stdio.h>
#include <string.h>
#include "tools/kmod/pkcs7.h"

/* X.690, 8.1.2: class and number of a tag in one byte */
enum der_tag {
	DER_INTEGER = 0x02,
	DER_OCTETS = 0x04,
	DER_OBJECT = 0x06,
	DER_SEQUENCE = 0x30,
	DER_SET = 0x31,
	DER_CONTEXT_0 = 0xa0,
	DER_CONTEXT_1 = 0xa1,
};
#define DER_LONG_LENGTH 0x80 /* the low bits say how many bytes the length has */
#define DER_LONG_TAG    0x1f /* the tag goes on in the next bytes */

/* 1.2.840.113549.1.7.2 and 2.5.4.3 */
static const uint8_t signed_data[] = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02};
static const uint8_t common_name[] = {0x55, 0x04, 0x03};

/* Take the next element's contents off in. */
static bool take_any(struct pkcs7_bytes *in, uint8_t *tag, struct pkcs7_bytes *contents)
{
	size_t length, at = 2, digits;

	if (in->size < 2 || (in->data[0] & DER_LONG_TAG) == DER_LONG_TAG)
		return false;
	*tag = in->data[0];
	length = in->data[1];
	if (length & DER_LONG_LENGTH) {
		digits = length & ~DER_LONG_LENGTH;
		if (!digits || digits > sizeof(length) || digits > in->size - at)
			return false;
		for (length = 0; digits; digits--)
			length = length << 8 | in->data[at++];
	}
	if (length > in->size - at)
		return false;
	*contents = (struct pkcs7_bytes){in->data + at, length};
	in->data += at + length;
	in->size -= at + length;
	return true;
}

/* The same of an element that must have this tag; else nothing is taken. */
static bool take(struct pkcs7_bytes *in, enum der_tag wanted, struct pkcs7_bytes *contents)
{
	struct pkcs7_bytes rest = *in;
	uint8_t tag;

	if (!take_any(&rest, &tag, contents) || tag != wanted)
		return false;
	*in = rest;
	return true;
}

static bool is_object(const struct pkcs7_bytes *object, const uint8_t *wanted, size_t size)
{
	return object->size == size && !memcmp(object->data, wanted, size);
}

/* Name: a sequence of sets of sequences of a type and a string. */
static bool read_name(struct pkcs7_bytes name, struct pkcs7_bytes *value)
{
	struct pkcs7_bytes set, part, type;
	uint8_t tag;

	*value = (struct pkcs7_bytes){0};
	while (name.size) {
		if (!take(&name, DER_SET, &set))
			return false;
		while (set.size) {
			if (!take(&set, DER_SEQUENCE, &part) || !take(&part, DER_OBJECT, &type) ||
			    !take_any(&part, &tag, value))
				return false;
			if (is_object(&type, common_name, sizeof(common_name)))
				return true;
		}
	}
	return true;
}

/* X.690, 8.19: "1.2.840": seven bits a byte, the first number holds the first two parts. */
static bool print_object(const struct pkcs7_bytes *object, char *text, size_t size)
{
	uint64_t number = 0, first;
	size_t used = 0;

	for (size_t i = 0; i < object->size; i++) {
		if (number >> 56)
			return false;
		number = number << 7 | (object->data[i] & 0x7f);
		if (object->data[i] & 0x80)
			continue;
		first = number < 80 ? number / 40 : 2;
		if (!used)
			used = snprintf(text, size, "%ju.%ju", (uintmax_t)first,
					(uintmax_t)(number - first * 40));
		else
			used += snprintf(text + used, size - used, ".%ju", (uintmax_t)number);
		if (used >= size)
			return false;
		number = 0;
	}
	return used && !(object->data[object->size - 1] & 0x80);
}

/* Names as OpenSSL has them, which is what kmod shows. */
static bool read_digest(struct pkcs7_bytes algorithm, char name[PKCS7_NAME_MAX])
{
	static const struct {
		const char *number, *name;
	} digests[] = {
		{"2.16.840.1.101.3.4.2.1", "sha256"},
		{"2.16.840.1.101.3.4.2.2", "sha384"},
		{"2.16.840.1.101.3.4.2.3", "sha512"},
		{"2.16.840.1.101.3.4.2.4", "sha224"},
		{"2.16.840.1.101.3.4.2.7", "sha3-224"},
		{"2.16.840.1.101.3.4.2.8", "sha3-256"},
		{"2.16.840.1.101.3.4.2.9", "sha3-384"},
		{"2.16.840.1.101.3.4.2.10", "sha3-512"},
		{"1.3.14.3.2.26", "sha1"},
		{"1.2.840.113549.2.5", "md5"},
		{"1.2.840.113549.2.4", "md4"},
		{"1.3.36.3.2.1", "ripemd160"},
		{"1.2.156.10197.1.401", "sm3"},
	};
	struct pkcs7_bytes object;

	if (!take(&algorithm, DER_OBJECT, &object) || !print_object(&object, name, PKCS7_NAME_MAX))
		return false;
	for (size_t i = 0; i < sizeof(digests) / sizeof(digests[0]); i++)
		if (!strcmp(name, digests[i].number)) {
			snprintf(name, PKCS7_NAME_MAX, "%s", digests[i].name);
			break;
		}
	return true;
}

static bool read_signer_info(struct pkcs7_bytes info, struct pkcs7_signer *signer)
{
	struct pkcs7_bytes ignored, issuer_and_serial, issuer, algorithm;

	if (!take(&info, DER_INTEGER, &ignored) || !take(&info, DER_SEQUENCE, &issuer_and_serial) ||
	    !take(&issuer_and_serial, DER_SEQUENCE, &issuer) ||
	    !take(&issuer_and_serial, DER_INTEGER, &signer->serial) ||
	    !take(&info, DER_SEQUENCE, &algorithm))
		return false;
	take(&info, DER_CONTEXT_0, &ignored); /* attributes, if there are any */
	if (!take(&info, DER_SEQUENCE, &ignored) || !take(&info, DER_OCTETS, &signer->signature))
		return false;
	while (signer->serial.size && !*signer->serial.data) {
		signer->serial.data++;
		signer->serial.size--;
	}
	return read_name(issuer, &signer->issuer) && read_digest(algorithm, signer->digest);
}

bool pkcs7_read_signer(const uint8_t *message, size_t size, struct pkcs7_signer *signer)
{
	struct pkcs7_bytes in = {message, size}, info, type, explicit, data, ignored, signers;

	if (!take(&in, DER_SEQUENCE, &info) || !take(&info, DER_OBJECT, &type) ||
	    !is_object(&type, signed_data, sizeof(signed_data)) ||
	    !take(&info, DER_CONTEXT_0, &explicit) || !take(&explicit, DER_SEQUENCE, &data))
		return false;
	/* version, digest algorithms, what is signed */
	if (!take(&data, DER_INTEGER, &ignored) || !take(&data, DER_SET, &ignored) ||
	    !take(&data, DER_SEQUENCE, &ignored))
		return false;
	take(&data, DER_CONTEXT_0, &ignored); /* certificates */
	take(&data, DER_CONTEXT_1, &ignored); /* revocation lists */
	return take(&data, DER_SET, &signers) && take(&signers, DER_SEQUENCE, &info) &&
	       read_signer_info(info, signer);
}
