// SPDX-License-Identifier: GPL-2.0-or-later
/* The life of a box: boot, load, call, run the command, wait, unload, report. */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "cli/run.h"

static volatile sig_atomic_t interrupted;

static void on_interrupt(int signal)
{
	interrupted = 1;
}

static void on_log(void *context, const struct r3_log_record *record)
{
	struct run *run = context;

	if (run->json)
		recording_log(&run->recording, record);
	else
		term_log(&run->term, record);
}

/* The runtime, or a member of the library, which are named as object files are. */
static bool is_kernel_object(const char *name)
{
	size_t length = strlen(name);

	return strcmp(name, "runtime") == 0 || (length > 2 && strcmp(name + length - 2, ".o") == 0);
}

static void on_trace(void *context, const struct r3_trace_event *event)
{
	struct run *run = context;

	/* the kernel's code is probed because somebody asked for it */
	if (run->verbose < 2 && event->kind != R3_TRACE_PROBE && is_kernel_object(event->module))
		return;
	if (run->json)
		recording_trace(&run->recording, event);
	else
		term_trace(&run->term, event);
}

static void on_progress(void *context, const char *what, unsigned int done, unsigned int total)
{
	struct run *run = context;

	term_progress(&run->term, what, done, total);
}

/* The console level is a matter of the kernel's command line, where the last word counts. */
static int set_loglevel(struct run *run)
{
	const char *given = run->options.cmdline ? run->options.cmdline : "";

	if (run->loglevel < 0)
		return 0;
	if (asprintf(&run->cmdline, "%s%sloglevel=%d", given, *given ? " " : "", run->loglevel) < 0)
		return -ENOMEM;
	run->options.cmdline = run->cmdline;
	return 0;
}

static int boot(struct run *run)
{
	const struct module_file *first = run->plan.nr_modules ? &run->plan.modules[0]->file : NULL;
	const char *release;

	if (!run->options.target)
		run->options.target = first ? module_file_target(first) : "builtin";
	release = strcmp(run->options.target, "builtin") ? run->options.target : NULL;
	run->tree_named = run->options.modules_dir;
	run->tree = finder_tree(run->options.modules_dir, release, first ? first->path : NULL);
	run->options.modules_dir = run->tree;
	run->options.size = sizeof(run->options);
	run->options.log = on_log;
	run->options.progress = on_progress;
	run->options.trace = run->verbose ? on_trace : NULL;
	run->options.context = run;
	if (set_loglevel(run))
		return -ENOMEM;
	if (run_is_24(run))
		load_plan_order24(&run->plan);
	else if (load_plan_order(&run->plan, &run->term, run->tree))
		return -ENOENT;
	if (r3_box_new(&run->box, &run->options)) {
		term_progress_end(&run->term);
		run->box = NULL;
		run->boot_error = r3_error();
		term_error(&run->term, "no box for %s: %s", run->options.target, run->boot_error);
		return -ENOENT;
	}
	return 0;
}

static void advise(struct run *run, const struct load_item *module)
{
	char **names = module->file.parameters;
	unsigned int i;

	if (module->file.is_of_24)
		term_advice(&run->term, "it was built for the 2.4 scheme: ring3 run --scheme 2.4");
	else if (module->message && *module->message)
		term_advice(&run->term, "%s", module->message);
	if (module->load_error == -ENOENT)
		term_advice(&run->term, "'ring3 check %s' tells of every import that is missing",
			    module->file.path);
	if (module->load_error != -EINVAL || !*module->parameters || !names || !names[0])
		return;
	fprintf(stderr, "       its parameters are:");
	for (i = 0; names[i]; i++)
		fprintf(stderr, " %s", names[i]);
	fputc('\n', stderr);
}

static void note_info(struct run *run, struct load_item *module)
{
	struct r3_module_info info;

	if (r3_module_info(run->box, module->file.name, &info))
		return;
	module->address = info.address;
	module->core_size = info.core_size;
	module->init_size = info.init_size;
	snprintf(module->taints, sizeof(module->taints), "%s", info.taints);
}

static int load_one(struct run *run, struct load_item *module)
{
	int error = r3_module_load(run->box, module->file.path, module->parameters, 0, NULL);

	term_progress_end(&run->term);
	if (!error)
		return 0;
	module->load_error = error;
	module->message = strdup(r3_error());
	term_error(&run->term, "could not insert module %s: %s", module->file.path,
		   load_error_text(error));
	advise(run, module);
	return error;
}

/* Load in order; the first failure ends it. */
static int load_all(struct run *run)
{
	struct load_item *module;
	unsigned int i;

	for (i = 0; i < run->plan.nr_order; i++) {
		module = run->plan.order[i];
		module->load_error =
			run_is_24(run) ? run_load24(run, module) : load_one(run, module);
		if (module->load_error)
			return module->load_error;
		module->loaded = true;
		note_info(run, module);
	}
	return 0;
}

