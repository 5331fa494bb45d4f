// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Every allocation that a module asked for, directly or through the runtime
 * and the library, is counted where it was asked for: an address in the module
 * and a kind of memory, its site. When the module's code goes away, the sites
 * that still own something are remembered by name.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "arch/x86_64/arch.h"
#include "box/account.h"
#include "box/address_table.h"
#include "loader/loader.h"
#include "loader/symbol_table.h"

struct site {
	struct address_entry entry;  /* in accounts->sites, until its code is gone */
	struct site *older, *newer;  /* all, as they came */
	struct site *next_of_object; /* object->sites */
	char kind[64];
	uint64_t count, bytes;
	bool gone; /* its code: then this is what it was called */
	char *module, *function;
};

struct allocation {
	struct address_entry entry; /* in accounts->allocations, by pointer */
	struct site *site;
	uint64_t size;
};

struct accounts {
	pthread_mutex_t lock; /* inside of the slab's */
	struct address_table sites, allocations;
	struct site *oldest, *newest;
};

struct accounts *accounts_new(struct r3_box *box)
{
	struct accounts *accounts = calloc(1, sizeof(*accounts));

	if (accounts)
		pthread_mutex_init(&accounts->lock, NULL);
	return accounts;
}

static void forget(struct accounts *accounts, struct site *site)
{
	*(site->older ? &site->older->newer : &accounts->oldest) = site->newer;
	*(site->newer ? &site->newer->older : &accounts->newest) = site->older;
	free(site->module);
	free(site->function);
	free(site);
}

