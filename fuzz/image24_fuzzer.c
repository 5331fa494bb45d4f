// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Feeds images to init_module() of the 2.4 scheme, in a real box that has two
 * modules already. Pointers of an input are distances from the module's
 * address, so that many lead into it. No code of an input ever runs: its init,
 * cleanup and can_unload are checked like all else, and then left out.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ring3/ring3.h>
#include "scheme24/internal.h"

#define SIZE 4096

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct r3_box *box;
static uint64_t lender;

/* How deep the inputs went; printed at the end. */
static unsigned long checked, initialized;

static void print_depth(void)
{
	fprintf(stderr, "depth: %lu with a good header, %lu initialized\n", checked, initialized);
}

static void require(bool held, const char *what)
{
	if (held)
		return;
	fprintf(stderr, "image24_fuzzer: %s\n", what);
	abort();
}

/* A module that others may depend on. */
static void load_lender(void)
{
	struct {
		struct r3_24_module module;
		char name[8];
	} image = {.name = "lender"};

	require(!r3_create_module(box, "lender", sizeof(image), &lender), "no lender");
	image.module.size_of_struct = sizeof(image.module);
	image.module.size = sizeof(image);
	image.module.name = lender + sizeof(image.module);
	require(!r3_init_module(box, "lender", &image, sizeof(image)), "a lender that is refused");
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	const struct r3_box_options options = {
		.size = sizeof(options),
		.target = "builtin",
		.flags = R3_BOX_SCHEME_2_4,
		.cpus = 1,
		.memory = 32 << 20,
	};

	if (r3_box_new(&box, &options)) {
		fprintf(stderr, "image24_fuzzer: no box: %s\n", r3_error());
		exit(2);
	}
	load_lender();
	atexit(print_depth);
	return 0;
}

/* Distances become addresses; what is 0 stays so. */
static void address_fields(struct r3_24_module *module, uint64_t address)
{
	uint64_t *fields[] = {
		&module->name,         &module->syms,           &module->deps,
		&module->init,         &module->cleanup,        &module->ex_table_start,
		&module->ex_table_end, &module->can_unload,     &module->kallsyms_start,
		&module->kallsyms_end, &module->archdata_start, &module->archdata_end};

	for (unsigned int i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		*fields[i] += *fields[i] ? address : 0;
}

static uint64_t number_at(const char *image, uint64_t at)
{
	uint64_t number;

	memcpy(&number, image + at, sizeof(number));
	return number;
}

static void put_number(char *image, uint64_t at, uint64_t number)
{
	memcpy(image + at, &number, sizeof(number));
}

/* The names of symbols, and what is depended on: 1 is the lender, 2 itself. */
static void address_tables(char *image, size_t size, uint64_t address)
{
	const struct r3_24_module *module = (const void *)image;
	uint64_t syms = module->syms - address, deps = module->deps - address;
	uint32_t nsyms = module->nsyms, ndeps = module->ndeps;

	for (uint32_t i = 0; i < nsyms && syms <= size - 16; i++, syms += 16)
		put_number(image, syms + 8, number_at(image, syms + 8) + address);
	for (uint32_t i = 0; i < ndeps && deps <= size - 24; i++, deps += 24) {
		uint64_t dep = number_at(image, deps);

		put_number(image, deps, dep == 1 ? lender : dep == 2 ? address : dep);
	}
}

/* Ask all that there is to ask. */
static void ask(void)
{
	static char buffer[1 << 16];
	struct query_reply reply;
	FILE *text = fopen("/dev/null", "w");
	size_t ret;

	for (int which = 0; which <= 5; which++)
		r3_query_module(box, "fuzzed", which, buffer, sizeof(buffer), &ret);
	require(!scheme24_query(box, "lender", R3_QM_REFS, &reply), "the lender is gone");
	free(reply.data);
	scheme24_show_modules(box, text);
	require(!scheme24_show_symbols(box, text), "no symbols");
	fclose(text);
	r3_symbol_name(box, module_find(box, "fuzzed")->handle + 512, buffer, sizeof(buffer));
}

static void try_image(char *image, size_t size, uint64_t address)
{
	struct r3_24_module *module = (struct r3_24_module *)image;
	int error;

	address_fields(module, address);
	if (image_header_size_is_good(module->size_of_struct) &&
	    !image_check_header(module, address, SIZE, strlen("fuzzed"))) {
		checked++;
		address_tables(image, size, address);
	}
	module->init = module->cleanup = module->can_unload = 0;
	error = r3_init_module(box, "fuzzed", image, size);
	require(!error || error == -EINVAL || error == -EFAULT,
		"an errno that init_module() does not document");
	initialized += !error;
	ask();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint64_t address;
	char *image;

	if (size < sizeof(struct r3_24_module) || size > 2 * SIZE)
		return 0;
	image = malloc(size); /* as long as it is, for the sanitizer */
	memcpy(image, data, size);
	require(!r3_create_module(box, "fuzzed", SIZE, &address), "no module");
	box_enter(box);
	try_image(image, size, address);
	box_leave(box);
	require(!r3_delete_module(box, "fuzzed"), "a module that cannot be removed");
	free(image);
	return 0;
}
