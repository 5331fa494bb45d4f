// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kmod static-nodes: the device nodes that load a module when they are opened,
 * from the running kernel's modules.devname, for systemd-tmpfiles and people.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "tools/kmod/kmod.h"
#include "tools/kmod/log.h"

struct node {
	const char *module, *device;
	char type; /* 'b' or 'c' */
	unsigned int major, minor;
};

static void write_human(FILE *out, const struct node *node)
{
	fprintf(out,
		"Module: %s\n"
		"\tDevice node: /dev/%s\n"
		"\t\tType: %s device\n"
		"\t\tMajor: %u\n"
		"\t\tMinor: %u\n",
		node->module, node->device, node->type == 'c' ? "character" : "block", node->major,
		node->minor);
}

static void write_tmpfiles(FILE *out, const struct node *node)
{
	const char *slash = strrchr(node->device, '/');

	if (slash)
		fprintf(out, "d /dev/%.*s 0755 - - -\n", (int)(slash - node->device), node->device);
	fprintf(out, "%c! /dev/%s 0600 - - - %u:%u\n", node->type, node->device, node->major,
		node->minor);
}

static void write_devname(FILE *out, const struct node *node)
{
	fprintf(out, "%s %s %c%u:%u\n", node->module, node->device, node->type, node->major,
		node->minor);
}

static const struct format {
	const char *name;
	void (*write)(FILE *out, const struct node *node);
	const char *purpose;
} formats[] = {
	{"human", write_human, "for people (the default)"},
	{"tmpfiles", write_tmpfiles, "tmpfiles.d(5), for systemd-tmpfiles"},
	{"devname", write_devname, "as in modules.devname"},
};
#define NR_FORMATS (sizeof(formats) / sizeof(formats[0]))

static void print_help(void)
{
	printf("Usage:\n"
	       "\t%s static-nodes [options]\n\n"
	       "Print the device nodes of the running kernel's modules.\n\n"
	       "Options:\n"
	       "\t-f, --format FORMAT  one of the formats below\n"
	       "\t-o, --output FILE    write to FILE\n"
	       "\t-h, --help           show this help\n\n"
	       "Formats:\n",
	       program_invocation_short_name);
	for (size_t i = 0; i < NR_FORMATS; i++)
		printf("\t%-12s %s\n", formats[i].name, formats[i].purpose);
}

static const struct format *find_format(const char *name)
{
	for (size_t i = 0; i < NR_FORMATS; i++)
		if (!strcmp(formats[i].name, name))
			return &formats[i];
	fprintf(stderr, "Unknown format: '%s'.\n", name);
	print_help();
	return NULL;
}

/* Splits line. */
static bool read_node(char *line, struct node *node)
{
	char *rest, *numbers;

	node->module = strtok_r(line, " \t\n", &rest);
	node->device = strtok_r(NULL, " \t\n", &rest);
	numbers = strtok_r(NULL, " \t\n", &rest);
	return numbers &&
	       sscanf(numbers, "%c%u:%u", &node->type, &node->major, &node->minor) == 3 &&
	       (node->type == 'c' || node->type == 'b');
}

static int convert(FILE *in, FILE *out, const struct format *format)
{
	char *line = NULL, *copy;
	int status = EXIT_SUCCESS;
	struct node node;
	size_t room = 0;

	while (getline(&line, &room, in) > 0) {
		if (*line == '#')
			continue;
		copy = strdup(line);
		if (copy && read_node(copy, &node)) {
			format->write(out, &node);
		} else {
			fprintf(stderr, "Error: invalid devname entry: %s", line);
			status = EXIT_FAILURE;
		}
		free(copy);
	}
	if (ferror(in)) {
		fprintf(stderr, "Error: could not read modules.devname - %m\n");
		status = EXIT_FAILURE;
	}
	free(line);
	return status;
}

static int write_output(FILE *in, const char *output, const struct format *format)
{
	FILE *out;
	int error = kmod_make_parents(output), status;

	if (error) {
		fprintf(stderr, "Error: could not create parent directory for %s - %s.\n", output,
			strerror(-error));
		return EXIT_FAILURE;
	}
	out = fopen(output, "we");
	if (!out) {
		fprintf(stderr, "Error: could not create %s - %m\n", output);
		return EXIT_FAILURE;
	}
	status = convert(in, out, format);
	error = ferror(out);
	if (fclose(out) || error) {
		fprintf(stderr, "Error: could not write %s - %m\n", output);
		status = EXIT_FAILURE;
	}
	return status;
}

static int run(const char *output, const struct format *format)
{
	char path[2 * PATH_MAX], directory[PATH_MAX];
	int status;
	FILE *in;

	if (kmod_directory(NULL, NULL, directory))
		return EXIT_FAILURE;
	snprintf(path, sizeof(path), "%s/modules.devname", directory);
	in = fopen(path, "re");
	if (!in && errno == ENOENT) {
		fprintf(stderr, "Warning: %s not found - ignoring\n", path);
		return EXIT_SUCCESS;
	}
	if (!in) {
		fprintf(stderr, "Error: could not open %s - %m\n", path);
		return EXIT_FAILURE;
	}
	status = output ? write_output(in, output, format) : convert(in, stdout, format);
	fclose(in);
	return status;
}

int kmod_static_nodes(int argc, char **argv)
{
	static const struct option options[] = {{"output", required_argument, NULL, 'o'},
						{"format", required_argument, NULL, 'f'},
						{"help", no_argument, NULL, 'h'},
						{}};
	const struct format *format = formats;
	const char *output = NULL;
	int option;

	while ((option = getopt_long(argc, argv, "o:f:h", options, NULL)) != -1) {
		switch (option) {
		case 'o':
			output = optarg;
			break;
		case 'f':
			format = find_format(optarg);
			if (!format)
				return EXIT_FAILURE;
			break;
		case 'h':
			print_help();
			return EXIT_SUCCESS;
		default:
			return EXIT_FAILURE;
		}
	}
	return run(output, format);
}
