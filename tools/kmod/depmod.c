// SPDX-License-Identifier: GPL-2.0-or-later
/* depmod(8): what the tools know of modules before they read one. */
#include <errno.h>
#include <getopt.h>
#include <malloc.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>
#include "tools/kmod/depmod.h"
#include "tools/kmod/kmod.h"
#include "tools/kmod/log.h"

#define HEAP_STEP (1 << 20)

/* What the command line says, before it is put together. */
struct command_line {
	struct depmod_options options;
	const char *base, *moduledir, *out;
	size_t nr_config;
	bool all, help, version;
	int level; /* of messages */
	bool use_syslog;
};

static const struct option long_options[] = {
	{"all", no_argument, NULL, 'a'},
	{"quick", no_argument, NULL, 'A'},
	{"basedir", required_argument, NULL, 'b'},
	{"config", required_argument, NULL, 'C'},
	{"symvers", required_argument, NULL, 'E'},
	{"filesyms", required_argument, NULL, 'F'},
	{"moduledir", required_argument, NULL, 'm'},
	{"outdir", required_argument, NULL, 'o'},
	{"errsyms", no_argument, NULL, 'e'},
	{"unresolved-error", no_argument, NULL, 'u'}, /* deprecated */
	{"quiet", no_argument, NULL, 'q'},            /* deprecated */
	{"root", no_argument, NULL, 'r'},             /* deprecated */
	{"verbose", no_argument, NULL, 'v'},
	{"show", no_argument, NULL, 'n'},
	{"dry-run", no_argument, NULL, 'n'},
	{"json", no_argument, NULL, 'j'},
	{"symbol-prefix", required_argument, NULL, 'P'},
	{"warn", no_argument, NULL, 'w'},
	{"version", no_argument, NULL, 'V'},
	{"help", no_argument, NULL, 'h'},
	{},
};

static void print_help(void)
{
	printf("Usage:\n"
	       "\t%s -[aA] [options] [forced_version]\n"
	       "\n"
	       "If no arguments (except options) are given, \"depmod -a\" is assumed\n"
	       "\n"
	       "depmod will output a dependency list suitable for the modprobe utility.\n"
	       "\n"
	       "Options:\n"
	       "\t-a, --all            Probe all modules\n"
	       "\t-A, --quick          Only does the work if there's a new module\n"
	       "\t-e, --errsyms        Report not supplied symbols\n"
	       "\t-n, --show           Write the dependency file on stdout only\n"
	       "\t    --json           Write all that is known of modules on stdout only\n"
	       "\t-P, --symbol-prefix  Architecture symbol prefix\n"
	       "\t-C, --config=PATH    Read configuration from PATH\n"
	       "\t-v, --verbose        Enable verbose mode\n"
	       "\t-w, --warn           Warn on duplicates\n"
	       "\t-V, --version        show version\n"
	       "\t-h, --help           show this help\n"
	       "\n"
	       "The following options are useful for people managing distributions:\n"
	       "\t-b, --basedir=DIR    Use an image of a module tree.\n"
	       "\t-m, --moduledir=DIR  Use DIR in place of " MODULES_ROOT ".\n"
	       "\t-o, --outdir=DIR     Output directory for generated files.\n"
	       "\t-F, --filesyms=FILE  Use the file instead of the\n"
	       "\t                     current kernel symbols.\n"
	       "\t-E, --symvers=FILE   Use Module.symvers file to check\n"
	       "\t                     symbol versions.\n",
	       program_invocation_short_name);
}

static int add_config(struct command_line *line, char *path)
{
	char **grown;

	grown = reallocarray(line->options.config, line->nr_config + 2, sizeof(*grown));
	if (!grown) {
		log_message(LOG_CRIT, "out of memory");
		return -ENOMEM;
	}
	line->options.config = grown;
	grown[line->nr_config++] = path;
	grown[line->nr_config] = NULL;
	return 0;
}

