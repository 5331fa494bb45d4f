// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Every allocation that a module asked for, directly or through the runtime
 * and the library, carries the address in the module that asked. When the
 * module's code goes away, the address becomes the index of a leak record.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "arch/x86_64/arch.h"
#include "box/account.h"
#include "box/slab.h"
#include "loader/loader.h"

#define LEAK_MARK (1UL << 63)

struct leak {
	struct leak *next;
	uint64_t mark;
	char module[64];
	char function[320];
	char kind[64];
	uint64_t count, bytes;
};

struct allocation {
	struct allocation *next;
	uint64_t pointer, size, owner;
	const char *kind;
};

#define NR_BUCKETS 1024

struct accounts {
	pthread_mutex_t lock;
	struct leak *leaks;
	uint64_t nr_leaks;
	struct allocation *buckets[NR_BUCKETS];
};

struct accounts *accounts_new(struct r3_box *box)
{
	struct accounts *accounts = calloc(1, sizeof(*accounts));

	if (accounts)
		pthread_mutex_init(&accounts->lock, NULL);
	return accounts;
}

static void free_leaks(struct leak *leak)
{
	while (leak) {
		struct leak *next = leak->next;

		free(leak);
		leak = next;
	}
}

void accounts_free(struct accounts *accounts)
{
	if (!accounts)
		return;
	for (unsigned int i = 0; i < NR_BUCKETS; i++)
		while (accounts->buckets[i]) {
			struct allocation *allocation = accounts->buckets[i];

			accounts->buckets[i] = allocation->next;
			free(allocation);
		}
	free_leaks(accounts->leaks);
	pthread_mutex_destroy(&accounts->lock);
	free(accounts);
}

bool owner_is_leak(uint64_t owner)
{
	return owner & LEAK_MARK;
}

struct owner_search {
	struct r3_box *box;
	uint64_t found;
};

static int is_in_module(void *context, uint64_t address, bool reliable)
{
	struct owner_search *search = context;
	const struct object *object = object_of_address(search->box, address);

	if (!object || !object->module)
		return 0;
	/* Any word of the stack may look like code of the module: a return address is better. */
	if (reliable || !search->found)
		search->found = address;
	return reliable;
}

uint64_t account_owner(struct thread *thread)
{
	struct owner_search search = {.box = thread->box};
	struct arch_registers registers;

	if (!thread->box->modules || thread->kernels_own)
		return 0;
	arch_hypercall_registers(thread, &registers);
	if (!is_in_module(&search, registers.rip, true))
		arch_unwind(thread, &registers, is_in_module, &search);
	return search.found;
}

static struct allocation **bucket_of(struct accounts *accounts, uint64_t pointer)
{
	return &accounts->buckets[(pointer >> 3) * 0x9e3779b97f4a7c15UL >> 54];
}

void account_add(struct r3_box *box, uint64_t pointer, uint64_t size, const char *kind,
		 uint64_t owner)
{
	struct allocation *allocation, **bucket;

	if (!owner)
		return;
	allocation = malloc(sizeof(*allocation));
	if (!allocation)
		return; /* the report lacks one line; the module goes on */
	*allocation = (struct allocation){NULL, pointer, size, owner, kind};
	bucket = bucket_of(box->accounts, pointer);
	pthread_mutex_lock(&box->accounts->lock);
	allocation->next = *bucket;
	*bucket = allocation;
	pthread_mutex_unlock(&box->accounts->lock);
}

void account_remove(struct r3_box *box, uint64_t pointer)
{
	struct allocation **link, *allocation;

	pthread_mutex_lock(&box->accounts->lock);
	for (link = bucket_of(box->accounts, pointer); *link; link = &(*link)->next)
		if ((*link)->pointer == pointer)
			break;
	allocation = *link;
	if (allocation)
		*link = allocation->next;
	pthread_mutex_unlock(&box->accounts->lock);
	if (!allocation)
		return;
	if (owner_is_leak(allocation->owner))
		account_leak_freed(box, allocation->owner, allocation->size);
	free(allocation);
}

