// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Feeds module files to what modinfo, depmod and the explanations of insmod
 * read of them: sections, .modinfo, symbols, versions, the signature and its
 * PKCS#7 message. All of it is read, and written as JSON, to nowhere. From a
 * file, of which only parts are read, comes what comes from memory.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "mutate.h"
#include "tools/kmod/fields.h"
#include "tools/kmod/log.h"
#include "tools/kmod/modinfo_json.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed);

/* How deep the inputs went; printed at the end. */
static unsigned long opened, with_fields, with_signature;

static FILE *nowhere;
static struct pkcs7_reader pkcs7;
static struct fields_reader reader; /* of files */
static int input;                   /* a file in memory */
static char input_path[sizeof("/proc/self/fd/2147483647")];

static void print_depth(void)
{
	fprintf(stderr, "depth: %lu opened, %lu with fields, %lu signed\n", opened, with_fields,
		with_signature);
}

static void require(bool held, const char *what)
{
	if (held)
		return;
	fprintf(stderr, "modinfo_fuzzer: %s\n", what);
	abort();
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	nowhere = fopen("/dev/null", "w");
	require(nowhere != NULL, "no /dev/null");
	input = memfd_create("input", MFD_CLOEXEC);
	require(input >= 0, "no file in memory");
	snprintf(input_path, sizeof(input_path), "/proc/self/fd/%i", input);
	log_open(false, -1); /* what modinfo complains about is no finding */
	atexit(print_depth);
	return 0;
}

/* Keeps what was read from being optimised away. */
static volatile size_t seen;

/* The sanitizers judge. */
static void walk(const struct modfile *file)
{
	struct modfile_section section;
	struct modfile_symbols symbols;
	struct modfile_symbol symbol;
	struct modfile_version version;
	size_t sum = 0, position = 0;

	for (unsigned int i = 0; modfile_section(file, i, &section); i++)
		if (section.size)
			sum += section.data[0] + section.data[section.size - 1];
	if (modfile_symbols(file, &symbols))
		for (size_t i = 0; i < symbols.count; i++)
			if (modfile_symbol(&symbols, i, &symbol))
				sum += strlen(symbol.name);
	if (modfile_find_section(file, "__versions", &section))
		while (modfile_next_version(file, &section, &position, &version))
			sum += strlen(version.name) + version.crc;
	seen = sum;
}

static bool is_same(const struct modfile_field *left, const struct modfile_field *right)
{
	return left->key_length == right->key_length && left->value_length == right->value_length &&
	       !memcmp(left->key, right->key, left->key_length) &&
	       !memcmp(left->value, right->value, left->value_length);
}

/* fields: of the same bytes in memory. */
static void compare_with_file(const struct fields *fields, const uint8_t *data, size_t size)
{
	struct fields other;
	int error;

	require(pwrite(input, data, size, 0) == (ssize_t)size && !ftruncate(input, size),
		"the file in memory cannot be written");
	error = fields_of_file(&other, input_path, &reader);
	if (error == -ENOMEM)
		return;
	require(!error, "a file is refused whose bytes are not");
	require(other.count == fields->count, "a file has other fields than its bytes");
	for (size_t i = 0; i < fields->count; i++)
		require(is_same(&fields->list[i], &other.list[i]),
			"a field is another one when it is read from a file");
	walk(&other.file);
	fields_free(&other);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct json json = {.out = nowhere};
	struct modfile file;
	struct fields fields;
	int error = modfile_open_memory(&file, data, size);

	require(!error || error == -EINVAL || error == -ENOEXEC || error == -EFBIG ||
			error == -ENOMEM,
		"an errno that modfile_open_memory() does not document");
	if (error)
		return 0;
	opened++;
	walk(&file);
	modfile_close(&file);

	error = fields_of_memory(&fields, data, size, &pkcs7);
	require(!error || error == -ENOENT || error == -ENOMEM,
		"an errno that fields_of_memory() does not document");
	if (error)
		return 0;
	with_fields++;
	with_signature += fields.is_signed;
	compare_with_file(&fields, data, size);
	error = modinfo_json(&json, "module", "/module.ko", &fields);
	require(!error, "what was read cannot be written");
	require(!json.depth, "brackets that do not match");
	fields_free(&fields);
	return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed)
{
	size_t tail = size < 1024 ? size : 1024;

	/* every fourth time the signature, every fourth anything, else what an object is made of */
	if (seed % 4 == 0)
		return size - tail + LLVMFuzzerMutate(data + size - tail, tail, tail);
	if (seed % 4 == 1)
		return LLVMFuzzerMutate(data, size, max_size);
	return mutate_object(data, size, max_size, seed / 4);
}
