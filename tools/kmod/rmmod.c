// SPDX-License-Identifier: GPL-2.0-or-later
/* rmmod: unload modules. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "tools/kmod/kmod.h"
#include "tools/kmod/loaded.h"
#include "tools/kmod/log.h"
#include "tools/kmod/name.h"
#include "tools/kmod/pool.h"

struct holders {
	char *text; /* " a b"; free() it */
	size_t length;
};

static int add_holder(void *context, const char *holder)
{
	struct holders *holders = context;
	size_t length = strlen(holder);
	char *text = realloc(holders->text, holders->length + length + 2);

	if (!text)
		return -ENOMEM;
	holders->text = text;
	text[holders->length] = ' ';
	memcpy(text + holders->length + 1, holder, length + 1);
	holders->length += length + 1;
	return 0;
}

static int check_holders(const char *name)
{
	struct holders holders = {0};
	int error = loaded_holders(name, add_holder, &holders);

	/* Holders that cannot be read are no reason: the kernel decides. */
	if (error == -ENOMEM) {
		error("out of memory");
	} else if (holders.text) {
		error("Module %s is in use by:%s", name, holders.text);
		error = -EBUSY;
	} else {
		error = 0;
	}
	free(holders.text);
	return error;
}

static bool is_builtin(const char *directory, const char *name)
{
	struct pool pool = {.directory = directory};
	bool found = pool_has_key(&pool, POOL_BUILTIN, name) > 0;

	pool_release(&pool);
	return found;
}

static int check_unused(const char *directory, const char *name)
{
	int references, error;

	if (is_builtin(directory, name)) {
		error("Module %s is builtin.", name);
		return -ENOENT;
	}
	if (loaded_state(name) < 0) {
		error("Module %s is not currently loaded", name);
		return -ENOENT;
	}
	error = check_holders(name);
	if (error)
		return error;
	references = loaded_references(name);
	if (references > 0) {
		error("Module %s is in use", name);
		return -EBUSY;
	}
	if (references == -ENOENT)
		error("Module unloading is not supported");
	return references;
}

static int unload(const char *directory, const char *argument, bool force)
{
	char name[PATH_MAX];
	struct stat status;

	if (!stat(argument, &status))
		name_from_path(argument, name);
	else
		name_normalize(argument, name);
	if (!*name) {
		error("could not use module %s: %s", argument, strerror(ENOENT));
		return EXIT_FAILURE;
	}
	if (!force && check_unused(directory, name) < 0)
		return EXIT_FAILURE;
	if (syscall(SYS_delete_module, name, O_NONBLOCK | (force ? O_TRUNC : 0))) {
		error("could not remove module %s: %m", argument);
		return EXIT_FAILURE;
	}
	return EXIT_SUCCESS;
}

static void print_help(void)
{
	printf("Usage:\n"
	       "\t%s [options] modulename...\n"
	       "Options:\n"
	       "\t-f, --force       unload it even if it is in use: what uses it may crash\n"
	       "\t-s, --syslog      print to syslog, not stderr\n"
	       "\t-v, --verbose     print more messages\n"
	       "\t-V, --version     show version\n"
	       "\t-h, --help        show this help\n",
	       program_invocation_short_name);
}

static int unload_all(char **names, bool force)
{
	char directory[PATH_MAX];
	int status = EXIT_SUCCESS;

	if (!*names) {
		error("missing module name.");
		return EXIT_FAILURE;
	}
	if (kmod_directory(NULL, NULL, directory))
		return EXIT_FAILURE;
	for (; *names; names++)
		if (unload(directory, *names, force))
			status = EXIT_FAILURE;
	return status;
}

int kmod_rmmod(int argc, char **argv)
{
	static const struct option options[] = {
		{"force", no_argument, NULL, 'f'}, KMOD_MESSAGES_OPTIONS, {}};
	struct kmod_messages messages = KMOD_MESSAGES;
	bool force = false;
	int option, status;

	while ((option = getopt_long(argc, argv, "fsvVh", options, NULL)) != -1) {
		if (option == 'f') {
			force = true;
			continue;
		}
		status = kmod_common_option(option, &messages, print_help);
		if (status >= 0)
			return status;
	}
	log_open(messages.to_syslog, messages.level);
	status = unload_all(argv + optind, force);
	log_close();
	return status;
}
