// SPDX-License-Identifier: GPL-2.0-or-later
/* debugfs' kprobes/: list, enabled and blacklist (kernel/kprobes.c). */
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include "files/internal.h"
#include "loader/loader.h"
#include "probe/probe.h"

/* Ask the runtime, or tell it: what it answers; -EIO if it is at its end. */
int probes_switch(struct r3_box *box, uint64_t entry, int value)
{
	uint64_t result = 0;
	int error = box_enter(box);

	if (error)
		return -EIO;
	error = call_runtime(box, entry, &result, 1, (uint64_t)(int64_t)value);
	box_leave(box);
	return error ? -EIO : (int)result;
}

int probes_switch_show(struct r3_box *box, uint64_t entry, FILE *text)
{
	int value = probes_switch(box, entry, -1);

	if (value < 0)
		return value;
	fprintf(text, "%d\n", value);
	return 0;
}

/* ---- list ---- */

/* report_probe() */
static void write_probe(const struct handle *handle, const struct r3_probe_info *info, FILE *text)
{
	struct r3_box *box = handle->files->box;
	const struct object *object = object_of_address(box, info->address);
	const struct symbol *symbol = object ? symbol_of_address(object, info->address) : NULL;

	fprintf(text, "%016lx  %c  ", handle->shows_addresses ? info->address : 0UL,
		info->is_return ? 'r' : 'k');
	if (symbol)
		fprintf(text, "%s+0x%" PRIx64 "  %s ", object->strings + symbol->name,
			info->address - symbol->address,
			object->module ? object->module->name : " ");
	else
		fprintf(text, "0x%lx ", info->address);
	fprintf(text, "%s%s%s%s\n", info->gone ? "[GONE]" : "",
		info->disabled && !info->gone ? "[DISABLED]" : "",
		info->optimized ? "[OPTIMIZED]" : "", info->ftrace ? "[FTRACE]" : "");
}

static int list_show(struct handle *handle, FILE *text)
{
	struct r3_box *box = handle->files->box;
	struct r3_probe_info info;
	uint64_t result = 0;
	int error = box_enter(box);

	if (error)
		return -EIO;
	for (uint64_t index = 0; !error && !(int)result; index++) {
		error = call_runtime(box, box->entries.probe_info, &result, 2, index,
				     (uint64_t)&info);
		if (!error && !(int)result)
			write_probe(handle, &info, text);
	}
	box_leave(box);
	return error ? -EIO : 0;
}

const struct file_class kprobes_list_class = {
	.open = open_with_addresses,
	.show = list_show,
};

/* ---- enabled ---- */

static int enabled_show(struct handle *handle, FILE *text)
{
	struct r3_box *box = handle->files->box;

	return probes_switch_show(box, box->entries.probes_enabled, text);
}

/* kstrtobool(): the first letter says it, or the second. -EINVAL: neither does. */
static int to_bool(const char *data, size_t size)
{
	const char first = size ? data[0] : '\0', second = size > 1 ? data[1] : '\0';

	if (first && strchr("yYtT1", first))
		return 1;
	if (first && strchr("nNfF0", first))
		return 0;
	if (first == 'o' || first == 'O') {
		if (second == 'n' || second == 'N')
			return 1;
		if (second == 'f' || second == 'F')
			return 0;
	}
	return -EINVAL;
}

static ssize_t enabled_write(struct handle *handle, fuse_req_t request, const char *data,
			     size_t size, off_t offset)
{
	struct r3_box *box = handle->files->box;
	int value = to_bool(data, size);

	if (value >= 0)
		value = probes_switch(box, box->entries.probes_enabled, value);
	return value < 0 ? value : (ssize_t)size;
}

const struct file_class kprobes_enabled_class = {
	.show = enabled_show,
	.write = enabled_write,
};

/* ---- blacklist ---- */

struct listing_of {
	const struct handle *handle;
	FILE *text;
};

static int write_blacklisted(void *context, const struct blacklisted *entry)
{
	const struct listing_of *listing = context;
	const bool shown = listing->handle->shows_addresses;
	const struct r3_module *module = entry->object ? entry->object->module : NULL;

	fprintf(listing->text, "0x%016" PRIx64 "-0x%016" PRIx64 "\t%s", shown ? entry->start : 0,
		shown ? entry->end : 0, entry->name);
	if (module)
		fprintf(listing->text, " [%s]", module->name);
	fputc('\n', listing->text);
	return 0;
}

static int blacklist_show(struct handle *handle, FILE *text)
{
	struct r3_box *box = handle->files->box;
	struct listing_of listing = {handle, text};
	int error = box_enter(box);

	if (error)
		return -EIO;
	module_lock(box);
	error = blacklist_each(box, write_blacklisted, &listing);
	module_unlock(box);
	box_leave(box);
	return error;
}

const struct file_class kprobes_blacklist_class = {
	.open = open_with_addresses,
	.show = blacklist_show,
};
