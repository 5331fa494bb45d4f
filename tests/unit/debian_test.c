// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The distribution's own modules, unmodified: loaded, their functions called
 * from here and the results checked, unloaded, nothing left behind.
 * argv: the modules' directory, the release, then optionally headers and sources.
 * PROBE_EVERYWHERE: the path of that module, which then has a probe on every
 * instruction of theirs while their functions run.
 */
#include <errno.h>
#include <fts.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <ring3/ring3.h>
#include "box_fixture.h"
#include "elf/elf_view.h"
#include "probe_everywhere.h"

#define GFP_KERNEL 0xcc0UL /* the same in 6.1 and 6.12 */

static char loaded[128][64];
static unsigned int nr_loaded;

static struct r3_box *boot(void)
{
	nr_loaded = 0;
	return fixture_boot(0);
}

/* NAME.ko, compressed or not, somewhere below the directory. */
static bool find(const char *name, char *path, size_t size)
{
	char *paths[] = {(char *)fixture.directory, NULL};
	FTS *tree = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	size_t length = strlen(name);
	bool found = false;
	FTSENT *entry;

	assert_non_null(tree);
	while (!found && (entry = fts_read(tree)))
		if (entry->fts_info == FTS_F && !strncmp(entry->fts_name, name, length) &&
		    !strncmp(entry->fts_name + length, ".ko", 3)) {
			snprintf(path, size, "%s", entry->fts_path);
			found = true;
		}
	fts_close(tree);
	return found;
}

static bool load_if_there(struct r3_box *box, const char *name)
{
	char path[4096];
	int error;

	if (!find(name, path, sizeof(path)))
		return false;
	error = r3_module_load(box, path, "", 0, NULL);
	if (error)
		fail_msg("%s: %d, %s\nlog:\n%s", name, error, r3_error(), fixture.log);
	snprintf(loaded[nr_loaded], sizeof(loaded[0]), "%s", name);
	for (char *at = loaded[nr_loaded]; *at; at++)
		if (*at == '-')
			*at = '_';
	if (getenv("PROBE_EVERYWHERE"))
		probe_everywhere(box, getenv("PROBE_EVERYWHERE"), loaded[nr_loaded]);
	nr_loaded++;
	return true;
}

static void load(struct r3_box *box, const char *name)
{
	if (!load_if_there(box, name)) {
		print_message("%s has no %s\n", fixture.target, name);
		r3_box_free(box);
		skip();
	}
}

/* Everything out again in reverse order; no leak, no warning. */
static void done(struct r3_box *box)
{
	if (getenv("PROBE_EVERYWHERE"))
		probe_nowhere(box);
	while (nr_loaded--)
		if (r3_module_unload(box, loaded[nr_loaded], 0))
			fail_msg("%s: %s", loaded[nr_loaded], r3_error());
	assert_clean(box);
	r3_box_free(box);
}

#define UL(x) ((unsigned long)(x))

static uint64_t call(struct r3_box *box, const char *function, unsigned int count, ...)
{
	unsigned long a[12] = {0};
	uint64_t result;
	va_list list;

	va_start(list, count);
	for (unsigned int i = 0; i < count; i++)
		a[i] = va_arg(list, unsigned long);
	va_end(list);
	if (r3_call(box, r3_symbol(box, function), &result, 12, a[0], a[1], a[2], a[3], a[4], a[5],
		    a[6], a[7], a[8], a[9], a[10], a[11]))
		fail_msg("%s: %s\nlog:\n%s", function, r3_error(), fixture.log);
	return result;
}

static const char check_string[] = "123456789"; /* the check value of CRC catalogues is for this */
#define CHECK UL(check_string), 9UL

static void crc_itu_t_gives_the_check_value(void **state)
{
	struct r3_box *box = boot();

	load(box, "crc-itu-t");
	assert_int_equal(call(box, "crc_itu_t", 3, 0UL, CHECK) & 0xffff, 0x31c3);
	done(box);
}

static void crc7_gives_the_check_value(void **state)
{
	struct r3_box *box = boot();

	load(box, "crc7");
	assert_int_equal(call(box, "crc7_be", 3, 0UL, CHECK) & 0xff, 0x75 << 1);
	done(box);
}

static void crc8_gives_the_check_value(void **state)
{
	struct r3_box *box = boot();
	static uint8_t table[256];

	load(box, "crc8");
	call(box, "crc8_populate_msb", 2, UL(table), 7UL);
	assert_int_equal(call(box, "crc8", 4, UL(table), CHECK, 0UL) & 0xff, 0xf4);
	done(box);
}

