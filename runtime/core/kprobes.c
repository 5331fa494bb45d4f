// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Kprobes: who has registered what where. The code belongs to the host, which
 * calls a place that may be hit a point; all probes of one address share its
 * point. Rules and messages of kernel/kprobes.c.
 */
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/hash.h>
#include <linux/kallsyms.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/preempt.h>
#include <linux/rculist.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "core.h"
#include "probe.h"

/*
 * More buckets than Linux has, which are these taken together in the same
 * order: that is the order in which debugfs lists probes.
 */
#define BUCKET_BITS 10

static struct bucket {
	struct probe_point *first;
	unsigned int probes;
} buckets[1 << BUCKET_BITS];

static struct task_struct *lock_owner;

/* Nobody holds it for long, and a mutex would bring its member of the library into every box. */
void probes_lock(void)
{
	might_sleep();
	while (cmpxchg(&lock_owner, NULL, current))
		yield();
}

void probes_unlock(void)
{
	smp_store_release(&lock_owner, NULL);
}

/* What was given to us, or is still registered and gone, may be no struct kprobe at all. */
void probes_lock_oopsed(void)
{
	if (current && READ_ONCE(lock_owner) == current)
		probes_unlock();
}

static struct bucket *bucket_of(unsigned long address)
{
	return &buckets[hash_ptr((void *)address, BUCKET_BITS)];
}

/* ---- points ---- */

/* The one to which probes may be added: its code is there. */
static struct probe_point *live_point(unsigned long address)
{
	struct probe_point *point = bucket_of(address)->first;

	while (point && (point->address != address || !point->host))
		point = point->next;
	return point;
}

/* p may be anything: only what is registered is looked at. */
static struct probe_point *point_of(const struct kprobe *p)
{
	unsigned long address = (unsigned long)p->addr;
	struct probe_point *point;
	struct kprobe *at;

	for (point = bucket_of(address)->first; point; point = point->next) {
		if (point->address != address)
			continue;
		hlist_for_each_entry (at, &point->probes, hlist)
			if (at == p)
				return point;
	}
	return NULL;
}

int probe_points_each(int (*visit)(struct probe_point *point, void *context), void *context)
{
	struct probe_point *point;
	unsigned int i;
	int result;

	for (i = 0; i < ARRAY_SIZE(buckets); i++) {
		for (point = buckets[i].first; point; point = point->next) {
			result = visit(point, context);
			if (result)
				return result;
		}
	}
	return 0;
}

static struct probe_point *point_new(unsigned long address)
{
	struct probe_point *point = r3hc_kmalloc(sizeof(*point), R3_ALLOC_ZERO | R3_ALLOC_INTERNAL);
	struct r3_point_info info;

	if (!point)
		return ERR_PTR(-ENOMEM);
	point->address = address;
	point->opcode = *(kprobe_opcode_t *)address;
	point->host = r3hc_point_new(address, point);
	if (point->host < 0) {
		long error = point->host;

		r3hc_object_free(NULL, point);
		return ERR_PTR(error);
	}
	r3hc_point_info(point->host, &info);
	point->flags = info.flags & R3_POINT_FTRACE;
	return point;
}

static void point_link(struct probe_point *point)
{
	struct bucket *bucket = bucket_of(point->address);

	point->next = bucket->first;
	bucket->first = point;
}

static void point_unlink(struct probe_point *point)
{
	struct probe_point **link = &bucket_of(point->address)->first;

	while (*link != point)
		link = &(*link)->next;
	*link = point->next;
}

bool probe_point_optimized(const struct probe_point *point)
{
	struct r3_point_info info;

	if (!point->host)
		return false;
	r3hc_point_info(point->host, &info);
	return info.flags & R3_POINT_OPTIMIZED;
}

