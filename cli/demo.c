// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ring3 demo: two sample modules that depend on each other, from source to
 * report, by the same calls that any program can make (include/ring3/ring3.h).
 */
#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/wait.h>
#include "cli/commands.h"
#include "cli/report.h"
#include "cli/term.h"

/* The samples that are shown: teller imports what ledger exports. */
#define PROVIDER            "ledger"
#define PROVIDER_PARAMETERS "currency=crowns overdraft=50"
#define CONSUMER            "teller"
#define CONSUMER_PARAMETERS "customers=ada,grace deposit=200"
#define FUNCTION            "teller_serve"
#define ARGUMENT            (-60L)

struct demo {
	struct term term;
	const char *samples;
	char work[64]; /* where the modules are built */
	struct r3_box *box;
	unsigned int step;
};

static void on_log(void *context, const struct r3_log_record *record)
{
	struct demo *demo = context;

	term_log(&demo->term, record);
}

static void step(struct demo *demo, const char *text)
{
	term_print(&demo->term, TERM_BOLD, "\n%u. %s", ++demo->step, text);
}

#define say(demo, ...) term_print(&(demo)->term, TERM_PLAIN, __VA_ARGS__)

static int failed(struct demo *demo, const char *what)
{
	term_error(&demo->term, "%s: %s", what, r3_error());
	return -EIO;
}

static int count_modules(const struct dirent *entry)
{
	return strstr(entry->d_name, ".ko") != NULL;
}

/* `ring3 build` in a process of its own: it is a whole command. */
static int build(struct demo *demo)
{
	char *argv[] = {"build", "-o", demo->work, (char *)demo->samples, NULL};
	struct dirent **list;
	int status, count, i;
	pid_t pid;

	step(demo, "Build the samples with ring3's own headers; no kernel headers are needed.");
	say(demo, "$ ring3 build -o %s %s", demo->work, demo->samples);
	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		if (!freopen("/dev/null", "w", stdout))
			exit(EXIT_FAILURE);
		exit(cmd_build(4, argv));
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0 || status) {
		term_error(&demo->term, "the samples were not built");
		return -EIO;
	}
	count = scandir(demo->work, &list, count_modules, alphasort);
	if (count < 0)
		return -errno;
	for (i = 0; i < count; i++) {
		printf("%s%s", i ? " " : "", list[i]->d_name);
		free(list[i]);
	}
	putchar('\n');
	free(list);
	return 0;
}

static int load(struct demo *demo, const char *name, const char *parameters)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s.ko", demo->work, name);
	say(demo, "> load %s.ko %s", name, parameters);
	return r3_module_load(demo->box, path, parameters, 0, NULL);
}

static int load_modules(struct demo *demo)
{
	int error;

	step(demo, "Load " CONSUMER " alone: it imports what only " PROVIDER " exports.");
	error = load(demo, CONSUMER, CONSUMER_PARAMETERS);
	if (error != -ENOENT)
		return failed(demo, CONSUMER " should have been refused");
	say(demo, "refused: %s (errno %d)", load_error_text(error), -error);

	step(demo, "Load both in order, with parameters.");
	if (load(demo, PROVIDER, PROVIDER_PARAMETERS))
		return failed(demo, PROVIDER);
	if (load(demo, CONSUMER, CONSUMER_PARAMETERS))
		return failed(demo, CONSUMER);
	return 0;
}

static int show_module(void *context, const struct r3_module_info *info)
{
	struct demo *demo = context;

	say(demo, "%-12s %6" PRIu64 "  %8d  %-10s %-6s 0x%08" PRIx64, info->name,
	    info->core_size + info->init_size, info->refcount, *info->users ? info->users : "-",
	    info->state, info->address);
	return 0;
}

static void show_table(struct demo *demo)
{
	step(demo, "The module table: " CONSUMER " holds a reference on " PROVIDER ".");
	term_print(&demo->term, TERM_DIM,
		   "name           size  refcount  used by    state  address");
	r3_module_each(demo->box, show_module, demo);
}

