// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Code in module space that the loader makes itself: the hypercalls' stubs;
 * lazy stubs for kernel functions that nobody has called yet; and addresses
 * that stand for data that nobody defines, so that touching them is noticed.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include "arch/x86_64/arch.h"
#include "box/hypercalls.h"
#include "box/vmalloc.h"
#include "loader/internal.h"

#define NR_LAZY     8192
#define NR_MISSING  4096
#define MISSING_GAP 256 /* bytes of address space for each missing datum */

struct stubs {
	uint64_t calls, calls_size; /* hypercalls */
	uint64_t lazy;              /* the common part of lazy stubs */
	uint64_t missing;
	struct symbol_table *lazy_by_name;
	struct symbol_table *canonical;
	char *lazy_names[NR_LAZY];
	uint64_t lazy_address[NR_LAZY];
	unsigned int nr_lazy;
	char *missing_names[NR_MISSING];
	unsigned int nr_missing;
};

/* Called by kernel code, through a lazy stub, at the first call of a function. */
static uint64_t bind_lazy(uint32_t index)
{
	struct thread *thread = thread_current();
	struct stubs *stubs = thread->box->stubs;
	const char *name = stubs->lazy_names[index];
	uint64_t target;
	char message[160];

	module_lock(thread->box);
	target = kernel_symbol(thread->box, name);
	wait_for_start(thread->box, target);
	if (target)
		arch_bind_lazy(box_writable(thread->box, stubs->lazy_address[index]),
			       stubs->lazy_address[index], target);
	module_unlock(thread->box);
	if (target)
		return target;
	snprintf(message, sizeof(message), "BUG: kernel function `%s' is not implemented", name);
	arch_lazy_failed(thread, message);
	arch_kernel_abort(thread->frame);
}

static int make_calls(struct r3_box *box, struct stubs *stubs)
{
	uint64_t interrupts = 0;
	unsigned int count = 0;
	void *function;
	const char *name;

	while (hypercall_at(count, &function))
		count++;
	stubs->calls_size = PAGE_ALIGN((count + 2) * ARCH_HYPERCALL_SIZE);
	stubs->calls = range_take(box->module_ranges, stubs->calls_size, PAGE_SIZE);
	if (!stubs->calls)
		return -ENOMEM;
	for (unsigned int i = 0; (name = hypercall_at(i, &function)); i++)
		if (!strcmp(name, "r3hc_interrupts"))
			interrupts = stubs->calls + i * ARCH_HYPERCALL_SIZE;
	for (unsigned int i = 0; (name = hypercall_at(i, &function)); i++) {
		uint64_t at = stubs->calls + i * ARCH_HYPERCALL_SIZE;

		arch_make_hypercall(box_writable(box, at), (uint64_t)function,
				    at == interrupts ? 0 : interrupts);
	}
	arch_make_hypercall(box_writable(box, stubs->calls + count * ARCH_HYPERCALL_SIZE),
			    (uint64_t)bind_lazy, 0);
	arch_make_lazy_common(box_writable(box, stubs->calls + (count + 1) * ARCH_HYPERCALL_SIZE),
			      stubs->calls + count * ARCH_HYPERCALL_SIZE);
	stubs->lazy = stubs->calls + (count + 1) * ARCH_HYPERCALL_SIZE;
	return mprotect((void *)stubs->calls, stubs->calls_size, PROT_READ | PROT_EXEC) ? -errno
											: 0;
}

int stubs_init(struct r3_box *box)
{
	struct stubs *stubs = calloc(1, sizeof(*stubs));
	int error;

	if (!stubs)
		return -ENOMEM;
	box->stubs = stubs;
	stubs->lazy_by_name = symbol_table_new();
	stubs->canonical = symbol_table_new();
	if (!stubs->lazy_by_name || !stubs->canonical)
		return -ENOMEM;
	error = make_calls(box, stubs);
	if (error)
		return error;
	stubs->missing = range_take(box->module_ranges, NR_MISSING * MISSING_GAP, PAGE_SIZE);
	return stubs->missing ? 0 : -ENOMEM;
}

