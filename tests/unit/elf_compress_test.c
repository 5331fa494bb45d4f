// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Compressed modules are recognised by content and expand to the module;
 * damaged ones and bombs are refused.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <cmocka.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>
#include "elf/elf_view.h"
#include "elf/image.h"
#include "elf_fixture.h"

struct format {
	const char *name;
	enum image_compression compression;
	struct ko (*pack)(const void *data, size_t size);
};

static struct ko finish(uint8_t *buffer, size_t size)
{
	struct ko ko = {.data = buffer, .size = size};

	ko_resize(&ko, size, 0); /* exactly as large, for ASan */
	return ko;
}

static struct ko pack_gzip(const void *data, size_t size)
{
	size_t bound = compressBound(size) + 32;
	z_stream stream = {.next_in = (void *)data, .avail_in = size};
	uint8_t *buffer = malloc(bound);

	assert_int_equal(deflateInit2(&stream, 9, Z_DEFLATED, MAX_WBITS + 16, 8, 0), Z_OK);
	stream.next_out = buffer;
	stream.avail_out = bound;
	assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
	deflateEnd(&stream);
	return finish(buffer, bound - stream.avail_out);
}

static struct ko pack_xz(const void *data, size_t size)
{
	size_t bound = lzma_stream_buffer_bound(size), used = 0;
	uint8_t *buffer = malloc(bound);

	assert_int_equal(lzma_easy_buffer_encode(6, LZMA_CHECK_CRC32, NULL, data, size, buffer,
						 &used, bound),
			 LZMA_OK);
	return finish(buffer, used);
}

static struct ko pack_zstd(const void *data, size_t size)
{
	size_t bound = ZSTD_compressBound(size);
	uint8_t *buffer = malloc(bound);
	size_t used = ZSTD_compress(buffer, bound, data, size, 19);

	assert_false(ZSTD_isError(used));
	return finish(buffer, used);
}

/* As `zstd < file` does: the frame does not say what it expands to. */
static struct ko pack_zstd_stream(const void *data, size_t size)
{
	size_t bound = ZSTD_compressBound(size) + 64;
	ZSTD_outBuffer out = {.dst = malloc(bound), .size = bound};
	ZSTD_inBuffer in = {.src = data, .size = size};
	ZSTD_CStream *stream = ZSTD_createCStream();
	ZSTD_inBuffer none = {0};

	ZSTD_compressStream2(stream, &out, &in, ZSTD_e_continue);
	assert_int_equal(in.pos, size);
	assert_int_equal(ZSTD_compressStream2(stream, &out, &none, ZSTD_e_end), 0);
	ZSTD_freeCStream(stream);
	assert_int_equal(ZSTD_getFrameContentSize(out.dst, out.pos), ZSTD_CONTENTSIZE_UNKNOWN);
	return finish(out.dst, out.pos);
}

static const struct format formats[] = {
	{"gzip", IMAGE_GZIP, pack_gzip},
	{"xz", IMAGE_XZ, pack_xz},
	{"zstd", IMAGE_ZSTD, pack_zstd},
	{"zstd without its size", IMAGE_ZSTD, pack_zstd_stream},
};
#define NR_FORMATS (sizeof(formats) / sizeof(*formats))

static void expect_module(const struct ko *packed, enum image_compression compression)
{
	struct elf_problem problem = {{0}, {0}};
	struct ko plain = ko_copy();
	struct module_image image;

	assert_int_equal(image_read_memory(&image, packed->data, packed->size, &problem), 0);
	assert_int_equal(image.compression, compression);
	assert_int_equal(image.size, plain.size);
	assert_memory_equal(image.data, plain.data, plain.size);
	assert_int_equal((uintptr_t)image.data % 8, 0);
	assert_string_equal(problem.message, "");
	image_release(&image);
	assert_null(image.data);
	ko_free(&plain);
}

static void expect_damaged(const struct ko *packed)
{
	struct elf_problem problem = {{0}, {0}};
	struct module_image image;

	assert_int_equal(image_read_memory(&image, packed->data, packed->size, &problem), -EINVAL);
	assert_null(image.data);
	assert_memory_equal(problem.message, "decompression failed with status ", 33);
	assert_string_not_equal(problem.advice, "");
}

