// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Feeds module files through everything that happens before the first
 * instruction of the module: reading, decompression, signature, the checks of
 * the object, layout, symbols, relocations, protection, and what the runtime
 * patches: alternatives, thunks, jump labels. The box is real; only notifiers,
 * parameters and init are left out (R3_LOAD_DRY).
 *
 * RING3_FUZZ_TARGET names a Linux release for the box, RING3_FUZZ_FIXTURES
 * where its headers and source are. RING3_FUZZ_OFFLINE forbids the compiler:
 * what a mutated module asks for is not worth the wait.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>
#include <ring3/ring3.h>
#include "elf/elf_view.h"
#include "loader/internal.h"
#include "mutate.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed);

static struct r3_box *box;

/* How deep the inputs went; printed at the end. */
static unsigned long opened, linked;

static void print_depth(void)
{
	fprintf(stderr, "depth: %lu opened, %lu linked\n", opened, linked);
}

static void require(bool held, const char *what)
{
	if (held)
		return;
	fprintf(stderr, "load_fuzzer: %s\n", what);
	abort();
}

static void print_line(void *context, const struct r3_log_record *record)
{
	fprintf(stderr, "<%d>%.*s\n", record->level, (int)record->length, record->text);
}

static void boot(void)
{
	const char *target = getenv("RING3_FUZZ_TARGET"), *fixtures = getenv("RING3_FUZZ_FIXTURES");
	char source[4096];
	const struct r3_box_options options = {
		.size = sizeof(options),
		.target = target ? target : "builtin",
		.headers = fixtures,
		.source = fixtures ? source : NULL,
		.flags = getenv("RING3_FUZZ_OFFLINE") ? R3_BOX_OFFLINE : 0,
		.cpus = 1,
		.memory = 32 << 20,
		.log = getenv("RING3_FUZZ_LOG") ? print_line : NULL, /* to look into a finding */
	};

	snprintf(source, sizeof(source), "%s/usr/src", fixtures ? fixtures : "");
	if (r3_box_new(&box, &options)) {
		fprintf(stderr, "load_fuzzer: no box: %s\n", r3_error());
		exit(2);
	}
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	boot();
	atexit(print_depth);
	return 0;
}

/* Keeps what was read from being optimised away. */
static volatile size_t seen;

/* Read all that a view hands out; the sanitizers judge. */
static void walk(const struct elf_view *view)
{
	size_t sum = 0, count;

	for (unsigned int i = 0; i <= view->nr_sections; i++) {
		const uint8_t *bytes = elf_section_data(view, i);
		const Elf64_Rela *relocations = elf_relocations(view, i, &count);

		sum += strlen(elf_section_name(view, i));
		if (bytes && view->sections[i].sh_size)
			sum += bytes[0] + bytes[view->sections[i].sh_size - 1];
		for (size_t j = 0; j < count; j++)
			sum += view->symbols[ELF64_R_SYM(relocations[j].r_info)].st_info;
	}
	for (size_t i = 0; i < view->nr_symbols; i++)
		sum += strlen(elf_symbol_name(view, &view->symbols[i]));
	for (const char *p = NULL; (p = elf_modinfo_next(view, "alias", p));)
		sum += strlen(p);
	if (elf_module_name(view))
		sum += strlen(elf_module_name(view));
	seen = sum;
}

/* What the parts promise their callers. */
static void check_parts(const uint8_t *data, size_t size)
{
	struct elf_problem problem = {.message = ""};
	struct module_image image;
	struct elf_view view;
	int error = image_read_memory(&image, data, size, &problem);

	if (error) {
		require(error == -ENOEXEC || error == -EINVAL || error == -EFBIG ||
				error == -ENOMEM,
			"an errno that image_read_memory() does not document");
		require(!image.data, "a failed image holds memory");
		return;
	}
	require(!image.is_signed == !!image.signature_error, "a signature both good and bad");
	error = elf_open(&view, image.data, image.size, &problem);
	if (!error) {
		opened++;
		walk(&view);
		error = elf_check_module(&view, &problem);
	}
	require(!error || error == -ENOEXEC || error == -ENOMEM,
		"an errno that elf_open() does not document");
	require(error != -ENOEXEC || *problem.message, "ENOEXEC without a line for the log");
	require(!error || *problem.advice, "a refusal without advice");
	image_release(&image);
}

