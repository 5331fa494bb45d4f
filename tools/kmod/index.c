// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "tools/kmod/index.h"

/* A node, each part checked to lie inside of the file. */
struct node {
	const char *prefix; /* "" if it has none */
	size_t prefix_length;
	unsigned int first, last; /* bytes; first > last: no children */
	const uint8_t *children;
	uint32_t nr_values;
	const uint8_t *values;
};

#define BLOCK ((size_t)4096)

/*
 * A file that is read as far as searches come: they touch few of its pages. Not
 * mapped: a file that shrinks meanwhile must not kill the tool.
 */
struct index_file {
	int fd;
	uint8_t *data;
	bool is_read[]; /* of each block */
};

static bool read_block(const struct index *index, size_t block)
{
	struct index_file *file = index->file;
	size_t at = block * BLOCK, size = index->size - at < BLOCK ? index->size - at : BLOCK;

	if (!file->is_read[block])
		file->is_read[block] = pread(file->fd, file->data + at, size, at) == (ssize_t)size;
	return file->is_read[block];
}

/* Are these bytes inside of the index? Then they can be used from now on. */
static bool has(const struct index *index, size_t at, size_t size)
{
	if (at > index->size || size > index->size - at)
		return false;
	if (!index->file || !size)
		return true;
	for (size_t block = at / BLOCK; block <= (at + size - 1) / BLOCK; block++)
		if (!read_block(index, block))
			return false;
	return true;
}

static uint32_t number_at(const uint8_t *data)
{
	uint32_t number;

	memcpy(&number, data, sizeof(number));
	return ntohl(number);
}

/* The text at *at, which moves behind it. NULL: it does not end inside of the file. */
static const char *take_text(const struct index *index, size_t *at, size_t *length)
{
	const char *text = (const char *)index->data + *at;
	size_t end = *at, size, found;

	do {
		size = BLOCK - end % BLOCK;
		if (size > index->size - end)
			size = index->size - end;
		if (!size || !has(index, end, size))
			return NULL;
		found = strnlen((const char *)index->data + end, size);
		end += found;
	} while (found == size);
	*length = end - *at;
	*at = end + 1;
	return text;
}

static int take_children(const struct index *index, size_t *at, struct node *node)
{
	size_t count;

	if (!has(index, *at, 2))
		return -EINVAL;
	node->first = index->data[*at];
	node->last = index->data[*at + 1];
	*at += 2;
	if (node->first > node->last || node->last >= INDEX_NR_BYTES)
		return -EINVAL;
	count = node->last - node->first + 1;
	if (!has(index, *at, count * sizeof(uint32_t)))
		return -EINVAL;
	node->children = index->data + *at;
	*at += count * sizeof(uint32_t);
	return 0;
}

static int read_node(const struct index *index, uint32_t place, struct node *node)
{
	size_t at = place & INDEX_PLACE;

	*node = (struct node){.prefix = "", .first = 1};
	if (at < INDEX_HEADER || at > index->size)
		return -EINVAL;
	if (place & INDEX_PREFIX) {
		node->prefix = take_text(index, &at, &node->prefix_length);
		if (!node->prefix)
			return -EINVAL;
	}
	if (place & INDEX_CHILDREN && take_children(index, &at, node))
		return -EINVAL;
	if (place & INDEX_VALUES) {
		if (!has(index, at, sizeof(uint32_t)))
			return -EINVAL;
		node->nr_values = number_at(index->data + at);
		node->values = index->data + at + sizeof(uint32_t);
	}
	return 0;
}

/* The place of the child for byte, 0 if there is none. */
static uint32_t child_at(const struct node *node, unsigned int byte)
{
	if (byte < node->first || byte > node->last)
		return 0;
	return number_at(node->children + (byte - node->first) * sizeof(uint32_t));
}

/* left: how many bytes of values may still come; those of one node are not met twice. */
static int visit_values(const struct index *index, const struct node *node, const char *key,
			index_visit_fn visit, void *context, size_t *left)
{
	size_t at = node->values ? (size_t)(node->values - index->data) : 0, length;
	const char *value;
	uint32_t priority;
	int error;

	for (uint32_t i = 0; i < node->nr_values; i++) {
		if (!has(index, at, sizeof(uint32_t)))
			return -EINVAL;
		priority = number_at(index->data + at);
		at += sizeof(uint32_t);
		value = take_text(index, &at, &length);
		if (!value || length + sizeof(uint32_t) > *left)
			return -EINVAL;
		*left -= length + sizeof(uint32_t);
		error = visit(context, key, value, priority);
		if (error)
			return error;
	}
	return 0;
}

static uint32_t root_of(const struct index *index)
{
	return number_at(index->data + 2 * sizeof(uint32_t));
}

int index_search(const struct index *index, const char *key, index_visit_fn visit, void *context)
{
	uint32_t place = root_of(index);
	const char *rest = key;
	size_t left = index->size;
	struct node node;

	while (place) {
		if (read_node(index, place, &node))
			return -EINVAL;
		if (strncmp(rest, node.prefix, node.prefix_length))
			return 0;
		rest += node.prefix_length;
		if (!*rest)
			return visit_values(index, &node, key, visit, context, &left);
		/* A key grows with each node, so this ends even if nodes form a ring. */
		place = child_at(&node, (uint8_t)*rest++);
	}
	return 0;
}