static void test_round_trip(void **state)
{
	const struct format *format = *state;
	struct ko plain = ko_copy(), packed = format->pack(plain.data, plain.size);

	assert_true(packed.size < plain.size);
	expect_module(&packed, format->compression);
	ko_free(&plain);
	ko_free(&packed);
}

static void test_signed_inside(void **state)
{
	static const uint8_t info[12] = {0, 0, 2, [11] = 32};
	const struct format *format = *state;
	struct module_image image;
	struct ko plain = ko_copy(), packed;

	ko_resize(&plain, plain.size + 32, 0x30);
	ko_append(&plain, info, sizeof(info));
	ko_append(&plain, "~Module signature appended~\n", 28);
	packed = format->pack(plain.data, plain.size);
	assert_int_equal(image_read_memory(&image, packed.data, packed.size, NULL), 0);
	assert_true(image.is_signed);
	assert_int_equal(image.signature_size, 32);
	assert_int_equal(image.size, ko_size());
	image_release(&image);
	ko_free(&plain);
	ko_free(&packed);
}

static void test_cut_off(void **state)
{
	const struct format *format = *state;
	struct ko plain = ko_copy(), packed = format->pack(plain.data, plain.size);

	while (packed.size > 80) {
		ko_resize(&packed, packed.size - 13, 0);
		expect_damaged(&packed);
	}
	ko_free(&plain);
	ko_free(&packed);
}

/* Nothing but the module, or a refusal: gzip and zstd may carry bytes that do not matter. */
static void test_changed_byte(void **state)
{
	const struct format *format = *state;
	struct ko plain = ko_copy(), packed = format->pack(plain.data, plain.size);
	size_t refused = 0;

	for (size_t at = 6; at < packed.size; at += 7) {
		struct module_image image;
		int error;

		packed.data[at] ^= 0x55;
		error = image_read_memory(&image, packed.data, packed.size, NULL);
		if (error)
			refused++;
		assert_true(!error || error == -EINVAL || error == -EFBIG);
		image_release(&image);
		packed.data[at] ^= 0x55;
	}
	assert_true(refused > 10);
	ko_free(&plain);
	ko_free(&packed);
}

static void test_by_content(void **state)
{
	static const uint8_t magics[][8] = {
		{0x1f, 0x8b, 0x09}, {0xfd, '7', 'z', 'X', 'Z', 1}, {0x28, 0xb5, 0x2f, 0xfe}};
	uint8_t data[64] = {0};
	struct module_image image;

	for (size_t i = 0; i < sizeof(magics) / sizeof(*magics); i++) {
		memcpy(data, magics[i], sizeof(magics[i]));
		assert_int_equal(image_read_memory(&image, data, sizeof(data), NULL), 0);
		assert_int_equal(image.compression, IMAGE_PLAIN);
		assert_int_equal(image.size, sizeof(data));
		image_release(&image);
	}
}

static void test_gzip_members(void **state)
{
	struct ko plain = ko_copy(), packed = pack_gzip(plain.data, plain.size);

	/* what follows the first member is not looked at, as in module_gzip_decompress() */
	ko_resize(&packed, packed.size + 512, 0);
	expect_module(&packed, IMAGE_GZIP);
	ko_resize(&packed, packed.size + 4, 0xff);
	expect_module(&packed, IMAGE_GZIP);
	ko_free(&plain);
	ko_free(&packed);
}

static void test_zstd_frames(void **state)
{
	struct ko plain = ko_copy(), packed = pack_zstd(plain.data, plain.size / 2), second;

	second = pack_zstd(plain.data + plain.size / 2, plain.size - plain.size / 2);
	ko_append(&packed, second.data, second.size);
	expect_module(&packed, IMAGE_ZSTD);
	ko_free(&second);
	ko_append(&packed, "junk", 4);
	expect_damaged(&packed);
	ko_free(&plain);
	ko_free(&packed);
}

