// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cli/symvers.h"

struct symvers_node {
	char *symbol; /* the key; owner lies behind it in the same memory */
	const char *owner;
};

static int compare(const void *left, const void *right)
{
	return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static void free_node(void *pointer)
{
	struct symvers_node *node = pointer;

	free(node->symbol);
	free(node);
}

/* CRC, symbol, module, kind of export, namespace, with tabs between (Documentation/kbuild). */
static int add_line(struct symvers *symvers, const char *line)
{
	struct symvers_node *node;
	const char *symbol = strchr(line, '\t');
	const char *owner = symbol ? strchr(++symbol, '\t') : NULL;
	const char *end = owner ? strchr(++owner, '\t') : NULL;

	if (!end || strncmp(owner, "vmlinux\t", 8) == 0)
		return 0;
	node = malloc(sizeof(*node));
	if (!node)
		return -ENOMEM;
	node->symbol = strndup(symbol, end - symbol);
	if (!node->symbol) {
		free(node);
		return -ENOMEM;
	}
	node->symbol[owner - symbol - 1] = '\0';
	node->owner = node->symbol + (owner - symbol);
	if (!tsearch(node, &symvers->tree, compare)) {
		free_node(node);
		return -ENOMEM;
	}
	return 0;
}

int symvers_read(struct symvers *symvers, const char *headers)
{
	char *path = NULL, *line = NULL;
	size_t room = 0;
	int error = 0;
	FILE *file;

	*symvers = (struct symvers){0};
	if (asprintf(&path, "%s/Module.symvers", headers) < 0)
		return -ENOMEM;
	file = fopen(path, "re");
	free(path);
	if (!file)
		return -errno;
	while (!error && getline(&line, &room, file) > 0)
		error = add_line(symvers, line);
	free(line);
	fclose(file);
	return error;
}

const char *symvers_owner(const struct symvers *symvers, const char *symbol)
{
	void *found = tfind(&symbol, &symvers->tree, compare);

	return found ? (*(struct symvers_node **)found)->owner : NULL;
}

void symvers_release(struct symvers *symvers)
{
	tdestroy(symvers->tree, free_node);
	symvers->tree = NULL;
}
