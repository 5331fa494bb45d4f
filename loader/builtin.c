// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What plays vmlinux: the runtime, and members of the library, which are
 * pulled in when something names a symbol of theirs, as ld takes members from
 * an archive. What the runtime defines overrides the library's.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "loader/internal.h"
#include "target/target.h"

/* A member that was loaded and not started yet. */
struct initcalls {
	struct initcalls *next;
	struct object *object;
	bool added; /* the runtime knows of it */
};

#define START_TIMEOUT 2 /* seconds: longer than any initcall is awake */
#define START_POLL    2 /* milliseconds */

static bool is_global(const Elf64_Sym *symbol)
{
	unsigned int binding = ELF64_ST_BIND(symbol->st_info);

	return binding == STB_GLOBAL || binding == STB_WEAK;
}

/* Sections that name functions without anybody's ever comparing their addresses. */
static bool is_bookkeeping(const char *name)
{
	return !strncmp(name, ".discard.", 9) || !strncmp(name, "___ksymtab", 10) ||
	       !strncmp(name, ".orc_", 5) || !strcmp(name, "__mcount_loc");
}

/* How each symbol is used, in one pass over the relocations. */
static int count_uses(struct load_info *info)
{
	info->uses = calloc(info->view.nr_symbols, 1);
	if (!info->uses)
		return -ENOMEM;
	for (unsigned int i = 1; i < info->view.nr_sections; i++) {
		const Elf64_Shdr *section = &info->view.sections[i], *target;
		const Elf64_Rela *rela = elf_section_data(&info->view, i);

		if (section->sh_type != SHT_RELA || section->sh_info >= info->view.nr_sections)
			continue;
		target = &info->view.sections[section->sh_info];
		if (!(target->sh_flags & SHF_ALLOC) ||
		    is_bookkeeping(elf_section_name(&info->view, section->sh_info)))
			continue;
		for (size_t r = 0; r < section->sh_size / sizeof(*rela); r++) {
			uint64_t symbol = ELF64_R_SYM(rela[r].r_info);

			if (symbol < info->view.nr_symbols)
				info->uses[symbol] |= ELF64_R_TYPE(rela[r].r_info) == R_X86_64_PLT32
							      ? USE_CALL
							      : USE_ADDRESS;
		}
	}
	return 0;
}

static int load_member(struct r3_box *box, const struct target_object *member);

uint64_t kernel_symbol(struct r3_box *box, const char *name)
{
	const struct target_object *member;
	uint64_t address = (uint64_t)symbol_table_find(box->kernel, name);

	if (address || !box->target)
		return address;
	if (target_library_member(box->target, name, &member, NULL))
		return 0;
	if (load_member(box, member))
		return 0;
	return (uint64_t)symbol_table_find(box->kernel, name);
}

static uint64_t load_function(struct r3_box *box, const char *name)
{
	uint64_t address;

	module_lock(box);
	address = kernel_symbol(box, name);
	wait_for_start(box, address);
	module_unlock(box);
	return address;
}

uint64_t function_lookup(struct r3_box *box, const char *name)
{
	uint64_t address = symbol_lookup(box, name);

	return address || strchr(name, ':') ? address : load_function(box, name);
}

uint64_t function_behind(struct r3_box *box, uint64_t address)
{
	const char *name;

	module_lock(box);
	name = stub_name(box, address);
	module_unlock(box);
	return name ? load_function(box, name) : address;
}

/*
 * A function of a member that is not there yet: a stub. If its address itself
 * is wanted, the stub's address is the function's for everybody from now on,
 * so that pointers to it compare equal wherever they were made.
 */
static int resolve_lazy(struct load_info *info, const char *name, size_t index, uint64_t *value)
{
	*value = stub_lazy(info->box, name);
	if (!*value || !(info->uses[index] & USE_ADDRESS))
		return *value ? 0 : -ENOMEM;
	return stub_set_canonical(info->box, name, *value);
}