/* A module in 6.1, part of the kernel in 6.12. */
static void crc64_gives_the_check_value(void **state)
{
	struct r3_box *box = boot();

	load_if_there(box, "crc64");
	assert_true(call(box, "crc64_be", 3, 0UL, CHECK) == 0x6c40df5f0b497347UL);
	assert_true(call(box, "crc64_rocksoft_generic", 3, 0UL, CHECK) == 0xae8b14860a799888UL);
	done(box);
}

/* Goes through the crypto API, which asks for its algorithm by request_module. */
static void libcrc32c_gives_the_check_value(void **state)
{
	struct r3_box *box = boot();

	load(box, "libcrc32c");
	assert_int_equal(~call(box, "crc32c", 3, 0xffffffffUL, CHECK) & 0xffffffff, 0xe3069283);
	assert_int_equal(r3_module_unload(box, "libcrc32c", 0), 0);
	r3_box_free(box);
}

static char *sample_text(size_t size)
{
	char *text = malloc(size);

	for (size_t i = 0; i < size; i++)
		text[i] = "kernel modules in ring 3 "[(i * i / 97 + i) % 25];
	return text;
}

#define TEXT  65536
#define BOUND (TEXT + TEXT / 255 + 16)
#define WORK  (1 << 20)

static void lz4_round_trip(struct r3_box *box, const char *compress, unsigned long level)
{
	char *text = sample_text(TEXT), *packed = malloc(BOUND), *back = malloc(TEXT);
	void *work = calloc(1, WORK);
	int size;

	if (level)
		size = call(box, compress, 6, UL(text), UL(packed), UL(TEXT), UL(BOUND), level,
			    UL(work));
	else
		size = call(box, compress, 5, UL(text), UL(packed), UL(TEXT), UL(BOUND), UL(work));
	assert_true(size > 0 && size < TEXT / 2);
	assert_int_equal(
		(int)call(box, "LZ4_decompress_safe", 4, UL(packed), UL(back), UL(size), UL(TEXT)),
		TEXT);
	assert_memory_equal(text, back, TEXT);
	free(text);
	free(packed);
	free(back);
	free(work);
}

static void lz4_compress_round_trip(void **state)
{
	struct r3_box *box = boot();

	load(box, "lz4_compress");
	lz4_round_trip(box, "LZ4_compress_default", 0);
	done(box);
}

static void lz4hc_compress_round_trip(void **state)
{
	struct r3_box *box = boot();

	load(box, "lz4hc_compress");
	lz4_round_trip(box, "LZ4_compress_HC", 9);
	done(box);
}

static void sw842_round_trip(void **state)
{
	struct r3_box *box = boot();
	char *text, *packed, *back;
	unsigned int packed_size = 2 * TEXT, size = TEXT;
	void *work;

	load(box, "842_compress");
	load(box, "842_decompress");
	text = sample_text(TEXT);
	packed = malloc(2 * TEXT);
	back = malloc(TEXT);
	work = calloc(1, WORK);
	assert_int_equal((int)call(box, "sw842_compress", 5, UL(text), UL(TEXT), UL(packed),
				   UL(&packed_size), UL(work)),
			 0);
	assert_int_equal((int)call(box, "sw842_decompress", 4, UL(packed), UL(packed_size),
				   UL(back), UL(&size)),
			 0);
	assert_int_equal(size, TEXT);
	assert_memory_equal(text, back, TEXT);
	free(text);
	free(packed);
	free(back);
	free(work);
	done(box);
}

static void reed_solomon_corrects_errors(void **state)
{
	struct r3_box *box = boot();
	uint8_t data[100], sent[100];
	uint16_t parity[16] = {0};
	unsigned long rs;

	load(box, "reed_solomon");
	rs = call(box, "init_rs_gfp", 6, 8UL, 0x11dUL, 0UL, 1UL, 16UL, GFP_KERNEL);
	assert_true(rs);
	for (int i = 0; i < 100; i++)
		data[i] = sent[i] = i * 7 + 1;
	assert_int_equal((int)call(box, "encode_rs8", 5, rs, UL(data), 100UL, UL(parity), 0UL), 0);
	data[3] ^= 0x55;
	data[42] ^= 0x01;
	data[99] ^= 0xff;
	assert_int_equal((int)call(box, "decode_rs8", 9, rs, UL(data), UL(parity), 100UL, 0UL, 0UL,
				   0UL, 0UL, 0UL),
			 3);
	assert_memory_equal(data, sent, sizeof(data));
	call(box, "free_rs", 1, rs);
	done(box);
}