static void warn_deprecated(int option, int index)
{
	if (index >= 0)
		warning("Ignored deprecated option --%s", long_options[index].name);
	else
		warning("Ignored deprecated option -%c", option);
}

static int take_prefix(struct command_line *line, const char *argument)
{
	if (!argument[0] || argument[1]) {
		log_message(LOG_CRIT, "-P only takes a single char");
		return -EINVAL;
	}
	line->options.prefix = *argument;
	return 0;
}

/* Options that are flags alone. false: it is none of them. */
static bool take_flag(struct command_line *line, int option)
{
	struct depmod_options *options = &line->options;

	switch (option) {
	case 'a':
		line->all = true;
		return true;
	case 'A':
		options->quick = true;
		return true;
	case 'e':
		options->check_symbols = true;
		return true;
	case 'v':
		line->level++;
		return true;
	case 'n':
		options->dry_run = true;
		return true;
	case 'j': /* has no short form */
		options->dry_run = true;
		options->json = true;
		return true;
	case 'w':
		options->warn_duplicates = true;
		return true;
	case 'V':
		line->version = true;
		return true;
	case 'h':
		line->help = true;
		return true;
	default:
		return false;
	}
}

static int take_option(struct command_line *line, int option, int index)
{
	if (take_flag(line, option))
		return 0;
	switch (option) {
	case 'b':
		line->base = optarg;
		return 0;
	case 'm':
		line->moduledir = optarg;
		return 0;
	case 'o':
		line->out = optarg;
		return 0;
	case 'C':
		return add_config(line, optarg);
	case 'E':
		line->options.symvers = optarg;
		return 0;
	case 'F':
		line->options.system_map = optarg;
		return 0;
	case 'P':
		return take_prefix(line, optarg);
	case 'u':
	case 'q':
	case 'r':
		warn_deprecated(option, index);
		return 0;
	default:
		kmod_bad_option(option);
		return -EINVAL;
	}
}

static int parse_options(struct command_line *line, int argc, char **argv)
{
	int option, index = -1, error = 0;

	line->level = LOG_WARNING;
	while (!error && !line->help && !line->version &&
	       (option = getopt_long(argc, argv, "aAb:m:o:C:E:F:euqrvnP:wVh", long_options,
				     &index)) != -1) {
		error = take_option(line, option, index);
		index = -1;
	}
	line->options.verbose = line->level > LOG_WARNING;
	return error;
}

/* base, directory and release as one path, absolute. */
static int join_path(char path[PATH_MAX], const char *base, const char *directory,
		     const char *release)
{
	char current[PATH_MAX] = "";

	if (base && *base != '/' && !getcwd(current, sizeof(current))) {
		log_message(LOG_CRIT, "getcwd() failed: %m");
		return -errno;
	}
	if (snprintf(path, PATH_MAX, "%s%s%s/%s/%s", current, *current ? "/" : "", base ? base : "",
		     directory + (*directory == '/'), release) >= PATH_MAX) {
		log_message(LOG_CRIT, "path is too long: %s/%s/%s", base ? base : "", directory,
			    release);
		return -ENAMETOOLONG;
	}
	return 0;
}

/* The first argument is the release, that begins with two numbers; files follow it. */
static int take_release(struct depmod_options *options, int argc, char **argv)
{
	unsigned int major, minor;
	struct utsname kernel;

	if (optind < argc) {
		if (sscanf(argv[optind], "%u.%u", &major, &minor) != 2 ||
		    strlen(argv[optind]) >= sizeof(options->release)) {
			error("Bad version passed %s", argv[optind]);
			return -EINVAL;
		}
		strcpy(options->release, argv[optind++]);
		return 0;
	}
	if (uname(&kernel)) {
		error("uname() failed: %s", strerror(errno));
		return -errno;
	}
	snprintf(options->release, sizeof(options->release), "%s", kernel.release);
	return 0;
}

