// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Static keys. Linux sorts the entries of all objects by key and links them
 * from the key; here each object keeps its own table and a key that changes
 * looks through all of them. Rules of kernel/jump_label.c.
 */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/cpu.h>
#include <linux/jump_label.h>
#include <linux/jump_label_ratelimit.h>
#include <linux/workqueue.h>
#include <ring3/hypercall.h>
#include "core/core.h"
#include "core/object_table.h"
#include "machine.h"
#include "memory.h"
#include "patch.h"

#define JMP_REL32 0xe9
#define JMP_REL8  0xeb

/* The entries of one object. */
struct label_table {
	struct object_entry entry;
	struct jump_entry *entries;
	unsigned int count;
	unsigned long freed, freed_size; /* its init part, once that is gone */
};

/* Objects come while anything may be held, also what a mutex would need: no mutex. */
static struct object_table tables;
static struct machine_lock label_lock = MACHINE_LOCK_INIT;

/* ---- patching ---- */

/* The assembler chose the size of the jump, and the nop has the same. */
int arch_jump_entry_size(struct jump_entry *entry)
{
	const u8 *code = (const u8 *)jump_entry_code(entry);

	return code[0] == JMP_REL8 || (code[0] == 0x66 && code[1] == 0x90) ? 2 : 5;
}

static int update_entry(struct jump_entry *entry, bool enabled)
{
	unsigned long code = jump_entry_code(entry), target = jump_entry_target(entry);
	int size = arch_jump_entry_size(entry);
	const u8 *old = (const u8 *)code;
	u8 bytes[5], differs = 0;
	int i;

	if (enabled == jump_entry_is_branch(entry)) {
		patch_nops(bytes, size);
	} else if (size == 2) {
		bytes[0] = JMP_REL8;
		bytes[1] = target - (code + 2);
	} else {
		patch_branch(bytes, JMP_REL32, code, target);
	}
	for (i = 0; i < size; i++)
		differs |= old[i] ^ bytes[i];
	return differs ? r3hc_text_poke(code, bytes, size) : 0;
}

static bool entry_gone(const struct label_table *table, const struct jump_entry *entry)
{
	return jump_entry_code(entry) - table->freed < table->freed_size;
}

static void update_table(const struct label_table *table, struct static_key *key, bool enabled)
{
	unsigned int i;

	for (i = 0; i < table->count; i++) {
		struct jump_entry *entry = &table->entries[i];

		if (jump_entry_key(entry) == key && !entry_gone(table, entry))
			WARN_ON(update_entry(entry, enabled));
	}
}

/* With label_lock held: make every branch of the key what its value says. */
static void update_key(struct static_key *key)
{
	bool enabled = static_key_count(key) > 0;
	struct object_entry *entry;
	unsigned int i;

	for (i = 0; i < OBJECT_BUCKETS; i++)
		for (entry = tables.buckets[i]; entry; entry = entry->next)
			update_table((struct label_table *)entry, key, enabled);
}

/* ---- objects ---- */

/* Is the branch in the object's own code, and does it lead to there? */
static bool entry_fits(const struct r3_object *object, struct jump_entry *entry)
{
	unsigned long code = jump_entry_code(entry), target = jump_entry_target(entry);
	long distance = target - (code + 2);
	int size;

	if (!object_has_code(object, code, 2) || !object_has_code(object, target, 1))
		return false;
	size = arch_jump_entry_size(entry);
	return object_has_code(object, code, size) && (size > 2 || distance == (s8)distance);
}

