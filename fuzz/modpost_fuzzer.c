// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Feeds modpost with an object, or with one of the text files beside it, by the
 * rules of both releases: a damaged one is refused or passes, and what was
 * written of exports is read again.
 */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "mutate.h"
#include "tools/modpost/modpost.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed);

/* How deep the inputs went; printed at the end. */
static unsigned long checked, written;

/* The files of a run. A text's first byte says which of them it stands for. */
enum { OBJECT, SYMVERS, COMMANDS, LIST, SOURCE, NR_FILES };
static const char *const names[NR_FILES] = {"m.o", "symvers", ".m.o.cmd", "m.mod", "m.c"};
static uint8_t *originals[NR_FILES];
static size_t sizes[NR_FILES];
/* In memory: a disk would take most of the time. */
static char directory[] = "/dev/shm/modpost_fuzzer.XXXXXX";

static void require(bool held, const char *what)
{
	if (held)
		return;
	fprintf(stderr, "modpost_fuzzer: %s\n", what);
	abort();
}

static void write_file(const char *name, const void *data, size_t size)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	require(fd >= 0 && write(fd, data, size) == (ssize_t)size && !close(fd),
		"a file that cannot be written");
}

static void finish(void)
{
	static const char *const others[] = {"m.mod.c", "exports.c", "nsdeps", "out"};

	for (unsigned int i = 0; i < NR_FILES; i++)
		unlink(names[i]);
	for (unsigned int i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		unlink(others[i]);
	rmdir(directory);
	fprintf(stderr, "depth: %lu checked, %lu written\n", checked, written);
}

/* The object that the texts come with: RING3_FUZZ_OBJECT. */
static void read_object(void)
{
	const char *path = getenv("RING3_FUZZ_OBJECT");
	FILE *file = path ? fopen(path, "re") : NULL;

	require(file != NULL, "RING3_FUZZ_OBJECT names no object");
	originals[OBJECT] = malloc(1 << 20);
	sizes[OBJECT] = fread(originals[OBJECT], 1, 1 << 20, file);
	fclose(file);
}

static void set_text(unsigned int which, const char *text)
{
	originals[which] = (uint8_t *)text;
	sizes[which] = strlen(text);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	read_object();
	set_text(SYMVERS, "0x12345678\ttaken\tvmlinux\tEXPORT_SYMBOL\t\n"
			  "0x87654321\tspaced\tlib/other\tEXPORT_SYMBOL_GPL\tSPACE\n"
			  "0x00000001\tmodule_layout\tvmlinux\tEXPORT_SYMBOL\t\n");
	set_text(COMMANDS, "savedcmd_m.o := cc -c m.c\n\nsource_m.o := m.c\n\ndeps_m.o := \\\n"
			   "  $(wildcard include/config/X) \\\n  m.c \\\n\nm.o: $(deps_m.o)\n\n"
			   "#SYMVER new_way 0x00000011\n#SYMVER old_way 0x22222222\n");
	set_text(LIST, "m.o\n");
	set_text(SOURCE, "int x; /* a comment */ char *s = \"/* \\\" */\"; \\\n // another\n");
	require(mkdtemp(directory) && !chdir(directory), "no directory to work in");
	for (unsigned int i = 0; i < NR_FILES; i++)
		write_file(names[i], originals[i], sizes[i]);
	atexit(finish);
	return 0;
}

static void count_line(void *context, const char *line)
{
	unsigned long *bytes = context;

	require(strlen(line) > 0, "an empty diagnosis");
	*bytes += strlen(line);
}

static void write_all(struct modpost *mp)
{
	require(!modpost_write_sources(mp), "m.mod.c cannot be written");
	require(!modpost_write_export_source(mp, "exports.c"), "exports.c cannot be written");
	require(!modpost_write_namespace_deps(mp, "nsdeps"), "nsdeps cannot be written");
	require(!modpost_write_symvers(mp, "out"), "exports cannot be written");
	written++;
}

static void run(struct modpost_options options, bool as_kernel)
{
	struct modpost *mp = modpost_new(&options);
	int ret;

	require(mp != NULL, "no memory");
	ret = modpost_read_symvers(mp, names[SYMVERS]);
	if (!ret)
		ret = modpost_read_object(mp, names[OBJECT], as_kernel);
	if (!ret)
		ret = modpost_check(mp);
	require(!ret || ret == -ENOMEM, "an errno that no file is the reason of");
	checked += !ret;
	if (!ret)
		write_all(mp);
	modpost_free(mp);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned int which = OBJECT;
	unsigned long bytes = 0;
	struct modpost_options options = {
		.external = true,
		.modversions = true,
		.all_srcversions = true,
		.type_versions = true,
		.extra_warnings = true,
		.log = count_line,
		.context = &bytes,
	};

	if (size < SELFMAG || memcmp(data, ELFMAG, SELFMAG)) {
		which = size ? SYMVERS + *data % (NR_FILES - SYMVERS) : SYMVERS;
		data += size > 0;
		size -= size > 0;
	}
	write_file(names[which], data, size);
	run(options, false);
	options.since_6_6 = true;
	options.allow_missing_namespaces = true;
	options.external = false;
	options.trim_exports = true;
	options.kept_exports = names[LIST];
	run(options, false);
	run(options, true);
	write_file(names[which], originals[which], sizes[which]);
	return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed)
{
	if (size < SELFMAG || memcmp(data, ELFMAG, SELFMAG))
		return LLVMFuzzerMutate(data, size, max_size);
	/* Also what only the compiler writes: debugging information. */
	return seed % 4 ? mutate_object(data, size, max_size, seed)
			: LLVMFuzzerMutate(data, size, max_size);
}
