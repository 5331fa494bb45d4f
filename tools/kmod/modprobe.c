// SPDX-License-Identifier: GPL-2.0-or-later
/* modprobe: load and unload modules by name, with what they need and what the configuration says.
 */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "tools/kmod/kmod.h"
#include "tools/kmod/log.h"
#include "tools/kmod/modprobe.h"
#include "tools/kmod/parameters.h"

static const char options_variable[] = "MODPROBE_OPTIONS";

/* Options without a letter. */
enum {
	FORCE_VERMAGIC = 1,
	FORCE_VERSIONS,
	FIRST_TIME,
	SHOW_VERSIONS,
	REMOVE_HOLDERS,
	SHOW_EXPORTS,
	EXPLAIN,
};

static const struct option long_options[] = {
	{"all", no_argument, NULL, 'a'},
	{"remove", no_argument, NULL, 'r'},
	{"remove-dependencies", no_argument, NULL, REMOVE_HOLDERS},
	{"remove-holders", no_argument, NULL, REMOVE_HOLDERS},
	{"wait", required_argument, NULL, 'w'},
	{"resolve-alias", no_argument, NULL, 'R'},
	{"first-time", no_argument, NULL, FIRST_TIME},
	{"ignore-install", no_argument, NULL, 'i'},
	{"ignore-remove", no_argument, NULL, 'i'},
	{"use-blacklist", no_argument, NULL, 'b'},
	{"force", no_argument, NULL, 'f'},
	{"force-modversion", no_argument, NULL, FORCE_VERSIONS},
	{"force-vermagic", no_argument, NULL, FORCE_VERMAGIC},
	{"show-depends", no_argument, NULL, 'D'},
	{"showconfig", no_argument, NULL, 'c'},
	{"show-config", no_argument, NULL, 'c'},
	{"show-modversions", no_argument, NULL, SHOW_VERSIONS},
	{"dump-modversions", no_argument, NULL, SHOW_VERSIONS},
	{"show-exports", no_argument, NULL, SHOW_EXPORTS},
	{"dry-run", no_argument, NULL, 'n'},
	{"show", no_argument, NULL, 'n'},
	{"explain", no_argument, NULL, EXPLAIN},
	{"config", required_argument, NULL, 'C'},
	{"dirname", required_argument, NULL, 'd'},
	{"set-version", required_argument, NULL, 'S'},
	{"quiet", no_argument, NULL, 'q'},
	KMOD_MESSAGES_OPTIONS,
	{},
};

static void print_help(void)
{
	const char *name = program_invocation_short_name;

	printf("Usage:\n"
	       "\t%s [options] modulename [PARAMETER=VALUE]...\n"
	       "\t%s [options] -a modulename...\n"
	       "\t%s [options] -r modulename...\n"
	       "\t%s [options] -c\n"
	       "\t%s [options] --dump-modversions filename|modulename\n"
	       "To load and remove:\n"
	       "\t-a, --all                   load every module that is named\n"
	       "\t-r, --remove                remove modules, and what they alone need\n"
	       "\t    --remove-holders        remove those that use them, too (with -r)\n"
	       "\t-w, --wait=MSEC             wait for modules in use (with -r)\n"
	       "\t    --first-time            fail if there is nothing to do\n"
	       "\t-i, --ignore-install        leave out install commands\n"
	       "\t-i, --ignore-remove         leave out remove commands\n"
	       "\t-b, --use-blacklist         apply blacklist to names, too\n"
	       "\t-f, --force                 both of these, and remove what is in use:\n"
	       "\t    --force-modversion      load whatever versions of symbols it wants\n"
	       "\t    --force-vermagic        load whatever kernel it was built for\n",
	       name, name, name, name, name);
	puts("To ask:\n"
	     "\t-R, --resolve-alias         print what an alias stands for\n"
	     "\t-D, --show-depends          print what would be loaded\n"
	     "\t-c, --show-config           print the configuration and the indexes\n"
	     "\t    --show-modversions      print the versions of symbols a module wants\n"
	     "\t    --show-exports          print the symbols a module exports\n"
	     "\t-n, --dry-run               do nothing, with -v print what would be done\n"
	     "\t    --explain               do nothing, tell why each module would be loaded,\n"
	     "\t                            skipped or refused\n"
	     "Everywhere:\n"
	     "\t-C, --config=FILE           use FILE, not the usual configuration\n"
	     "\t-d, --dirname=DIR           use DIR" MODULES_ROOT "\n"
	     "\t-S, --set-version=VERSION   use VERSION, not the running kernel's\n"
	     "\t-s, --syslog                print to syslog, not stderr\n"
	     "\t-q, --quiet                 print no messages\n"
	     "\t-v, --verbose               print more messages\n"
	     "\t-V, --version               show version\n"
	     "\t-h, --help                  show this help");
}

