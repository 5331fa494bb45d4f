// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Protections of an object's pages. Nothing is ever writable and executable:
 * what must be patched later is patched through the writable view.
 */
#include <errno.h>
#include <sys/mman.h>
#include "box/vmalloc.h"
#include "loader/internal.h"
#include "loader/trace.h"
#include "probe/probe.h"

static const struct {
	int protection;
	const char *text;
} protections[NR_PARTS] = {
	[PART_TEXT] = {PROT_READ | PROT_EXEC, "r-x"},
	[PART_RODATA] = {PROT_READ, "r--"},
	[PART_RO_AFTER_INIT] = {PROT_READ | PROT_WRITE, "rw-"},
	[PART_DATA] = {PROT_READ | PROT_WRITE, "rw-"},
	[PART_INIT_TEXT] = {PROT_READ | PROT_EXEC, "r-x"},
	[PART_INIT_RODATA] = {PROT_READ, "r--"},
	[PART_INIT_DATA] = {PROT_READ | PROT_WRITE, "rw-"},
};

static int protect(const struct object *object, unsigned int part, int protection, const char *text)
{
	const struct part_range *range = &object->parts[part];

	if (!range->address)
		return 0;
	if (mprotect((void *)range->address, range->size, protection) < 0)
		return -errno;
	if (trace_is_wanted(object->box))
		trace_event(object->box, R3_TRACE_PROTECT, object->name, text, "", range->address,
			    range->size, "%s 0x%08lx-0x%08lx", text, (unsigned long)range->address,
			    (unsigned long)(range->address + range->size));
	return 0;
}

int protect_object(struct load_info *info)
{
	for (unsigned int part = 0; part < NR_PARTS; part++) {
		int error = protect(info->object, part, protections[part].protection,
				    protections[part].text);

		if (error)
			return error;
	}
	return 0;
}

int protect_after_init(struct object *object)
{
	return protect(object, PART_RO_AFTER_INIT, PROT_READ, "r--");
}

/* What is not loaded faults when touched. */
static void close_range_of(struct object *object, uint64_t base, uint64_t size)
{
	if (!size)
		return;
	points_forget(object->box, base, size);
	set_pages_of(object->box, base, size, NULL);
	mprotect((void *)base, size, PROT_NONE);
	range_give(object->box->module_ranges, base);
}

void free_init(struct object *object)
{
	close_range_of(object, object->init_base, object->init_size);
	object->init_base = object->init_size = 0;
	for (unsigned int part = PART_INIT_TEXT; part <= PART_INIT_DATA; part++)
		object->parts[part] = (struct part_range){0, 0};
	object->view.text[1].address = object->view.text[1].size = 0;
}

void free_core(struct object *object)
{
	close_range_of(object, object->core_base, object->core_size);
	object->core_base = object->core_size = 0;
}
