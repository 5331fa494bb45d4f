// SPDX-License-Identifier: GPL-2.0-or-later
/* ring3 run: boot, load, call, wait, unload, report. */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "cli/commands.h"
#include "cli/run.h"

static const struct option long_options[] = {
	BOX_LONG_OPTIONS,
	RUN_LONG_OPTIONS{"call", required_argument, NULL, OPTION_CALL},
	{"time", required_argument, NULL, OPTION_TIME},
	{0},
};

static const char help[] =
	"Usage: ring3 run [OPTION]... MODULE.ko [PARAM=VALUE]... [+ MODULE.ko "
	"[PARAM=VALUE]...]... [-- COMMAND [ARGUMENT]...]\n"
	"Boot a box, load the modules in order, each after the modules it depends on, show\n"
	"the kernel log, unload in reverse order and report what is left.\n\n"
	"      --call FUNCTION[,ARGUMENT]...\n"
	"                          call a function when all is loaded; an argument is a number\n"
	"                          or a \"string\" in quotes; may be repeated. What it\n"
	"                          returned is shown as an int, and in brackets as the whole\n"
	"                          register, of which only as much counts as its type has\n"
	"      --time SECONDS      keep running that long before unloading\n" RUN_OPTIONS_HELP
		BOX_OPTIONS_HELP "  -h, --help              this text\n\n"
	"'--' before the first module ends the options. After it comes a command to run in the\n"
	"box when all is loaded: its module system calls, /proc/modules, /sys/module, dmesg and\n"
	"uname are the box's; log and report go to stderr then.\n\n"
	"Exit status: the command's, if there is one and its is not 0. Else 0 if every module\n"
	"was loaded and unloaded, no memory or reference is left and there was no warning and\n"
	"no oops; 1 if not; 2 for wrong usage.\n";

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

	if (run->verbose < 2 && is_kernel_object(event->module))
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

static int parse_time(const char *text, struct timespec *wait)
{
	char *end;
	double seconds = strtod(text, &end);

	if (end == text || *end || !(seconds >= 0 && seconds <= 1e6))
		return -EINVAL;
	wait->tv_sec = (time_t)seconds;
	wait->tv_nsec = (long)((seconds - (double)wait->tv_sec) * 1e9);
	return 0;
}

static int add_call(struct run *run, const char *text)
{
	struct call *calls = realloc(run->calls, (run->nr_calls + 1) * sizeof(*calls));

	if (!calls)
		return -ENOMEM;
	run->calls = calls;
	if (call_parse(&calls[run->nr_calls], text)) {
		usage_error(run->name, "--call takes FUNCTION[,ARGUMENT]..., at most %d, not '%s'",
			    CALL_MAX_ARGUMENTS, text);
		return -EINVAL;
	}
	run->nr_calls++;
	return 0;
}

int run_option(struct run *run, int option, char *value)
{
	unsigned long number;

	switch (option) {
	case 'v':
		run->verbose++;
		return 0;
	case OPTION_JSON:
		run->json = true;
		return 0;
	case OPTION_NO_UNLOAD:
		run->options.flags |= R3_BOX_NO_UNLOAD;
		return 0;
	case OPTION_CONSOLE:
		run->console = value;
		return 0;
	case OPTION_CALL:
		return add_call(run, value);
	case OPTION_LOGLEVEL:
		if (parse_number(value, 0, 8, &number)) {
			usage_error(run->name, "--loglevel takes a number from 0 to 8, not '%s'",
				    value);
			return -EINVAL;
		}
		run->loglevel = (int)number;
		return 0;
	case OPTION_TIME:
		if (parse_time(value, &run->wait)) {
			usage_error(run->name, "--time takes a number of seconds, not '%s'", value);
			return -EINVAL;
		}
		return 0;
	}
	return box_argument(run->name, &run->options, option, value);
}

static int take_command(struct run *run, char **words)
{
	if (!*words) {
		usage_error("run", "which command, after '--'?");
		return -EINVAL;
	}
	run->command = words;
	return 0;
}

/*
 * Options may stand anywhere before `--'; getopt hands out the other words in
 * order, since where `--' stands must be known.
 * 0: go on, 1: help was shown, -EINVAL: complained.
 */
static int parse_options(struct run *run, int argc, char **argv)
{
	int option, before = optind;

	run->words = calloc(argc + 1, sizeof(*run->words));
	if (!run->words)
		return -ENOMEM;
	while ((option = getopt_long(argc, argv, "-hvk:", long_options, NULL)) != -1) {
		before = optind;
		if (option == 1) {
			run->words[run->nr_words++] = optarg;
			continue;
		}
		if (option == 'h') {
			fputs(help, stdout);
			return 1;
		}
		if (option == '?') {
			fputs("Try 'ring3 run --help'.\n", stderr);
			return -EINVAL;
		}
		if (run_option(run, option, optarg))
			return -EINVAL;
	}
	if (optind != before && run->nr_words) /* it has just taken a `--' */
		return take_command(run, argv + optind);
	for (; optind < argc; optind++) {
		if (!strcmp(argv[optind], "--"))
			return take_command(run, argv + optind + 1);
		run->words[run->nr_words++] = argv[optind];
	}
	return 0;
}