/* A walk through many nodes. */
struct walk {
	const struct index *index;
	const char *text; /* what keys must match; NULL: every key */
	index_visit_fn visit;
	void *context;
	size_t left; /* bytes of nodes and values that may still come */
	size_t length;
	char key[INDEX_KEY_MAX];
};

/* Where a pattern begins: what stands before it is compared byte by byte. */
static bool is_wild(unsigned int byte)
{
	return byte == '*' || byte == '?' || byte == '[';
}

/* Can a key that begins with the walk's own match its text? */
static bool may_match(const struct walk *walk)
{
	size_t length = 0;

	if (!walk->text)
		return true;
	while (length < walk->length && !is_wild((uint8_t)walk->key[length])) {
		/* of a backslash, fnmatch() is to judge */
		if (walk->key[length] == '\\')
			return true;
		length++;
	}
	return !strncmp(walk->key, walk->text, length);
}

static int walk_values(struct walk *walk, const struct node *node)
{
	if (!node->nr_values)
		return 0;
	walk->key[walk->length] = '\0';
	if (walk->text && fnmatch(walk->key, walk->text, 0))
		return 0;
	return visit_values(walk->index, node, walk->key, walk->visit, walk->context, &walk->left);
}

static bool append(struct walk *walk, const char *text, size_t length)
{
	if (length >= sizeof(walk->key) - walk->length)
		return false;
	memcpy(walk->key + walk->length, text, length);
	walk->length += length;
	return true;
}

/* The recursion is bounded by the length of keys: each level adds a byte. */
static int walk_node(struct walk *walk, uint32_t place)
{
	size_t length = walk->length;
	struct node node;
	uint32_t child;
	char byte;
	int error;

	/* Each has its own bytes: more of them than bytes are nodes in a ring, or met again. */
	if (!walk->left--)
		return -EINVAL;
	if (read_node(walk->index, place, &node) || !append(walk, node.prefix, node.prefix_length))
		return -EINVAL;
	error = may_match(walk) ? walk_values(walk, &node) : 0;
	if (!may_match(walk))
		node.first = node.last + 1;
	for (unsigned int i = node.first; !error && i <= node.last; i++) {
		child = child_at(&node, i);
		if (!child)
			continue;
		byte = (char)i;
		if (!append(walk, &byte, 1))
			return -EINVAL;
		error = may_match(walk) ? walk_node(walk, child) : 0;
		walk->length--;
	}
	walk->length = length;
	return error;
}

static int walk_index(const struct index *index, const char *text, index_visit_fn visit,
		      void *context)
{
	struct walk *walk = malloc(sizeof(*walk));
	uint32_t root = root_of(index);
	int error = -ENOMEM;

	if (walk) {
		walk->index = index;
		walk->text = text;
		walk->visit = visit;
		walk->context = context;
		walk->left = index->size;
		walk->length = 0;
		error = root ? walk_node(walk, root) : 0;
	}
	free(walk);
	return error;
}

int index_search_wild(const struct index *index, const char *text, index_visit_fn visit,
		      void *context)
{
	return walk_index(index, text, visit, context);
}

int index_walk(const struct index *index, index_visit_fn visit, void *context)
{
	return walk_index(index, NULL, visit, context);
}

static int check_header(const struct index *index)
{
	if (!has(index, 0, INDEX_HEADER) || number_at(index->data) != INDEX_MAGIC)
		return -EINVAL;
	/* The upper half is what readers must know. */
	if (number_at(index->data + sizeof(uint32_t)) >> 16 != INDEX_VERSION >> 16)
		return -EINVAL;
	return 0;
}

int index_open_memory(struct index *index, const void *data, size_t size)
{
	*index = (struct index){.data = data, .size = size};
	return check_header(index);
}

/* Takes fd, if it succeeds. */
static int open_file(struct index *index, int fd)
{
	struct index_file *file;
	struct stat status;
	size_t nr_blocks;

	if (fstat(fd, &status))
		return -errno;
	if (!S_ISREG(status.st_mode) || (uint64_t)status.st_size > INDEX_PLACE)
		return -EINVAL;
	nr_blocks = status.st_size / BLOCK + 1;
	file = calloc(1, sizeof(*file) + nr_blocks * sizeof(*file->is_read));
	if (!file)
		return -ENOMEM;
	file->data = aligned_alloc(BLOCK, nr_blocks * BLOCK);
	if (!file->data) {
		free(file);
		return -ENOMEM;
	}
	file->fd = fd;
	*index = (struct index){.data = file->data, .size = status.st_size, .file = file};
	return 0;
}

int index_open(struct index *index, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), error;

	*index = (struct index){0};
	if (fd < 0)
		return -errno;
	error = open_file(index, fd);
	if (error) {
		close(fd);
		return error;
	}
	error = check_header(index);
	if (error)
		index_close(index);
	return error;
}

void index_close(struct index *index)
{
	if (index->file) {
		close(index->file->fd);
		free(index->file->data);
		free(index->file);
	}
	*index = (struct index){0};
}
