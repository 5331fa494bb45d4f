// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>
#include "image24.h"

void image24_make(struct image24 *image, const char *name, uint64_t address)
{
	static const uint8_t good[] = {CODE_RETURN(0)};

	memset(image, 0, sizeof(*image));
	image->module = (struct r3_24_module){
		.size_of_struct = sizeof(image->module),
		.name = address + offsetof(struct image24, name),
		.size = sizeof(*image),
		.init = address + offsetof(struct image24, init),
		.cleanup = address + offsetof(struct image24, cleanup),
		.syms = address + offsetof(struct image24, symbols),
		.deps = address + offsetof(struct image24, deps),
	};
	snprintf(image->name, sizeof(image->name), "%s", name);
	memcpy(image->init, good, sizeof(good));
	memcpy(image->cleanup, good, sizeof(good));
	memcpy(image->other, good, sizeof(good));
}

static uint8_t *put(uint8_t *code, uint64_t bytes, unsigned int count)
{
	memcpy(code, &bytes, count);
	return code + count;
}

/* call function; then return 0. The first argument was set by what is there already. */
static void put_call(uint8_t *first, uint8_t *code, uint64_t start, uint64_t function)
{
	code = put(code, 0xc031, 2); /* xor %eax,%eax */
	code = put(code, 0xe8, 1);   /* call */
	code = put(code, function - (start + (code - first) + 4), 4);
	code = put(code, 0xc48348, 3); /* add $8,%rsp */
	code = put(code, 8, 1);
	put(code, 0xc3c031, 3); /* xor %eax,%eax; ret */
}

/* sub $8,%rsp; mov $value,%rdi */
static uint8_t *put_argument(uint8_t *code, uint32_t value)
{
	code = put(code, 0xec8348, 3);
	code = put(code, 8, 1);
	code = put(code, 0xc7c748, 3);
	return put(code, value, 4);
}

void image24_log(struct image24 *image, unsigned int which, const char *text, uint64_t printk)
{
	const uint64_t string = image24_at(image, text) + which * sizeof(image->text[0]);
	const uint64_t start = which ? image->module.cleanup : image->module.init;
	uint8_t *first = which ? image->cleanup : image->init;

	snprintf(image->text[which], sizeof(image->text[which]), "\0016%s\n", text);
	put_call(first, put_argument(first, string), start, printk);
}

void image24_call(struct image24 *image, uint64_t function, uint32_t number)
{
	put_call(image->init, put_argument(image->init, number), image->module.init, function);
}

void image24_export(struct image24 *image, const char *name, uint64_t value)
{
	unsigned int i = image->module.nsyms++;

	snprintf(image->symbol_names[i], sizeof(image->symbol_names[i]), "%s", name);
	image->symbols[i].value = value;
	image->symbols[i].name =
		image24_at(image, symbol_names) + i * sizeof(image->symbol_names[0]);
}

void image24_depend(struct image24 *image, uint64_t module)
{
	image->deps[image->module.ndeps++].dep = module;
}