/* MODULE.ko PARAM... [+ MODULE.ko PARAM...]... */
static int parse_modules(struct run *run, int count, char **words)
{
	int from = 0, to, error;

	if (count == 0)
		return usage_error("run", "which module?");
	while (from < count) {
		for (to = from; to < count && strcmp(words[to], "+"); to++)
			;
		if (to == from || to == count - 1)
			return usage_error("run", "a module file must stand %s '+'",
					   to == from ? "before" : "after");
		error = load_plan_add(&run->plan, &run->term, words[from], words + from + 1,
				      to - from - 1);
		if (error)
			return EXIT_FAILURE;
		from = to + 1;
	}
	return EXIT_SUCCESS;
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
	run->tree = finder_tree(run->options.modules_dir, release, first ? first->path : NULL);
	run->options.modules_dir = run->tree;
	run->options.size = sizeof(run->options);
	run->options.log = on_log;
	run->options.progress = on_progress;
	run->options.trace = run->verbose ? on_trace : NULL;
	run->options.context = run;
	if (set_loglevel(run))
		return -ENOMEM;
	if (load_plan_order(&run->plan, &run->term, run->tree))
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

	if (module->message && *module->message)
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

/* Load in order; the first failure ends it. */
static int load_all(struct run *run)
{
	struct load_item *module;
	unsigned int i;

	for (i = 0; i < run->plan.nr_order; i++) {
		module = run->plan.order[i];
		module->load_error =
			r3_module_load(run->box, module->file.path, module->parameters, 0, NULL);
		term_progress_end(&run->term);
		if (module->load_error) {
			module->message = strdup(r3_error());
			term_error(&run->term, "could not insert module %s: %s", module->file.path,
				   load_error_text(module->load_error));
			advise(run, module);
			return module->load_error;
		}
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

	if (!module)
		return; /* a client's, or the kernel's own */
	module->refcount = error && info->refcount > 0 ? info->refcount : 0;
	module->unload_error = error;
	module->unloaded = error == 0;
}

static void write_module(struct json *json, const struct load_item *module)
{
	json_open(json, NULL, '{');
	json_string(json, "name", module->file.name);
	json_string(json, "file", module->file.path);
	json_string(json, "parameters", module->parameters);
	json_bool(json, "dependency", module->dependency);
	json_bool(json, "loaded", module->loaded);
	json_number(json, "load_result", module->load_error);
	if (module->load_error) {
		json_string(json, "load_error", load_error_text(module->load_error));
		json_string(json, "message", module->message);
	}
	if (module->loaded) {
		json_address(json, "address", module->address);
		json_unsigned(json, "core_size", module->core_size);
		json_unsigned(json, "init_size", module->init_size);
		json_string(json, "taints", module->taints);
		json_bool(json, "unloaded", module->unloaded);
		json_number(json, "unload_result", module->unload_error);
		json_number(json, "references_left", module->refcount);
	}
	json_close(json, '}');
}

static void write_document(struct run *run, bool clean)
{
	struct json json = {.out = stdout};
	unsigned int i;

	json_open(&json, NULL, '{');
	json_string(&json, "target", run->options.target);
	json_string(&json, "release", run->box ? r3_box_release(run->box) : NULL);
	if (run->boot_error)
		json_string(&json, "error", run->boot_error);
	json_bool(&json, "clean", clean);
	json_open(&json, "modules", '[');
	for (i = 0; i < run->plan.nr_order; i++)
		write_module(&json, run->plan.order[i]);
	json_close(&json, ']');
	json_open(&json, "calls", '[');
	for (i = 0; i < run->nr_calls && run->calls[i].done; i++) {
		json_open(&json, NULL, '{');
		json_string(&json, "call", run->calls[i].spelled);
		json_number(&json, "error", run->calls[i].error);
		json_number(&json, "returned", (int)run->calls[i].result);
		json_address(&json, "register", run->calls[i].result);
		json_close(&json, '}');
	}
	json_close(&json, ']');
	report_write(&run->report, &json);
	recording_write(&run->recording, &json);
	json_close(&json, '}');
}

/* 0, or what failed; *status is the command's. */
static int use_box(struct run *run, int *status)
{
	int failed = load_all(run);

	if (!failed)
		failed = make_calls(run);
	if (!failed && run->command) {
		*status = run_client(run);
		failed = *status < 0 ? *status : 0;
	}
	if (!failed)
		wait_a_while(run);
	run_close_front(run);
	return failed;
}

static void finish_box(struct run *run)
{
	bool may_stay = run->options.flags & R3_BOX_NO_UNLOAD;

	unload_all(run->box, note_unload, run);
	if (report_collect(&run->report, run->box, &run->plan, may_stay))
		term_error(&run->term, "the report is not complete: %s", r3_error());
	if (run->command && !may_stay)
		report_strangers(&run->report, run->box, &run->plan);
	if (!run->json)
		report_print(&run->report, &run->term, &run->plan);
}

int run_box(struct run *run)
{
	int failed = run_open_front(run), status = 0;

	if (!failed)
		failed = boot(run);
	if (!failed)
		failed = run_serve_front(run);
	if (!failed) {
		failed = use_box(run, &status);
		finish_box(run);
	}
	run_close_front(run);
	if (run->json)
		write_document(run, !failed && run->report.clean);
	if (run->box)
		r3_box_free(run->box);
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

	report_release(&run->report);
	load_plan_release(&run->plan);
	recording_release(&run->recording);
	for (i = 0; i < run->nr_calls; i++)
		call_release(&run->calls[i]);
	free(run->calls);
	free(run->words);
	free(run->tree);
	free(run->cmdline);
	if (run->console_file)
		fclose(run->console_file);
}

int cmd_run(int argc, char **argv)
{
	struct run run;
	int status;

	run_init(&run, "run");
	status = parse_options(&run, argc, argv);
	if (status) {
		status = status > 0 ? EXIT_SUCCESS : EXIT_USAGE;
	} else if (recording_init(&run.recording)) {
		status = EXIT_FAILURE;
	} else {
		status = parse_modules(&run, run.nr_words, run.words);
		if (status == EXIT_SUCCESS)
			status = run_box(&run);
	}
	run_release(&run);
	return status;
}