static int point_arm(struct probe_point *point, bool post)
{
	/* At a call of __fentry__ both handlers are called by one hit. */
	bool ask_post = post && !(point->flags & R3_POINT_FTRACE);
	int error = 0;

	if (post && probe_point_optimized(point))
		r3hc_point_unoptimize(point->host);
	if (!point->armed || point->post != post)
		error = r3hc_point_arm(point->host, ask_post ? R3_POINT_POST : 0);
	if (error)
		return error;
	point->post = post;
	if (!point->armed)
		point->ripe = false;
	point->armed = true;
	if (!(point->flags & R3_POINT_FTRACE))
		probes_ripen();
	return 0;
}

static void point_disarm(struct probe_point *point)
{
	if (!point->armed)
		return;
	r3hc_point_disarm(point->host);
	point->armed = false;
	/* It may have been in the way of another one. */
	if (!(point->flags & R3_POINT_FTRACE))
		probes_ripen();
}

int probe_point_update(struct probe_point *point)
{
	struct kprobe *p, *enabled = NULL;
	unsigned int count = 0;
	bool post = false;

	if (!point->host)
		return 0;
	hlist_for_each_entry (p, &point->probes, hlist) {
		if (kprobe_disabled(p))
			continue;
		enabled = p;
		count++;
		post |= p->post_handler != NULL;
	}
	smp_store_release(&point->only, count == 1 ? enabled : NULL);
	if (count && !probes_disarmed)
		return point_arm(point, post);
	point_disarm(point);
	return 0;
}

/* ---- where a probe may be ---- */

kprobe_opcode_t *probe_address(kprobe_opcode_t *addr, const char *symbol, unsigned long offset,
			       bool *on_entry)
{
	unsigned long address = (unsigned long)addr, within, entry;

	if (!symbol == !addr)
		return ERR_PTR(-EINVAL);
	if (symbol) {
		address = *symbol ? r3hc_point_symbol(symbol) : 0;
		if (!address)
			return ERR_PTR(-ENOENT);
	}
	if (addr)
		address = r3hc_point_address(address);
	address += offset;
	if (!kallsyms_lookup_size_offset(address, NULL, &within))
		return ERR_PTR(-ENOENT);
	entry = probe_skip_endbr(address - within);
	*on_entry = !within || address == entry;
	return (kprobe_opcode_t *)(*on_entry ? entry : address);
}

static bool has_prefix(const char *name, const char *prefix)
{
	while (*prefix && *name == *prefix) {
		name++;
		prefix++;
	}
	return !*prefix;
}

/* What the compiler puts in front of functions, and what a static call jumps through. */
static bool symbol_reserved(unsigned long address)
{
	char name[KSYM_NAME_LEN];

	return !lookup_symbol_name(address, name) &&
	       (has_prefix(name, "__cfi_") || has_prefix(name, "__pfx_") ||
		has_prefix(name, "__SCT__"));
}

/* Does it belong to a module that goes? Nobody may go on looking at one that is freed. */
static bool module_leaves(unsigned long address)
{
	struct module *mod;
	bool leaves;

	preempt_disable();
	mod = r3hc_module_of(address, 0);
	leaves = mod && (mod->state == MODULE_STATE_GOING ||
			 (mod->state == MODULE_STATE_LIVE && within_module_init(address, mod)));
	preempt_enable();
	return leaves;
}

/* Under probes_lock(), so that a module that goes afterwards finds the probe. */
static struct probe_point *point_at(unsigned long address)
{
	struct probe_point *point = live_point(address);

	if (point)
		return module_leaves(address) ? ERR_PTR(-ENOENT) : point;
	if (!r3hc_is_text(address) || symbol_reserved(address) ||
	    probe_text_reserved(address, address))
		return ERR_PTR(-EINVAL);
	if (module_leaves(address))
		return ERR_PTR(-ENOENT);
	point = point_new(address);
	if (!IS_ERR(point))
		point_link(point);
	return point;
}

/* ---- registering ---- */

bool probe_is_registered(struct kprobe *p)
{
	bool found;

	probes_lock();
	found = point_of(p);
	probes_unlock();
	return found;
}