static int resolve_for_builtin(struct load_info *info, const char *name, const Elf64_Sym *symbol,
			       uint64_t *value)
{
	size_t index = symbol - info->view.symbols;
	struct r3_box *box = info->box;
	bool is_data = false;

	*value = stub_hypercall(box, name);
	if (!*value)
		*value = stub_canonical(box, name);
	if (!*value)
		*value = (uint64_t)symbol_table_find(box->kernel, name);
	if (*value)
		return 0;
	if (target_library_has(box->target, name, &is_data)) {
		if (!is_data)
			return resolve_lazy(info, name, index, value);
		*value = kernel_symbol(box, name);
		if (*value)
			return 0;
	}
	if (ELF64_ST_BIND(symbol->st_info) == STB_WEAK)
		return 0;
	/* Defined by nobody so far: noticed when it is called or touched. */
	if (info->uses[index] & USE_CALL)
		*value = stub_lazy(box, name);
	else
		*value = stub_missing_data(box, name);
	trace_event(box, R3_TRACE_SYMBOL, info->name, name, "nobody", *value, 0,
		    "%-28s 0x%08lx  not implemented, for %s", name, (unsigned long)*value,
		    info->name);
	return *value ? 0 : -ENOMEM;
}

/* Let others see the object's globals; where somebody has one already, use that. */
static int publish_globals(struct load_info *info)
{
	struct r3_box *box = info->box;
	struct object *object = info->object;

	for (unsigned int i = 0; i < object->nr_symbols; i++) {
		const struct symbol *symbol = &object->symbols[i];
		const char *name = object->strings + symbol->name;

		if (symbol->binding == STB_LOCAL || symbol_table_find(box->kernel, name))
			continue;
		if (!symbol_table_add(box->kernel, name, (void *)symbol->address))
			return -ENOMEM;
	}
	return 0;
}

/* After simplify_symbols: the object's own references follow what overrides it. */
static void follow_overrides(struct load_info *info)
{
	for (size_t i = 1; i < info->view.nr_symbols; i++) {
		const Elf64_Sym *symbol = &info->view.symbols[i];
		uint64_t other;

		if (!is_global(symbol) || symbol->st_shndx == SHN_UNDEF ||
		    symbol->st_shndx >= info->view.nr_sections)
			continue;
		other = stub_canonical(info->box, elf_symbol_name(&info->view, symbol));
		if (!other)
			other = (uint64_t)symbol_table_find(info->box->kernel,
							    elf_symbol_name(&info->view, symbol));
		if (other)
			info->value[i] = other;
	}
}

static int load_steps(struct load_info *info)
{
	int error = object_place(info);

	if (!error)
		error = publish_globals(info);
	if (!error && !info->box->booted)
		error = prepare_library(info); /* the runtime's own needs, in one go */
	if (!error)
		error = count_uses(info);
	if (!error)
		error = simplify_symbols(info, resolve_for_builtin);
	if (error)
		return error;
	follow_overrides(info);
	error = object_link(info);
	if (!error && info->box->target && target_is_builtin(info->box->target))
		error = collect_builtin_exports(info);
	return error;
}

int load_builtin_object(struct r3_box *box, const char *name, const void *data, size_t size,
			struct object **object)
{
	struct load_info info = {.box = box, .name = name};
	struct elf_problem problem;
	int error = elf_open(&info.view, data, size, &problem);

	if (error)
		return r3_fail(error, "%s: %s", name, problem.message);
	info.object = object_new(box, name);
	if (!info.object)
		return -ENOMEM;
	error = load_steps(&info);
	load_info_release(&info);
	if (error) {
		r3_fail(error, "%s could not be loaded: %s", name, strerror(-error));
		object_free(info.object);
		return error;
	}
	if (object)
		*object = info.object;
	return 0;
}

/* Tell the runtime of an object that may run now. */
int builtin_added(struct r3_box *box, struct object *object)
{
	int error = object_added(object);

	if (!error && box->entries.object_parameters)
		error = call_runtime(box, box->entries.object_parameters, NULL, 2,
				     (uint64_t)&object->view,
				     (uint64_t)(box->options.cmdline ? box->options.cmdline : ""));
	return error;
}

