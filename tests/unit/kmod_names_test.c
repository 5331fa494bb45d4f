// SPDX-License-Identifier: GPL-2.0-or-later
/* The small rules of kmod's tools: names, aliases, parameter strings, PKCS#7. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "tools/kmod/name.h"
#include "tools/kmod/parameters.h"
#include "tools/kmod/pkcs7.h"

static void a_name_ends_at_its_first_dot(void **state)
{
	char name[PATH_MAX];

	name_from_path("/lib/modules/crc-itu-t.ko.xz", name);
	assert_string_equal(name, "crc_itu_t");
	name_from_path("plain", name);
	assert_string_equal(name, "plain");
	name_from_path("./.hidden", name);
	assert_string_equal(name, "");
	name_normalize("a/b-c.ko", name);
	assert_string_equal(name, "a/b_c");
}

static void an_alias_keeps_what_is_in_brackets(void **state)
{
	char name[PATH_MAX], *long_alias;

	assert_int_equal(name_of_alias("usb-v[0-9-]p-*", name), 0);
	assert_string_equal(name, "usb_v[0-9-]p_*");
	assert_int_equal(name_of_alias("open[", name), -EINVAL);
	assert_int_equal(name_of_alias("closed]", name), -EINVAL);
	long_alias = malloc(PATH_MAX + 1);
	assert_non_null(long_alias);
	memset(long_alias, 'a', PATH_MAX);
	long_alias[PATH_MAX] = '\0';
	assert_int_equal(name_of_alias(long_alias, name), -ENAMETOOLONG);
	long_alias[PATH_MAX - 1] = '\0';
	assert_int_equal(name_of_alias(long_alias, name), 0);
	free(long_alias);
}

static void module_files_end_as_kmod_says(void **state)
{
	static const char *const files[] = {"a.ko", "a.ko.gz", "d/a.ko.xz", "a.ko.zst"};
	static const char *const others[] = {"a", ".ko", "a.o", "a.ko.bz2", "a.ko.", "ko", ""};

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		assert_true(name_is_module_file(files[i]));
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_false(name_is_module_file(others[i]));
}

static void values_with_blanks_are_quoted(void **state)
{
	static const struct {
		char *arguments[4];
		const char *joined;
	} cases[] = {
		{{NULL}, ""},
		{{"a=1", "b", "c=", NULL}, "a=1 b c="},
		{{"a=x y", "b=\"x y\"", "c='x y'", NULL}, "a=\"x y\" b=\"x y\" c='x y'"},
		{{"a b", "c= ", NULL}, "a b c=\" \""},
	};
	char *joined;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		joined = parameters_join(cases[i].arguments);
		assert_non_null(joined);
		assert_string_equal(joined, cases[i].joined);
		free(joined);
	}
}

/*
 * A whole message with one signer, as short as it can be: issuer "CN=me",
 * serial 0x00ff, digest 1.2.3.4, signature "sig".
 */
static const uint8_t message[] = {
	0x30, 0x52, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02, /* signed */
	0xa0, 0x45, 0x30, 0x43, 0x02, 0x01, 0x01, 0x31, 0x00,                         /* version */
	0x30, 0x0b, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01, /* data */
	0xa0, 0x00, 0x31, 0x2d, 0x30, 0x2b, 0x02, 0x01, 0x01,                         /* signer */
	0x30, 0x13, 0x30, 0x0d, 0x31, 0x0b, 0x30, 0x09,                               /* issuer */
	0x06, 0x03, 0x55, 0x04, 0x03, 0x0c, 0x02, 'm',  'e',                          /* CN */
	0x02, 0x02, 0x00, 0xff,                                                       /* serial */
	0x30, 0x05, 0x06, 0x03, 0x2a, 0x03, 0x04,                                     /* digest */
	0x30, 0x05, 0x06, 0x03, 0x2a, 0x03, 0x05, /* algorithm */
	0x04, 0x03, 's',  'i',  'g',              /* signature */
};

static void a_signer_is_read_of_its_message(void **state)
{
	struct pkcs7_reader reader = {0};
	struct pkcs7_signer signer;

	assert_true(pkcs7_read_signer(&reader, message, sizeof(message), &signer));
	assert_int_equal(signer.issuer.size, 2);
	assert_memory_equal(signer.issuer.data, "me", 2);
	assert_int_equal(signer.serial.size, 1);
	assert_int_equal(*signer.serial.data, 0xff);
	assert_string_equal(signer.digest, "1.2.3.4");
	assert_int_equal(signer.signature.size, 3);
	assert_memory_equal(signer.signature.data, "sig", 3);
	free(signer.owned);
	pkcs7_end(&reader);
}

static void a_message_that_is_cut_off_has_no_signer(void **state)
{
	struct pkcs7_reader reader = {0};
	struct pkcs7_signer signer;
	uint8_t *copy;

	/* each on a heap of its own, where the sanitizer sees a byte too far */
	for (size_t size = 0; size < sizeof(message); size++) {
		copy = malloc(size ? size : 1);
		assert_non_null(copy);
		memcpy(copy, message, size);
		assert_false(pkcs7_read_signer(&reader, copy, size, &signer));
		free(copy);
	}
	pkcs7_end(&reader);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_name_ends_at_its_first_dot),
		cmocka_unit_test(an_alias_keeps_what_is_in_brackets),
		cmocka_unit_test(module_files_end_as_kmod_says),
		cmocka_unit_test(values_with_blanks_are_quoted),
		cmocka_unit_test(a_signer_is_read_of_its_message),
		cmocka_unit_test(a_message_that_is_cut_off_has_no_signer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
