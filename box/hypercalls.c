// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What kernel code can ask of the host (ring3/hypercall.h). Each runs on the
 * calling thread's host stack; the thread is in thread_current().
 */
#include <errno.h>
#include <sched.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include "arch/x86_64/arch.h"
#include "box/account.h"
#include "box/clock.h"
#include "box/hypercalls.h"
#include "box/log.h"
#include "box/pages.h"
#include "box/report.h"
#include "box/sched.h"
#include "box/slab.h"
#include "box/vmalloc.h"
#include "loader/request.h"
#include "loader/loader.h"
#include "probe/event.h"
#include "probe/probe.h"

#define KERN_WARNING_LEVEL 4 /* include/linux/kern_levels.h */

static struct r3_box *this_box(void)
{
	return thread_current()->box;
}

/* ---- log and reports ---- */

/*
 * Linux's own parts report for duty when it boots, long before any module logs
 * something; here they come when they are needed. What they then have to say
 * is left out unless it is a warning or worse.
 */
static bool is_boot_message(int level, unsigned int flags)
{
	struct thread *thread = thread_current();

	if (!thread || !thread->booting || thread->vcpu < 0 ||
	    thread->box->vcpus[thread->vcpu].in_interrupt)
		return false;
	if (!(flags & R3_LOG_CONT))
		thread->boot_message = level > KERN_WARNING_LEVEL;
	return thread->boot_message;
}

void r3hc_log(int level, unsigned int flags, const char *text, unsigned long len,
	      const char *subsystem, const char *device)
{
	if (!is_boot_message(level, flags))
		log_store(this_box(), level, flags, text, len, subsystem, device);
}

void r3hc_dump_stack(int level)
{
	struct arch_registers registers;

	arch_hypercall_registers(thread_current(), &registers);
	arch_dump_stack(thread_current(), &registers, level);
}

void r3hc_warn(const char *file, int line, unsigned long caller)
{
	struct arch_registers registers;

	arch_hypercall_registers(thread_current(), &registers);
	if (caller)
		registers.rip = caller;
	arch_report_warning(thread_current(), &registers, file, line);
}

void r3hc_oops(const char *message)
{
	struct arch_registers registers;

	arch_hypercall_registers(thread_current(), &registers);
	arch_report_oops(thread_current(), &registers, message, 0, 0);
	arch_kernel_abort(thread_current()->frame);
}

void r3hc_panic(const char *message)
{
	box_panic(this_box(), message);
	arch_kernel_abort(thread_current()->frame);
}

int r3hc_call(unsigned long function, unsigned long argument, unsigned long *result)
{
	return kernel_call_back(thread_current(), function, argument, result);
}

unsigned long r3hc_taint(unsigned long bits)
{
	return __atomic_or_fetch(&this_box()->taints, bits, __ATOMIC_RELAXED);
}

/* ---- clock and interrupts ---- */

unsigned long r3hc_clock(int clock)
{
	struct timespec now;

	switch (clock) {
	case R3_CLOCK_MONOTONIC:
		return clock_read(this_box());
	case R3_CLOCK_REALTIME:
		return clock_realtime();
	default:
		clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
		return now.tv_sec * 1000000000UL + now.tv_nsec;
	}
}

void r3hc_random(void *buffer, unsigned long len)
{
	for (unsigned long done = 0; done < len;) {
		ssize_t got = getrandom((char *)buffer + done, len - done, 0);

		if (got > 0)
			done += got;
	}
}

void r3hc_delay(unsigned long ns)
{
	uint64_t end = clock_monotonic(this_box()) + ns;

	while (clock_monotonic(this_box()) < end)
		__builtin_ia32_pause();
}

void r3hc_timer_program(int cpu, unsigned long expires)
{
	if ((unsigned int)cpu < this_box()->nr_vcpus)
		clock_program(this_box(), cpu, expires);
}

void r3hc_tick(unsigned int hz)
{
	clock_tick(this_box(), hz);
}

void r3hc_jiffies(unsigned long *counter, unsigned int hz)
{
	clock_jiffies(this_box(), counter, hz);
}

void r3hc_ipi(int cpu, unsigned int bits)
{
	if ((unsigned int)cpu < this_box()->nr_vcpus)
		interrupt_raise(this_box(), cpu, bits);
}

void r3hc_interrupts(void)
{
	struct thread *thread = thread_current();
	struct r3_vcpu_page *page = this_box()->vcpus[thread->vcpu].page;

	if (page->irq_enabled && !page->irq_defer)
		arch_run_interrupts(thread);
}

/* ---- threads and vCPUs ---- */

unsigned long r3hc_thread_new(void *task, unsigned long function, unsigned long argument)
{
	return (unsigned long)thread_start(this_box(), task, function, argument);
}

void r3hc_thread_exit(void)
{
	thread_exit(thread_current());
}

void r3hc_park(void)
{
	thread_park(thread_current());
}

void r3hc_unpark(unsigned long thread)
{
	thread_unpark((struct thread *)thread);
}

void r3hc_yield(void)
{
	thread_yield(thread_current());
}

void r3hc_relax(void)
{
	thread_relax(thread_current());
}

