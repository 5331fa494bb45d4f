// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Probes of include/ring3/ring3.h: planting them through the runtime, which
 * knows them as r3rt_event_*(), and telling the program of hits. What of two
 * probes of the same name is refused is as in kernel/trace/trace_kprobe.c.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "box/clock.h"
#include "box/sched.h"
#include "probe/event.h"
#include "probe/fetch.h"
#include "probe/spec.h"

#define KERN_WARNING_LEVEL 4 /* include/linux/kern_levels.h */
#define TASK_COMM_LEN      16
#define HIT_TEXT           16384 /* of one hit; strings have 4095 bytes at most */
#define SYMBOL_SIZE        1024

struct r3_probe {
	struct r3_probe *next, **link; /* box->probes, oldest first */
	struct r3_box *box;
	struct probe_spec spec;
	r3_probe_callback callback;
	void *context;
	long event; /* the runtime's, 0: its module is not there */
	uint64_t hits;
	uint64_t missed; /* of those that were there before */
	unsigned int planted;
};

/*
 * The lock around box->probes is held while kernel code plants a probe, which
 * sleeps: so nobody waits for it with a vCPU.
 */
static void events_lock(struct r3_box *box)
{
	struct thread *thread = thread_current();

	if (!pthread_mutex_trylock(&box->probes_lock))
		return;
	vcpu_release(thread);
	pthread_mutex_lock(&box->probes_lock);
	vcpu_acquire(thread);
}

static void events_unlock(struct r3_box *box)
{
	pthread_mutex_unlock(&box->probes_lock);
}

/* ---- what is wrong with a spec ---- */

static unsigned int column_of(const struct probe_spec *spec, const char *at)
{
	return at - spec->words;
}

static int fail_word(const struct probe_spec *spec, int error, const char *at, const char *message)
{
	const struct spec_problem problem = {message, column_of(spec, at)};

	return spec_fail(spec, error, &problem);
}

/* ---- symbols ---- */

static unsigned int count_named(void *context, const char *name)
{
	struct r3_box *box = context;
	unsigned int count = symbol_count(box, name);

	/* Of a member of the library that nothing has called yet? */
	if (!count && function_lookup(box, name))
		count = symbol_count(box, name);
	return count;
}

/* traceprobe_update_arg() */
static int find_data(struct r3_probe *probe)
{
	struct probe_spec *spec = &probe->spec;

	for (unsigned int i = 0; i < spec->nr_arguments; i++) {
		struct probe_argument *argument = &spec->arguments[i];

		if (argument->base != FETCH_SYMBOL)
			continue;
		argument->value = (unsigned long)r3_symbol(probe->box, argument->string);
		if (!argument->value)
			return fail_word(spec, -ENOENT, argument->string_at,
					 "There is no such symbol");
	}
	return 0;
}

/* ---- planting ---- */

static bool module_is_absent(struct r3_probe *probe)
{
	const char *colon = probe->spec.symbol ? strchr(probe->spec.symbol, ':') : NULL;
	char name[MODULE_NAME_LEN];
	bool absent;

	if (!colon || colon - probe->spec.symbol >= (long)sizeof(name))
		return false;
	snprintf(name, sizeof(name), "%.*s", (int)(colon - probe->spec.symbol), probe->spec.symbol);
	module_lock(probe->box);
	absent = !module_find(probe->box, name);
	module_unlock(probe->box);
	return absent;
}

static int refuse_place(const struct r3_probe *probe, int error)
{
	char message[128];

	if (error == -EILSEQ)
		return fail_word(&probe->spec, error, probe->spec.place,
				 "Probe point is not an instruction boundary");
	if (error == -ENOENT)
		return fail_word(&probe->spec, error, probe->spec.place,
				 "Invalid probed address or symbol");
	snprintf(message, sizeof(message), "Failed to register probe event: %s", strerror(-error));
	return fail_word(&probe->spec, error, probe->spec.place, message);
}

static int plant(struct r3_probe *probe)
{
	const struct r3_event_request request = {
		.symbol = probe->spec.symbol,
		.address = probe->spec.address,
		.offset = probe->spec.offset,
		.is_return = probe->spec.is_return,
		.maxactive = (int)probe->spec.maxactive,
		.id = (unsigned long)probe,
	};
	struct r3_box *box = probe->box;
	uint64_t result;
	int error = find_data(probe);

	if (error)
		return error;
	error = call_runtime(box, box->entries.event_new, &result, 1, (uint64_t)&request);
	if (error)
		return r3_fail(error, "planting the probe did not end: see the oops in the log");
	if ((long)result < 0)
		return refuse_place(probe, (int)result);
	probe->event = (long)result;
	probe->planted++;
	return 0;
}