/* Members of the library stay once they were loaded, but nothing of a module. */
static bool objects_of_modules(void)
{
	for (const struct object *object = box->objects; object; object = object->next)
		if (object->view.module)
			return true;
	return false;
}

/* Everything that a load took must be given back. */
static void check_load(const uint8_t *data, size_t size)
{
	int error = r3_module_load_buffer(box, data, size, "", R3_LOAD_DRY, NULL);

	require(error <= 0, "a load that returned a positive number");
	require(!box->modules, "a module that failed or was dry is still listed");
	require(!objects_of_modules(), "the object of a module is still listed");
	require(error != -R3_EOOPS && !box->oopses, "a table that lies made the runtime oops");
	linked += !error;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	check_parts(data, size);
	check_load(data, size);
	return 0;
}

static size_t pack_gzip(const uint8_t *data, size_t size, uint8_t *out, size_t max_size)
{
	z_stream stream = {
		.next_in = (void *)data, .avail_in = size, .next_out = out, .avail_out = max_size};
	bool done;

	if (deflateInit2(&stream, 1, Z_DEFLATED, MAX_WBITS + 16, 8, 0) != Z_OK)
		return 0;
	done = deflate(&stream, Z_FINISH) == Z_STREAM_END;
	deflateEnd(&stream);
	return done ? max_size - stream.avail_out : 0;
}

static size_t pack_xz(const uint8_t *data, size_t size, uint8_t *out, size_t max_size)
{
	size_t used = 0;

	if (lzma_easy_buffer_encode(0, LZMA_CHECK_CRC32, NULL, data, size, out, &used, max_size) !=
	    LZMA_OK)
		return 0;
	return used;
}

static size_t pack_zstd(const uint8_t *data, size_t size, uint8_t *out, size_t max_size)
{
	size_t used = ZSTD_compress(out, max_size, data, size, 1);

	return ZSTD_isError(used) ? 0 : used;
}

/* The object becomes a compressed file; an object that does not fit stays as it is. */
static size_t pack(uint8_t *data, size_t size, size_t max_size, unsigned int seed)
{
	uint8_t *out = malloc(max_size);
	size_t packed = 0;

	if (!out)
		return size;
	if (seed % 3 == 0)
		packed = pack_gzip(data, size, out, max_size);
	else if (seed % 3 == 1)
		packed = pack_xz(data, size, out, max_size);
	else
		packed = pack_zstd(data, size, out, max_size);
	if (packed)
		memcpy(data, out, packed);
	free(out);
	return packed ? packed : size;
}

static size_t append_signature(uint8_t *data, size_t size, size_t max_size, unsigned int seed)
{
	static const char marker[] = "~Module signature appended~\n";
	uint8_t info[12] = {0, 0, 2};
	size_t blob = seed % 64;

	if (size + blob + sizeof(info) + sizeof(marker) - 1 > max_size)
		return size;
	info[11] = blob;
	if (seed & 64)
		info[seed % sizeof(info)] = seed >> 8;
	memset(data + size, 0x30, blob);
	memcpy(data + size + blob, info, sizeof(info));
	memcpy(data + size + blob + sizeof(info), marker, sizeof(marker) - 1);
	return size + blob + sizeof(info) + sizeof(marker) - 1;
}

/* A compressed file, mutated blindly, is refused by its decoder: change what is inside. */
static size_t mutate_packed(uint8_t *data, size_t size, size_t max_size, unsigned int seed)
{
	struct module_image image;

	if (seed % 16 == 0 || image_read_memory(&image, data, size, NULL))
		return LLVMFuzzerMutate(data, size, max_size);
	if (image.compression != IMAGE_PLAIN && image.size <= max_size) {
		memcpy(data, image.data, image.size);
		size = image.size;
	}
	image_release(&image);
	size = mutate_object(data, size, max_size, seed);
	return seed % 16 == 1 ? pack(data, size, max_size, seed / 16) : size;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed)
{
	if (size < SELFMAG || memcmp(data, ELFMAG, SELFMAG))
		return mutate_packed(data, size, max_size, seed);
	if (seed % 512 == 0)
		return pack(data, size, max_size, seed / 512);
	if (seed % 128 == 1)
		return append_signature(data, size, max_size, seed / 128);
	return mutate_object(data, size, max_size, seed);
}
