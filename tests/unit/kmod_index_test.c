// SPDX-License-Identifier: GPL-2.0-or-later
/* modules.*.bin: tools/kmod/index.c reads what index_write.c makes, and survives anything else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include "tools/kmod/index.h"
#include "tools/kmod/index_write.h"

static void make(struct buffer *out, const char *const entries[][2], size_t count)
{
	struct index_entries list = {0};

	for (size_t i = 0; i < count; i++)
		assert_int_equal(index_add(&list, entries[i][0], entries[i][1], i), 0);
	assert_int_equal(index_make(&list, out), 0);
	index_entries_release(&list);
}

/* What a walk gave: "key=value;" each. */
struct found {
	char text[4096];
	unsigned int count;
};

static int note(void *context, const char *key, const char *value, uint32_t priority)
{
	struct found *found = context;
	size_t length = strlen(found->text);

	found->count++;
	snprintf(found->text + length, sizeof(found->text) - length, "%s=%s;", key, value);
	return 0;
}

static int count_only(void *context, const char *key, const char *value, uint32_t priority)
{
	(*(unsigned int *)context)++;
	return 0;
}

static const char *const few[][2] = {
	{"pci:v*d1*", "wide"}, {"pci:v8086d1*", "narrow"}, {"usb:v1p?", "one"},
	{"fs_ext4", "ext4"},   {"fs_ext", "ext"},          {"fs_ext4", "ext4_again"},
	{"x[a-c]y", "range"},
};
#define NR_FEW (sizeof(few) / sizeof(few[0]))

/* The layout that kmod's readers expect, written out from its description. */
static void an_index_has_the_layout_of_kmods(void **state)
{
	static const char *const two[][2] = {{"ab", "v"}, {"ac", "w"}};
	static const uint8_t expected[] = {
		0xb0, 0x07, 0xf4, 0x57, 0, 2,    0,    1, 0x20, 0,
		0,    0x2a,                                           /* the root: children */
		0,    0,    0,    1,    0, 0,    0,    0, 'v',  0,    /* 0x0c: b */
		0,    0,    0,    1,    0, 0,    0,    1, 'w',  0,    /* 0x16: c */
		'b',  'c',  0x40, 0,    0, 0x0c, 0x40, 0, 0,    0x16, /* 0x20: a */
		'a',  'a',  0x20, 0,    0, 0x20,                      /* 0x2a */
	};
	struct buffer out = {0};

	make(&out, two, 2);
	assert_int_equal(out.size, sizeof(expected));
	assert_memory_equal(out.data, expected, sizeof(expected));
	buffer_release(&out);
}

static void an_exact_search_finds_the_values_of_its_key_alone(void **state)
{
	struct buffer out = {0};
	struct index index;
	struct found found = {0};

	make(&out, few, NR_FEW);
	assert_int_equal(index_open_memory(&index, out.data, out.size), 0);
	assert_int_equal(index_search(&index, "fs_ext4", note, &found), 0);
	assert_string_equal(found.text, "fs_ext4=ext4;fs_ext4=ext4_again;");
	memset(&found, 0, sizeof(found));
	assert_int_equal(index_search(&index, "fs_ex", note, &found), 0);
	assert_int_equal(index_search(&index, "fs_ext44", note, &found), 0);
	assert_int_equal(index_search(&index, "pci:v8086d12", note, &found), 0);
	assert_int_equal(index_search(&index, "", note, &found), 0);
	assert_int_equal(found.count, 0);
	buffer_release(&out);
}

static void a_wildcard_search_finds_what_fnmatch_finds(void **state)
{
	static const char *const texts[] = {
		"pci:v8086d1000", "pci:v1d1", "usb:v1p2", "usb:v1p", "fs_ext4", "xby", "xdy",
		"x[a-c]y",        "",         "pci:"};
	struct buffer out = {0};
	struct index index;

	make(&out, few, NR_FEW);
	assert_int_equal(index_open_memory(&index, out.data, out.size), 0);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		unsigned int expected = 0, found = 0;

		for (size_t j = 0; j < NR_FEW; j++)
			expected += !fnmatch(few[j][0], texts[i], 0);
		assert_int_equal(index_search_wild(&index, texts[i], count_only, &found), 0);
		assert_int_equal(found, expected);
	}
	buffer_release(&out);
}

