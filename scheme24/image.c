// SPDX-License-Identifier: GPL-2.0-or-later
/* What init_module() demands of an image before any of it is used: kernel/module.c of 2.4. */
#include "scheme24/internal.h"

bool image_header_size_is_good(uint64_t size)
{
	return size >= R3_24_MODULE_SIZE_MIN && size <= R3_24_MODULE_SIZE_MAX;
}

/* mod_bound(), which in Linux overflows: behind the header, and inside of the module. */
static bool is_inside(const struct r3_24_module *header, uint64_t base, uint64_t address,
		      uint64_t size)
{
	uint64_t offset = address - base;

	return address >= base && offset >= header->size_of_struct && offset <= header->size &&
	       size <= header->size - offset;
}

static bool is_good_table(const struct r3_24_module *header, uint64_t base)
{
	uint64_t start = header->ex_table_start, end = header->ex_table_end;

	if (!start) /* Linux looks at the end only if there is a beginning */
		return !end;
	if (start > end || (end - start) % sizeof(struct r3_24_exception))
		return false;
	/* One beyond the last may not be the module's end: Linux has < there. */
	return is_inside(header, base, start, end - start) && end - base < header->size;
}

/* A range that is there if it has an end. */
static const char *check_range(const struct r3_24_module *header, uint64_t base, uint64_t start,
			       uint64_t end, const char *outside, const char *invalid)
{
	if (end && (!is_inside(header, base, start, 0) || !is_inside(header, base, end, 0)))
		return outside;
	return start > end ? invalid : NULL;
}

static const char *check_optional(const struct r3_24_module *header, uint64_t base)
{
	const char *problem = NULL;

	if (HEADER_HAS(header, can_unload) && header->can_unload &&
	    !is_inside(header, base, header->can_unload, 0))
		return "mod->can_unload out of bounds.";
	if (HEADER_HAS(header, kallsyms_end))
		problem = check_range(header, base, header->kallsyms_start, header->kallsyms_end,
				      "mod->kallsyms out of bounds.", "mod->kallsyms invalid.");
	if (!problem && HEADER_HAS(header, archdata_end))
		problem = check_range(header, base, header->archdata_start, header->archdata_end,
				      "mod->archdata out of bounds.", "mod->archdata invalid.");
	if (!problem && HEADER_HAS(header, kernel_data) && header->kernel_data)
		problem = "mod->kernel_data must be zero.";
	return problem;
}

const char *image_check_header(const struct r3_24_module *header, uint64_t address,
			       uint64_t created_size, size_t name_length)
{
	if (header->size > created_size)
		return "Size of initialized module exceeds size of created module.";
	if (!is_inside(header, address, header->name, name_length + 1))
		return "mod->name out of bounds.";
	if (header->nsyms && !is_inside(header, address, header->syms,
					header->nsyms * (uint64_t)sizeof(struct r3_24_symbol)))
		return "mod->syms out of bounds.";
	if (header->ndeps && !is_inside(header, address, header->deps,
					header->ndeps * (uint64_t)sizeof(struct r3_24_ref)))
		return "mod->deps out of bounds.";
	if (header->init && !is_inside(header, address, header->init, 0))
		return "mod->init out of bounds.";
	if (header->cleanup && !is_inside(header, address, header->cleanup, 0))
		return "mod->cleanup out of bounds.";
	if (!is_good_table(header, address))
		return "mod->ex_table_* invalid.";
	if (header->flags & ~(uint64_t)R3_24_AUTOCLEAN)
		return "mod->flags invalid.";
	return check_optional(header, address);
}