/* do_initcalls of init/main.c: early, then levels 0 to 7 with their sync halves. */
static const char *const initcall_sections[] = {
	".initcallearly.init", ".initcall0.init",      ".initcall0s.init", ".initcall1.init",
	".initcall1s.init",    ".initcall2.init",      ".initcall2s.init", ".initcall3.init",
	".initcall3s.init",    ".initcall4.init",      ".initcall4s.init", ".initcall5.init",
	".initcall5s.init",    ".initcallrootfs.init", ".initcall6.init",  ".initcall6s.init",
	".initcall7.init",     ".initcall7s.init",
};

static int run_initcalls_of(struct r3_box *box, const struct object *object, const char *name)
{
	const struct r3_section *section = object_section(object, name);
	int error = 0;

	if (!section)
		return 0;
	/* Entries are 32-bit distances from themselves (CONFIG_HAVE_ARCH_PREL32_RELOCATIONS). */
	for (uint64_t at = section->address; at + 4 <= section->address + section->size && !error;
	     at += 4) {
		int32_t distance; /* aligned or not */

		memcpy(&distance, box_writable(box, at), sizeof(distance));
		error = call_runtime(box, box->entries.initcall, NULL, 1, at + distance);
	}
	return error;
}

/* What this thread has to start; what was loaded where nothing may be started, anybody does. */
static struct initcalls *take_pending(struct r3_box *box, struct thread *self)
{
	struct initcalls **link = &box->pending_initcalls, *mine = NULL, **end = &mine;

	pthread_mutex_lock(&box->pending_lock);
	while (*link) {
		struct initcalls *entry = *link;

		if (entry->object->starter && entry->object->starter != self) {
			link = &entry->next;
			continue;
		}
		*link = entry->next;
		entry->next = NULL;
		*end = entry;
		end = &entry->next;
		entry->object->starter = self;
	}
	pthread_mutex_unlock(&box->pending_lock);
	return mine;
}

/* An initcall that oopses has said so in the log; the others run all the same. */
static void start_all(struct r3_box *box, struct initcalls *all)
{
	struct initcalls *entry;

	for (size_t level = 0; level < sizeof(initcall_sections) / sizeof(initcall_sections[0]);
	     level++)
		for (entry = all; entry; entry = entry->next)
			run_initcalls_of(box, entry->object, initcall_sections[level]);
	pthread_mutex_lock(&box->pending_lock);
	while (all) {
		entry = all->next;
		all->object->started = true;
		free(all);
		all = entry;
	}
	pthread_cond_broadcast(&box->module_wait);
	pthread_mutex_unlock(&box->pending_lock);
}

void start_members(struct r3_box *box)
{
	struct thread *self = thread_current();
	struct initcalls *all;

	self->kernels_own++;
	self->booting++;
	while ((all = take_pending(box, self))) {
		if (box->entries.members_start)
			call_runtime(box, box->entries.members_start, NULL, 0);
		start_all(box, all);
	}
	self->booting--;
	self->kernels_own--;
}

/* Does it go on with its initcalls by itself? One that sleeps may be waiting for the caller. */
static bool is_on_its_way(struct r3_box *box, const struct thread *starter)
{
	const struct thread *thread;
	bool result;

	pthread_mutex_lock(&box->sched_lock);
	for (thread = box->threads; thread && thread != starter; thread = thread->next)
		;
	result = thread && !thread->dead && !thread->parked && !thread->awaits_start;
	pthread_mutex_unlock(&box->sched_lock);
	return result;
}

/*
 * Under the lock: let whoever starts the member that has this address go on
 * first. It is not waited for when it sleeps: then it is as in Linux, where
 * other threads run while an initcall sleeps.
 */