static void test_xz_streams(void **state)
{
	struct ko plain = ko_copy(), packed = pack_xz(plain.data, plain.size / 2), second;

	second = pack_xz(plain.data + plain.size / 2, plain.size - plain.size / 2);
	ko_append(&packed, second.data, second.size);
	expect_module(&packed, IMAGE_XZ);
	ko_free(&second);
	ko_free(&plain);
	ko_free(&packed);
}

static long peak_kilobytes(void)
{
	struct rusage usage;

	assert_int_equal(getrusage(RUSAGE_SELF, &usage), 0);
	return usage.ru_maxrss;
}

/* A bound that is reached quickly; only zstd's bomb goes for the real one. */
#define LOW_LIMIT ((size_t)32 << 20)

static void expect_bomb(struct ko *packed, enum image_compression compression, size_t limit)
{
	long before = peak_kilobytes();
	struct elf_problem problem = {{0}, {0}};
	uint8_t *out = NULL;
	size_t size;

	assert_int_equal(image_decompress(compression, packed->data, packed->size, limit, &out,
					  &size, &problem),
			 -EFBIG);
	assert_null(out);
	assert_string_equal(problem.message, "");
	assert_memory_equal(problem.advice, "The compressed file expands", 27);
	assert_true(peak_kilobytes() - before < 16 << 10);
	ko_free(packed);
}

/* 1 MiB more than a bound, as pieces of 1 MiB. */
#define PIECE         ((size_t)1 << 20)
#define PIECES(limit) ((limit) / PIECE + 1)

static void test_zstd_bomb(void **state)
{
	struct ko bomb = {.data = malloc(1 << 20)};
	struct module_image image;
	ZSTD_CStream *stream = ZSTD_createCStream();
	ZSTD_outBuffer out = {.dst = bomb.data, .size = 1 << 20};
	uint8_t *zeros = calloc(1, PIECE);

	for (size_t i = 0; i < PIECES(IMAGE_MAX_SIZE); i++) {
		ZSTD_inBuffer in = {.src = zeros, .size = PIECE};

		ZSTD_compressStream2(stream, &out, &in,
				     i + 1 == PIECES(IMAGE_MAX_SIZE) ? ZSTD_e_end
								     : ZSTD_e_continue);
		assert_int_equal(in.pos, PIECE);
	}
	free(zeros);
	ZSTD_freeCStream(stream);
	bomb.size = out.pos;
	assert_true(bomb.size < 100000);
	/* and through the front door, to see that the bound is there */
	assert_int_equal(image_read_memory(&image, bomb.data, bomb.size, NULL), -EFBIG);
	expect_bomb(&bomb, IMAGE_ZSTD, IMAGE_MAX_SIZE);
}

/* After a full flush deflate starts anew, so one packed piece can be repeated. */
static struct ko gzip_zeros(void)
{
	static const uint8_t header[10] = {0x1f, 0x8b, 8, [9] = 3}, last_block[2] = {3, 0};
	uint32_t end[2] = {0, PIECES(LOW_LIMIT) * PIECE}; /* CRC, never reached, and size */
	uint8_t piece[8192], *zeros = calloc(1, PIECE);
	z_stream stream = {.next_in = zeros, .avail_in = PIECE};
	struct ko bomb = {0};

	stream.next_out = piece;
	stream.avail_out = sizeof(piece);
	assert_int_equal(deflateInit2(&stream, 6, Z_DEFLATED, -MAX_WBITS, 8, 0), Z_OK);
	assert_int_equal(deflate(&stream, Z_FULL_FLUSH), Z_OK);
	assert_int_equal(stream.avail_in, 0);
	ko_append(&bomb, header, sizeof(header));
	for (size_t i = 0; i < PIECES(LOW_LIMIT); i++)
		ko_append(&bomb, piece, sizeof(piece) - stream.avail_out);
	ko_append(&bomb, last_block, sizeof(last_block));
	ko_append(&bomb, end, sizeof(end));
	deflateEnd(&stream);
	free(zeros);
	return bomb;
}

