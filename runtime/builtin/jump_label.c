// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Static keys: a branch on one is a nop or a jump in the code, rewritten when
 * the key changes.
 */
#include <linux/bug.h>
#include <linux/export.h>
#include <linux/jump_label.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include "../core/core.h"
#include "../core/object_table.h"
#include "builtin.h"

#define JUMP_SIZE 5

/* The branches of one object. */
struct branches {
	struct object_entry entry;
	struct jump_entry *entries;
	unsigned int count;
};
static struct object_table all_branches;
static DEFINE_MUTEX(jump_label_mutex);

static unsigned long entry_code(const struct jump_entry *entry)
{
	return (unsigned long)&entry->code + entry->code;
}

static struct static_key *entry_key(const struct jump_entry *entry)
{
	return (struct static_key *)(((unsigned long)&entry->key + entry->key) & ~3UL);
}

/*
 * Is it a jump now? Not if the key's value is what the branch was compiled for.
 * Read through the writable view, where all of the module space is mapped.
 */
static bool entry_jumps(const struct jump_entry *entry)
{
	bool branch = ((unsigned long)&entry->key + entry->key) & 1;
	const struct static_key *key = (void *)entry_key(entry) + boot_info->alias_delta;

	return (atomic_read(&key->enabled) > 0) != branch;
}

static void patch(const struct jump_entry *entry)
{
	unsigned char code[JUMP_SIZE] = {0x0f, 0x1f, 0x44, 0x00, 0x00};
	unsigned long at = entry_code(entry);
	long target = (unsigned long)&entry->target + entry->target;

	if (entry_jumps(entry)) {
		int distance = target - (long)(at + JUMP_SIZE);

		code[0] = 0xe9;
		memcpy(code + 1, &distance, sizeof(distance));
	}
	if (memcmp((void *)at, code, JUMP_SIZE))
		r3hc_text_poke(at, code, JUMP_SIZE);
}

static void update_branches(const struct branches *branches, struct static_key *key)
{
	unsigned int i;

	for (i = 0; i < branches->count; i++)
		if (branches->entries[i].code && entry_key(&branches->entries[i]) == key)
			patch(&branches->entries[i]);
}

static void update(struct static_key *key)
{
	struct object_entry *entry;
	unsigned int i;

	for (i = 0; i < OBJECT_BUCKETS; i++)
		for (entry = all_branches.buckets[i]; entry; entry = entry->next)
			update_branches((struct branches *)entry, key);
}

/* Is the branch in the object's own code, does it lead to there, and is its key in an object? */
static bool entry_fits(const struct r3_object *object, const struct jump_entry *entry)
{
	unsigned long key = (unsigned long)entry_key(entry) - boot_info->module_base;

	if (!object->module)
		return true;
	return object_has_code(object, entry_code(entry), JUMP_SIZE) &&
	       object_has_code(object, (unsigned long)&entry->target + entry->target, 1) &&
	       key <= boot_info->module_size - sizeof(struct static_key);
}

int jump_label_added(const struct r3_object *object)
{
	const struct r3_section *section = object_section(object, "__jump_table");
	struct branches *branches;
	unsigned int i;

	if (!section || !section->size)
		return 0;
	branches = r3hc_kmalloc(sizeof(*branches), R3_ALLOC_INTERNAL);
	if (!branches)
		panic("no memory for the branches of %s", object->name);
	branches->entry.object = object;
	branches->entries = (struct jump_entry *)section->address;
	branches->count = section->size / sizeof(struct jump_entry);
	for (i = 0; i < branches->count; i++) {
		if (entry_fits(object, &branches->entries[i]))
			continue;
		kfree(branches);
		return object_refuse_entry(object, section->name, i);
	}
	mutex_lock(&jump_label_mutex);
	object_table_add(&all_branches, &branches->entry);
	/* Keys of other objects may have changed since this one was compiled. */
	for (i = 0; i < branches->count; i++)
		patch(&branches->entries[i]);
	mutex_unlock(&jump_label_mutex);
	return 0;
}

void jump_label_removed(const struct r3_object *object)
{
	struct branches *branches;

	mutex_lock(&jump_label_mutex);
	branches = object_table_take(&all_branches, object);
	mutex_unlock(&jump_label_mutex);
	kfree(branches);
}

/* Branches in init code are gone: their entries stay, without code. */
void jump_label_init_freed(const struct r3_object *object, unsigned long start, unsigned long size)
{
	struct branches *branches;
	unsigned int i;

	mutex_lock(&jump_label_mutex);
	branches = (void *)*object_table_find(&all_branches, object);
	for (i = 0; branches && i < branches->count; i++)
		if (entry_code(&branches->entries[i]) - start < size)
			branches->entries[i].code = 0;
	mutex_unlock(&jump_label_mutex);
}

static bool branches_reserve(const struct branches *branches, unsigned long start,
			     unsigned long end)
{
	unsigned int i;

	for (i = 0; i < branches->count; i++) {
		unsigned long code = entry_code(&branches->entries[i]);

		if (branches->entries[i].code && code <= end && code + JUMP_SIZE > start)
			return true;
	}
	return false;
}

int jump_label_text_reserved(void *start, void *end)
{
	struct object_entry *entry;
	bool reserved = false;
	unsigned int i;

	mutex_lock(&jump_label_mutex);
	for (i = 0; i < OBJECT_BUCKETS && !reserved; i++)
		for (entry = all_branches.buckets[i]; entry && !reserved; entry = entry->next)
			reserved = object_has_code(entry->object, (unsigned long)start, 1) &&
				   branches_reserve((struct branches *)entry, (unsigned long)start,
						    (unsigned long)end);
	mutex_unlock(&jump_label_mutex);
	return reserved;
}

int static_key_count(struct static_key *key)
{
	int n = atomic_read(&key->enabled);

	return n >= 0 ? n : 1;
}
EXPORT_SYMBOL_GPL(static_key_count);

void static_key_slow_inc(struct static_key *key)
{
	mutex_lock(&jump_label_mutex);
	if (atomic_inc_return(&key->enabled) == 1)
		update(key);
	mutex_unlock(&jump_label_mutex);
}
EXPORT_SYMBOL_GPL(static_key_slow_inc);

void static_key_slow_dec(struct static_key *key)
{
	mutex_lock(&jump_label_mutex);
	if (!WARN(atomic_read(&key->enabled) <= 0, "jump label: negative count!\n") &&
	    atomic_dec_return(&key->enabled) == 0)
		update(key);
	mutex_unlock(&jump_label_mutex);
}
EXPORT_SYMBOL_GPL(static_key_slow_dec);

static void set(struct static_key *key, int value)
{
	mutex_lock(&jump_label_mutex);
	WARN_ON_ONCE(atomic_read(&key->enabled) != value && atomic_read(&key->enabled) != !value);
	if (atomic_xchg(&key->enabled, value) != value)
		update(key);
	mutex_unlock(&jump_label_mutex);
}

void static_key_enable(struct static_key *key)
{
	set(key, 1);
}
EXPORT_SYMBOL_GPL(static_key_enable);

void static_key_disable(struct static_key *key)
{
	set(key, 0);
}
EXPORT_SYMBOL_GPL(static_key_disable);