/* A point without probes: its memory and its slot are to be freed after a grace period. */
static struct probe_point *point_bury(struct probe_point *point, struct probe_point *dead)
{
	if (point->host)
		point_disarm(point);
	point_unlink(point);
	point->next_dead = dead;
	return point;
}

struct probe_point *probes_take(struct kprobe *p, struct probe_point *dead)
{
	struct probe_point *point = point_of(p);

	if (!point) {
		p->addr = NULL;
		return dead;
	}
	if (!kprobe_disabled(p))
		p->flags |= KPROBE_FLAG_DISABLED;
	hlist_del_rcu(&p->hlist);
	r3hc_unaccount(p);
	bucket_of(point->address)->probes--;
	if (hlist_empty(&point->probes)) {
		WRITE_ONCE(point->only, NULL);
		return point_bury(point, dead);
	}
	/* Fewer probes need no more than there is. */
	WARN_ON(probe_point_update(point));
	return dead;
}

/* After a grace period. */
void probes_free(struct probe_point *dead)
{
	while (dead) {
		struct probe_point *next = dead->next_dead;

		if (dead->host)
			r3hc_point_free(dead->host);
		r3hc_object_free(NULL, dead);
		dead = next;
	}
}

static int add_probe(struct kprobe *p, bool on_entry)
{
	struct probe_point *point = point_at((unsigned long)p->addr), *dead;
	int error;

	if (IS_ERR(point))
		return PTR_ERR(point);
	p->flags |= (on_entry ? KPROBE_FLAG_ON_FUNC_ENTRY : 0) |
		    (point->flags & R3_POINT_FTRACE ? KPROBE_FLAG_FTRACE : 0);
	p->opcode = point->opcode;
	hlist_add_head_rcu(&p->hlist, &point->probes);
	bucket_of(point->address)->probes++;
	/* Whoever goes without unregistering it is told of in the report, as of memory. */
	r3hc_account(p, 0, p->pre_handler == kretprobe_entry ? "kretprobe" : "kprobe");
	error = probe_point_update(point);
	if (error) {
		dead = probes_take(p, NULL);
		synchronize_rcu();
		probes_free(dead);
	}
	return error;
}

int register_kprobe(struct kprobe *p)
{
	kprobe_opcode_t *addr;
	bool on_entry;
	int error;

	addr = probe_address(p->addr, p->symbol_name, p->offset, &on_entry);
	if (IS_ERR(addr))
		return PTR_ERR(addr);
	p->addr = addr;
	if (WARN_ON_ONCE(probe_is_registered(p)))
		return -EINVAL;
	p->flags &= KPROBE_FLAG_DISABLED;
	p->nmissed = 0;
	INIT_LIST_HEAD(&p->list);
	probes_lock();
	error = add_probe(p, on_entry);
	probes_unlock();
	return error;
}
EXPORT_SYMBOL_GPL(register_kprobe);

void unregister_kprobes(struct kprobe **kps, int num)
{
	struct probe_point *dead = NULL;
	int i;

	if (num <= 0)
		return;
	probes_lock();
	for (i = 0; i < num; i++)
		dead = probes_take(kps[i], dead);
	probes_unlock();
	synchronize_rcu();
	probes_free(dead);
}
EXPORT_SYMBOL_GPL(unregister_kprobes);

void unregister_kprobe(struct kprobe *p)
{
	unregister_kprobes(&p, 1);
}
EXPORT_SYMBOL_GPL(unregister_kprobe);

int register_kprobes(struct kprobe **kps, int num)
{
	int i, error;

	if (num <= 0)
		return -EINVAL;
	for (i = 0; i < num; i++) {
		error = register_kprobe(kps[i]);
		if (error) {
			unregister_kprobes(kps, i);
			return error;
		}
	}
	return 0;
}
EXPORT_SYMBOL_GPL(register_kprobes);

