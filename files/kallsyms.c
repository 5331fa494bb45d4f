// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * /proc/kallsyms (kernel/kallsyms.c): the kernel's symbols by address, then
 * each module's in the order of its symbol table. What it shows is of the
 * moment when it was opened. The kernel's part lives as long as the box and is
 * written out as it is read; that of modules, which may go, is kept as text.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "files/internal.h"
#include "loader/loader.h"
#include "probe/probe.h"

#define LINE_MAX_SIZE                                                                              \
	700 /* an address, a letter, KSYM_NAME_LEN of newer kernels, a module's name */

/* Symbols of one object that follow each other in memory. */
struct run {
	const struct object *object;
	const struct symbol *symbols;
	unsigned int count;
};

struct snapshot {
	struct run *runs;
	size_t nr_runs;
	char *modules;
	size_t modules_length;
	/* where reading goes on: the next symbol, and its line's place in the file */
	size_t run;
	unsigned int symbol;
	off_t offset;
};

static unsigned int region_of(const struct object *object, uint64_t address)
{
	if (address - object->core_base < object->core_size)
		return 0;
	return address - object->init_base < object->init_size ? 1 : 2;
}

static int add_run(struct snapshot *snapshot, const struct object *object, unsigned int from,
		   unsigned int to)
{
	struct run *more;

	/* Grows by doubling, at powers of two. */
	if (!(snapshot->nr_runs & (snapshot->nr_runs - 1))) {
		size_t room = snapshot->nr_runs ? 2 * snapshot->nr_runs : 1;

		more = reallocarray(snapshot->runs, room, sizeof(*more));
		if (!more)
			return -ENOMEM;
		snapshot->runs = more;
	}
	snapshot->runs[snapshot->nr_runs++] =
		(struct run){object, object->symbols + from, to - from};
	return 0;
}

static int add_kernel_object(struct snapshot *snapshot, const struct object *object)
{
	unsigned int from = 0, i;
	int error = 0;

	for (i = 1; i <= object->nr_symbols && !error; i++) {
		if (i < object->nr_symbols &&
		    region_of(object, object->symbols[i].address) ==
			    region_of(object, object->symbols[from].address))
			continue;
		error = add_run(snapshot, object, from, i);
		from = i;
	}
	return error;
}

static int by_address(const void *left, const void *right)
{
	const struct run *a = left, *b = right;

	return a->symbols->address < b->symbols->address   ? -1
	       : a->symbols->address > b->symbols->address ? 1
							   : 0;
}

static int by_order(const void *left, const void *right)
{
	const struct symbol *const *a = left, *const *b = right;

	return (*a)->order < (*b)->order ? -1 : 1;
}

/* is_exported() of kernel/module/kallsyms.c, which looks among those for all only. */
static bool is_exported(const struct r3_module *module, const struct symbol *symbol)
{
	const char *name = module->object->strings + symbol->name;

	for (unsigned int i = 0; i < module->nr_exports; i++)
		if (!module->exports[i].gpl_only && module->exports[i].address == symbol->address &&
		    !strcmp(module->exports[i].name, name))
			return true;
	return false;
}

static int write_module(struct handle *handle, const struct r3_module *module, FILE *text)
{
	const struct object *object = module->object;
	const struct symbol **sorted =
		calloc(object->nr_symbols ? object->nr_symbols : 1, sizeof(*sorted));

	if (!sorted)
		return -ENOMEM;
	for (unsigned int i = 0; i < object->nr_symbols; i++)
		sorted[i] = &object->symbols[i];
	qsort(sorted, object->nr_symbols, sizeof(*sorted), by_order);
	for (unsigned int i = 0; i < object->nr_symbols; i++) {
		const struct symbol *symbol = sorted[i];
		int letter =
			is_exported(module, symbol) ? toupper(symbol->code) : tolower(symbol->code);

		fprintf(text, "%016lx %c %s\t[%s]\n",
			handle->shows_addresses ? (unsigned long)symbol->address : 0UL, letter,
			object->strings + symbol->name, module->name);
	}
	free(sorted);
	return 0;
}

struct probe_pages {
	const struct handle *handle;
	FILE *text;
};

/* Where copies of probed instructions lie: kprobe_get_kallsym(). */
static int write_probe_page(void *context, uint64_t address)
{
	const struct probe_pages *pages = context;

	fprintf(pages->text, "%016lx t kprobe_insn_page\t[__builtin__kprobes]\n",
		pages->handle->shows_addresses ? (unsigned long)address : 0UL);
	return 0;
}

