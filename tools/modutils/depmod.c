// SPDX-License-Identifier: GPL-2.0-or-later
/* depmod: which modules need which, for modprobe. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>
#include "tools/modutils/conf.h"
#include "tools/modutils/depmod.h"
#include "tools/modutils/tools.h"

struct settings {
	struct conf conf;
	struct messages messages;
	const char *conf_file, *symbols;
	bool if_older, prints, lists_symbols, is_quiet, is_strict, is_all;
};

static void usage(void)
{
	fputs("depmod " MODUTILS_VERSION "\n"
	      "depmod -[aA] [-n -e -v -q -V -r -u]\n"
	      "      [-C configfile] [-F kernelsyms] [-b basedirectory] [release]\n"
	      "depmod [-n -e -v -q -r -u] [-F kernelsyms] module1.o module2.o ...\n"
	      "Without arguments: depmod -a.\n"
	      "\n"
	      "  -a, --all            the modules that " MODULES_CONF " names; the result goes to\n"
	      "                       its depfile, by default /lib/modules/RELEASE/modules.dep\n"
	      "  -A, --quick          the same, if a module or " MODULES_CONF
	      " is newer than that\n"
	      "  -e, --errsyms        list the symbols that nobody exports\n"
	      "  -n, --show           write to stdout\n"
	      "  -q, --quiet          say nothing of symbols that nobody exports\n"
	      "  -r, --root           modules that are not root's, too\n"
	      "  -s, --syslog         messages to syslog\n"
	      "  -u, --unresolved-error  they make the exit status 1\n"
	      "  -v, --verbose        print each module\n"
	      "  -V, --version        print the version\n"
	      "  -h, --help           print this\n"
	      "  -b, --basedir DIR    the tree below DIR\n"
	      "  -C, --config FILE    instead of " MODULES_CONF "\n"
	      "  -F, --filesyms FILE  the kernel's symbols: System.map, or a copy of /proc/ksyms\n"
	      "      --scheme SCHEME  2.4 or 2.6, whatever the kernel is\n"
	      "Beside it modules.pcimap is written. Left out: the maps of other devices.\n",
	      stderr);
}

static void tell_lacking(const struct dep *dep, const struct settings *settings, bool *is_lacking)
{
	unsigned int errors = dep->messages->errors; /* these were never counted */

	for (size_t i = 0; i < dep->nr_modules; i++) {
		const struct dep_module *module = &dep->modules[i];

		*is_lacking |= module->lacks.count > 0;
		if (!module->lacks.count || settings->is_quiet)
			continue;
		tell_error(dep->messages, "*** Unresolved symbols in %s", module->path);
		for (size_t j = 0; j < module->lacks.count && settings->lists_symbols; j++)
			tell_error(dep->messages, "\t%s", module->lacks.list[j]);
	}
	dep->messages->errors = errors;
}

/* "PATH:\tNEEDED \\\n\tNEEDED"; paths as they are in the tree that it is for. */
static void write_lines(const struct dep *dep, FILE *out, const struct settings *settings)
{
	size_t skip = strlen(settings->conf.root);

	for (size_t i = 0; i < dep->nr_modules; i++) {
		const struct dep_module *module = &dep->modules[i];

		if (settings->messages.is_verbose)
			tell(dep->messages, "%s", module->path + skip);
		fprintf(out, "%s:", module->path + skip);
		for (size_t j = 0; j < module->nr_needs; j++)
			fprintf(out, "%s\t%s", j ? " \\\n" : "",
				dep->modules[module->needs[j]].path + skip);
		fputs("\n\n", out);
	}
}

static void write_devices(const struct dep *dep, FILE *out, const struct settings *settings)
{
	(void)settings;
	dep_write_devices(dep, out);
}

/* The old file stays until the new one is complete. */
static int write_file(const struct dep *dep, const struct settings *settings, const char *path,
		      void (*write)(const struct dep *dep, FILE *out,
				    const struct settings *settings))
{
	char *temporary = NULL;
	FILE *out = NULL;
	int error = 0;

	if (asprintf(&temporary, "%s.%d", path, (int)getpid()) < 0)
		return -ENOMEM;
	out = fopen(temporary, "we");
	if (out) {
		write(dep, out, settings);
		error = fflush(out) || ferror(out) ? -errno : 0;
		if (fclose(out) && !error)
			error = -errno;
		if (!error && rename(temporary, path))
			error = -errno;
		if (error)
			unlink(temporary);
	} else {
		error = -errno;
	}
	if (error)
		tell_error(dep->messages, "Can't write %s: %s", path, strerror(-error));
	free(temporary);
	return error;
}

