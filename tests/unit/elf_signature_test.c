// SPDX-License-Identifier: GPL-2.0-or-later
/* The appended signature: found, checked for form and split off as Linux's mod_check_sig() does. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "elf/elf_view.h"
#include "elf_fixture.h"

#define MARKER        "~Module signature appended~\n"
#define MARKER_LENGTH (sizeof(MARKER) - 1)

/* What is appended, and what image_read_memory() must make of it. */
struct appended {
	const char *rule;
	size_t blob_size;
	uint8_t info[12]; /* struct module_signature, sig_len big endian at 8 */
	int error;
	const char *message;
};

static const char not_pkcs7[] = "module: not signed with expected PKCS#7 message";
static const char bad_params[] = "module: PKCS#7 signature info has unexpected non-zero params";

static const struct appended appended[] = {
	{"a PKCS#7 message is split off", 700, {0, 0, 2, [10] = 0x02, [11] = 0xbc}, 0, ""},
	{"an empty message is split off", 0, {0, 0, 2}, 0, ""},
	{"all zero: not PKCS#7, loads", 0, {0}, -ENOPKG, not_pkcs7},
	{"id_type PGP: not PKCS#7, loads", 16, {0, 0, 0, [11] = 16}, -ENOPKG, not_pkcs7},
	{"id_type X509: not PKCS#7, loads", 16, {0, 0, 1, [11] = 16}, -ENOPKG, not_pkcs7},
	{"algo must be 0", 16, {1, 0, 2, [11] = 16}, -EBADMSG, bad_params},
	{"hash must be 0", 16, {0, 4, 2, [11] = 16}, -EBADMSG, bad_params},
	{"signer_len must be 0", 16, {0, 0, 2, 9, [11] = 16}, -EBADMSG, bad_params},
	{"key_id_len must be 0", 16, {0, 0, 2, 0, 9, [11] = 16}, -EBADMSG, bad_params},
	{"padding must be 0", 16, {0, 0, 2, [7] = 1, [11] = 16}, -EBADMSG, bad_params},
	{"length beyond the file", 16, {0, 0, 2, [8] = 0xff}, -EBADMSG, ""},
	{"length is checked before the type", 16, {0, 0, 0, [8] = 0xff}, -EBADMSG, ""},
	{"junk before the marker", 40, "ZZZZZZZZZZZZ", -EBADMSG, ""},
};
#define NR_APPENDED (sizeof(appended) / sizeof(*appended))

static struct ko sign(size_t blob_size, const uint8_t info[12])
{
	struct ko ko = ko_copy();

	ko_resize(&ko, ko.size + blob_size, 0x30);
	ko_append(&ko, info, 12);
	ko_append(&ko, MARKER, MARKER_LENGTH);
	return ko;
}

static void test_appended(void **state)
{
	const struct appended *test = *state;
	struct ko ko = sign(test->blob_size, test->info);
	struct module_image image;
	struct elf_view view;

	/* the verdict is the loader's to judge, so reading succeeds */
	assert_int_equal(image_read_memory(&image, ko.data, ko.size, NULL), 0);
	assert_int_equal(image.signature_error, test->error);
	assert_string_equal(image.signature_message, test->message);
	assert_int_equal(image.is_signed, !test->error);
	if (image.is_signed) {
		assert_int_equal(image.size, ko_size());
		assert_int_equal(image.signature_size, test->blob_size);
		for (size_t i = 0; i < image.signature_size; i++)
			assert_int_equal(image.data[image.size + i], 0x30);
	}
	/* what is appended never hurts the object before it */
	assert_int_equal(elf_open(&view, image.data, image.size, NULL), 0);
	image_release(&image);
	ko_free(&ko);
}

static void expect_verdict(const struct ko *ko, int error, size_t size)
{
	struct module_image image;

	assert_int_equal(image_read_memory(&image, ko->data, ko->size, NULL), 0);
	assert_int_equal(image.signature_error, error);
	assert_false(image.is_signed);
	assert_int_equal(image.size, size);
	image_release(&image);
}

static void test_unsigned(void **state)
{
	struct ko ko = ko_copy();

	expect_verdict(&ko, -ENODATA, ko.size);
	ko_append(&ko, MARKER, MARKER_LENGTH - 1);
	expect_verdict(&ko, -ENODATA, ko.size);
	ko_append(&ko, "\n ", 2); /* whole, but not at the end */
	expect_verdict(&ko, -ENODATA, ko.size);
	ko_free(&ko);
}

/* The whole file may be the message, the bound is below it. */
static void test_length_bound(void **state)
{
	size_t whole = ko_size();
	uint8_t info[12] = {0, 0, 2, [8] = whole >> 24, whole >> 16, whole >> 8, whole};
	struct module_image image;
	struct ko ko;

	ko = sign(0, info);
	expect_verdict(&ko, -EBADMSG, ko.size);
	ko_free(&ko);
	whole--;
	info[10] = whole >> 8;
	info[11] = whole;
	ko = sign(0, info);
	assert_int_equal(image_read_memory(&image, ko.data, ko.size, NULL), 0);
	assert_int_equal(image.signature_error, 0);
	assert_int_equal(image.size, 1);
	image_release(&image);
	ko_free(&ko);
}

int main(int argc, char **argv)
{
	struct CMUnitTest tests[NR_APPENDED + 2] = {
		{.name = "no marker at the very end: unsigned", .test_func = test_unsigned},
		{.name = "the message must leave a byte of the file",
		 .test_func = test_length_bound},
	};

	ko_read(argv[1]);
	for (size_t i = 0; i < NR_APPENDED; i++)
		tests[i + 2] = (struct CMUnitTest){
			.name = appended[i].rule,
			.test_func = test_appended,
			.initial_state = (void *)&appended[i],
		};
	return cmocka_run_group_tests_name("elf_signature", tests, NULL, NULL);
}