void r3hc_affinity(unsigned long thread, unsigned long mask)
{
	((struct thread *)thread)->affinity = mask;
}

int r3hc_vcpu_state(int cpu)
{
	struct r3_box *box = this_box();

	if ((unsigned int)cpu >= box->nr_vcpus || !box->vcpus[cpu].holder)
		return 0;
	return box->vcpus[cpu].in_interrupt ? 2 : 1;
}

int r3hc_vcpu_wanted(void)
{
	return __atomic_load_n(&this_box()->vcpu_waiters, __ATOMIC_RELAXED) != 0;
}

/* ---- memory ---- */

unsigned long r3hc_page_alloc(unsigned int order, unsigned int flags)
{
	return page_alloc(this_box()->pages, order, flags & R3_ALLOC_ZERO);
}

int r3hc_page_free(unsigned long physical, unsigned int order)
{
	return page_free(this_box()->pages, physical, order);
}

int r3hc_page_split(unsigned long physical, unsigned int order)
{
	return page_split(this_box()->pages, physical, order);
}

unsigned long r3hc_page_count(void)
{
	return page_count_free(this_box()->pages);
}

void *r3hc_cache_new(const char *name, unsigned int size, unsigned int align, unsigned int flags)
{
	return cache_new(this_box()->slab, name, size, align);
}

unsigned long r3hc_cache_free(void *cache)
{
	return cache_destroy(this_box()->slab, cache);
}

void *r3hc_object_alloc(void *cache, unsigned int flags, int *fresh)
{
	bool is_fresh = false;
	uint64_t owner = flags & R3_ALLOC_INTERNAL ? 0 : account_owner(thread_current());
	void *object =
		object_alloc(this_box()->slab, cache, flags & R3_ALLOC_ZERO, owner, &is_fresh);

	if (fresh)
		*fresh = is_fresh;
	return object;
}

int r3hc_object_free(void *cache, void *object)
{
	return object_free_checked(this_box()->slab, cache, object);
}

void *r3hc_kmalloc(unsigned long size, unsigned int flags)
{
	return slab_kmalloc(this_box()->slab, size, flags & R3_ALLOC_ZERO,
			    flags & R3_ALLOC_INTERNAL ? 0 : account_owner(thread_current()));
}

unsigned long r3hc_ksize(const void *object)
{
	return slab_size_of(this_box()->slab, object);
}

void *r3hc_object_cache(const void *object)
{
	return slab_cache_of(this_box()->slab, object);
}

void *r3hc_object_at(const void *address, unsigned long *size, void **cache)
{
	return slab_object_at(this_box()->slab, address, size, (struct cache **)cache);
}

unsigned long r3hc_vmap(const unsigned long *physical, unsigned long n, unsigned int prot)
{
	return vmap(this_box(), physical, n, prot);
}

unsigned long r3hc_vunmap(unsigned long address)
{
	return vunmap(this_box(), address);
}

unsigned long r3hc_vmalloc_physical(unsigned long address)
{
	return vmalloc_physical(this_box(), address);
}

void r3hc_account(const void *pointer, unsigned long size, const char *kind)
{
	account_add(this_box(), (uint64_t)pointer, size, kind, account_owner(thread_current()));
}

void r3hc_unaccount(const void *pointer)
{
	account_remove(this_box(), (uint64_t)pointer);
}

void r3hc_own(int by)
{
	thread_current()->kernels_own += by;
}

unsigned long r3hc_percpu_alloc(unsigned long size, unsigned long align)
{
	return percpu_alloc(this_box(), size, align);
}

unsigned long r3hc_percpu_free(unsigned long address)
{
	return range_give(this_box()->percpu_ranges, address);
}

long r3hc_user_map(unsigned long address, unsigned long length, unsigned int prot)
{
	return user_map(this_box(), address, length, prot);
}

long r3hc_user_unmap(unsigned long address, unsigned long length)
{
	return user_unmap(this_box(), address, length);
}

/* ---- code and symbols ---- */

int r3hc_text_poke(unsigned long address, const void *bytes, unsigned long len)
{
	return arch_text_poke(this_box(), address, bytes, len);
}

unsigned long r3hc_symbol_lookup(const char *name)
{
	return symbol_lookup(this_box(), name);
}

int r3hc_symbol_find(unsigned long address, char *name, unsigned long *offset, unsigned long *size,
		     char *module)
{
	const struct object *object = object_of_address(this_box(), address);
	const struct symbol *symbol = object ? symbol_of_address(object, address) : NULL;

	if (!symbol)
		return -ENOENT;
	*offset = address - symbol->address;
	*size = symbol_span(object, symbol);
	/* KSYM_NAME_LEN and MODULE_NAME_LEN of the callers' buffers. */
	strncpy(name, object->strings + symbol->name, 511);
	name[511] = '\0';
	strcpy(module, object->module ? object->module->name : "");
	return 0;
}

int r3hc_export_find(const char *name, unsigned long *address, int *gpl, void **owner)
{
	return export_lookup(this_box(), name, address, gpl, owner);
}