static int make_calls(struct run *run)
{
	struct call *call;
	int failed = 0;
	unsigned int i;

	for (i = 0; i < run->nr_calls; i++) {
		call = &run->calls[i];
		if (call_make(call, run->box)) {
			term_error(&run->term, "could not call %s: %s", call->function,
				   call->error == -ENOENT ? "no such function"
							  : load_error_text(call->error));
			failed = call->error;
		} else if (!run->json) {
			/* as initcall_debug says it; the register for what is wider */
			term_print(&run->term, TERM_BOLD, "ring3: %s returned %d (0x%" PRIx64 ")",
				   call->spelled, (int)call->result, call->result);
		}
	}
	return failed;
}

static void wait_a_while(struct run *run)
{
	const struct timespec step = {.tv_nsec = 10000000};
	struct sigaction action = {.sa_handler = on_interrupt}, old;
	struct timespec now, end;

	if (run->wait.tv_sec == 0 && run->wait.tv_nsec == 0)
		return;
	sigaction(SIGINT, &action, &old);
	clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_sec += run->wait.tv_sec;
	end.tv_nsec += run->wait.tv_nsec;
	do {
		nanosleep(&step, NULL);
		clock_gettime(CLOCK_MONOTONIC, &now);
	} while (!interrupted &&
		 (now.tv_sec - end.tv_sec) * 1000000000L + now.tv_nsec - end.tv_nsec < 0);
	sigaction(SIGINT, &old, NULL);
}

static void note_unload(void *context, const struct r3_module_info *info, int error)
{
	struct run *run = context;
	struct load_item *module = load_plan_find(&run->plan, info->name);

	run->unload_refused |= error == -EPERM;
	if (!module)
		return; /* a client's, or the kernel's own */
	module->refcount = error && info->refcount > 0 ? info->refcount : 0;
	module->unload_error = error;
	module->unloaded = error == 0;
}

int run_start(struct run *run)
{
	int failed = run_open_front(run);

	if (!failed)
		failed = boot(run);
	if (!failed)
		failed = run_serve_front(run);
	run->ready = !failed;
	if (!failed && run->probes)
		failed = probe_set_plant(run->probes, run->box);
	if (!failed)
		failed = load_all(run);
	if (!failed)
		failed = make_calls(run);
	return failed;
}

/* Clients may have unloaded it, and then nobody has tried it at the end. */
static void note_unloaded_before(struct run *run)
{
	struct r3_module_info info;

	for (unsigned int i = 0; i < run->plan.nr_order; i++) {
		struct load_item *module = run->plan.order[i];

		if (module->loaded && !module->unloaded &&
		    r3_module_info(run->box, module->file.name, &info) == -ENOENT)
			module->unloaded = true;
	}
}

void run_finish(struct run *run)
{
	const char *kept = NULL;

	run_close_front(run);
	if (!run->ready)
		return;
	unload_all(run->box, note_unload, run);
	note_unloaded_before(run);
	if (run->options.flags & R3_BOX_NO_UNLOAD)
		kept = "this box never unloads";
	else if (run->unload_refused)
		kept = "kernel.modules_disabled is set";
	if (report_collect(&run->report, run->box, &run->plan, kept))
		term_error(&run->term, "the report is not complete: %s", r3_error());
	if (run_has_clients(run))
		report_strangers(&run->report, run->box, &run->plan);
	if (run->probes)
		probe_set_report(run->probes);
	if (!run->json)
		report_print(&run->report, &run->term, &run->plan);
}

int run_box(struct run *run)
{
	int failed = run_start(run), status = 0;

	if (!failed && run->command) {
		status = run_client(run);
		failed = status < 0 ? status : 0;
	}
	if (!failed)
		wait_a_while(run);
	run_finish(run);
	if (run->json)
		run_write(run, stdout, !failed && run->report.clean);
	if (status > 0)
		return status;
	return failed || !run->report.clean ? EXIT_FAILURE : EXIT_SUCCESS;
}

void run_init(struct run *run, const char *name)
{
	*run = (struct run){.name = name, .loglevel = -1};
	term_init(&run->term);
}

void run_release(struct run *run)
{
	unsigned int i;

	if (run->box)
		r3_box_free(run->box);
	report_release(&run->report);
	load_plan_release(&run->plan);
	recording_release(&run->recording);
	for (i = 0; i < run->nr_calls; i++)
		call_release(&run->calls[i]);
	free(run->calls);
	free(run->words);
	free(run->tree);
	free(run->cmdline);
	free(run->modules_dir);
	if (run->console_file)
		fclose(run->console_file);
}
