// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Feeds module files to what modinfo, depmod and the explanations of insmod
 * read of them: sections, .modinfo, symbols, versions, the signature and its
 * PKCS#7 message. All of it is read, and written as JSON, to nowhere.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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