static void a_walk_gives_every_key_in_order(void **state)
{
	struct buffer out = {0};
	struct index index;
	struct found found = {0};

	make(&out, few, NR_FEW);
	assert_int_equal(index_open_memory(&index, out.data, out.size), 0);
	assert_int_equal(index_walk(&index, note, &found), 0);
	assert_string_equal(found.text, "fs_ext=ext;fs_ext4=ext4;fs_ext4=ext4_again;"
					"pci:v*d1*=wide;pci:v8086d1*=narrow;usb:v1p?=one;"
					"x[a-c]y=range;");
	buffer_release(&out);
}

/* Whatever is wrong, each walk ends, inside of the file, with 0 or -EINVAL. */
static void try_all(const void *data, size_t size)
{
	struct index index;
	unsigned int count = 0;
	int error = index_open_memory(&index, data, size);

	assert_true(!error || error == -EINVAL);
	if (error)
		return;
	error = index_walk(&index, count_only, &count);
	assert_true(!error || error == -EINVAL);
	error = index_search_wild(&index, "pci:v8086d1000", count_only, &count);
	assert_true(!error || error == -EINVAL);
	error = index_search(&index, "fs_ext4", count_only, &count);
	assert_true(!error || error == -EINVAL);
}

/* Allocated to its size, so that sanitizers and valgrind see what is read behind it. */
static void try_copy(const char *data, size_t size)
{
	char *copy = malloc(size + !size);

	assert_non_null(copy);
	memcpy(copy, data, size);
	try_all(copy, size);
	free(copy);
}

static void a_truncated_index_is_refused_or_read_to_its_end(void **state)
{
	struct buffer out = {0};

	make(&out, few, NR_FEW);
	for (size_t size = 0; size < out.size; size++)
		try_copy(out.data, size);
	buffer_release(&out);
}

static void an_index_with_any_byte_changed_is_survived(void **state)
{
	static const uint8_t values[] = {0, 1, 0x20, 0x40, 0x7f, 0x80, 0xe0, 0xff};
	struct buffer out = {0};

	make(&out, few, NR_FEW);
	for (size_t at = 0; at < out.size; at++) {
		char old = out.data[at];

		for (size_t i = 0; i < sizeof(values); i++) {
			out.data[at] = (char)values[i];
			try_copy(out.data, out.size);
		}
		out.data[at] = old;
	}
	buffer_release(&out);
}

static void nodes_in_a_ring_end_the_walk(void **state)
{
	/* The root's only child, 'a', is the root. */
	static const uint8_t ring[] = {0xb0, 0x07, 0xf4, 0x57, 0,   2,    0, 1, 0x20,
				       0,    0,    0x0c, 'a',  'a', 0x20, 0, 0, 0x0c};
	struct index index;
	unsigned int count = 0;

	assert_int_equal(index_open_memory(&index, ring, sizeof(ring)), 0);
	assert_int_equal(index_walk(&index, count_only, &count), -EINVAL);
	assert_int_equal(index_search(&index, "aaaaaaaa", count_only, &count), 0);
	assert_int_equal(count, 0);
}

/* Nodes with two ways to the next, the last one with a long value: 2^16 of it in a small file. */
static void a_value_that_many_ways_lead_to_is_not_read_for_each(void **state)
{
	const unsigned int levels = 16, node = 2 + 2 * sizeof(uint32_t);
	struct buffer out = {0};
	struct index index;
	unsigned int seen = 0;

	buffer_add_be32(&out, INDEX_MAGIC);
	buffer_add_be32(&out, INDEX_VERSION);
	buffer_add_be32(&out, INDEX_HEADER | INDEX_CHILDREN);
	for (unsigned int i = 1; i <= levels; i++) {
		uint32_t next =
			(INDEX_HEADER + i * node) | (i < levels ? INDEX_CHILDREN : INDEX_VALUES);

		buffer_add(&out, "*+", 2);
		buffer_add_be32(&out, next);
		buffer_add_be32(&out, next);
	}
	buffer_add_be32(&out, 1);
	buffer_add_be32(&out, 0);
	for (unsigned int i = 0; i < 20000; i++)
		buffer_add_byte(&out, 'v');
	buffer_add_byte(&out, '\0');
	assert_false(out.failed);
	assert_int_equal(index_open_memory(&index, out.data, out.size), 0);
	assert_int_equal(index_walk(&index, count_only, &seen), -EINVAL);
	assert_int_equal(seen, 1);
	seen = 0;
	assert_int_equal(index_search_wild(&index, "++++++++++++++++", count_only, &seen), -EINVAL);
	assert_int_equal(seen, 1);
	buffer_release(&out);
}