static void bch_corrects_errors(void **state)
{
	struct r3_box *box = boot();
	uint8_t data[512], ecc[13] = {0};
	unsigned int where[8];
	unsigned long bch;
	int errors;

	load(box, "bch");
	bch = call(box, "bch_init", 4, 13UL, 8UL, 0UL, 0UL);
	assert_true(bch && bch < UL(-4095));
	for (int i = 0; i < 512; i++)
		data[i] = i * 13 + 5;
	call(box, "bch_encode", 4, bch, UL(data), 512UL, UL(ecc));
	data[17] ^= 0x10;
	data[300] ^= 0x02;
	errors = call(box, "bch_decode", 7, bch, UL(data), 512UL, UL(ecc), 0UL, 0UL, UL(where));
	assert_int_equal(errors, 2);
	for (int i = 0; i < errors; i++)
		data[where[i] / 8] ^= 1 << where[i] % 8;
	assert_int_equal(data[17], (uint8_t)(17 * 13 + 5));
	assert_int_equal(data[300], (uint8_t)(300 * 13 + 5));
	call(box, "bch_free", 1, bch);
	done(box);
}

/* linux/textsearch_fsm.h */
#define TS_FSM_WILDCARD    1
#define TS_FSM_ANY         2
#define TS_FSM_HEAD_IGNORE 4
struct token {
	uint16_t type;
	uint8_t recur, value;
};

static void search(const char *algorithm, const void *pattern, unsigned long length)
{
	struct r3_box *box = boot();
	const char text[] = "a ring, three rings, ring3 and ring0";
	unsigned long config, state[8] = {0};
	char module[16];

	snprintf(module, sizeof(module), "ts_%s", algorithm);
	load(box, module);
	config = call(box, "textsearch_prepare", 5, UL(algorithm), UL(pattern), length, GFP_KERNEL,
		      0UL);
	assert_true(config && config < UL(-4095));
	assert_int_equal((int)call(box, "textsearch_find_continuous", 4, config, UL(state),
				   UL(text), UL(strlen(text))),
			 strstr(text, "ring3") - text);
	call(box, "textsearch_destroy", 1, config);
	done(box);
}

static void ts_kmp_finds_the_first_occurrence(void **state)
{
	search("kmp", "ring3", 5);
}

static void ts_bm_finds_the_first_occurrence(void **state)
{
	search("bm", "ring3", 5);
}

static void ts_fsm_finds_the_first_occurrence(void **state)
{
	/* any characters first (HEAD_IGNORE) and last (ANY), single specific ones between */
	struct token tokens[7] = {{TS_FSM_WILDCARD, TS_FSM_HEAD_IGNORE, 0},
				  {0, 0, 'r'},
				  {0, 0, 'i'},
				  {0, 0, 'n'},
				  {0, 0, 'g'},
				  {0, 0, '3'},
				  {TS_FSM_WILDCARD, TS_FSM_ANY, 0}};

	search("fsm", tokens, sizeof(tokens));
}

/* struct nls_table of linux/nls.h */
struct nls_table {
	const char *charset, *alias;
	int (*uni2char)(uint16_t, unsigned char *, int);
	int (*char2uni)(const unsigned char *, int, uint16_t *);
};

static void check_charset(struct r3_box *box, const char *module)
{
	const struct nls_table *table;
	uint16_t unicode = 0;
	uint64_t length;
	char symbol[64];

	/* Each has a static `table'; nls_utf8 and others register just that. */
	snprintf(symbol, sizeof(symbol), "%s:table", module);
	table = r3_symbol(box, symbol);
	if (!table)
		fail_msg("%s has no table", module);
	assert_true(call(box, "load_nls", 1, UL(table->charset)) == UL(table));
	assert_int_equal(r3_call(box, table->char2uni, &length, 3, UL("A"), 1UL, UL(&unicode)), 0);
	assert_int_equal((int)length, 1);
	/* Linux's koi8-ru tests for its two own characters the wrong way round: all others become
	 * one. */
	assert_int_equal(unicode, strcmp(table->charset, "koi8-ru") ? 'A' : 0x45e);
	call(box, "unload_nls", 1, UL(table));
}