/* modules.dep last, since its time is that of all. */
static int write_files(const struct dep *dep, const struct settings *settings)
{
	const char *path = settings->conf.depfile, *slash = strrchr(path, '/');
	char *map = settings->conf.pcimapfile;
	int error = 0;

	if (!map &&
	    asprintf(&map, "%.*smodules.pcimap", slash ? (int)(slash - path) + 1 : 0, path) < 0)
		return -ENOMEM;
	error = write_file(dep, settings, map, write_devices);
	if (map != settings->conf.pcimapfile)
		free(map);
	return error ? error : write_file(dep, settings, path, write_lines);
}

/* -A: is there anything newer than the result? */
static bool is_outdated(const struct settings *settings, const struct words *files)
{
	struct stat result, status;

	if (stat(settings->conf.depfile, &result) || settings->conf.changed > result.st_mtime)
		return true;
	for (size_t i = 0; i < files->count; i++)
		if (stat(files->list[i], &status) || status.st_mtime > result.st_mtime)
			return true;
	return false;
}

static int resolve_files(struct settings *settings, const struct words *files)
{
	struct dep dep = {.messages = &settings->messages};
	bool is_lacking = false;
	int error = dep_add_kernel(&dep, settings->symbols);

	for (size_t i = 0; i < files->count && !error; i++)
		error = dep_add_module(&dep, files->list[i]);
	if (!error)
		error = dep_resolve(&dep);
	if (!error) {
		tell_lacking(&dep, settings, &is_lacking);
		if (settings->prints || !settings->is_all) {
			write_lines(&dep, stdout, settings);
			dep_write_devices(&dep, stdout);
		} else {
			error = write_files(&dep, settings);
		}
	}
	if (error == -ENOMEM)
		tell_error(&settings->messages, "out of memory");
	dep_release(&dep);
	if (error)
		return EXIT_FAILURE;
	return is_lacking && settings->is_strict ? EXIT_FAILURE : EXIT_SUCCESS;
}

/* What the configuration names; there may be one more argument, the release. */
static int resolve_all(struct settings *settings, const char *release)
{
	struct conf *conf = &settings->conf;
	struct words files = {};
	struct utsname uts;
	int status = EXIT_FAILURE;

	conf->release = release ? release : uname(&uts) ? "" : uts.release;
	conf->paths_only = conf->runs_commands = true;
	if (!conf_read(conf, settings->conf_file, &settings->messages) &&
	    !conf_search(conf, NULL, NULL, false, &files, &settings->messages)) {
		if (settings->if_older && !is_outdated(settings, &files))
			status = EXIT_SUCCESS;
		else
			status = resolve_files(settings, &files);
	}
	words_release(&files);
	conf_release(conf);
	return status;
}

/* false: a wrong option. */
static bool take_option(int option, struct settings *settings)
{
	switch (option) {
	case 'A':
	case 'a':
		settings->if_older = option == 'A';
		settings->is_all = true;
		break;
	case 'b':
		settings->conf.root = optarg;
		break;
	case 'C':
		settings->conf_file = optarg;
		break;
	case 'e':
		settings->lists_symbols = true;
		break;
	case 'F':
		settings->symbols = optarg;
		break;
	case 'n':
		settings->prints = true;
		break;
	case 'q':
		settings->is_quiet = true;
		break;
	case 'r':
		settings->conf.any_owner = true;
		break;
	case 's':
		modutils_to_syslog(&settings->messages, "depmod");
		break;
	case 'u':
		settings->is_strict = true;
		break;
	case 'v':
		settings->messages.is_verbose = true;
		break;
	case 'V':
		modutils_print_version(stdout, "depmod");
		break;
	default:
		return false;
	}
	return true;
}

int modutils_depmod(int argc, char **argv)
{
	static const struct option options[] = {{"all", 0, NULL, 'a'},
						{"basedir", 1, NULL, 'b'},
						{"config", 1, NULL, 'C'},
						{"errsyms", 0, NULL, 'e'},
						{"filesyms", 1, NULL, 'F'},
						{"help", 0, NULL, 'h'},
						{"show", 0, NULL, 'n'},
						{"quick", 0, NULL, 'A'},
						{"quiet", 0, NULL, 'q'},
						{"syslog", 0, NULL, 's'},
						{"verbose", 0, NULL, 'v'},
						{"version", 0, NULL, 'V'},
						{"root", 0, NULL, 'r'},
						{"unresolved-error", 0, NULL, 'u'},
						{}};
	struct settings settings = {.conf = {.root = ""}};
	int option, status;

	modutils_start(&settings.messages, "depmod");
	while ((option = getopt_long(argc, argv, "aAb:C:eF:hnqsvVru", options, NULL)) != -1) {
		if (!take_option(option, &settings)) {
			usage();
			return option == 'h' ? EXIT_SUCCESS : EXIT_FAILURE;
		}
	}
	settings.is_all |= optind == argc;
	if (settings.is_all) {
		status = resolve_all(&settings, argv[optind]);
	} else {
		struct words files = {.list = argv + optind, .count = argc - optind};

		status = resolve_files(&settings, &files);
	}
	return settings.messages.errors ? EXIT_FAILURE : status;
}
