// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Feeds objects to insmod of the 2.4 scheme, on a kernel that takes whatever it
 * is given: whatever the object, the image it gets is sound. What depmod and
 * modinfo read of it is read, too.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ring3/scheme24.h>
#include "mutate.h"
#include "tools/modutils/depmod.h"
#include "tools/modutils/modutils.h"
#include "tools/modutils/object.h"

#define ADDRESS 0x10400000L
#define OTHER   0x10300000L

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed);

/* How deep the inputs went; printed at the end. */
static unsigned long created, initialized, exporting;
static size_t created_size;
static bool is_created;
static FILE *nowhere;

static void print_depth(void)
{
	fprintf(stderr, "depth: %lu got memory, %lu were linked, %lu with exports\n", created,
		initialized, exporting);
}

static void require(bool held, const char *what)
{
	if (held)
		return;
	fprintf(stderr, "insmod_fuzzer: %s\n", what);
	abort();
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	nowhere = fopen("/dev/null", "w");
	require(nowhere != NULL, "no /dev/null");
	atexit(print_depth);
	return 0;
}

static long create(void *context, const char *name, size_t size)
{
	require(size >= sizeof(struct r3_24_module) && *name, "a module that is none");
	created_size = size;
	is_created = true;
	created++;
	return size > (64 << 20) ? -ENOMEM : ADDRESS;
}

static bool is_inside(uint64_t address, uint64_t size)
{
	return address >= ADDRESS && size <= created_size &&
	       address - ADDRESS <= created_size - size;
}

static void check_text(const char *image, uint64_t address)
{
	require(is_inside(address, 1), "a name outside of the image");
	require(memchr(image + (address - ADDRESS), 0, created_size - (address - ADDRESS)),
		"a name without an end");
}

static int init(void *context, const char *name, const void *image)
{
	const struct r3_24_module *module = image;
	const struct r3_24_ref *refs;

	initialized++;
	require(module->size_of_struct == sizeof(*module) && module->size == created_size,
		"another size than was asked for");
	check_text(image, module->name);
	require(!module->nsyms || is_inside(module->syms, module->nsyms * 16ul),
		"exports outside of the image");
	require(!module->ndeps || is_inside(module->deps, module->ndeps * sizeof(*refs)),
		"dependencies outside of the image");
	require(module->ex_table_start <= module->ex_table_end,
		"a table that ends before it begins");
	refs = (const void *)((const char *)image + (module->ndeps ? module->deps - ADDRESS : 0));
	for (unsigned int i = 0; i < module->ndeps; i++)
		require(refs[i].dep == OTHER && refs[i].ref == ADDRESS, "not a dependency");
	exporting += module->nsyms > 0;
	return 0;
}

static int delete_module(void *context, const char *name)
{
	require(is_created, "what was not created is deleted");
	is_created = false;
	return 0;
}

static int query(void *context, const char *name, int which, void *buffer, size_t size,
		 size_t *result)
{
	static const char *const exports[] = {"_printk_R6669e41c", "printk", "Using_Versions",
					      "GPLONLY_kernel_log"};
	static const char *const others[] = {"low_add", "module_help", "kernel_log"};
	const char *const *list = name ? others : exports;
	size_t count = name ? 3 : 4, used = count * sizeof(struct r3_24_symbol);
	struct r3_24_symbol *symbols = buffer;

	switch (which) {
	case R3_QM_MODULES:
		strcpy(buffer, "other");
		*result = 1;
		return 0;
	case R3_QM_INFO:
		*(struct r3_24_info *)buffer = (struct r3_24_info){.addr = OTHER, .size = 4096};
		return 0;
	default:
		*result = count;
		for (size_t i = 0; i < count; i++) {
			symbols[i] = (struct r3_24_symbol){name ? OTHER : ADDRESS - 4096, used};
			strcpy((char *)buffer + used, list[i]);
			used += strlen(list[i]) + 1;
		}
		return 0;
	}
}

static int visit(void *context, const char *name)
{
	size_t *sum = context;

	*sum += strlen(name);
	return 0;
}

/* Keeps what was read from being optimised away. */
static volatile size_t seen;

static void read_only(const struct module_image *image, struct messages *messages)
{
	struct dep_module module = {};
	struct object object = {};
	const char *license;
	size_t sum = 0;

	if (!object_read(&object, image->data, image->size, messages)) {
		object_each_export(&object, visit, &sum);
		dep_read_devices(&object, &module);
		for (const char *text = object_modinfo_string(&object, NULL); text;
		     text = object_modinfo_string(&object, text))
			sum += strlen(text);
		sum += object_is_gpl(&object, &license);
	}
	object_release(&object);
	free(module.devices);
	seen = sum + module.nr_devices;
}

/* The first two bytes choose options and parameters, the rest is the object. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct module_calls calls = {
		.create = create, .init = init, .delete = delete_module, .query = query};
	char *arguments[] = {"number=5", "list=1,2,3", "word=a,\"b\\", "names=abc,def", NULL};
	struct messages messages = {.from = "fuzz", .out = nowhere, .err = nowhere};
	struct insert insert = {.path = "fuzz.o", .release = "2.4.37-ring3"};
	struct module_image image = {};
	int error;

	if (size < 8)
		return 0;
	insert.is_forced = data[0] & 1;
	insert.exports_nothing = data[0] & 2;
	insert.has_no_ksymoops = data[0] & 4;
	insert.prints_map = data[0] & 8;
	insert.is_dry = data[0] & 16;
	insert.arguments = arguments + data[1] % 5;
	/* objects are read from memory that is aligned, and not longer than they are */
	image.size = size - 8;
	image.data = aligned_alloc(8, (image.size + 15) & ~7ul);
	require(image.data != NULL, "no memory");
	memcpy(image.data, data + 8, image.size);
	is_created = false;
	error = insert_object(&calls, &insert, &image, &messages);
	require(!error || messages.errors || error == -ENOMEM, "a failure without a word");
	require(error || !messages.errors || insert.is_dry, "an error that is none");
	require(!error || !is_created || created_size > (64 << 20), "memory was not given back");
	read_only(&image, &messages);
	free(image.data);
	return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed)
{
	if (size < 8 || max_size < size)
		return LLVMFuzzerMutate(data, size, max_size);
	if (seed % 16 == 0) {
		data[seed / 16 % 2] = seed / 32;
		return size;
	}
	if (seed % 4 == 1)
		return 8 + LLVMFuzzerMutate(data + 8, size - 8, max_size - 8);
	return 8 + mutate_object(data + 8, size - 8, max_size - 8, seed / 4);
}