static void every_nls_module_knows_its_charset(void **state)
{
	char *paths[] = {(char *)fixture.directory, NULL};
	FTS *tree = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	unsigned int count = 0;
	struct r3_box *box;
	FTSENT *entry;

	assert_non_null(tree);
	while ((entry = fts_read(tree))) {
		char name[64];

		if (entry->fts_info != FTS_F || strncmp(entry->fts_name, "nls_", 4) ||
		    !strncmp(entry->fts_name, "nls_ucs2", 8))
			continue; /* nls_ucs2_utils is no charset */
		snprintf(name, sizeof(name), "%.*s", (int)strcspn(entry->fts_name, "."),
			 entry->fts_name);
		box = boot(); /* each its own: some load others by request_module */
		assert_true(load_if_there(box, name));
		check_charset(box, loaded[nr_loaded - 1]);
		done(box);
		count++;
	}
	fts_close(tree);
	print_message("%u charsets\n", count);
	assert_true(count > 30);
}

static void static_keys_pass_their_own_test(void **state)
{
	struct r3_box *box = boot();

	load(box, "test_static_key_base");
	load(box, "test_static_keys"); /* its init fails unless every branch goes the right way */
	done(box);
}

static void user_copies_pass_their_own_test(void **state)
{
	struct r3_box *box = boot();

	load(box, "test_user_copy");
	assert_logged("test_user_copy: tests passed.");
	done(box);
}

static void xor_of_blocks(void **state)
{
	struct r3_box *box = boot();
	uint8_t *blocks, *sources[2];

	load(box, "xor");
	blocks = aligned_alloc(4096, 3 * 4096);
	for (int i = 0; i < 3 * 4096; i++)
		blocks[i] = i * 31 + i / 4096;
	sources[0] = blocks + 4096;
	sources[1] = blocks + 8192;
	call(box, "xor_blocks", 4, 2UL, 4096UL, UL(blocks), UL(sources));
	for (int i = 0; i < 4096; i++)
		assert_int_equal(blocks[i],
				 (uint8_t)(i * 31) ^ blocks[4096 + i] ^ blocks[8192 + i]);
	free(blocks);
	done(box);
}

/* Multiply by 2 in the field of raid6: polynomial 0x11d. */
static uint8_t times_two(uint8_t x)
{
	return x << 1 ^ (x & 0x80 ? 0x1d : 0);
}

static void raid6_syndrome(void **state)
{
	struct r3_box *box = boot();
	uint8_t *disks[6];
	void **algorithm;

	load(box, "raid6_pq");
	/* struct raid6_calls: gen_syndrome comes first */
	algorithm = r3_symbol(box, "raid6_call");
	assert_non_null(algorithm);
	for (int d = 0; d < 6; d++) {
		disks[d] = aligned_alloc(4096, 4096);
		for (int i = 0; i < 4096; i++)
			disks[d][i] = i * (d + 3) + d;
	}
	assert_int_equal(r3_call(box, *algorithm, NULL, 3, 6UL, 4096UL, UL(disks)), 0);
	for (int i = 0; i < 4096; i++) {
		uint8_t p = 0, q = 0;

		for (int d = 3; d >= 0; d--) {
			p ^= disks[d][i];
			q = times_two(q) ^ disks[d][i];
		}
		assert_int_equal(disks[4][i], p);
		assert_int_equal(disks[5][i], q);
	}
	for (int d = 0; d < 6; d++)
		free(disks[d]);
	done(box);
}

/* The first entry of a table sent elsewhere: 0 and the module is refused; 1: it has no such table.
 */
static int load_with_lie(struct r3_box *box, const char *path, const char *table)
{
	struct module_image image;
	struct elf_view view;
	char name[64], line[128];
	unsigned int section;
	Elf64_Rela *entries;

	assert_int_equal(image_read_file(&image, path, NULL), 0);
	assert_int_equal(elf_open(&view, image.data, image.size, NULL), 0);
	snprintf(name, sizeof(name), ".rela%s", table);
	section = elf_find_section(&view, name, false);
	if (!section) {
		image_release(&image);
		return 1;
	}
	entries = (Elf64_Rela *)(image.data + view.sections[section].sh_offset);
	entries[0].r_addend += 64 << 20;
	fixture.log[0] = '\0';
	assert_int_equal(r3_module_load_buffer(box, image.data, image.size, "", 0, NULL), -ENOEXEC);
	snprintf(line, sizeof(line), "entry 0 of %s does not fit the module's code", table);
	assert_logged(line);
	image_release(&image);
	return 0;
}