static void keys_that_readers_cannot_have_are_refused(void **state)
{
	static char long_key[INDEX_KEY_MAX + 1];
	struct index_entries list = {0};

	memset(long_key, 'k', INDEX_KEY_MAX);
	assert_int_equal(index_add(&list, long_key, "v", 0), -EINVAL);
	assert_int_equal(index_add(&list, "caf\xc3\xa9", "v", 0), -EINVAL);
	assert_int_equal(list.count, 0);
	long_key[INDEX_KEY_MAX - 1] = '\0';
	assert_int_equal(index_add(&list, long_key, "v", 0), 0);
	index_entries_release(&list);
}

#define NR_RANDOM 3000

static void every_one_of_many_keys_is_found(void **state)
{
	static char keys[NR_RANDOM][16];
	struct index_entries list = {0};
	struct buffer out = {0};
	struct index index;
	unsigned int total = 0;

	srandom(5);
	for (size_t i = 0; i < NR_RANDOM; i++) {
		size_t length = 1 + random() % (sizeof(keys[i]) - 2);

		for (size_t j = 0; j < length; j++)
			keys[i][j] = "abc_"[random() % 4];
		assert_int_equal(index_add(&list, keys[i], keys[i], random() % 3), 0);
	}
	assert_int_equal(index_make(&list, &out), 0);
	assert_int_equal(index_open_memory(&index, out.data, out.size), 0);
	for (size_t i = 0; i < NR_RANDOM; i++) {
		unsigned int expected = 0, found = 0;

		for (size_t j = 0; j < NR_RANDOM; j++)
			expected += !strcmp(keys[i], keys[j]);
		assert_int_equal(index_search(&index, keys[i], count_only, &found), 0);
		assert_int_equal(found, expected);
	}
	assert_int_equal(index_walk(&index, count_only, &total), 0);
	assert_int_equal(total, NR_RANDOM);
	index_entries_release(&list);
	buffer_release(&out);
}

/* A file is read as far as searches come, a page at a time: it may change meanwhile. */
static void an_index_file_that_shrinks_is_damaged_where_it_was_not_read(void **state)
{
	char path[] = "kmod_index_test.XXXXXX", keys[NR_RANDOM][8];
	struct index_entries list = {0};
	struct buffer out = {0};
	struct index index;
	unsigned int found = 0;
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	for (size_t i = 0; i < NR_RANDOM; i++) {
		snprintf(keys[i], sizeof(keys[i]), "%zu", 1000 + i);
		assert_int_equal(index_add(&list, keys[i], "a value", 0), 0);
	}
	assert_int_equal(index_make(&list, &out), 0);
	assert_int_equal(write(fd, out.data, out.size), out.size);
	assert_int_equal(index_open(&index, path), 0);
	for (size_t i = 0; i < NR_RANDOM; i += 7)
		assert_int_equal(index_search(&index, keys[i], count_only, &found), 0);
	assert_int_equal(found, (NR_RANDOM + 6) / 7);
	index_close(&index);

	assert_int_equal(index_open(&index, path), 0);
	assert_int_equal(index_search(&index, keys[0], count_only, &found), 0);
	assert_int_equal(ftruncate(fd, INDEX_HEADER), 0);
	assert_int_equal(index_search(&index, keys[0], count_only, &found), 0);
	assert_int_equal(index_walk(&index, count_only, &found), -EINVAL);
	index_close(&index);
	assert_int_equal(index_open(&index, path), 0);
	assert_int_equal(index_search(&index, keys[0], count_only, &found), -EINVAL);
	index_close(&index);

	close(fd);
	unlink(path);
	index_entries_release(&list);
	buffer_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_index_has_the_layout_of_kmods),
		cmocka_unit_test(an_exact_search_finds_the_values_of_its_key_alone),
		cmocka_unit_test(a_wildcard_search_finds_what_fnmatch_finds),
		cmocka_unit_test(a_walk_gives_every_key_in_order),
		cmocka_unit_test(a_truncated_index_is_refused_or_read_to_its_end),
		cmocka_unit_test(an_index_with_any_byte_changed_is_survived),
		cmocka_unit_test(nodes_in_a_ring_end_the_walk),
		cmocka_unit_test(a_value_that_many_ways_lead_to_is_not_read_for_each),
		cmocka_unit_test(keys_that_readers_cannot_have_are_refused),
		cmocka_unit_test(every_one_of_many_keys_is_found),
		cmocka_unit_test(an_index_file_that_shrinks_is_damaged_where_it_was_not_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