void accounts_free(struct accounts *accounts)
{
	if (!accounts)
		return;
	address_table_free(&accounts->allocations);
	free(accounts->sites.buckets);
	while (accounts->oldest)
		forget(accounts, accounts->oldest);
	pthread_mutex_destroy(&accounts->lock);
	free(accounts);
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

static struct site *new_site(struct accounts *accounts, struct object *object, uint64_t address,
			     const char *kind)
{
	struct site *site = calloc(1, sizeof(*site));

	if (!site)
		return NULL;
	site->entry.address = address;
	snprintf(site->kind, sizeof(site->kind), "%s", kind);
	if (address_table_add(&accounts->sites, site)) {
		free(site);
		return NULL;
	}
	site->next_of_object = object->sites;
	object->sites = site;
	site->older = accounts->newest;
	*(site->older ? &site->older->newer : &accounts->oldest) = site;
	accounts->newest = site;
	return site;
}

/* With the lock held. NULL: nobody's, or no memory: then the report lacks it. */
static struct site *charge(struct r3_box *box, uint64_t owner, const char *kind, uint64_t size)
{
	struct object *object = (struct object *)object_of_address(box, owner);
	struct accounts *accounts = box->accounts;
	struct site *site;

	if (!object)
		return NULL;
	site = address_table_find(&accounts->sites, owner);
	while (site && strncmp(site->kind, kind, sizeof(site->kind) - 1))
		site = address_table_next(site);
	if (!site)
		site = new_site(accounts, object, owner, kind);
	if (!site)
		return NULL;
	site->count++;
	site->bytes += size;
	return site;
}

struct site *account_charge(struct r3_box *box, uint64_t owner, const char *kind, uint64_t size)
{
	struct site *site;

	if (!owner)
		return NULL;
	pthread_mutex_lock(&box->accounts->lock);
	site = charge(box, owner, kind, size);
	pthread_mutex_unlock(&box->accounts->lock);
	return site;
}

static void release(struct accounts *accounts, struct site *site, uint64_t size)
{
	site->count--;
	site->bytes -= size;
	if (site->gone && !site->count)
		forget(accounts, site);
}

void account_release(struct r3_box *box, struct site *site, uint64_t size)
{
	if (!site)
		return;
	pthread_mutex_lock(&box->accounts->lock);
	release(box->accounts, site, size);
	pthread_mutex_unlock(&box->accounts->lock);
}

void account_add(struct r3_box *box, uint64_t pointer, uint64_t size, const char *kind,
		 uint64_t owner)
{
	struct accounts *accounts = box->accounts;
	struct allocation *allocation;

	if (!owner)
		return;
	allocation = malloc(sizeof(*allocation));
	if (!allocation)
		return; /* the report lacks one line; the module goes on */
	*allocation = (struct allocation){.entry.address = pointer, .size = size};
	pthread_mutex_lock(&accounts->lock);
	allocation->site = charge(box, owner, kind, size);
	if (allocation->site && address_table_add(&accounts->allocations, allocation)) {
		release(accounts, allocation->site, size);
		allocation->site = NULL;
	}
	pthread_mutex_unlock(&accounts->lock);
	if (!allocation->site)
		free(allocation);
}

void account_remove(struct r3_box *box, uint64_t pointer)
{
	struct accounts *accounts = box->accounts;
	struct allocation *allocation;

	pthread_mutex_lock(&accounts->lock);
	allocation = address_table_find(&accounts->allocations, pointer);
	if (allocation) {
		address_table_remove(&accounts->allocations, allocation);
		release(accounts, allocation->site, allocation->size);
	}
	pthread_mutex_unlock(&accounts->lock);
	free(allocation);
}

/* "fn+0x1/0x2" of an address whose code is there. */
static void describe(struct r3_box *box, uint64_t address, char *function, size_t size)
{
	char *module;

	symbol_format(box, address, function, size);
	module = strstr(function, " [");
	if (module)
		*module = '\0';
}

/* It owns nothing and is forgotten, or goes on under its name. */
static void bury(struct r3_box *box, const struct object *object, struct site *site)
{
	char function[320];

	address_table_remove(&box->accounts->sites, site);
	site->gone = true;
	if (!site->count) {
		forget(box->accounts, site);
		return;
	}
	describe(box, site->entry.address, function, sizeof(function));
	site->module = strdup(object->name);
	site->function = strdup(function);
}

void account_code_gone(struct object *object, uint64_t base, uint64_t size)
{
	struct r3_box *box = object->box;
	struct site **link = &object->sites, *site;

	pthread_mutex_lock(&box->accounts->lock);
	while ((site = *link)) {
		if (site->entry.address - base >= size) {
			link = &site->next_of_object;
			continue;
		}
		*link = site->next_of_object;
		bury(box, object, site);
	}
	pthread_mutex_unlock(&box->accounts->lock);
}

/* What account_each() shows: one record for each module, function and kind. */
struct record {
	struct record *next;
	struct r3_leak leak;
	char module[64], function[320], kind[64];
	char key[64 + 320 + 64];
};

struct records {
	struct symbol_table *by_key;
	struct record *first, **end;
};

static struct record *new_record(struct records *records, const char *module, const char *function,
				 const char *kind)
{
	struct record *record = calloc(1, sizeof(*record));

	if (!record)
		return NULL;
	snprintf(record->module, sizeof(record->module), "%s", module);
	snprintf(record->function, sizeof(record->function), "%s", function);
	snprintf(record->kind, sizeof(record->kind), "%s", kind);
	record->leak = (struct r3_leak){record->module, record->function, record->kind, .count = 0};
	*records->end = record;
	records->end = &record->next;
	return record;
}

static int add_record(struct records *records, const struct site *site, const char *module,
		      const char *function)
{
	struct record *record;
	char key[sizeof(record->key)];

	snprintf(key, sizeof(key), "%s\n%s\n%s", module, function, site->kind);
	record = symbol_table_find(records->by_key, key);
	if (!record) {
		record = new_record(records, module, function, site->kind);
		if (!record)
			return -ENOMEM;
		strcpy(record->key, key);
		if (!symbol_table_add(records->by_key, record->key, record))
			return -ENOMEM;
	}
	record->leak.count += site->count;
	record->leak.bytes += site->bytes;
	return 0;
}

/* First what is left of modules that have gone. */
static int collect(struct r3_box *box, struct records *records, bool gone)
{
	const struct object *object;
	char function[320];
	int error = 0;

	for (const struct site *site = box->accounts->oldest; site && !error; site = site->newer) {
		if (!site->count || site->gone != gone)
			continue;
		if (gone) {
			error = add_record(records, site, site->module ? site->module : "?",
					   site->function ? site->function : "?");
			continue;
		}
		object = object_of_address(box, site->entry.address);
		describe(box, site->entry.address, function, sizeof(function));
		error = add_record(records, site, object ? object->name : "?", function);
	}
	return error;
}

int account_each(struct r3_box *box, int (*visit)(void *context, const struct r3_leak *leak),
		 void *context)
{
	struct records records = {.by_key = symbol_table_new(), .end = &records.first};
	int result = records.by_key ? 0 : -ENOMEM;

	pthread_mutex_lock(&box->accounts->lock);
	if (!result)
		result = collect(box, &records, true);
	if (!result)
		result = collect(box, &records, false);
	pthread_mutex_unlock(&box->accounts->lock);
	for (struct record *record = records.first; record && !result; record = record->next)
		result = visit(context, &record->leak);
	while (records.first) {
		struct record *record = records.first;

		records.first = record->next;
		free(record);
	}
	symbol_table_free(records.by_key);
	return result;
}
