// SPDX-License-Identifier: GPL-2.0-or-later
/* insmod: load one module file. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "tools/kmod/explain.h"
#include "tools/kmod/insert.h"
#include "tools/kmod/insert_error.h"
#include "tools/kmod/kernel_log.h"
#include "tools/kmod/kmod.h"
#include "tools/kmod/log.h"
#include "tools/kmod/parameters.h"
#include "tools/kmod/steps.h"

static void print_help(void)
{
	printf("Usage:\n"
	       "\t%s [options] filename [PARAMETER=VALUE]...\n"
	       "Options:\n"
	       "\t-f, --force       load it whatever kernel it was built for: may crash the "
	       "machine\n"
	       "\t-s, --syslog      print to syslog, not stderr\n"
	       "\t-v, --verbose     print more messages\n"
	       "\t-V, --version     show version\n"
	       "\t-h, --help        show this help\n",
	       program_invocation_short_name);
}

static int load(const char *path, char *const *arguments, unsigned int flags)
{
	struct stat status;
	char *parameters;
	int error, log, steps;

	if (stat(path, &status)) {
		error("could not load module %s: %m", path);
		return EXIT_FAILURE;
	}
	parameters = parameters_join(arguments);
	if (!parameters) {
		error("out of memory");
		return EXIT_FAILURE;
	}
	log = kernel_log_open();
	steps = log_shows(LOG_WARNING) ? steps_open() : -1;
	steps_tell_call(steps, path, parameters);
	error = insert_module(path, parameters, flags);
	steps_close(steps, error);
	if (error) {
		error("could not insert module %s: %s", path, insert_error(error));
		explain_failure(path, parameters, error, log);
	}
	kernel_log_close(log);
	free(parameters);
	return error ? EXIT_FAILURE : EXIT_SUCCESS;
}

static int load_first(char **arguments, unsigned int flags)
{
	if (!*arguments) {
		error("missing filename.");
		return EXIT_FAILURE;
	}
	if (!strcmp(*arguments, "-")) {
		error("this tool does not support loading from stdin!");
		return EXIT_FAILURE;
	}
	return load(*arguments, arguments + 1, flags);
}

int kmod_insmod(int argc, char **argv)
{
	static const struct option options[] = {
		{"force", no_argument, NULL, 'f'}, KMOD_MESSAGES_OPTIONS, {}};
	struct kmod_messages messages = KMOD_MESSAGES;
	unsigned int flags = 0;
	int option, status;

	while ((option = getopt_long(argc, argv, "fsvVh", options, NULL)) != -1) {
		if (option == 'f') {
			flags = INSERT_FORCE_VERSIONS | INSERT_FORCE_VERMAGIC;
			continue;
		}
		status = kmod_common_option(option, &messages, print_help);
		if (status >= 0)
			return status;
	}
	log_open(messages.to_syslog, messages.level);
	status = load_first(argv + optind, flags);
	log_close();
	return status;
}
