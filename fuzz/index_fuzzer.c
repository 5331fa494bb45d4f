// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Feeds index files to what reads modules.*.bin: each walk ends, with 0 or
 * -EINVAL. What a walk through everything gives makes an index of its own,
 * which gives the same.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "tools/kmod/index.h"
#include "tools/kmod/index_write.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* How deep the inputs went; printed at the end. */
static unsigned long opened, walked;

static void print_depth(void)
{
	fprintf(stderr, "depth: %lu opened, %lu walked to the end\n", opened, walked);
}

static void require(bool held, const char *what)
{
	if (held)
		return;
	fprintf(stderr, "index_fuzzer: %s\n", what);
	abort();
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	atexit(print_depth);
	return 0;
}

/* What a walk visited, as text. */
static int note(void *context, const char *key, const char *value, uint32_t priority)
{
	struct buffer *notes = context;

	buffer_add(notes, key, strlen(key) + 1);
	buffer_add(notes, value, strlen(value) + 1);
	buffer_add_be32(notes, priority);
	return 0;
}

/* The same notes as an index, walked. false: a key that indexes cannot have. */
static bool write_again(const struct buffer *notes, struct buffer *again)
{
	struct index_entries entries = {0};
	struct buffer file = {0};
	struct index index;
	bool held = true;

	for (size_t at = 0; at < notes->size && held;) {
		const char *key = notes->data + at, *value = key + strlen(key) + 1;
		const char *priority = value + strlen(value) + 1;

		held = !index_add(&entries, key, value, 0);
		at = priority + sizeof(uint32_t) - notes->data;
	}
	if (held) {
		require(!index_make(&entries, &file), "an index that cannot be made");
		require(!index_open_memory(&index, file.data, file.size), "ours is not opened");
		require(!index_walk(&index, note, again), "ours is not walked");
	}
	index_entries_release(&entries);
	buffer_release(&file);
	return held;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const texts[] = {"pci:v00008086d00001000sv*", "ext4", "", "symbol:a"};
	struct buffer notes = {0}, again = {0}, ignored = {0};
	struct index index;
	int error = index_open_memory(&index, data, size);

	require(!error || error == -EINVAL, "an errno that index_open_memory() does not document");
	if (error)
		return 0;
	opened++;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		error = index_search(&index, texts[i], note, &ignored);
		require(!error || error == -EINVAL, "an errno of a search");
		error = index_search_wild(&index, texts[i], note, &ignored);
		require(!error || error == -EINVAL, "an errno of a wildcard search");
	}
	error = index_walk(&index, note, &notes);
	require(!error || error == -EINVAL, "an errno of a walk");
	if (!error) {
		walked++;
		if (write_again(&notes, &again))
			require(again.size == notes.size, "an index made of a walk has not all");
	}
	buffer_release(&notes);
	buffer_release(&again);
	buffer_release(&ignored);
	return 0;
}