static int complete_options(struct command_line *line, int argc, char **argv)
{
	struct depmod_options *options = &line->options;
	const char *directory = line->moduledir ? line->moduledir : MODULES_ROOT;
	int error;

	options->is_staged = line->base || line->moduledir || line->out;
	error = take_release(options, argc, argv);
	if (!error)
		error = join_path(options->input, line->base, directory, options->release);
	if (!error)
		error = join_path(options->output, line->out ? line->out : line->base, directory,
				  options->release);
	/* What is said of -e needs symbols of the kernel. */
	if (!error && options->check_symbols && !options->system_map && !options->symvers) {
		warning("-e needs -E or -F");
		options->check_symbols = false;
	}
	return error;
}

struct reading {
	struct depmod *depmod;
	const struct cache *cache;
	atomic_size_t nr_new;
};

static void read_module(void *context, size_t i)
{
	struct reading *reading = context;
	struct module *module = reading->depmod->modules.modules[i];

	if (reading->cache && !stat(module->path, &module->status) &&
	    cache_find(reading->cache, module->path, &module->status, &module->facts))
		return;
	atomic_fetch_add(&reading->nr_new, 1);
	facts_read(&module->facts, module->path, &module->status);
}

/* Everything between the list of modules and the files. */
static int work(struct depmod *depmod, const struct timespec *began)
{
	struct reading reading = {.depmod = depmod, .cache = cache_open(&depmod->options)};
	const struct modules *modules = &depmod->modules;
	int error;

	run_parallel(modules->count, read_module, &reading);
	for (size_t i = 0; i < modules->count; i++)
		if (modules->modules[i]->facts.error)
			error("failed to load symbols from %s: %s", modules->modules[i]->path,
			      strerror(-modules->modules[i]->facts.error));
	error = symbols_load_modules(&depmod->symbols, modules, depmod->options.prefix);
	if (!error)
		error = depmod_depend(depmod);
	if (!error && !depmod->options.json)
		error = depmod_make_lines(depmod);
	if (!error)
		error = depmod_write(depmod);
	if (!error && !depmod->options.dry_run && atomic_load(&reading.nr_new))
		cache_save(&depmod->options, modules, began);
	cache_close((struct cache *)reading.cache);
	return error;
}

static int run(struct depmod *depmod, char *const files[])
{
	const struct depmod_options *options = &depmod->options;
	struct timespec began;
	int error;

	clock_gettime(CLOCK_REALTIME, &began);
	error = files ? 0 : depmod_read_config(&depmod->config, options);
	if (!error && options->quick &&
	    ((options->dry_run && !options->json) || depmod_is_up_to_date(depmod)))
		return 0;
	if (!error)
		error = symbols_load_kernel(&depmod->symbols, options);
	if (!error)
		error = files ? depmod_find_named(depmod, files) : depmod_find_all(depmod);
	if (!error)
		error = work(depmod, &began);
	return error;
}

int kmod_depmod(int argc, char **argv)
{
	struct command_line line = {0};
	struct depmod depmod = {0};
	bool all;
	int error;

	/* Threads allocate little: one arena, which grows in large steps, serves them better. */
	mallopt(M_ARENA_MAX, 1);
	mallopt(M_TOP_PAD, HEAP_STEP);
	/* A file size limit is to be an error of write(2), not the end. */
	signal(SIGXFSZ, SIG_IGN);
	error = parse_options(&line, argc, argv);
	if (!error && line.help)
		print_help();
	else if (!error && line.version)
		kmod_print_version();
	if (!error && !line.help && !line.version) {
		log_open(false, line.level);
		error = complete_options(&line, argc, argv);
		depmod.options = line.options;
		all = line.all || line.options.quick;
		if (!error)
			error = run(&depmod, all || optind >= argc ? NULL : argv + optind);
		if (error == -ENOMEM)
			log_message(LOG_CRIT, "out of memory");
		log_close();
	}
	buffer_release(&depmod.lines);
	free(depmod.line_starts);
	depmod_release_modules(&depmod.modules);
	symbols_release(&depmod.symbols);
	depmod_release_config(&depmod.config);
	free(line.options.config);
	return error ? EXIT_FAILURE : EXIT_SUCCESS;
}