void *r3hc_module_of(unsigned long address, int text_only)
{
	const struct object *object = object_of_address(this_box(), address);

	if (!object || !object->module)
		return NULL;
	if (text_only && !address_is_text(this_box(), address))
		return NULL;
	return (void *)object->module->handle;
}

int r3hc_is_text(unsigned long address)
{
	return address_is_text(this_box(), address);
}

int r3hc_is_missing(unsigned long address)
{
	return stub_missing_name(this_box(), address) != NULL;
}

void *r3hc_module_find(const char *name)
{
	return (void *)module_handle(this_box(), name);
}

int r3hc_request_module(const char *name, int wait)
{
	return request_module(this_box(), name, wait);
}

void r3hc_event_hit(unsigned long id, struct pt_regs *registers, unsigned long address,
		    unsigned long return_address)
{
	event_hit(thread_current(), id, (const struct arch_registers *)registers, address,
		  return_address);
}

struct trace {
	unsigned long *entries;
	unsigned int count, max, skip;
};

static int trace_one(void *context, uint64_t address, bool reliable)
{
	struct trace *trace = context;

	if (!reliable)
		return 0;
	if (trace->skip) {
		trace->skip--;
		return 0;
	}
	if (trace->count == trace->max)
		return 1;
	trace->entries[trace->count++] = address;
	return 0;
}

unsigned int r3hc_stack_trace(unsigned long *entries, unsigned int max, unsigned int skip)
{
	struct trace trace = {entries, 0, max, skip};
	struct arch_registers registers;

	arch_hypercall_registers(thread_current(), &registers);
	if (!trace_one(&trace, registers.rip, true))
		arch_unwind(thread_current(), &registers, trace_one, &trace);
	return trace.count;
}

/* ---- probes ---- */

long r3hc_point_new(unsigned long address, void *context)
{
	return point_new(this_box(), address, (uint64_t)context);
}

void r3hc_point_info(unsigned long point, struct r3_point_info *info)
{
	point_info(this_box(), point, info);
}

int r3hc_point_arm(unsigned long point, unsigned int post)
{
	return point_arm(this_box(), point, post);
}

void r3hc_point_disarm(unsigned long point)
{
	point_disarm(this_box(), point);
}

int r3hc_point_optimize(unsigned long point)
{
	return point_optimize(this_box(), point);
}

void r3hc_point_unoptimize(unsigned long point)
{
	point_unoptimize(this_box(), point);
}

void r3hc_point_free(unsigned long point)
{
	point_free(this_box(), point);
}

unsigned long r3hc_point_address(unsigned long address)
{
	return function_behind(this_box(), address);
}

unsigned long r3hc_point_symbol(const char *name)
{
	return function_lookup(this_box(), name);
}

/* ---- the table ---- */

struct hypercall {
	const char *name;
	void *function;
};

#define CALL(name)                                                                                 \
	{                                                                                          \
		"r3hc_" #name, r3hc_##name                                                         \
	}

static const struct hypercall hypercalls[] = {
	CALL(log),
	CALL(dump_stack),
	CALL(warn),
	CALL(oops),
	CALL(panic),
	CALL(taint),
	CALL(clock),
	CALL(random),
	CALL(delay),
	CALL(timer_program),
	CALL(tick),
	CALL(jiffies),
	CALL(ipi),
	CALL(interrupts),
	CALL(thread_new),
	CALL(thread_exit),
	CALL(park),
	CALL(unpark),
	CALL(yield),
	CALL(relax),
	CALL(affinity),
	CALL(vcpu_state),
	CALL(vcpu_wanted),
	CALL(page_alloc),
	CALL(page_free),
	CALL(page_split),
	CALL(page_count),
	CALL(cache_new),
	CALL(cache_free),
	CALL(object_alloc),
	CALL(object_free),
	CALL(kmalloc),
	CALL(ksize),
	CALL(object_cache),
	CALL(object_at),
	CALL(vmap),
	CALL(vunmap),
	CALL(vmalloc_physical),
	CALL(account),
	CALL(unaccount),
	CALL(percpu_alloc),
	CALL(percpu_free),
	CALL(user_map),
	CALL(user_unmap),
	CALL(text_poke),
	CALL(symbol_lookup),
	CALL(symbol_find),
	CALL(export_find),
	CALL(module_of),
	CALL(is_text),
	CALL(is_missing),
	CALL(module_find),
	CALL(request_module),
	CALL(stack_trace),
	CALL(call),
	CALL(own),
	CALL(point_new),
	CALL(point_info),
	CALL(point_arm),
	CALL(point_disarm),
	CALL(point_optimize),
	CALL(point_unoptimize),
	CALL(point_free),
	CALL(point_symbol),
	CALL(point_address),
	CALL(event_hit),
};

const char *hypercall_at(unsigned int index, void **function)
{
	if (index >= sizeof(hypercalls) / sizeof(hypercalls[0]))
		return NULL;
	*function = hypercalls[index].function;
	return hypercalls[index].name;
}

void *hypercall_find(const char *name)
{
	void *function;
	const char *at;

	for (unsigned int i = 0; (at = hypercall_at(i, &function)); i++)
		if (!strcmp(at, name))
			return function;
	return NULL;
}