static int call_function(struct demo *demo)
{
	void *function = r3_symbol(demo->box, FUNCTION);
	uint64_t result;
	char name[128];

	step(demo, "Look a function of " CONSUMER " up by name, and call it from this program.");
	if (!function)
		return failed(demo, FUNCTION);
	r3_symbol_name(demo->box, (uintptr_t)function, name, sizeof(name));
	say(demo, "%s is at %p, which is %s", FUNCTION, function, name);
	if (r3_call(demo->box, function, &result, 1, ARGUMENT))
		return failed(demo, FUNCTION);
	say(demo, "%s(%ld) = %" PRId64, FUNCTION, ARGUMENT, (int64_t)result);
	return 0;
}

static int unload(struct demo *demo, const char *name)
{
	say(demo, "> unload %s", name);
	return r3_module_unload(demo->box, name, R3_UNLOAD_NONBLOCK);
}

static int unload_modules(struct demo *demo)
{
	int error;

	step(demo, "Unload " PROVIDER " while it is in use: refused, as by Linux.");
	error = unload(demo, PROVIDER);
	if (error != -EAGAIN)
		return failed(demo, "the unload should have been refused");
	say(demo, "refused: %s (errno %d)", unload_error_text(error), -error);

	step(demo, "Unload in reverse order.");
	if (unload(demo, CONSUMER))
		return failed(demo, CONSUMER);
	if (unload(demo, PROVIDER))
		return failed(demo, PROVIDER);
	return 0;
}

static int show_leak(void *context, const struct r3_leak *leak)
{
	struct demo *demo = context;

	say(demo, "%s: %" PRIu64 " bytes allocated by %s", leak->module, leak->bytes,
	    leak->function);
	return 1;
}

static int show_report(struct demo *demo)
{
	struct r3_box_report report;

	step(demo, "The report: what is left.");
	if (r3_leak_each(demo->box, show_leak, demo) || r3_box_report(demo->box, &report) ||
	    report.warnings || report.oopses)
		return failed(demo, "the report is not clean");
	term_print(&demo->term, TERM_GREEN, "clean: no memory left, no warnings, no oopses");
	return 0;
}

static int tour(struct demo *demo)
{
	struct r3_box_options options = {.size = sizeof(options), .log = on_log, .context = demo};
	int error = build(demo);

	if (error)
		return error;
	step(demo, "Boot a box: a kernel in this very process.");
	if (r3_box_new(&demo->box, &options))
		return failed(demo, "no box");
	say(demo, "uname -r says %s", r3_box_release(demo->box));
	error = load_modules(demo);
	if (!error) {
		show_table(demo);
		error = call_function(demo);
	}
	if (!error)
		error = unload_modules(demo);
	if (!error)
		error = show_report(demo);
	r3_box_free(demo->box);
	return error;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	return remove(path);
}

static const char *default_samples(void)
{
	static const char source[] = R3_SOURCE_DATADIR "/samples";

	return access(source, R_OK) ? R3_DATADIR "/samples" : source;
}

int cmd_demo(int argc, char **argv)
{
	struct demo demo = {.work = "/tmp/ring3-demo.XXXXXX"};
	int error;

	if (argc > 2 || (argc == 2 && *argv[1] == '-')) {
		puts("Usage: ring3 demo [DIR]\n"
		     "Build the sample modules in DIR (default: ring3's own), load, inspect and "
		     "unload "
		     "them.");
		return argc == 2 && strcmp(argv[1], "--help") == 0 ? EXIT_SUCCESS : EXIT_USAGE;
	}
	demo.samples = argc == 2 ? argv[1] : default_samples();
	term_init(&demo.term);
	if (!mkdtemp(demo.work)) {
		term_error(&demo.term, "%s: %s", demo.work, strerror(errno));
		return EXIT_FAILURE;
	}
	error = tour(&demo);
	nftw(demo.work, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	return error ? EXIT_FAILURE : EXIT_SUCCESS;
}