int jump_labels_added(const struct r3_object *object)
{
	const struct r3_section *section = object_section(object, "__jump_table");
	struct label_table *table;
	unsigned long flags;
	unsigned int i;
	int error = 0;

	if (!section || !section->size)
		return 0;
	table = r3hc_kmalloc(sizeof(*table), R3_ALLOC_ZERO | R3_ALLOC_INTERNAL);
	if (!table)
		return -ENOMEM;
	table->entry.object = object;
	table->entries = (struct jump_entry *)section->address;
	table->count = section->size / sizeof(struct jump_entry);
	flags = machine_lock(&label_lock);
	for (i = 0; i < table->count && !error; i++) {
		struct jump_entry *entry = &table->entries[i];
		int value;

		if (object->module && !entry_fits(object, entry)) {
			error = object_refuse_entry(object, section->name, i);
			break;
		}
		/* A key of a kernel part that nobody defines never leaves its initial state. */
		if (!r3_copy_faulting(&value, &jump_entry_key(entry)->enabled, sizeof(value)))
			error = update_entry(entry, value);
	}
	if (!error) {
		object_table_add(&tables, &table->entry);
	}
	machine_unlock(&label_lock, flags);
	if (error)
		r3hc_object_free(NULL, table);
	return error;
}

void jump_labels_removed(const struct r3_object *object)
{
	unsigned long flags = machine_lock(&label_lock);
	struct label_table *table = object_table_take(&tables, object);

	machine_unlock(&label_lock, flags);
	if (table)
		r3hc_object_free(NULL, table);
}

void jump_labels_freed(const struct r3_object *object, unsigned long start, unsigned long size)
{
	unsigned long flags = machine_lock(&label_lock);
	struct label_table *table = (void *)*object_table_find(&tables, object);

	if (table) {
		table->freed = start;
		table->freed_size = size;
	}
	machine_unlock(&label_lock, flags);
}

/* Is one of an object's branches in that code, end included? Kprobes must not touch it. */
static bool table_reserves(const struct label_table *table, unsigned long start, unsigned long end)
{
	unsigned int i;

	for (i = 0; i < table->count; i++) {
		struct jump_entry *entry = &table->entries[i];
		unsigned long code = jump_entry_code(entry);

		if (!entry_gone(table, entry) && code <= end &&
		    code + arch_jump_entry_size(entry) > start)
			return true;
	}
	return false;
}

int jump_label_text_reserved(void *start, void *end)
{
	unsigned long flags = machine_lock(&label_lock);
	struct object_entry *entry;
	bool reserved = false;
	unsigned int i;

	for (i = 0; i < OBJECT_BUCKETS && !reserved; i++)
		for (entry = tables.buckets[i]; entry && !reserved; entry = entry->next)
			reserved = object_has_code(entry->object, (unsigned long)start, 1) &&
				   table_reserves((struct label_table *)entry, (unsigned long)start,
						  (unsigned long)end);
	machine_unlock(&label_lock, flags);
	return reserved;
}

/* ---- keys ---- */

/* -1 while the first reference is being taken: already counts as one. */
int static_key_count(struct static_key *key)
{
	int n = atomic_read(&key->enabled);

	return n >= 0 ? n : 1;
}
EXPORT_SYMBOL_GPL(static_key_count);

bool static_key_fast_inc_not_disabled(struct static_key *key)
{
	int v = atomic_read(&key->enabled);

	do {
		if (v <= 0 || v + 1 < 0)
			return false;
	} while (!atomic_try_cmpxchg(&key->enabled, &v, v + 1));
	return true;
}
EXPORT_SYMBOL_GPL(static_key_fast_inc_not_disabled);

bool static_key_slow_inc_cpuslocked(struct static_key *key)
{
	unsigned long flags;
	bool done = true;

	if (static_key_fast_inc_not_disabled(key))
		return true;
	flags = machine_lock(&label_lock);
	if (!atomic_cmpxchg(&key->enabled, 0, -1)) {
		update_key(key);
		atomic_set_release(&key->enabled, 1);
	} else {
		done = !WARN_ON_ONCE(!static_key_fast_inc_not_disabled(key));
	}
	machine_unlock(&label_lock, flags);
	return done;
}

bool static_key_slow_inc(struct static_key *key)
{
	bool done;

	cpus_read_lock();
	done = static_key_slow_inc_cpuslocked(key);
	cpus_read_unlock();
	return done;
}
EXPORT_SYMBOL_GPL(static_key_slow_inc);