static int take_snapshot(struct handle *handle, struct snapshot *snapshot)
{
	struct r3_box *box = handle->files->box;
	FILE *text = open_memstream(&snapshot->modules, &snapshot->modules_length);
	int error = text ? 0 : -ENOMEM;

	if (error)
		return error;
	module_lock(box);
	for (const struct object *object = box->objects; object && !error; object = object->next)
		if (!object->module && object->nr_symbols)
			error = add_kernel_object(snapshot, object);
	for (const struct r3_module *module = box->modules; module && !error; module = module->next)
		if (module->state != MODULE_UNFORMED)
			error = write_module(handle, module, text);
	if (!error)
		error = points_each_page(box, write_probe_page,
					 &(struct probe_pages){handle, text});
	module_unlock(box);
	if (fclose(text))
		error = -ENOMEM;
	if (snapshot->nr_runs)
		qsort(snapshot->runs, snapshot->nr_runs, sizeof(*snapshot->runs), by_address);
	return error;
}

static void snapshot_free(struct snapshot *snapshot)
{
	free(snapshot->runs);
	free(snapshot->modules);
	free(snapshot);
}

static int kallsyms_open(struct handle *handle, fuse_req_t request, int flags)
{
	struct snapshot *snapshot = calloc(1, sizeof(*snapshot));
	int error = snapshot ? open_with_addresses(handle, request, flags) : -ENOMEM;

	if (!error)
		error = take_snapshot(handle, snapshot);
	if (error && snapshot)
		snapshot_free(snapshot);
	handle->data = error ? NULL : snapshot;
	return error;
}

static void kallsyms_release(struct handle *handle)
{
	snapshot_free(handle->data);
}

/* The line of the next symbol of the kernel; 0: there are no more. */
static size_t format_next(const struct handle *handle, const struct snapshot *snapshot, char *line)
{
	const struct symbol *symbol;
	const struct run *run;
	int length;

	if (snapshot->run == snapshot->nr_runs)
		return 0;
	run = &snapshot->runs[snapshot->run];
	symbol = &run->symbols[snapshot->symbol];
	length = snprintf(line, LINE_MAX_SIZE, "%016lx %c %.600s\n",
			  handle->shows_addresses ? (unsigned long)symbol->address : 0UL,
			  symbol->code, run->object->strings + symbol->name);
	return length;
}

static void advance(struct snapshot *snapshot, size_t length)
{
	snapshot->offset += length;
	if (++snapshot->symbol == snapshot->runs[snapshot->run].count) {
		snapshot->symbol = 0;
		snapshot->run++;
	}
}

/* Copy what lies at offset, if anything does, of length bytes that begin at start. */
static size_t copy_overlap(char *to, size_t room, off_t offset, const char *text, size_t length,
			   off_t start)
{
	size_t skip = offset - start;

	if (offset < start || skip >= length)
		return 0;
	if (room > length - skip)
		room = length - skip;
	memcpy(to, text + skip, room);
	return room;
}

static size_t fill(struct handle *handle, char *buffer, size_t size, off_t offset)
{
	struct snapshot *snapshot = handle->data;
	char line[LINE_MAX_SIZE];
	size_t done = 0, length;

	if (offset < snapshot->offset) {
		snapshot->run = 0;
		snapshot->symbol = 0;
		snapshot->offset = 0;
	}
	while (done < size && (length = format_next(handle, snapshot, line))) {
		done += copy_overlap(buffer + done, size - done, offset + done, line, length,
				     snapshot->offset);
		/* A line that did not fit begins the next read. */
		if (snapshot->offset + (off_t)length > offset + (off_t)done && done == size)
			break;
		advance(snapshot, length);
	}
	if (snapshot->run == snapshot->nr_runs)
		done += copy_overlap(buffer + done, size - done, offset + done, snapshot->modules,
				     snapshot->modules_length, snapshot->offset);
	return done;
}

static void kallsyms_read(struct handle *handle, fuse_req_t request, size_t size, off_t offset,
			  int flags)
{
	char *buffer = malloc(size);
	size_t length;

	if (!buffer) {
		fuse_reply_err(request, ENOMEM);
		return;
	}
	pthread_mutex_lock(&handle->lock);
	length = fill(handle, buffer, size, offset);
	pthread_mutex_unlock(&handle->lock);
	fuse_reply_buf(request, buffer, length);
	free(buffer);
}

const struct file_class kallsyms_class = {
	.open = kallsyms_open,
	.release = kallsyms_release,
	.read = kallsyms_read,
};