/* Linux follows them; here nothing outside of the module's code is patched. */
static void tables_that_point_outside_of_the_module_are_refused(void **state)
{
	static const char *const tables[] = {".altinstructions", ".retpoline_sites",
					     ".return_sites", "__jump_table"};
	struct r3_box *box = boot();
	char path[4096];

	assert_true(find("cryptd", path, sizeof(path)) || find("raid6_pq", path, sizeof(path)));
	assert_int_equal(load_with_lie(box, path, ".return_sites"), 0);
	for (unsigned int i = 0; i < 4; i++)
		load_with_lie(box, path, tables[i]);
	r3_box_free(box);
}

/* Algorithms that the kernel has built in are found by name, and their self-tests agree. */
static void drbg_finds_the_digests_that_it_needs(void **state)
{
	struct r3_box *box = boot();
	struct r3_box_report report;

	load(box, "drbg");
	assert_not_logged("Failed to reset rng");
	assert_int_equal(r3_box_report(box, &report), 0);
	assert_int_equal(report.warnings, 0);
	r3_box_free(box); /* what drbg asked for, like ctr, is loaded still */
}

/* Its works drop the workqueue after a grace period: that is no leak. */
static void cryptd_leaves_nothing_behind(void **state)
{
	struct r3_box *box = boot();

	load(box, "cryptd");
	done(box);
}

/* /sys is there when the first bus comes, though nothing shows it yet. */
static void a_bus_finds_its_place_in_sysfs(void **state)
{
	struct r3_box *box = boot();

	load(box, "gameport");
	assert_not_logged("kobject_add_internal failed");
	done(box);
}

/*
 * Threads start members of the library while others do, and boxes end while
 * threads are under way. None may wait for another in a circle, which ends
 * when wait_for_start() gives up.
 */
static void threads_that_start_members_do_not_wait_in_circles(void **state)
{
	for (unsigned int i = 0; i < 20; i++) {
		struct r3_box *box = boot();

		load(box, "xcbc");
		assert_not_logged("is not started after");
		done(box);
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(drbg_finds_the_digests_that_it_needs),
		cmocka_unit_test(cryptd_leaves_nothing_behind),
		cmocka_unit_test(tables_that_point_outside_of_the_module_are_refused),
		cmocka_unit_test(a_bus_finds_its_place_in_sysfs),
		cmocka_unit_test(threads_that_start_members_do_not_wait_in_circles),
		cmocka_unit_test(crc_itu_t_gives_the_check_value),
		cmocka_unit_test(crc7_gives_the_check_value),
		cmocka_unit_test(crc8_gives_the_check_value),
		cmocka_unit_test(crc64_gives_the_check_value),
		cmocka_unit_test(libcrc32c_gives_the_check_value),
		cmocka_unit_test(lz4_compress_round_trip),
		cmocka_unit_test(lz4hc_compress_round_trip),
		cmocka_unit_test(sw842_round_trip),
		cmocka_unit_test(reed_solomon_corrects_errors),
		cmocka_unit_test(bch_corrects_errors),
		cmocka_unit_test(ts_kmp_finds_the_first_occurrence),
		cmocka_unit_test(ts_bm_finds_the_first_occurrence),
		cmocka_unit_test(ts_fsm_finds_the_first_occurrence),
		cmocka_unit_test(every_nls_module_knows_its_charset),
		cmocka_unit_test(static_keys_pass_their_own_test),
		cmocka_unit_test(user_copies_pass_their_own_test),
		cmocka_unit_test(xor_of_blocks),
		cmocka_unit_test(raid6_syndrome),
	};

	/* each loads one module and calls it for a short time */
	const struct CMUnitTest probed[] = {
		cmocka_unit_test(crc_itu_t_gives_the_check_value),
		cmocka_unit_test(crc8_gives_the_check_value),
		cmocka_unit_test(lz4_compress_round_trip),
		cmocka_unit_test(reed_solomon_corrects_errors),
		cmocka_unit_test(ts_bm_finds_the_first_occurrence),
		cmocka_unit_test(ts_fsm_finds_the_first_occurrence),
		cmocka_unit_test(xor_of_blocks),
		cmocka_unit_test(raid6_syndrome),
	};

	if (!fixture_arguments(argc, argv, 2))
		return 2;
	if (getenv("PROBE_EVERYWHERE"))
		return cmocka_run_group_tests(probed, NULL, NULL);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