static uint64_t ask_missed(const struct r3_probe *probe)
{
	uint64_t missed = 0;

	if (probe->event)
		call_runtime(probe->box, probe->box->entries.event_missed, &missed, 1,
			     (uint64_t)probe->event);
	return missed;
}

/* After it no hit is under way any more. */
static void uproot(struct r3_probe *probe)
{
	if (!probe->event)
		return;
	probe->missed += ask_missed(probe);
	call_runtime(probe->box, probe->box->entries.event_free, NULL, 1, (uint64_t)probe->event);
	probe->event = 0;
}

void events_module_coming(struct r3_box *box, const char *module)
{
	int error;

	if (!__atomic_load_n(&box->probes, __ATOMIC_ACQUIRE))
		return;
	events_lock(box);
	for (struct r3_probe *probe = box->probes; probe; probe = probe->next) {
		if (!spec_names_module(&probe->spec, module))
			continue;
		uproot(probe); /* it died with the module that was there before */
		error = plant(probe);
		if (error)
			box_printk(box, KERN_WARNING_LEVEL,
				   "trace_kprobe: Failed to re-register probe %s on %s: %d",
				   probe->spec.name, module, error);
	}
	events_unlock(box);
}

/* ---- two of the same name ---- */

/* trace_probe_compare_arg_type(): the first argument that differs; NULL: none. */
static const struct probe_argument *other_argument(const struct probe_spec *spec,
						   const struct probe_spec *other)
{
	for (unsigned int i = 0; i < spec->nr_arguments; i++) {
		const struct probe_argument *a = &spec->arguments[i], *b = &other->arguments[i];

		if (i >= other->nr_arguments || a->type != b->type || a->count != b->count ||
		    strcmp(a->name, b->name))
			return a;
	}
	return NULL;
}

static bool same_place(const struct probe_spec *spec, const struct probe_spec *other)
{
	if (!spec->symbol || !other->symbol)
		return !spec->symbol && !other->symbol && spec->address == other->address;
	return spec->offset == other->offset && !strcmp(spec->symbol, other->symbol);
}

static bool same_fetches(const struct probe_spec *spec, const struct probe_spec *other)
{
	for (unsigned int i = 0; i < spec->nr_arguments; i++)
		if (strcmp(spec->arguments[i].text, other->arguments[i].text))
			return false;
	return true;
}

/* append_trace_kprobe() */
static int check_namesake(const struct probe_spec *spec, const struct probe_spec *other)
{
	const struct probe_argument *differs;

	if (strcmp(spec->name, other->name) || strcmp(spec->group, other->group))
		return 0;
	if (spec->is_return != other->is_return)
		return fail_word(spec, -EEXIST, spec->words,
				 "Probe type is different from existing probe");
	differs = other_argument(spec, other);
	if (differs || spec->nr_arguments != other->nr_arguments)
		return fail_word(spec, -EEXIST,
				 differs ? differs->text : spec->words + spec->length,
				 "Argument type or name is different from existing probe");
	if (same_place(spec, other) && same_fetches(spec, other))
		return fail_word(spec, -EEXIST, spec->words,
				 "There is already the exact same probe event");
	return 0;
}

/* ---- the API ---- */

static int parse(struct r3_probe *probe, const char *text)
{
	struct spec_problem problem;
	int error = spec_parse(&probe->spec, text, count_named, probe->box, &problem);

	return error ? spec_fail(&probe->spec, error, &problem) : 0;
}

static int enlist(struct r3_probe *probe)
{
	struct r3_box *box = probe->box;
	struct r3_probe **link = &box->probes;
	int error = 0;

	for (; *link && !error; link = &(*link)->next)
		error = check_namesake(&probe->spec, &(*link)->spec);
	if (!error)
		error = plant(probe);
	if (error && (error != -ENOENT || !module_is_absent(probe)))
		return error;
	probe->link = link;
	__atomic_store_n(link, probe, __ATOMIC_RELEASE);
	return 0;
}

static void probe_free(struct r3_probe *probe)
{
	spec_release(&probe->spec);
	free(probe);
}

