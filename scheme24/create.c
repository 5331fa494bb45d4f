// SPDX-License-Identifier: GPL-2.0-or-later
/* create_module(): memory and a name, and giving both back. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include "box/account.h"
#include "box/vmalloc.h"
#include "scheme24/internal.h"

/*
 * module_map(). The kernel does not know what in it will be code: all of it is
 * writable and executable, which no page of today's scheme ever is.
 */
static int map(struct object *object, size_t size)
{
	struct r3_box *box = object->box;
	struct part_range *part = &object->parts[PART_TEXT];

	size = PAGE_ALIGN(size);
	object->core_base = range_take(box->module_ranges, size, PAGE_SIZE);
	if (!object->core_base)
		return -ENOMEM;
	object->core_size = size;
	memset(box_writable(box, object->core_base), 0, size);
	*part = (struct part_range){object->core_base, size};
	if (mprotect((void *)part->address, size, PROT_READ | PROT_WRITE | PROT_EXEC))
		return -errno;
	object->view = (struct r3_object){.name = object->name};
	object->view.text[0].address = part->address;
	object->view.text[0].size = part->size;
	return 0;
}

static void write_header(struct r3_module *module, size_t size)
{
	struct r3_24_module *header = module_header(module);
	const struct r3_module *next = module->next;

	*header = (struct r3_24_module){
		.size_of_struct = sizeof(*header),
		.name = module->handle + sizeof(*header),
		.next = next ? next->handle : 0,
		.size = size,
	};
	strcpy((char *)(header + 1), module->name);
}

static int make(struct r3_box *box, const char *name, size_t size, struct r3_module **result)
{
	struct r3_module *module = module_new(box, "");
	int error = -ENOMEM;

	if (!module)
		return -ENOMEM;
	strcpy(module->name, name);
	module->state = MODULE_COMING;
	module->object = object_new(box, name);
	module->scheme24 = calloc(1, sizeof(*module->scheme24));
	if (!module->object || !module->scheme24)
		goto release;
	module->object->module = module;
	error = map(module->object, size);
	if (error)
		goto release;
	/* A copy of its memory is where its symbols have their names. */
	module->object->strings = calloc(1, size);
	error = module->object->strings ? module_list(module) : -ENOMEM;
	if (error)
		goto release;
	module->handle = module->object->core_base;
	module->scheme24->size = size;
	object_list(module->object);
	write_header(module, size);
	module->usecount = &module_header(module)->usecount;
	*result = module;
	return 0;

release:
	module_release(module);
	return error;
}

int scheme24_create(struct r3_box *box, const char *name, size_t size, uint64_t *address)
{
	const size_t least = sizeof(struct r3_24_module) + strlen(name) + 1;
	struct r3_module *module = NULL;
	int error;

	if (!*name || size < least)
		return r3_fail(-EINVAL, "a module needs a name, and this one %zu bytes at least",
			       least);
	if (strlen(name) >= sizeof(module->name))
		return r3_fail(-ENAMETOOLONG, "the name of a module has at most %zu characters",
			       sizeof(module->name) - 1);
	module_lock(box);
	if (module_find(box, name))
		error = r3_fail(-EEXIST, "there is a module %s already", name);
	else
		error = make(box, name, size, &module);
	if (!error) {
		*address = module->handle;
		trace_event(box, R3_TRACE_STATE, name, "created", "", *address, size,
			    "create_module: %zu bytes at 0x%08lx", size, (unsigned long)*address);
	}
	module_unlock(box);
	return error;
}

void module24_free(struct r3_module *module)
{
	struct r3_box *box = module->box;
	struct object *object = module->object;

	account_code_gone(object, object->core_base, object->core_size);
	module_unlist(module);
	module_release(module);
	pthread_cond_broadcast(&box->module_wait);
}
