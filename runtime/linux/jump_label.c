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
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/workqueue.h>
#include <ring3/hypercall.h>
#include "core/core.h"
#include "patch.h"

#define JMP_REL32 0xe9
#define JMP_REL8  0xeb

/* The entries of one object. */
struct label_table {
	struct list_head list;
	const struct r3_object *object;
	struct jump_entry *entries;
	unsigned int count;
	unsigned long freed, freed_size; /* its init part, once that is gone */
};

static LIST_HEAD(tables);
static DEFINE_MUTEX(label_mutex);

void jump_label_lock(void)
{
	mutex_lock(&label_mutex);
}

void jump_label_unlock(void)
{
	mutex_unlock(&label_mutex);
}

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
	u8 bytes[5];

	if (enabled == jump_entry_is_branch(entry)) {
		patch_nops(bytes, size);
	} else if (size == 2) {
		bytes[0] = JMP_REL8;
		bytes[1] = target - (code + 2);
	} else {
		patch_branch(bytes, JMP_REL32, code, target);
	}
	if (!memcmp((void *)code, bytes, size))
		return 0;
	return r3hc_text_poke(code, bytes, size);
}

static bool entry_gone(const struct label_table *table, const struct jump_entry *entry)
{
	return jump_entry_code(entry) - table->freed < table->freed_size;
}

/* With label_mutex held: make every branch of the key what its value says. */
static void update_key(struct static_key *key)
{
	bool enabled = static_key_count(key) > 0;
	struct label_table *table;
	unsigned int i;

	list_for_each_entry (table, &tables, list) {
		for (i = 0; i < table->count; i++) {
			struct jump_entry *entry = &table->entries[i];

			if (jump_entry_key(entry) == key && !entry_gone(table, entry))
				WARN_ON(update_entry(entry, enabled));
		}
	}
}

/* ---- objects ---- */

int jump_labels_added(const struct r3_object *object)
{
	const struct r3_section *section = object_section(object, "__jump_table");
	struct label_table *table;
	unsigned int i;
	int error = 0;

	if (!section || !section->size)
		return 0;
	table = r3hc_kmalloc(sizeof(*table), R3_ALLOC_ZERO | R3_ALLOC_INTERNAL);
	if (!table)
		return -ENOMEM;
	table->object = object;
	table->entries = (struct jump_entry *)section->address;
	table->count = section->size / sizeof(struct jump_entry);
	jump_label_lock();
	for (i = 0; i < table->count && !error; i++) {
		struct jump_entry *entry = &table->entries[i];

		error = update_entry(entry, static_key_count(jump_entry_key(entry)) > 0);
	}
	if (!error)
		list_add_tail(&table->list, &tables);
	jump_label_unlock();
	if (error)
		r3hc_object_free(NULL, table);
	return error;
}

static struct label_table *table_of(const struct r3_object *object)
{
	struct label_table *table;

	list_for_each_entry (table, &tables, list)
		if (table->object == object)
			return table;
	return NULL;
}

void jump_labels_removed(const struct r3_object *object)
{
	struct label_table *table;

	jump_label_lock();
	table = table_of(object);
	if (table)
		list_del(&table->list);
	jump_label_unlock();
	if (table)
		r3hc_object_free(NULL, table);
}

void jump_labels_freed(const struct r3_object *object, unsigned long start, unsigned long size)
{
	struct label_table *table;

	jump_label_lock();
	table = table_of(object);
	if (table) {
		table->freed = start;
		table->freed_size = size;
	}
	jump_label_unlock();
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
	bool done = true;

	if (static_key_fast_inc_not_disabled(key))
		return true;
	jump_label_lock();
	if (!atomic_cmpxchg(&key->enabled, 0, -1)) {
		update_key(key);
		atomic_set_release(&key->enabled, 1);
	} else {
		done = !WARN_ON_ONCE(!static_key_fast_inc_not_disabled(key));
	}
	jump_label_unlock();
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
	if (atomic_read(&key->enabled) > 0) {
		WARN_ON_ONCE(atomic_read(&key->enabled) != 1);
		return;
	}
	jump_label_lock();
	if (!atomic_read(&key->enabled)) {
		atomic_set(&key->enabled, -1);
		update_key(key);
		atomic_set_release(&key->enabled, 1);
	}
	jump_label_unlock();
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
	if (atomic_read(&key->enabled) != 1) {
		WARN_ON_ONCE(atomic_read(&key->enabled));
		return;
	}
	jump_label_lock();
	if (atomic_cmpxchg(&key->enabled, 1, 0) == 1)
		update_key(key);
	jump_label_unlock();
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
	int v = atomic_read(&key->enabled);

	/* Not the last reference: no branch changes. */
	while (v > 1)
		if (atomic_try_cmpxchg(&key->enabled, &v, v - 1))
			return;
	jump_label_lock();
	v = atomic_read(&key->enabled);
	if (WARN_ON_ONCE(v <= 0)) {
		jump_label_unlock();
		return;
	}
	if (atomic_dec_and_test(&key->enabled))
		update_key(key);
	jump_label_unlock();
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
