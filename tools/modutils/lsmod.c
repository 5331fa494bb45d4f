// SPDX-License-Identifier: GPL-2.0-or-later
/* lsmod: the modules that are loaded, how often they are used, and by whom. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <ring3/scheme24.h>
#include "tools/modutils/kernel.h"
#include "tools/modutils/tools.h"

static void print_taint(void)
{
	FILE *in = fopen("/proc/sys/kernel/tainted", "re");
	unsigned int bits = 0;
	int found;

	if (!in)
		return;
	found = fscanf(in, "%u", &bits);
	fclose(in);
	if (found == 1 && bits)
		printf("    Tainted: %c%c%c", bits & TAINT_PROPRIETARY ? 'P' : 'G',
		       bits & TAINT_FORCED ? 'F' : ' ', bits & 4 ? 'S' : ' ');
	else
		printf("    Not tainted");
}

static void print_state(uint64_t flags)
{
	if (flags & R3_24_DELETED) {
		printf(" (deleted)");
	} else if (flags & R3_24_INITIALIZING) {
		printf(" (initializing)");
	} else if (!(flags & R3_24_RUNNING)) {
		printf(" (uninitialized)");
	} else {
		if (flags & R3_24_AUTOCLEAN)
			printf(" (autoclean)");
		if (!(flags & R3_24_USED_ONCE))
			printf(" (unused)");
	}
}

static int print_holder(void *context, const char *name)
{
	const char **separator = context;

	printf("%s%s", *separator, name);
	*separator = " ";
	return 0;
}

static void print_module(const struct kernel_module *module)
{
	const char *separator = " [";

	/* -1: a module that has can_unload() does not count */
	printf("%-20s%8lu%4ld ", module->name, (unsigned long)module->size,
	       (long)module->use_count);
	print_state(module->flags);
	kernel_each_holder(module, print_holder, &separator);
	puts(module->nr_holders ? "]" : "");
}

static void print_help(FILE *to)
{
	fputs("Usage: lsmod [-hV] [--scheme 2.4|2.6]\n"
	      "  -h, --help     print this\n"
	      "  -V, --version  print the version\n",
	      to);
}

int modutils_lsmod(int argc, char **argv)
{
	static const struct option options[] = {
		{"help", 0, NULL, 'h'}, {"version", 0, NULL, 'V'}, {}};
	struct messages messages;
	struct kernel kernel;
	int option, error;

	modutils_start(&messages, "lsmod");
	while ((option = getopt_long(argc, argv, "hV", options, NULL)) != -1) {
		if (option == 'V') {
			modutils_print_version(stderr, "lsmod");
			return EXIT_SUCCESS;
		}
		print_help(option == 'h' ? stdout : stderr);
		return option == 'h' ? EXIT_SUCCESS : EXIT_FAILURE;
	}
	error = kernel_read(&kernel, &kernel_calls, KERNEL_INFO | KERNEL_HOLDERS, &messages);
	if (!error) {
		printf("Module                  Size  Used by");
		print_taint();
		putchar('\n');
		for (size_t i = 0; i < kernel.nr_modules; i++)
			print_module(&kernel.modules[i]);
	}
	kernel_release(&kernel);
	return error ? EXIT_FAILURE : EXIT_SUCCESS;
}