void modprobe_fail(struct modprobe *modprobe, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	log_vmessage(modprobe->all ? LOG_WARNING : LOG_CRIT, format, arguments);
	va_end(arguments);
	modprobe->is_over = !modprobe->all && log_shows(LOG_CRIT);
}

bool modprobe_is_verbose(const struct modprobe *modprobe)
{
	return modprobe->show_depends || modprobe->level > LOG_WARNING;
}

/* For the modprobe that a command may run. */
static int pass_on(const char *option)
{
	const char *old = getenv(options_variable);
	char *value;
	int error;

	if (asprintf(&value, "%s%s%s", old ? old : "", old ? " " : "", option) < 0)
		return -ENOMEM;
	error = setenv(options_variable, value, 1) ? -errno : 0;
	free(value);
	return error;
}

static int add_config_path(struct modprobe *modprobe, char *path)
{
	size_t count = 0;
	char **paths;

	while (modprobe->config_paths && modprobe->config_paths[count])
		count++;
	paths = reallocarray(modprobe->config_paths, count + 2, sizeof(*paths));
	if (!paths)
		return -ENOMEM;
	paths[count] = path;
	paths[count + 1] = NULL;
	modprobe->config_paths = paths;
	return pass_on("-C") ? -ENOMEM : pass_on(path);
}

static int parse_wait(struct modprobe *modprobe, const char *text)
{
	char *end;

	modprobe->wait = strtoul(text, &end, 0);
	if (*text && !*end)
		return 0;
	error("unexpected wait value '%s'.", text);
	return -EINVAL;
}

static bool set_flag(struct modprobe *modprobe, int option)
{
	switch (option) {
	case 'a':
		return modprobe->all = true;
	case 'r':
		return modprobe->remove = true;
	case REMOVE_HOLDERS:
		return modprobe->remove_holders = true;
	case 'R':
		return modprobe->resolve = true;
	case FIRST_TIME:
		return modprobe->first_time = true;
	case 'i':
		return modprobe->ignore_commands = true;
	case 'b':
		return modprobe->use_blacklist = true;
	case 'f':
		return modprobe->force = true;
	case FORCE_VERSIONS:
		return modprobe->force_versions = true;
	case FORCE_VERMAGIC:
		return modprobe->force_vermagic = true;
	case 'D':
		return modprobe->show_depends = modprobe->dry_run = true;
	case 'c':
		return modprobe->show_config = true;
	case SHOW_VERSIONS:
		return modprobe->show_versions = true;
	case SHOW_EXPORTS:
		return modprobe->show_exports = true;
	case 'n':
		return modprobe->dry_run = true;
	case EXPLAIN:
		return modprobe->explain = modprobe->dry_run = true;
	default:
		return false;
	}
}

/* -1: go on; else the exit status. */
static int take_option(struct modprobe *modprobe, int option)
{
	struct kmod_messages messages = {.to_syslog = modprobe->to_syslog,
					 .level = modprobe->level};
	int error = 0, status;

	if (set_flag(modprobe, option))
		return -1;
	switch (option) {
	case 'w':
		return parse_wait(modprobe, optarg) ? EXIT_FAILURE : -1;
	case 'C':
		error = add_config_path(modprobe, optarg);
		break;
	case 'd':
		modprobe->root = optarg;
		break;
	case 'S':
		modprobe->release = optarg;
		break;
	case 'q':
		modprobe->level = LOG_EMERG;
		error = pass_on("-q");
		break;
	default:
		status = kmod_common_option(option, &messages, print_help);
		if (status >= 0)
			return status;
		modprobe->to_syslog = messages.to_syslog;
		modprobe->level = messages.level;
		error = pass_on(option == 's' ? "-s" : "-v");
	}
	if (error)
		error("%s: %s", options_variable, strerror(-error));
	return error ? EXIT_FAILURE : -1;
}

