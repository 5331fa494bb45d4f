/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * modules.*.bin: a trie of keys, each with values. A file is numbers in network
 * order: the magic, the version, the root's place. A node lies where its place
 * says; the upper bits of the place tell which parts it has, in this order:
 * PREFIX: text of the keys before the node branches, NUL-terminated;
 * CHILDREN: first and last byte, then last - first + 1 places (0: none);
 * VALUES: their number, then for each its priority and text, NUL-terminated.
 */
#ifndef RING3_KMOD_INDEX_H
#define RING3_KMOD_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define INDEX_MAGIC    0xb007f457u
#define INDEX_VERSION  0x00020001u
#define INDEX_HEADER   (3 * sizeof(uint32_t))
#define INDEX_PREFIX   0x80000000u
#define INDEX_VALUES   0x40000000u
#define INDEX_CHILDREN 0x20000000u
#define INDEX_PLACE    0x0fffffffu
#define INDEX_NR_BYTES 128 /* keys are ASCII */
/* Longer keys make an index that is refused as damaged. */
#define INDEX_KEY_MAX  4096

struct index_file;
struct index {
	const uint8_t *data;
	size_t size;
	struct index_file *file; /* what data is read from; NULL: it belongs to the caller */
};

/*
 * -errno of open and read; -EINVAL: not an index, or of another version (kmod
 * reads every 2.x).
 */
int index_open(struct index *index, const char *path);
/* data must outlive the index. */
int index_open_memory(struct index *index, const void *data, size_t size);
void index_close(struct index *index);

/* Return non-zero to end the walk; it becomes the walk's result. */
typedef int (*index_visit_fn)(void *context, const char *key, const char *value, uint32_t priority);

/*
 * Each walk returns 0, what visit returned, or -EINVAL: the file is damaged, or
 * cannot be read, at a place the walk came to. Values come by ascending priority.
 */
int index_search(const struct index *index, const char *key, index_visit_fn visit, void *context);
/* Keys are patterns as of fnmatch(3), which text must match. */
int index_search_wild(const struct index *index, const char *text, index_visit_fn visit,
		      void *context);
/* Everything, keys in the order of their bytes. */
int index_walk(const struct index *index, index_visit_fn visit, void *context);

#endif
