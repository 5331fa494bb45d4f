// SPDX-License-Identifier: GPL-2.0-or-later
/* Booting a box and taking it apart. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "arch/x86_64/arch.h"
#include "box/account.h"
#include "box/clock.h"
#include "box/console.h"
#include "box/log.h"
#include "box/pages.h"
#include "box/sched.h"
#include "box/slab.h"
#include "box/space.h"
#include "box/vmalloc.h"
#include "loader/boot.h"
#include "loader/loader.h"
#include "loader/symbol_table.h"
#include "scheme24/scheme24.h"
#include "probe/event.h"
#include "probe/probe.h"
#include "target/target.h"

#define DEFAULT_MEMORY (256UL << 20)
#define DEFAULT_CPUS   2

/* Times that nothing changes before what is left counts as leaked. */
#define SETTLE_ROUNDS  25

static char *copy_or_null(const char *string, bool *failed)
{
	char *copy = string ? strdup(string) : NULL;

	if (string && !copy)
		*failed = true;
	return copy;
}

/* The strings of the options become the box's own. */
static int copy_options(struct r3_box *box, const struct r3_box_options *options)
{
	bool failed = false;

	memcpy(&box->options, options,
	       options->size < sizeof(*options) ? options->size : sizeof(*options));
	box->options.target = copy_or_null(options->target, &failed);
	box->options.headers = copy_or_null(options->headers, &failed);
	box->options.source = copy_or_null(options->source, &failed);
	box->options.modules_dir = copy_or_null(options->modules_dir, &failed);
	box->options.cmdline = copy_or_null(options->cmdline, &failed);
	if (!box->options.memory)
		box->options.memory = DEFAULT_MEMORY;
	if (!box->options.cpus)
		box->options.cpus = DEFAULT_CPUS;
	return failed ? -ENOMEM : 0;
}

static void free_options(struct r3_box *box)
{
	free((char *)box->options.target);
	free((char *)box->options.headers);
	free((char *)box->options.source);
	free((char *)box->options.modules_dir);
	free((char *)box->options.cmdline);
}

static void sysctls_init(struct r3_box *box)
{
	/* CONFIG_MODPROBE_PATH and CONFIG_SECURITY_DMESG_RESTRICT of Debian */
	strcpy(box->sysctls.modprobe_path, "/sbin/modprobe");
	box->sysctls.dmesg_restrict = 1;
	pthread_mutex_init(&box->sysctls.lock, NULL);
	pthread_rwlock_init(&box->user_mode.lock, NULL);
}

static void init_locks(struct r3_box *box)
{
	pthread_mutexattr_t recursive;

	pthread_mutexattr_init(&recursive);
	pthread_mutexattr_settype(&recursive, PTHREAD_MUTEX_RECURSIVE);
	pthread_mutex_init(&box->module_lock, &recursive);
	pthread_mutexattr_destroy(&recursive);
	pthread_cond_init(&box->module_wait, NULL);
	pthread_mutex_init(&box->sched_lock, NULL);
	pthread_cond_init(&box->thread_died, NULL);
	pthread_mutex_init(&box->mappings_lock, NULL);
	pthread_mutex_init(&box->pending_lock, NULL);
	pthread_mutex_init(&box->catalogue_lock, NULL);
	pthread_mutex_init(&box->probes_lock, NULL);
	pthread_mutex_init(&box->trace_lock, NULL);
}

static int make_memory(struct r3_box *box)
{
	struct space *space = &box->space;
	int error = space_init(space, box->options.memory, box->options.cpus);

	if (error)
		return r3_fail(error, "no room for a box in this process' address space: %s",
			       strerror(-error));
	box->module_ranges = ranges_new(space->module_base, space->module_size, PAGE_SIZE);
	box->vmalloc_ranges = ranges_new(space->vmalloc_base, space->vmalloc_size, PAGE_SIZE);
	box->user_ranges = ranges_new(space->user_base, space->user_size, PAGE_SIZE);
	/* Link address 0 of the area would look like a null pointer to no one, but its page is
	 * ours. */
	box->percpu_ranges = ranges_new(space->percpu_base, space->percpu_size, 8);
	box->pages = pages_new(space->memory_base, space->memory_size);
	box->slab = slab_new(box);
	box->accounts = accounts_new(box);
	box->log = log_new(box);
	box->clock = clock_new(box);
	box->exports = symbol_table_new();
	box->kernel = symbol_table_new();
	box->members = symbol_table_new();
	box->module_names = symbol_table_new();
	box->page_objects = calloc(space->module_size / PAGE_SIZE, sizeof(*box->page_objects));
	if (!box->module_ranges || !box->vmalloc_ranges || !box->user_ranges ||
	    !box->percpu_ranges || !box->pages || !box->slab || !box->accounts || !box->log ||
	    !box->clock || !box->exports || !box->kernel || !box->members || !box->module_names ||
	    !box->page_objects)
		return -ENOMEM;
	return vcpus_init(box, box->options.cpus);
}