/* Words of text, quoted or not, from words on; they are cut out of text. Their number. */
static size_t split_options(char *text, char **words)
{
	size_t count = 0;
	char *to = text;
	char quote = 0;

	for (words[0] = to; *text; text++) {
		if (quote ? *text == quote : *text == '"' || *text == '\'') {
			quote = quote ? 0 : *text;
		} else if (*text == ' ' && !quote) {
			*to++ = '\0';
			if (*words[count])
				count++;
			words[count] = to;
		} else {
			*to++ = *text;
		}
	}
	*to = '\0';
	return *words[count] ? count + 1 : count;
}

/* The arguments with those of the environment before them. To be freed; NULL: no memory. */
static char **with_environment(int *argc, char **argv)
{
	const char *text = getenv(options_variable);
	size_t size = strlen(text ? text : "") + 1, count;
	char **words = malloc((*argc + size + 1) * sizeof(*words) + size);
	char *copy;

	if (!words)
		return NULL;
	copy = (char *)(words + *argc + size + 1);
	strcpy(copy, text ? text : "");
	words[0] = argv[0];
	count = split_options(copy, words + 1);
	memcpy(words + 1 + count, argv + 1, *argc * sizeof(*argv));
	*argc += count;
	return words;
}

static int load_with_parameters(struct modprobe *modprobe, char *const *arguments)
{
	char *parameters = arguments[1] ? parameters_join(arguments + 1) : NULL;
	int error;

	if (arguments[1] && !parameters) {
		error("could not gather module options: out-of-memory");
		return -ENOMEM;
	}
	error = modprobe_load(modprobe, arguments[0], parameters);
	free(parameters);
	return error;
}

/* All are tried, unless one is fatal; the last error counts. */
static int do_all(struct modprobe *modprobe, char *const *names)
{
	int result = 0, error;

	for (; *names && !modprobe->is_over; names++) {
		error = modprobe->remove ? modprobe_remove(modprobe, *names)
					 : modprobe_load(modprobe, *names, NULL);
		result = error ? error : result;
	}
	return result;
}

static int do_work(struct modprobe *modprobe, char *const *arguments)
{
	char directory[PATH_MAX];
	int error;

	error = kmod_directory(modprobe->root, modprobe->release, directory);
	if (error)
		return error;
	error = config_read(&modprobe->config, modprobe->config_paths, directory);
	if (error)
		return error;
	modprobe->pool = (struct pool){.directory = directory, .config = &modprobe->config};
	if (modprobe->show_config)
		error = modprobe_show_config(modprobe);
	else if (modprobe->show_versions)
		error = modprobe_show_versions(modprobe, *arguments);
	else if (modprobe->show_exports)
		error = modprobe_show_exports(modprobe, *arguments);
	else if (modprobe->remove || modprobe->all)
		error = do_all(modprobe, arguments);
	else
		error = load_with_parameters(modprobe, arguments);
	pool_release(&modprobe->pool);
	config_release(&modprobe->config);
	return error;
}

static int run(struct modprobe *modprobe, int argc, char **argv)
{
	struct stat status_of_stderr;
	int option, status;

	while ((option = getopt_long(argc, argv, "arw:RibfDcnC:d:S:sqvVh", long_options, NULL)) !=
	       -1) {
		status = take_option(modprobe, option);
		if (status >= 0)
			return status;
	}
	if (fstat(STDERR_FILENO, &status_of_stderr))
		modprobe->to_syslog = true;
	if (!modprobe->show_config && !argv[optind]) {
		error("missing parameters. See -h.");
		return EXIT_FAILURE;
	}
	if (modprobe->explain && modprobe->remove) {
		error("--explain is about loading, not about --remove.");
		return EXIT_FAILURE;
	}
	log_open(modprobe->to_syslog, modprobe->level);
	status = do_work(modprobe, argv + optind) ? EXIT_FAILURE : EXIT_SUCCESS;
	log_close();
	return status;
}

int kmod_modprobe(int argc, char **argv)
{
	struct modprobe modprobe = {.level = LOG_WARNING};
	char **arguments = with_environment(&argc, argv);
	int status;

	if (!arguments) {
		error("Could not prepend options from command line");
		return EXIT_FAILURE;
	}
	status = run(&modprobe, argc, arguments);
	free(modprobe.config_paths);
	free(arguments);
	return status;
}