void stubs_free(struct r3_box *box)
{
	struct stubs *stubs = box->stubs;

	if (!stubs)
		return;
	for (unsigned int i = 0; i < stubs->nr_lazy; i++)
		free(stubs->lazy_names[i]);
	for (unsigned int i = 0; i < stubs->nr_missing; i++)
		free(stubs->missing_names[i]);
	symbol_table_free(stubs->lazy_by_name);
	symbol_table_free(stubs->canonical);
	free(stubs);
	box->stubs = NULL;
}

uint64_t stub_hypercall(struct r3_box *box, const char *name)
{
	void *function;
	const char *at;

	for (unsigned int i = 0; (at = hypercall_at(i, &function)); i++)
		if (!strcmp(at, name))
			return box->stubs->calls + i * ARCH_HYPERCALL_SIZE;
	return 0;
}

/* Lazy stubs come in pages, mapped when the first of a page is made. */
static uint64_t lazy_place(struct r3_box *box, unsigned int index)
{
	struct stubs *stubs = box->stubs;
	unsigned int per_page = PAGE_SIZE / ARCH_LAZY_SIZE;
	uint64_t page;

	if (index % per_page)
		return stubs->lazy_address[index - 1] + ARCH_LAZY_SIZE;
	page = range_take(box->module_ranges, PAGE_SIZE, PAGE_SIZE);
	if (page && mprotect((void *)page, PAGE_SIZE, PROT_READ | PROT_EXEC))
		return 0;
	return page;
}

uint64_t stub_lazy(struct r3_box *box, const char *name)
{
	struct stubs *stubs = box->stubs;
	uint64_t address;
	unsigned int index;

	address = (uint64_t)symbol_table_find(stubs->lazy_by_name, name);
	if (address)
		return address;
	index = stubs->nr_lazy;
	if (index == NR_LAZY)
		return 0;
	stubs->lazy_names[index] = strdup(name);
	address = stubs->lazy_names[index] ? lazy_place(box, index) : 0;
	if (!address) {
		free(stubs->lazy_names[index]);
		return 0;
	}
	stubs->lazy_address[index] = address;
	stubs->nr_lazy++;
	symbol_table_add(stubs->lazy_by_name, stubs->lazy_names[index], (void *)address);
	arch_make_lazy(box_writable(box, address), address, index, stubs->lazy);
	return address;
}

uint64_t stub_canonical(struct r3_box *box, const char *name)
{
	return box->stubs ? (uint64_t)symbol_table_find(box->stubs->canonical, name) : 0;
}

int stub_set_canonical(struct r3_box *box, const char *name, uint64_t stub)
{
	struct stubs *stubs = box->stubs;

	if (symbol_table_find(stubs->canonical, name))
		return 0;
	for (unsigned int i = 0; i < stubs->nr_lazy; i++)
		if (stubs->lazy_address[i] == stub)
			return symbol_table_add(stubs->canonical, stubs->lazy_names[i],
						(void *)stub)
				       ? 0
				       : -ENOMEM;
	return -ENOENT;
}

const char *stub_name(struct r3_box *box, uint64_t address)
{
	const struct stubs *stubs = box->stubs;

	for (unsigned int i = 0; i < stubs->nr_lazy; i++)
		if (stubs->lazy_address[i] == address)
			return stubs->lazy_names[i];
	return NULL;
}

uint64_t stub_missing_data(struct r3_box *box, const char *name)
{
	struct stubs *stubs = box->stubs;
	unsigned int index;

	for (index = 0; index < stubs->nr_missing; index++)
		if (!strcmp(stubs->missing_names[index], name))
			return stubs->missing + index * MISSING_GAP;
	if (index == NR_MISSING)
		return 0;
	stubs->missing_names[index] = strdup(name);
	if (!stubs->missing_names[index])
		return 0;
	stubs->nr_missing++;
	return stubs->missing + index * MISSING_GAP;
}

const char *stub_missing_name(struct r3_box *box, uint64_t address)
{
	const struct stubs *stubs = box->stubs;
	uint64_t index;

	if (!stubs || address - stubs->missing >= NR_MISSING * MISSING_GAP)
		return NULL;
	index = (address - stubs->missing) / MISSING_GAP;
	return index < stubs->nr_missing ? stubs->missing_names[index] : NULL;
}