/* Modules of 2.4 never knew a release of today: only our own kernel can be theirs. */
static int check_scheme(const struct r3_box_options *options)
{
	if (!(options->flags & R3_BOX_SCHEME_2_4) || !options->target ||
	    !strcmp(options->target, "builtin"))
		return 0;
	return r3_fail(-EINVAL, "the 2.4 scheme has the builtin target only, not %s",
		       options->target);
}

int r3_box_new(struct r3_box **result, const struct r3_box_options *options)
{
	struct r3_box *box;
	int error;

	if (!options || options->cpus > R3_MAX_CPUS || options->size < sizeof(size_t))
		return r3_fail(-EINVAL, "a box needs its options' size set, and 1 to %d vCPUs",
			       R3_MAX_CPUS);
	box = calloc(1, sizeof(*box));
	if (!box)
		return r3_fail(-ENOMEM, "no memory for a box");
	box->boot_ns = clock_now();
	sysctls_init(box);
	init_locks(box);
	error = copy_options(box, options);
	console_boot(box);
	if (!error)
		error = check_scheme(&box->options);
	if (!error)
		error = target_open(&box->target, &box->options);
	if (!error)
		error = make_memory(box);
	if (!error)
		error = arch_traps_install();
	if (!error)
		error = boot_runtime(box);
	if (error) {
		r3_box_free(box);
		return error;
	}
	*result = box;
	return 0;
}

void r3_box_free(struct r3_box *box)
{
	if (!box)
		return;
	threads_stop_begin(box);
	clock_stop(box);
	threads_stop(box);
	clock_free(box);
	console_forget(box);
	events_free(box);
	unload_everything(box);
	scheme24_free(box);
	points_free(box);
	free(box->page_objects);
	symbol_table_free(box->module_names);
	symbol_table_free(box->members);
	symbol_table_free(box->kernel);
	symbol_table_free(box->exports);
	if (box->log)
		log_flush(box);
	log_free(box->log);
	accounts_free(box->accounts);
	slab_free_all(box->slab);
	pages_free_all(box->pages);
	ranges_free(box->percpu_ranges);
	ranges_free(box->user_ranges);
	ranges_free(box->vmalloc_ranges);
	ranges_free(box->module_ranges);
	vcpus_free(box);
	space_release(&box->space);
	target_close(box->target);
	free_options(box);
	pthread_mutex_destroy(&box->module_lock);
	pthread_cond_destroy(&box->module_wait);
	pthread_mutex_destroy(&box->sched_lock);
	pthread_cond_destroy(&box->thread_died);
	pthread_mutex_destroy(&box->mappings_lock);
	pthread_mutex_destroy(&box->pending_lock);
	pthread_mutex_destroy(&box->catalogue_lock);
	pthread_mutex_destroy(&box->probes_lock);
	pthread_mutex_destroy(&box->trace_lock);
	pthread_mutex_destroy(&box->sysctls.lock);
	pthread_rwlock_destroy(&box->user_mode.lock);
	free(box);
}

const char *r3_box_release(const struct r3_box *box)
{
	if (box->options.flags & R3_BOX_SCHEME_2_4)
		return R3_24_RELEASE;
	if (box->data && box->data->release)
		return box->data->release;
	return box->target ? target_release(box->target) : "";
}

bool box_release_before(const struct r3_box *box, unsigned int major, unsigned int minor)
{
	unsigned int has_major = 6, has_minor = 1;

	if (box->data && box->data->release)
		sscanf(box->data->release, "%u.%u", &has_major, &has_minor);
	return has_major != major ? has_major < major : has_minor < minor;
}

static int sum_bytes(void *context, const struct r3_leak *leak)
{
	*(uint64_t *)context += leak->bytes;
	return 0;
}

/*
 * Memory that is freed after a grace period, or by a worker of the kernel's
 * own, is no leak: wait for it, as long as there is some and it grows less.
 */
static void settle(struct r3_box *box)
{
	const struct timespec pause = {.tv_nsec = 2000000};
	uint64_t bytes, before = UINT64_MAX;
	unsigned int unchanged = 0;

	while (box->entries.settle && !box->panicked && unchanged < SETTLE_ROUNDS) {
		bytes = 0;
		account_each(box, sum_bytes, &bytes);
		if (!bytes)
			return;
		unchanged = bytes == before ? unchanged + 1 : 0;
		before = bytes;
		runtime_settle(box);
		nanosleep(&pause, NULL);
	}
}

int r3_leak_each(struct r3_box *box, int (*visit)(void *context, const struct r3_leak *leak),
		 void *context)
{
	settle(box);
	return account_each(box, visit, context);
}

int r3_box_report(struct r3_box *box, struct r3_box_report *report)
{
	uint64_t total = box->space.memory_size / PAGE_SIZE - 1;

	*report = (struct r3_box_report){
		.warnings = box->warnings,
		.oopses = box->oopses,
		.panics = box->panics,
		.taint = box->taints,
		.memory_used = (total - page_count_free(box->pages)) * PAGE_SIZE,
		.modules = box->modules_loaded,
	};
	return 0;
}