void static_key_enable_cpuslocked(struct static_key *key)
{
	unsigned long flags;

	if (atomic_read(&key->enabled) > 0) {
		WARN_ON_ONCE(atomic_read(&key->enabled) != 1);
		return;
	}
	flags = machine_lock(&label_lock);
	if (!atomic_read(&key->enabled)) {
		atomic_set(&key->enabled, -1);
		update_key(key);
		atomic_set_release(&key->enabled, 1);
	}
	machine_unlock(&label_lock, flags);
}
EXPORT_SYMBOL_GPL(static_key_enable_cpuslocked);

void static_key_enable(struct static_key *key)
{
	cpus_read_lock();
	static_key_enable_cpuslocked(key);
	cpus_read_unlock();
}
EXPORT_SYMBOL_GPL(static_key_enable);

void static_key_disable_cpuslocked(struct static_key *key)
{
	unsigned long flags;

	if (atomic_read(&key->enabled) != 1) {
		WARN_ON_ONCE(atomic_read(&key->enabled));
		return;
	}
	flags = machine_lock(&label_lock);
	if (atomic_cmpxchg(&key->enabled, 1, 0) == 1)
		update_key(key);
	machine_unlock(&label_lock, flags);
}
EXPORT_SYMBOL_GPL(static_key_disable_cpuslocked);

void static_key_disable(struct static_key *key)
{
	cpus_read_lock();
	static_key_disable_cpuslocked(key);
	cpus_read_unlock();
}
EXPORT_SYMBOL_GPL(static_key_disable);

void static_key_slow_dec_cpuslocked(struct static_key *key)
{
	unsigned long flags;
	int v = atomic_read(&key->enabled);

	/* Not the last reference: no branch changes. */
	while (v > 1)
		if (atomic_try_cmpxchg(&key->enabled, &v, v - 1))
			return;
	flags = machine_lock(&label_lock);
	v = atomic_read(&key->enabled);
	if (WARN_ON_ONCE(v <= 0)) {
		machine_unlock(&label_lock, flags);
		return;
	}
	if (atomic_dec_and_test(&key->enabled))
		update_key(key);
	machine_unlock(&label_lock, flags);
}

void static_key_slow_dec(struct static_key *key)
{
	cpus_read_lock();
	static_key_slow_dec_cpuslocked(key);
	cpus_read_unlock();
}
EXPORT_SYMBOL_GPL(static_key_slow_dec);

/* ---- keys that are switched off with a delay ---- */

void jump_label_update_timeout(struct work_struct *work)
{
	struct static_key_deferred *key = container_of(work, struct static_key_deferred, work.work);

	static_key_slow_dec(&key->key);
}
EXPORT_SYMBOL_GPL(jump_label_update_timeout);

/*
 * system_wq, looked up by name: a plain reference would bring the workqueues
 * into every box. A call of one of their functions does so when it is needed.
 */
static struct workqueue_struct *system_queue(void)
{
	struct workqueue_struct **queue;

	current_work();
	queue = (void *)r3hc_symbol_lookup("system_wq");
	return *queue;
}

void __static_key_slow_dec_deferred(struct static_key *key, struct delayed_work *work,
				    unsigned long timeout)
{
	int v = atomic_read(&key->enabled);

	while (v > 1)
		if (atomic_try_cmpxchg(&key->enabled, &v, v - 1))
			return;
	queue_delayed_work(system_queue(), work, timeout);
}
EXPORT_SYMBOL_GPL(__static_key_slow_dec_deferred);

void __static_key_deferred_flush(void *key, struct delayed_work *work)
{
	flush_delayed_work(work);
}
EXPORT_SYMBOL_GPL(__static_key_deferred_flush);

void jump_label_rate_limit(struct static_key_deferred *key, unsigned long rl)
{
	key->timeout = rl;
	INIT_DELAYED_WORK(&key->work, jump_label_update_timeout);
}
EXPORT_SYMBOL_GPL(jump_label_rate_limit);
