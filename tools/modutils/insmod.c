// SPDX-License-Identifier: GPL-2.0-or-later
/* insmod: link an object and load it. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/utsname.h>
#include <unistd.h>
#include "elf/elf_view.h"
#include "tools/modutils/conf.h"
#include "tools/modutils/modutils.h"
#include "tools/modutils/tools.h"

static int usage(void)
{
	fputs("Usage:\n"
	      "insmod [-fhkLmnpqrsSvVxXyY] [-e persist_name] [-o module_name] [-O blob_name] "
	      "[-P prefix] module [ symbol=value ... ]\n"
	      "\n"
	      "  module                an object; without / and . a name that is searched for\n"
	      "  -f, --force           load it whatever kernel version it was compiled for\n"
	      "  -h, --help            print this\n"
	      "  -k, --autoclean       rmmod -a may remove the module once it is idle\n"
	      "  -L, --lock            (always) one load of a file at a time\n"
	      "  -m, --map             print where sections and symbols are\n"
	      "  -n, --noload          link it only, for an address that is nobody's\n"
	      "  -p, --probe           only see whether it fits to the kernel\n"
	      "  -q, --quiet           do not list unresolved symbols\n"
	      "  -r, --root            load files that are not root's, too\n"
	      "  -s, --syslog          messages to syslog\n"
	      "  -v, --verbose         tell each step, and who takes it\n"
	      "  -V, --version         print the version\n"
	      "  -x, --noexport        do not export all globals of an object that does not say "
	      "what it exports\n"
	      "  -X, --export          export them (default)\n"
	      "  -y, --noksymoops      no symbols for ksymoops\n"
	      "  -Y, --ksymoops        symbols for ksymoops (default)\n"
	      "  -o NAME, --name=NAME  the module's name\n"
	      "  -O FILE, --blob=FILE  write the image that the kernel gets to FILE\n"
	      "  -P PREFIX, --prefix=PREFIX\n"
	      "                        of checksums in symbols' names\n"
	      "      --scheme SCHEME   2.4 or 2.6, whatever the kernel is\n"
	      "Left out: -S, --kallsyms and -e, --persist are accepted and do nothing.\n",
	      stderr);
	return EXIT_FAILURE;
}

/* Loads of the same file at the same time wait here; the later one finds it loaded. */
static int open_locked(const char *path, struct messages *messages)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		tell_error(messages, "%s: %s", path, strerror(errno));
	else
		flock(fd, LOCK_EX);
	return fd;
}

static int load_file(struct insert *insert, struct messages *messages)
{
	struct elf_problem problem = {};
	struct module_image image;
	int error, fd = open_locked(insert->path, messages);

	if (fd < 0)
		return EXIT_FAILURE;
	error = image_read_descriptor(&image, fd, true, &problem);
	if (error) {
		tell_error(messages, "%s: %s", insert->path,
			   *problem.message ? problem.message : strerror(-error));
		if (*problem.advice)
			tell_hint(messages, "%s", problem.advice);
	} else {
		error = insert_object(&kernel_calls, insert, &image, messages);
		image_release(&image);
	}
	close(fd);
	/* who came second finds what he wanted */
	return !error || (error == -EEXIST && !messages->errors) ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* A name without / and . is looked for where modules are. NULL: it is nowhere, which was told. */
static char *find_file(const char *name, bool any_owner, struct messages *messages)
{
	struct utsname uts;
	struct conf conf = {.root = "", .paths_only = true, .runs_commands = true};
	char *path = NULL;

	if (strpbrk(name, "/.")) {
		if (messages->is_verbose)
			tell(messages, "Using %s", name);
		return strdup(name);
	}
	conf.any_owner = any_owner;
	conf.release = uname(&uts) ? "" : uts.release;
	if (!conf_read(&conf, NULL, messages))
		path = conf_search_module(&conf, name, messages);
	conf_release(&conf);
	if (path)
		tell(messages, "Using %s", path);
	else
		tell_error(messages, "%s: no module by that name found", name);
	return path;
}

struct settings {
	struct insert insert;
	struct messages messages;
	bool any_owner;
};

static void say_left_out(struct messages *messages, const char *option)
{
	fprintf(stderr, "%s: %s is left out and does nothing\n", messages->from, option);
}

/* false: a wrong option, or -h. */
static bool take_option(int option, struct settings *settings)
{
	struct insert *insert = &settings->insert;
	struct messages *messages = &settings->messages;

	switch (option) {
	case 'f':
		insert->is_forced = true;
		break;
	case 'k':
		insert->is_autoclean = true;
		break;
	case 'L':
		break;
	case 'm':
		insert->prints_map = true;
		break;
	case 'n':
		insert->is_dry = true;
		break;
	case 'p':
		insert->is_probe = true;
		break;
	case 'q':
		insert->is_quiet = true;
		break;
	case 'r':
		settings->any_owner = !settings->any_owner;
		break;
	case 's':
		modutils_to_syslog(messages, "insmod");
		break;
	case 'S':
		say_left_out(messages, "-S (kallsyms)");
		break;
	case 'v':
		messages->is_verbose = true;
		break;
	case 'V':
		modutils_print_version(stderr, "insmod");
		break;
	case 'x':
	case 'X':
		insert->exports_nothing = option == 'x';
		break;
	case 'y':
	case 'Y':
		insert->has_no_ksymoops = option == 'y';
		break;
	case 'e':
		say_left_out(messages, "-e (persistent data)");
		break;
	case 'o':
		insert->name = optarg;
		break;
	case 'O':
		insert->blob = optarg;
		break;
	case 'P':
		insert->prefix = optarg;
		break;
	default:
		return false;
	}
	return true;
}

int modutils_insmod(int argc, char **argv)
{
	static const struct option options[] = {{"force", 0, NULL, 'f'},
						{"help", 0, NULL, 'h'},
						{"autoclean", 0, NULL, 'k'},
						{"lock", 0, NULL, 'L'},
						{"map", 0, NULL, 'm'},
						{"noload", 0, NULL, 'n'},
						{"probe", 0, NULL, 'p'},
						{"poll", 0, NULL, 'p'},
						{"quiet", 0, NULL, 'q'},
						{"root", 0, NULL, 'r'},
						{"syslog", 0, NULL, 's'},
						{"kallsyms", 0, NULL, 'S'},
						{"verbose", 0, NULL, 'v'},
						{"version", 0, NULL, 'V'},
						{"noexport", 0, NULL, 'x'},
						{"export", 0, NULL, 'X'},
						{"noksymoops", 0, NULL, 'y'},
						{"ksymoops", 0, NULL, 'Y'},
						{"persist", 1, NULL, 'e'},
						{"name", 1, NULL, 'o'},
						{"blob", 1, NULL, 'O'},
						{"prefix", 1, NULL, 'P'},
						{}};
	struct settings settings = {};
	int option, status;
	char *path;

	modutils_start(&settings.messages, "insmod");
	while ((option = getopt_long(argc, argv, "fhkLmnpqrsSvVxXyYe:o:O:P:", options, NULL)) != -1)
		if (!take_option(option, &settings))
			return usage();
	if (optind >= argc)
		return usage();
	path = find_file(argv[optind], settings.any_owner, &settings.messages);
	if (!path)
		return EXIT_FAILURE;
	settings.insert.path = path;
	settings.insert.arguments = argv + optind + 1;
	status = load_file(&settings.insert, &settings.messages);
	free(path);
	return status;
}
