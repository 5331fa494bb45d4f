// SPDX-License-Identifier: GPL-2.0-or-later
/* Loading into a box of the 2.4 scheme without a client: insmod's linker, and the box's calls. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <ring3/scheme24.h>
#include "cli/run.h"
#include "elf/elf_view.h"
#include "tools/modutils/modutils.h"

/* What a call is told beside its arguments. */
struct call24 {
	struct r3_box *box;
	const struct insert *insert;
};

static long create(void *context, const char *name, size_t size)
{
	const struct call24 *call = context;
	uint64_t address;
	int error = r3_create_module(call->box, name, size, &address);

	return error ? error : (long)address;
}

static int init(void *context, const char *name, const void *image)
{
	const struct call24 *call = context;

	return r3_init_module(call->box, name, image, call->insert->size);
}

static int delete_module(void *context, const char *name)
{
	const struct call24 *call = context;

	return r3_delete_module(call->box, name);
}

static int query(void *context, const char *name, int which, void *buffer, size_t size,
		 size_t *result)
{
	const struct call24 *call = context;

	return r3_query_module(call->box, name, which, buffer, size, result);
}

static int insert(struct run *run, struct load_item *module, const struct module_image *image,
		  FILE *text)
{
	struct insert insert = {
		.path = module->file.path,
		.name = module->file.name,
		.arguments = module->words,
		.release = r3_box_release(run->box),
	};
	struct call24 call = {run->box, &insert};
	const struct module_calls calls = {&call, create, init, delete_module, query, NULL};
	/* Steps are told among those of the box, as they are taken. */
	struct messages messages = {.from = module->file.path,
				    .out = run->json ? text : run->term.out,
				    .err = text,
				    .is_verbose = run->verbose && !run->json};

	return insert_object(&calls, &insert, image, &messages);
}

int run_load24(struct run *run, struct load_item *module)
{
	struct elf_problem problem = {.message = ""};
	struct module_image image;
	size_t size = 0;
	FILE *text;
	int error;

	free(module->message);
	module->message = NULL;
	text = open_memstream(&module->message, &size);
	if (!text)
		return -ENOMEM;
	error = image_read_file(&image, module->file.path, &problem);
	if (error) {
		fprintf(text, "%s: %s\n", module->file.path,
			*problem.advice ? problem.advice : strerror(-error));
	} else {
		error = insert(run, module, &image, text);
		image_release(&image);
	}
	if (fclose(text))
		return -ENOMEM;
	if (!run->json)
		fputs(module->message, stderr);
	else if (size && module->message[size - 1] == '\n')
		module->message[size - 1] = '\0';
	return error;
}
