// SPDX-License-Identifier: GPL-2.0-or-later
/* ksyms: what modules export, and, if asked, the kernel. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include "tools/modutils/kernel.h"
#include "tools/modutils/tools.h"

static void print_help(FILE *to)
{
	fputs("Usage: ksyms [-ahHmV] [--scheme 2.4|2.6]\n"
	      "  -a, --all       the kernel's own symbols, too\n"
	      "  -h, --noheader  without the first line\n"
	      "  -m, --info      where modules lie and how large they are, too\n"
	      "  -V, --version   print the version\n"
	      "  -H, --help      print this\n",
	      to);
}

static void print_symbols(const struct kernel_symbols *symbols, const char *module)
{
	for (size_t i = 0; i < symbols->count; i++)
		if (module)
			printf("%016lx  %-32s  [%s]\n", (unsigned long)symbols->list[i].value,
			       symbols->list[i].name, module);
		else
			printf("%016lx  %s\n", (unsigned long)symbols->list[i].value,
			       symbols->list[i].name);
}

static void print_module(const struct kernel_module *module)
{
	char size[32];

	snprintf(size, sizeof(size), "(%luk)", (unsigned long)module->size / 1024);
	printf("%016lx  %-32s  [%s]\n", (unsigned long)module->address, size, module->name);
}

int modutils_ksyms(int argc, char **argv)
{
	static const struct option options[] = {{"all", 0, NULL, 'a'},  {"noheader", 0, NULL, 'h'},
						{"info", 0, NULL, 'm'}, {"version", 0, NULL, 'V'},
						{"help", 0, NULL, 'H'}, {}};
	bool with_kernel = false, with_header = true, with_modules = false;
	struct messages messages;
	struct kernel kernel;
	int option, error;

	modutils_start(&messages, "ksyms");
	while ((option = getopt_long(argc, argv, "ahmVH", options, NULL)) != -1) {
		switch (option) {
		case 'a':
			with_kernel = true;
			break;
		case 'h':
			with_header = false;
			break;
		case 'm':
			with_modules = true;
			break;
		case 'V':
			modutils_print_version(stderr, "ksyms");
			return EXIT_SUCCESS;
		default:
			print_help(option == 'H' ? stdout : stderr);
			return option == 'H' ? EXIT_SUCCESS : EXIT_FAILURE;
		}
	}
	error = kernel_read(&kernel, &kernel_calls, KERNEL_INFO | KERNEL_SYMBOLS, &messages);
	if (!error) {
		if (with_header)
			printf("%-16s  %-32s  %s\n", "Address", "Symbol", "Defined by");
		for (size_t i = 0; i < kernel.nr_modules; i++) {
			if (with_modules)
				print_module(&kernel.modules[i]);
			print_symbols(&kernel.modules[i].symbols, kernel.modules[i].name);
		}
		if (with_kernel)
			print_symbols(&kernel.symbols, NULL);
	}
	kernel_release(&kernel);
	return error ? EXIT_FAILURE : EXIT_SUCCESS;
}
