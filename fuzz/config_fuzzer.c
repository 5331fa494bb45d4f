// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Feeds texts to what modprobe reads of its configuration, and of the kernel's
 * command line. What was read, written as modprobe -c does, reads as the same again.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "tools/kmod/buffer.h"
#include "tools/kmod/config.h"
#include "tools/kmod/log.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* How deep the inputs went; printed at the end. */
static unsigned long with_entries, with_names;

static void print_depth(void)
{
	fprintf(stderr, "depth: %lu with directives, %lu with names in softdeps or weakdeps\n",
		with_entries, with_names);
}

static void require(bool held, const char *what)
{
	if (held)
		return;
	fprintf(stderr, "config_fuzzer: %s\n", what);
	abort();
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	log_open(false, -1); /* what is told of bad lines is no finding */
	atexit(print_depth);
	return 0;
}

static void parse(struct config *config, const void *data, size_t size)
{
	FILE *in;

	*config = (struct config){0};
	if (!size)
		return;
	in = fmemopen((void *)data, size, "r");
	require(in != NULL, "no memory file");
	require(!config_parse(config, in, "fuzz"), "a text is an error");
	fclose(in);
}

/* Backslashes are said twice: reading halves them. */
static void add_escaped(struct buffer *text, const char *from)
{
	for (; *from; from++) {
		if (*from == '\\')
			buffer_add_byte(text, '\\');
		buffer_add_byte(text, *from);
	}
}

static void write_down(const struct config *config, struct buffer *text)
{
	const struct config_entry *entry;

	for (unsigned int kind = 0; kind < NR_CONFIG_KINDS; kind++)
		for (entry = config->first[kind]; entry; entry = entry->next) {
			buffer_printf(text, "%s ", config_directives[kind]);
			add_escaped(text, entry->name);
			buffer_add_byte(text, ' ');
			add_escaped(text, entry->value ? entry->value : "");
			buffer_add_byte(text, '\n');
		}
	require(!text->failed, "no memory");
}

static void walk(const struct config *config)
{
	static const char *const parts[] = {"pre:", "post:", NULL};
	char name[PATH_MAX], place[PATH_MAX];
	const struct config_entry *entry;

	for (unsigned int kind = 0; kind < NR_CONFIG_KINDS; kind++)
		for (entry = config->first[kind]; entry; entry = entry->next) {
			with_entries++;
			require(entry->line > 0, "an entry without a line");
			require(!strncmp(config_place(entry, place), "fuzz line ", 10),
				"an entry without a place");
			config_match(entry, "snd_hda_intel");
			for (size_t i = 0; entry->value && i < sizeof(parts) / sizeof(parts[0]);
			     i++) {
				struct config_names names = {.rest = entry->value,
							     .part = parts[i]};

				while (config_next_name(&names, name))
					with_names++;
			}
		}
}

static void parse_as_command_line(const uint8_t *data, size_t size)
{
	struct config config = {0};
	char *text = malloc(size + 1);

	require(text != NULL, "no memory");
	memcpy(text, data, size);
	text[size] = '\0';
	require(!config_parse_kernel(&config, text, "fuzz"), "a command line is an error");
	config_release(&config);
	free(text);
}

/* A softdep or weakdep that names nothing has no line that reads as the same. */
static void drop_empty(struct config *config)
{
	struct config_entry **at, *entry;

	for (unsigned int kind = CONFIG_SOFTDEP; kind < NR_CONFIG_KINDS; kind++)
		for (at = &config->first[kind]; (entry = *at);) {
			if (*entry->value) {
				at = &entry->next;
				continue;
			}
			*at = entry->next;
			free(entry);
		}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buffer once = {0}, twice = {0};
	struct config config;

	parse_as_command_line(data, size);
	parse(&config, data, size);
	walk(&config);
	drop_empty(&config);
	write_down(&config, &once);
	config_release(&config);
	parse(&config, once.data, once.size);
	write_down(&config, &twice);
	config_release(&config);
	require(once.size == twice.size &&
			(!once.size || !memcmp(once.data, twice.data, once.size)),
		"what was written reads otherwise");
	buffer_release(&once);
	buffer_release(&twice);
	return 0;
}