static void test_gzip_bomb(void **state)
{
	struct ko bomb = gzip_zeros();

	expect_bomb(&bomb, IMAGE_GZIP, LOW_LIMIT);
}

/* The last four bytes claim a size; a small claim must not help. */
static void test_gzip_lie(void **state)
{
	struct ko bomb = gzip_zeros();

	memcpy(bomb.data + bomb.size - 4, "\0\1\0\0", 4);
	expect_bomb(&bomb, IMAGE_GZIP, LOW_LIMIT);
}

static void test_xz_bomb(void **state)
{
	uint8_t *zeros = calloc(1, PIECE);
	struct ko piece = pack_xz(zeros, PIECE), bomb = {0};

	free(zeros);
	for (size_t i = 0; i < PIECES(LOW_LIMIT); i++)
		ko_append(&bomb, piece.data, piece.size);
	ko_free(&piece);
	expect_bomb(&bomb, IMAGE_XZ, LOW_LIMIT);
}

/* One stream, whose index claims a terabyte in a block of 64 bytes. */
static void test_xz_claim(void **state)
{
	lzma_stream_flags flags = {.version = 0, .check = LZMA_CHECK_CRC32};
	lzma_index *index = lzma_index_init(NULL);
	struct ko bomb = {.data = calloc(1, 256)};
	size_t at = LZMA_STREAM_HEADER_SIZE + 64;

	assert_int_equal(lzma_stream_header_encode(&flags, bomb.data), LZMA_OK);
	assert_int_equal(lzma_index_append(index, NULL, 64, (uint64_t)1 << 40), LZMA_OK);
	assert_int_equal(lzma_index_buffer_encode(index, bomb.data, &at, 256), LZMA_OK);
	flags.backward_size = lzma_index_size(index);
	assert_int_equal(lzma_stream_footer_encode(&flags, bomb.data + at), LZMA_OK);
	bomb.size = at + LZMA_STREAM_HEADER_SIZE;
	lzma_index_end(index, NULL);
	expect_bomb(&bomb, IMAGE_XZ, LOW_LIMIT);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *rule;
		CMUnitTestFunction test;
	} each[] = {
		{"expands to the module", test_round_trip},
		{"a signature inside is found", test_signed_inside},
		{"cut off anywhere: EINVAL", test_cut_off},
		{"a changed byte never harms", test_changed_byte},
	};
	enum { NR_EACH = sizeof(each) / sizeof(*each), NR_SINGLE = 9 };
	struct CMUnitTest tests[NR_EACH * NR_FORMATS + NR_SINGLE] = {
		{.name = "a compression is known by its whole magic number",
		 .test_func = test_by_content},
		{.name = "gzip: what follows the member is not looked at",
		 .test_func = test_gzip_members},
		{.name = "zstd: several frames, but no junk", .test_func = test_zstd_frames},
		{.name = "xz: several streams", .test_func = test_xz_streams},
		{.name = "zstd: a bomb is refused without its memory", .test_func = test_zstd_bomb},
		{.name = "gzip: a bomb is refused without its memory", .test_func = test_gzip_bomb},
		{.name = "gzip: a bomb that claims to be small", .test_func = test_gzip_lie},
		{.name = "xz: a bomb is refused without its memory", .test_func = test_xz_bomb},
		{.name = "xz: a claim beyond the bound is believed", .test_func = test_xz_claim},
	};
	char names[NR_EACH * NR_FORMATS][80];

	ko_read(argv[1]);
	for (size_t i = 0; i < NR_EACH * NR_FORMATS; i++) {
		const struct format *format = &formats[i % NR_FORMATS];

		snprintf(names[i], sizeof(names[i]), "%s: %s", format->name,
			 each[i / NR_FORMATS].rule);
		tests[NR_SINGLE + i] = (struct CMUnitTest){
			.name = names[i],
			.test_func = each[i / NR_FORMATS].test,
			.initial_state = (void *)format,
		};
	}
	return cmocka_run_group_tests_name("elf_compress", tests, NULL, NULL);
}