int r3_probe_add(struct r3_box *box, const char *spec, r3_probe_callback callback, void *context,
		 struct r3_probe **result)
{
	struct r3_probe *probe = calloc(1, sizeof(*probe));
	int error;

	if (!probe)
		return r3_fail(-ENOMEM, "no memory for a probe");
	probe->box = box;
	probe->callback = callback;
	probe->context = context;
	error = box_enter(box);
	if (error) {
		free(probe);
		return error;
	}
	error = parse(probe, spec);
	if (!error) {
		events_lock(box);
		error = enlist(probe);
		events_unlock(box);
	}
	box_leave(box);
	if (error)
		probe_free(probe);
	else
		*result = probe;
	return error;
}

int r3_probe_remove(struct r3_probe *probe)
{
	struct r3_box *box = probe->box;
	int error = box_enter(box);

	if (error)
		return error;
	events_lock(box);
	*probe->link = probe->next;
	if (probe->next)
		probe->next->link = probe->link;
	uproot(probe);
	events_unlock(box);
	box_leave(box);
	probe_free(probe);
	return 0;
}

int r3_probe_counts(struct r3_probe *probe, struct r3_probe_counts *counts)
{
	int error = box_enter(probe->box);

	if (error)
		return error;
	events_lock(probe->box);
	*counts = (struct r3_probe_counts){
		.name = probe->spec.name,
		.hits = __atomic_load_n(&probe->hits, __ATOMIC_RELAXED),
		.missed = probe->missed + ask_missed(probe),
		.planted = probe->planted,
	};
	events_unlock(probe->box);
	box_leave(probe->box);
	return 0;
}

void events_free(struct r3_box *box)
{
	while (box->probes) {
		struct r3_probe *probe = box->probes;

		box->probes = probe->next;
		probe_free(probe);
	}
}

/* ---- hits ---- */

/* print_kprobe_event(), print_kretprobe_event(): where it happened. */
static void print_place(struct r3_box *box, uint64_t address, uint64_t return_address,
			struct text *text)
{
	const struct object *object;
	const struct symbol *symbol;
	char name[SYMBOL_SIZE];

	symbol_format(box, return_address ? return_address : address, name, sizeof(name));
	text_add(text, "(%s", name);
	if (return_address) {
		object = object_of_address(box, address);
		symbol = object ? symbol_of_address(object, address) : NULL;
		if (symbol)
			text_add(text, " <- %s", object->strings + symbol->name);
		else
			text_add(text, " <- 0x%" PRIx64, address);
	}
	text_add(text, ")");
}

static void print_arguments(const struct probe_spec *spec, const struct fetch_source *source,
			    struct r3_probe_value *values, struct text *text)
{
	for (unsigned int i = 0; i < spec->nr_arguments; i++) {
		text_add(text, " %s=", spec->arguments[i].name);
		values[i].name = spec->arguments[i].name;
		values[i].text = text->buffer + text->length;
		fetch_argument(&spec->arguments[i], source, text);
		values[i].length = text->buffer + text->length - values[i].text;
	}
}

void event_hit(struct thread *thread, unsigned long id, const struct arch_registers *registers,
	       uint64_t address, uint64_t return_address)
{
	struct r3_probe *probe = (struct r3_probe *)id;
	struct r3_box *box = probe->box;
	char comm[TASK_COMM_LEN], buffer[HIT_TEXT];
	struct text text = {.buffer = buffer, .size = sizeof(buffer)};
	struct r3_probe_value values[MAX_TRACE_ARGS];
	const struct fetch_source source = {.box = box, .registers = registers, .comm = comm};
	struct r3_probe_hit hit = {
		.probe = probe,
		.name = probe->spec.name,
		.time_ns = clock_read(box),
		.cpu = thread->vcpu,
		.comm = comm,
		.address = address,
		.return_address = return_address,
		.text = buffer,
		.values = values,
		.nr_values = probe->spec.nr_arguments,
	};

	__atomic_add_fetch(&probe->hits, 1, __ATOMIC_RELAXED);
	if (!probe->callback)
		return;
	hit.pid = arch_current_task(thread, comm);
	text_add(&text, "%s: ", probe->spec.name);
	print_place(box, address, return_address, &text);
	print_arguments(&probe->spec, &source, values, &text);
	hit.length = text.length;
	probe->callback(probe->context, &hit);
}
