// SPDX-License-Identifier: GPL-2.0-or-later
/* lsmod, and kmod list: the modules that are loaded. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cli/json.h"
#include "tools/kmod/kmod.h"
#include "tools/kmod/loaded.h"
#include "tools/kmod/log.h"

static int print_holder(void *context, const char *holder)
{
	char *separator = context;

	putchar(*separator);
	*separator = ',';
	fputs(holder, stdout);
	return 0;
}

/* Once, and only if there is a list at all. */
static void print_title(bool *printed)
{
	if (!*printed)
		puts("Module                  Size  Used by");
	*printed = true;
}

static int print_module(void *context, const struct loaded_module *module)
{
	char separator = ' ';

	print_title(context);
	printf("%-19s %8ld  %d", module->name, module->size, loaded_references(module->name));
	loaded_holders(module->name, print_holder, &separator);
	putchar('\n');
	return 0;
}

static int write_holder(void *context, const char *holder)
{
	json_string(context, NULL, holder);
	return 0;
}

static int write_module(void *context, const struct loaded_module *module)
{
	struct json *json = context;
	int references = loaded_references(module->name);

	json_open(json, NULL, '{');
	json_string(json, "name", module->name);
	json_number(json, "size", module->size);
	if (references >= 0) /* a kernel without CONFIG_MODULE_UNLOAD does not count */
		json_number(json, "references", references);
	json_string(json, "state", module->state);
	json_open(json, "used_by", '[');
	loaded_holders(module->name, write_holder, json);
	json_close(json, ']');
	json_close(json, '}');
	return 0;
}

static void print_help(void)
{
	printf("Usage:\n"
	       "\t%s [options]\n"
	       "Options:\n"
	       "\t-s, --syslog      print to syslog, not stderr\n"
	       "\t-v, --verbose     print more messages\n"
	       "\t    --json        print a JSON document\n"
	       "\t-V, --version     show version\n"
	       "\t-h, --help        show this help\n",
	       program_invocation_short_name);
}

static int list(bool as_json)
{
	struct json json = {.out = stdout};
	bool titled = false;
	int error;

	if (as_json) {
		json_open(&json, NULL, '[');
		error = loaded_each(write_module, &json);
		json_close(&json, ']');
	} else {
		error = loaded_each(print_module, &titled);
		if (!error)
			print_title(&titled);
	}
	if (error)
		error("could not get list of modules: %s", strerror(-error));
	return error ? EXIT_FAILURE : EXIT_SUCCESS;
}

#define OPTION_JSON 256

int kmod_lsmod(int argc, char **argv)
{
	static const struct option options[] = {
		{"json", no_argument, NULL, OPTION_JSON}, KMOD_MESSAGES_OPTIONS, {}};
	struct kmod_messages messages = KMOD_MESSAGES;
	bool as_json = false;
	int option, status;

	while ((option = getopt_long(argc, argv, "svVh", options, NULL)) != -1) {
		if (option == OPTION_JSON) {
			as_json = true;
			continue;
		}
		status = kmod_common_option(option, &messages, print_help);
		if (status >= 0)
			return status;
	}
	log_open(messages.to_syslog, messages.level);
	if (optind < argc) {
		error("too many arguments provided.");
		status = EXIT_FAILURE;
	} else {
		status = list(as_json);
	}
	log_close();
	return status;
}
