// SPDX-License-Identifier: GPL-2.0-or-later
/* rmmod: remove modules, stacks of them, or all that are idle. */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include "tools/modutils/kernel.h"
#include "tools/modutils/tools.h"

static void usage(void)
{
	fputs("Usage:\n"
	      "rmmod [-aehrsvV] module ...\n"
	      "\n"
	      "  -a, --all     remove modules that are autoclean and were not used since the last "
	      "rmmod -a\n"
	      "  -r, --stacks  remove a module, and then what only it used\n"
	      "  -s, --syslog  messages to syslog\n"
	      "  -h, --help    print this\n"
	      "  -v, --verbose say what is removed\n"
	      "  -V, --version print the version\n"
	      "      --scheme SCHEME   2.4 or 2.6, whatever the kernel is\n"
	      "Left out: -e, --persist does nothing, since no data is kept.\n",
	      stderr);
}

/* perror()'s line: modutils says the module's name where others say the tool's. */
static void tell_plain(struct messages *messages, const char *name, int error)
{
	struct messages plain = *messages;

	plain.from = name;
	tell_error(&plain, "%s", strerror(-error));
}

static int remove_one(const char *name, struct messages *messages)
{
	int error = kernel_calls.delete(kernel_calls.context, name);

	if (!error) {
		tell_step(messages, "kernel", "delete_module", "%s: cleanup ran, it is gone", name);
		return 0;
	}
	if (error == -ENOENT)
		tell_error(messages, "module %s is not loaded", name);
	else
		tell_plain(messages, name, error);
	return error;
}

static int remove_idle(struct messages *messages)
{
	int error = kernel_calls.delete(kernel_calls.context, NULL);

	if (!error) {
		tell_step(messages, "kernel", "delete_module", "NULL: all that were idle");
		return EXIT_SUCCESS;
	}
	tell_plain(messages, "rmmod", error);
	return EXIT_FAILURE;
}

struct stack {
	const struct kernel *kernel;
	bool *is_asked; /* on the command line, by the index in the kernel's list */
	bool *goes;     /* it can be removed, as far as its users are concerned */
};

/* Not zero: this user stays. */
static int user_stays(void *context, const char *name)
{
	const struct stack *stack = context;
	const struct kernel_module *user = kernel_find(stack->kernel, name);

	return user && !stack->goes[user - stack->kernel->modules];
}

/* From the newest to the oldest, so that users go before what they use. */
static int remove_stacks(struct stack *stack, struct messages *messages)
{
	int status = EXIT_SUCCESS, error;

	for (size_t i = 0; i < stack->kernel->nr_modules; i++) {
		const struct kernel_module *module = &stack->kernel->modules[i];

		if (module->is_gone || (!stack->is_asked[i] && !module->nr_holders))
			continue;
		if (kernel_each_holder(module, user_stays, stack)) {
			if (!stack->is_asked[i])
				continue;
			tell_error(messages, "%s is in use", module->name);
			status = EXIT_FAILURE;
			continue;
		}
		error = kernel_calls.delete(kernel_calls.context, module->name);
		stack->goes[i] = !error;
		if (error) {
			tell_error(messages, "%s: %s", module->name, strerror(-error));
			status = EXIT_FAILURE;
		} else {
			tell_step(messages, "kernel", "delete_module",
				  "%s: cleanup ran, it is gone", module->name);
		}
	}
	return status;
}

static int remove_recursively(const struct kernel *kernel, char **names, struct messages *messages)
{
	struct stack stack = {.kernel = kernel};
	int status = EXIT_FAILURE;
	bool all_loaded = true;

	stack.is_asked = calloc(kernel->nr_modules + 1, sizeof(bool));
	stack.goes = calloc(kernel->nr_modules + 1, sizeof(bool));
	if (!stack.is_asked || !stack.goes)
		goto out;
	for (; *names; names++) {
		const struct kernel_module *module = kernel_find(kernel, *names);

		if (module) {
			stack.is_asked[module - kernel->modules] = true;
			continue;
		}
		tell_error(messages, "module %s not loaded", *names);
		all_loaded = false;
	}
	status = remove_stacks(&stack, messages);
	if (!all_loaded)
		status = EXIT_FAILURE;
out:
	free(stack.is_asked);
	free(stack.goes);
	return status;
}

static int remove_all(char **names, bool is_recursive, bool is_idle, struct messages *messages)
{
	struct kernel kernel;
	int status = EXIT_SUCCESS;

	/* Nothing is asked of a kernel of another scheme: its delete_module() has another meaning.
	 */
	if (kernel_read(&kernel, &kernel_calls, KERNEL_INFO | KERNEL_HOLDERS, messages)) {
		status = EXIT_FAILURE;
	} else if (is_idle) {
		status = remove_idle(messages);
	} else if (is_recursive) {
		status = remove_recursively(&kernel, names, messages);
	} else {
		for (; *names; names++)
			if (remove_one(*names, messages))
				status = EXIT_FAILURE;
	}
	kernel_release(&kernel);
	return status;
}

int modutils_rmmod(int argc, char **argv)
{
	static const struct option options[] = {
		{"all", 0, NULL, 'a'},     {"persist", 0, NULL, 'e'},
		{"help", 0, NULL, 'h'},    {"stacks", 0, NULL, 'r'},
		{"syslog", 0, NULL, 's'},  {"verbose", 0, NULL, 'v'},
		{"version", 0, NULL, 'V'}, {}};
	bool is_recursive = false, is_idle = false, is_persistent = false;
	struct messages messages;
	int option;

	modutils_start(&messages, "rmmod");
	while ((option = getopt_long(argc, argv, "aehrsvV", options, NULL)) != -1) {
		switch (option) {
		case 'a':
			is_idle = true;
			break;
		case 'e':
			is_persistent = true;
			break;
		case 'h':
			usage();
			return EXIT_SUCCESS;
		case 'r':
			is_recursive = true;
			break;
		case 's':
			modutils_to_syslog(&messages, "rmmod");
			break;
		case 'v':
			messages.is_verbose = true;
			break;
		case 'V':
			modutils_print_version(stderr, "rmmod");
			break;
		default:
			usage();
			return EXIT_FAILURE;
		}
	}
	if (is_persistent && !is_idle) {
		fputs("rmmod: -e (persistent data) is left out and does nothing\n", stderr);
		return EXIT_SUCCESS;
	}
	if (optind >= argc && !is_idle) {
		usage();
		return EXIT_FAILURE;
	}
	return remove_all(argv + optind, is_recursive, is_idle, &messages);
}