void wait_for_start(struct r3_box *box, uint64_t address)
{
	const struct object *object = object_of_address(box, address);
	struct thread *self = thread_current();
	uint64_t deadline = box_seconds(box) + START_TIMEOUT;

	if (!object || !object->starter || object->starter == self || thread_is_atomic(self))
		return;
	self->awaits_start = true;
	while (!object->started && is_on_its_way(box, object->starter) &&
	       box_seconds(box) < deadline)
		module_wait_change(box, START_POLL);
	if (box_seconds(box) >= deadline)
		box_printk(box, 4, "ring3: %s is not started after %d s", object->name,
			   START_TIMEOUT);
	self->awaits_start = false;
}

static struct initcalls *next_unprepared(const struct r3_box *box)
{
	struct initcalls *entry = box->new_members;

	while (entry && entry->object->is_prepared)
		entry = entry->next;
	return entry;
}

static struct initcalls *next_unannounced(const struct r3_box *box)
{
	struct initcalls *entry = box->new_members;

	while (entry && entry->added)
		entry = entry->next;
	return entry;
}

/* From here on any thread may take them, start them and free the entries. */
static void hand_over(struct r3_box *box)
{
	struct initcalls **end = &box->pending_initcalls;

	pthread_mutex_lock(&box->pending_lock);
	while (*end)
		end = &(*end)->next;
	*end = box->new_members;
	box->new_members = NULL;
	pthread_mutex_unlock(&box->pending_lock);
}

/*
 * Nothing of what was loaded in one go is prepared before all of it can run:
 * the runtime may call any of it while it prepares. It is told of members as
 * soon as that is done, whatever the context is: the caller is about to use
 * them. It must not sleep; what may, initcalls, waits for start_members().
 * All of this may load further members: lists are looked at anew each time,
 * and only the outermost call hands them over.
 */
static int announce_members(struct r3_box *box)
{
	struct thread *self = thread_current();
	struct initcalls *entry;
	int error = 0;

	box->announcing++;
	if (self)
		self->booting++;
	while (!error && (entry = next_unprepared(box))) {
		entry->object->is_prepared = true;
		error = object_prepare(entry->object);
	}
	while (!error && (entry = next_unannounced(box))) {
		entry->added = true;
		builtin_added(box, entry->object);
	}
	if (self)
		self->booting--;
	if (!--box->announcing)
		hand_over(box);
	return error;
}

static int load_one_member(struct r3_box *box, const struct target_object *member,
			   struct thread *starter)
{
	struct initcalls *pending = calloc(1, sizeof(*pending));
	struct initcalls **end = &box->new_members;
	struct object *object;
	int error;

	if (!pending)
		return -ENOMEM;
	error = load_builtin_object(box, member->name, member->data, member->size, &object);
	if (error) {
		box_printk(box, 3, "ring3: %s", r3_error());
		free(pending);
		return error;
	}
	pending->object = object;
	object->is_member = true;
	object->starter = starter;
	while (*end)
		end = &(*end)->next;
	*end = pending;
	return 0;
}

/*
 * Members pull in each other. When the last of them can run, all are patched
 * and the runtime is told; module_unlock() starts them. Meanwhile this vCPU
 * takes no interrupts: their handlers may call what is not ready.
 */
static int load_member(struct r3_box *box, const struct target_object *member)
{
	struct thread *self = thread_current();
	struct r3_vcpu_page *page = self && self->vcpu >= 0 ? box->vcpus[self->vcpu].page : NULL;
	unsigned int irq_enabled = page ? page->irq_enabled : 0;
	int error;

	if (symbol_table_find(box->members, member->name))
		return 0; /* loaded before, or under way further out */
	symbol_table_add(box->members, member->name, (void *)member);
	if (self)
		self->kernels_own++; /* none before the box runs */
	box->member_depth++;
	error = load_one_member(box, member, page && !thread_is_atomic(self) ? self : NULL);
	box->member_depth--;
	if (!error && !box->member_depth && box->booted) {
		if (page)
			page->irq_enabled = 0;
		error = announce_members(box);
		if (page)
			page->irq_enabled = irq_enabled;
	}
	if (self)
		self->kernels_own--;
	return error;
}

int builtin_booted(struct r3_box *box)
{
	int error = announce_members(box);

	box->booted = true;
	start_members(box);
	return error;
}