/* The record for this module, function and kind; a new one if there is none. */
static struct leak *leak_record(struct accounts *accounts, const char *module, const char *function,
				const char *kind)
{
	struct leak *leak, **link = &accounts->leaks;

	for (; *link; link = &(*link)->next) {
		leak = *link;
		if (!strcmp(leak->module, module) && !strcmp(leak->function, function) &&
		    !strcmp(leak->kind, kind))
			return leak;
	}
	leak = calloc(1, sizeof(*leak));
	if (!leak)
		return NULL;
	leak->mark = LEAK_MARK | ++accounts->nr_leaks;
	snprintf(leak->module, sizeof(leak->module), "%s", module);
	snprintf(leak->function, sizeof(leak->function), "%s", function);
	snprintf(leak->kind, sizeof(leak->kind), "%s", kind);
	*link = leak;
	return leak;
}

struct gathering {
	struct r3_box *box;
	uint64_t base, size; /* of the code that goes; size 0: none, the records are temporary */
	struct accounts *into;
};

/* Count one allocation in its record; its owner from now on. */
static uint64_t gather(void *context, uint64_t owner, const char *kind, const void *pointer,
		       uint64_t size)
{
	struct gathering *gathering = context;
	const struct object *object;
	char function[320], *module;
	struct leak *leak;

	if (owner_is_leak(owner) || (gathering->size && owner - gathering->base >= gathering->size))
		return owner;
	object = object_of_address(gathering->box, owner);
	if (!object)
		return owner;
	symbol_format(gathering->box, owner, function, sizeof(function));
	module = strstr(function, " [");
	if (module)
		*module = '\0';
	leak = leak_record(gathering->into, object->name, function, kind);
	if (!leak)
		return owner;
	leak->count++;
	leak->bytes += size;
	return gathering->size ? leak->mark : owner;
}

static void gather_all(struct gathering *gathering)
{
	struct accounts *accounts = gathering->box->accounts;

	slab_each_owned(gathering->box->slab, gather, gathering);
	for (unsigned int i = 0; i < NR_BUCKETS; i++)
		for (struct allocation *a = accounts->buckets[i]; a; a = a->next)
			a->owner =
				gather(gathering, a->owner, a->kind, (void *)a->pointer, a->size);
}

void account_code_gone(struct r3_box *box, uint64_t base, uint64_t size)
{
	struct gathering gathering = {box, base, size, box->accounts};

	if (!size)
		return;
	pthread_mutex_lock(&box->accounts->lock);
	gather_all(&gathering);
	pthread_mutex_unlock(&box->accounts->lock);
}

void account_leak_freed(struct r3_box *box, uint64_t owner, uint64_t size)
{
	pthread_mutex_lock(&box->accounts->lock);
	for (struct leak *leak = box->accounts->leaks; leak; leak = leak->next)
		if (leak->mark == owner && leak->count) {
			leak->count--;
			leak->bytes -= size < leak->bytes ? size : leak->bytes;
		}
	pthread_mutex_unlock(&box->accounts->lock);
}

static int visit_leaks(const struct leak *leak,
		       int (*visit)(void *context, const struct r3_leak *leak), void *context)
{
	int result = 0;

	for (; leak && !result; leak = leak->next)
		if (leak->count)
			result = visit(context,
				       &(struct r3_leak){leak->module, leak->function, leak->kind,
							 leak->count, leak->bytes});
	return result;
}

int account_each(struct r3_box *box, int (*visit)(void *context, const struct r3_leak *leak),
		 void *context)
{
	struct accounts live = {.leaks = NULL};
	struct gathering gathering = {box, 0, 0, &live};
	int result;

	pthread_mutex_lock(&box->accounts->lock);
	gather_all(&gathering);
	result = visit_leaks(box->accounts->leaks, visit, context);
	if (!result)
		result = visit_leaks(live.leaks, visit, context);
	pthread_mutex_unlock(&box->accounts->lock);
	free_leaks(live.leaks);
	return result;
}