int disable_kprobe(struct kprobe *kp)
{
	struct probe_point *point;
	int error = -EINVAL;

	probes_lock();
	point = point_of(kp);
	if (point) {
		error = 0;
		if (!kprobe_disabled(kp)) {
			kp->flags |= KPROBE_FLAG_DISABLED;
			error = probe_point_update(point);
		}
	}
	probes_unlock();
	return error;
}
EXPORT_SYMBOL_GPL(disable_kprobe);

int enable_kprobe(struct kprobe *kp)
{
	struct probe_point *point;
	int error = -EINVAL;

	probes_lock();
	point = point_of(kp);
	if (point && !kprobe_gone(kp)) {
		error = 0;
		if (kprobe_disabled(kp)) {
			kp->flags &= ~KPROBE_FLAG_DISABLED;
			error = probe_point_update(point);
			if (error)
				kp->flags |= KPROBE_FLAG_DISABLED;
		}
	}
	probes_unlock();
	return error;
}
EXPORT_SYMBOL_GPL(enable_kprobe);

/* The first probe at addr. With preemption off, or the caller sees to it that it stays. */
struct kprobe *get_kprobe(void *addr)
{
	struct probe_point *point = live_point((unsigned long)addr);

	return point && point->probes.first ? hlist_entry(point->probes.first, struct kprobe, hlist)
					    : NULL;
}
NOKPROBE_SYMBOL(get_kprobe);

/* ---- modules that go ---- */

struct leaving {
	struct module *mod;
	bool all; /* not only its init part */
	bool found;
};

/* Its code is about to be freed: the probes stay registered, and are never hit again. */
static int point_leave(struct probe_point *point, void *context)
{
	struct leaving *leaving = context;
	struct kprobe *p;

	if (!point->host || !(within_module_init(point->address, leaving->mod) ||
			      (leaving->all && within_module_core(point->address, leaving->mod))))
		return 0;
	hlist_for_each_entry (p, &point->probes, hlist)
		p->flags |= KPROBE_FLAG_GONE;
	point_disarm(point);
	WRITE_ONCE(point->only, NULL);
	leaving->found = true;
	return 0;
}

static int point_drop_host(struct probe_point *point, void *context)
{
	struct leaving *leaving = context;

	if (point->host && (within_module_init(point->address, leaving->mod) ||
			    (leaving->all && within_module_core(point->address, leaving->mod)))) {
		r3hc_point_free(point->host);
		point->host = 0;
	}
	return 0;
}

void probes_module_notify(struct module *mod, int state)
{
	struct leaving leaving = {.mod = mod, .all = state == MODULE_STATE_GOING};

	if (state != MODULE_STATE_GOING && state != MODULE_STATE_LIVE)
		return;
	probes_lock();
	probe_points_each(point_leave, &leaving);
	if (leaving.found) {
		synchronize_rcu();
		probe_points_each(point_drop_host, &leaving);
	}
	probes_unlock();
}

/* ---- for the host ---- */

int r3rt_probe_info(unsigned int index, struct r3_probe_info *info)
{
	struct probe_point *point;
	struct kprobe *p;
	unsigned int i;
	int error = -ENOENT;

	probes_lock();
	for (i = 0; i < ARRAY_SIZE(buckets) && index >= buckets[i].probes; i++)
		index -= buckets[i].probes;
	for (point = i < ARRAY_SIZE(buckets) ? buckets[i].first : NULL; point && error;
	     point = point->next) {
		hlist_for_each_entry (p, &point->probes, hlist) {
			if (index--)
				continue;
			*info = (struct r3_probe_info){
				.address = point->address,
				.is_return = p->pre_handler == kretprobe_entry,
				.gone = !!kprobe_gone(p),
				.disabled = kprobe_disabled(p) && !kprobe_gone(p),
				.optimized = probe_point_optimized(point),
				.ftrace = !!kprobe_ftrace(p),
			};
			error = 0;
			break;
		}
	}
	probes_unlock();
	return error;
}
