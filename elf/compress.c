// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Compressed modules. Most formats say how much they expand to; where one does
 * not, a first pass counts. So the output is allocated once, no larger than it
 * must be, and a bomb is refused before its memory is asked for.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "elf/codec.h"
#include "elf/image.h"
#include "elf/problem.h"

/* Of a decoder itself: xz -9 needs 65 MiB, zstd's default limit is 128 MiB. */
#define DECODER_MEMORY_MAX ((uint64_t)128 << 20)
#define WINDOW             ((size_t)64 << 10)

/*
 * Where decoded bytes go. buffer NULL: nowhere, they are counted, and window
 * is overwritten again and again.
 */
struct sink {
	uint8_t *buffer;
	size_t size;  /* so far */
	size_t limit; /* capacity of buffer, or the most that may be counted */
	uint8_t window[WINDOW];
};

/* Space for the decoder, one byte more than may come when the limit is near. */
static uint8_t *sink_space(struct sink *sink, size_t *space)
{
	size_t left = sink->limit - sink->size;

	if (sink->buffer && left) {
		*space = left;
		return sink->buffer + sink->size;
	}
	*space = left < WINDOW ? left + 1 : WINDOW;
	return sink->window;
}

static int sink_take(struct sink *sink, size_t size)
{
	if (size > sink->limit - sink->size)
		return -EFBIG;
	sink->size += size;
	return 0;
}

static int gzip_decode(struct sink *sink, const uint8_t *data, size_t size, int *status)
{
	z_stream stream = {.next_in = (void *)data};
	size_t space, left = size;
	struct gzip_calls gzip;
	int error = 0;

	if (!codec_gzip(&gzip))
		return -ELIBACC;
	*status = gzip.inflateInit2_(&stream, MAX_WBITS + 16, ZLIB_VERSION, sizeof(stream));
	if (*status != Z_OK)
		return *status == Z_MEM_ERROR ? -ENOMEM : -EINVAL;
	do {
		if (!stream.avail_in) {
			stream.avail_in = left > UINT32_MAX ? UINT32_MAX : left;
			left -= stream.avail_in;
		}
		stream.next_out = sink_space(sink, &space);
		if (space > UINT32_MAX)
			space = UINT32_MAX;
		stream.avail_out = space;
		*status = gzip.inflate(&stream, Z_NO_FLUSH);
		error = sink_take(sink, space - stream.avail_out);
	} while (!error && *status == Z_OK);
	gzip.inflateEnd(&stream);
	if (!error && *status != Z_STREAM_END)
		error = -EINVAL;
	return error;
}

static int xz_decode(struct sink *sink, const uint8_t *data, size_t size, int *status)
{
	lzma_stream stream = LZMA_STREAM_INIT;
	struct xz_calls xz;
	size_t space;
	int error = 0;

	if (!codec_xz(&xz))
		return -ELIBACC;
	*status = xz.lzma_stream_decoder(&stream, DECODER_MEMORY_MAX, LZMA_CONCATENATED);
	if (*status != LZMA_OK)
		return *status == LZMA_MEM_ERROR ? -ENOMEM : -EINVAL;
	stream.next_in = data;
	stream.avail_in = size;
	do {
		stream.next_out = sink_space(sink, &space);
		stream.avail_out = space;
		*status = xz.lzma_code(&stream, LZMA_FINISH);
		error = sink_take(sink, space - stream.avail_out);
	} while (!error && *status == LZMA_OK);
	xz.lzma_end(&stream);
	if (!error && *status != LZMA_STREAM_END)
		error = -EINVAL;
	return error;
}

static int zstd_decode(struct sink *sink, const uint8_t *data, size_t size, int *status)
{
	ZSTD_inBuffer in = {.src = data, .size = size};
	struct zstd_calls zstd;
	ZSTD_DStream *stream;
	ZSTD_outBuffer out;
	size_t left;
	int error;

	*status = 0;
	if (!codec_zstd(&zstd))
		return -ELIBACC;
	stream = zstd.ZSTD_createDStream();
	if (!stream)
		return -ENOMEM;
	do {
		out.pos = 0;
		out.dst = sink_space(sink, &out.size);
		left = zstd.ZSTD_decompressStream(stream, &out, &in);
		error = sink_take(sink, out.pos);
		if (zstd.ZSTD_isError(left)) {
			*status = zstd.ZSTD_getErrorCode(left);
			error = -EINVAL;
		}
		/* left 0: a frame is complete; else a full output may hold more back */
	} while (!error && (in.pos < in.size || (left && out.pos == out.size)));
	zstd.ZSTD_freeDStream(stream);
	if (!error && left)
		error = -EINVAL;
	return error;
}

static int decode(enum image_compression compression, struct sink *sink, const uint8_t *data,
		  size_t size, int *status)
{
	switch (compression) {
	case IMAGE_GZIP:
		return gzip_decode(sink, data, size, status);
	case IMAGE_XZ:
		return xz_decode(sink, data, size, status);
	case IMAGE_ZSTD:
		return zstd_decode(sink, data, size, status);
	default:
		return -EINVAL;
	}
}

/* RFC 1952: the last four bytes are the size, modulo 2^32. */
static bool gzip_declared(const uint8_t *data, size_t size, uint64_t *declared)
{
	const uint8_t *end = data + size;

	if (size < 18)
		return false;
	*declared = end[-4] | end[-3] << 8 | end[-2] << 16 | (uint64_t)end[-1] << 24;
	return true;
}

/* The index before the footer of the only stream (xz file format, 2.1.2). */
static bool xz_declared(const uint8_t *data, size_t size, uint64_t *declared)
{
	uint64_t memory = DECODER_MEMORY_MAX;
	lzma_stream_flags footer;
	struct xz_calls xz;
	lzma_index *index;
	size_t at = 0;
	bool known;

	if (!codec_xz(&xz) || size < 2 * LZMA_STREAM_HEADER_SIZE ||
	    xz.lzma_stream_footer_decode(&footer, data + size - LZMA_STREAM_HEADER_SIZE) !=
		    LZMA_OK ||
	    footer.backward_size > size - 2 * LZMA_STREAM_HEADER_SIZE)
		return false;
	if (xz.lzma_index_buffer_decode(&index, &memory, NULL,
					data + size - LZMA_STREAM_HEADER_SIZE -
						footer.backward_size,
					&at, footer.backward_size) != LZMA_OK)
		return false;
	*declared = xz.lzma_index_uncompressed_size(index);
	known = xz.lzma_index_file_size(index) == size;
	xz.lzma_index_end(index, NULL);
	return known;
}

static bool zstd_declared(const uint8_t *data, size_t size, uint64_t *declared)
{
	struct zstd_calls zstd;

	if (!codec_zstd(&zstd))
		return false;
	*declared = zstd.ZSTD_getFrameContentSize(data, size);
	return *declared != ZSTD_CONTENTSIZE_UNKNOWN && *declared != ZSTD_CONTENTSIZE_ERROR &&
	       zstd.ZSTD_findFrameCompressedSize(data, size) == size;
}

static bool declared_size(enum image_compression compression, const uint8_t *data, size_t size,
			  uint64_t *declared)
{
	switch (compression) {
	case IMAGE_GZIP:
		return gzip_declared(data, size, declared);
	case IMAGE_XZ:
		return xz_declared(data, size, declared);
	case IMAGE_ZSTD:
		return zstd_declared(data, size, declared);
	default:
		return false;
	}
}

enum image_compression image_compression_of(const uint8_t *data, size_t size)
{
	static const struct {
		enum image_compression compression;
		uint8_t length, magic[6];
	} formats[] = {
		{IMAGE_GZIP, 3, {0x1f, 0x8b, 0x08}},
		{IMAGE_XZ, 6, {0xfd, '7', 'z', 'X', 'Z', 0}},
		{IMAGE_ZSTD, 4, {0x28, 0xb5, 0x2f, 0xfd}},
	};

	for (size_t i = 0; i < sizeof(formats) / sizeof(*formats); i++)
		if (size >= formats[i].length && !memcmp(data, formats[i].magic, formats[i].length))
			return formats[i].compression;
	return IMAGE_PLAIN;
}

/* The pass that counts. */
static int count(enum image_compression compression, struct sink *sink, size_t limit,
		 const uint8_t *data, size_t size, int *status)
{
	sink->buffer = NULL;
	sink->size = 0;
	sink->limit = limit;
	return decode(compression, sink, data, size, status);
}

/* The pass that stores. -EFBIG: there is more than capacity. */
static int fill(enum image_compression compression, struct sink *sink, size_t capacity,
		const uint8_t *data, size_t size, int *status)
{
	int error;

	sink->size = 0;
	sink->limit = capacity;
	sink->buffer = malloc(capacity ?: 1);
	if (!sink->buffer)
		return -ENOMEM;
	error = decode(compression, sink, data, size, status);
	if (error) {
		free(sink->buffer);
		sink->buffer = NULL;
	}
	return error;
}

static int expand(enum image_compression compression, struct sink *sink, size_t limit,
		  const uint8_t *data, size_t size, int *status)
{
	bool known;
	uint64_t declared;
	int error;

	known = declared_size(compression, data, size, &declared);
	if (known && declared > limit && compression != IMAGE_GZIP)
		return -EFBIG;
	if (known && declared <= limit) {
		error = fill(compression, sink, declared, data, size, status);
		if (error != -EFBIG)
			return error;
	}
	/* Nothing declared, or wrongly: bytes that follow a gzip member hide its size. */
	error = count(compression, sink, limit, data, size, status);
	if (error)
		return error;
	return fill(compression, sink, sink->size, data, size, status);
}

int image_decompress(enum image_compression compression, const uint8_t *data, size_t size,
		     size_t limit, uint8_t **out, size_t *out_size, struct elf_problem *problem)
{
	struct sink *sink = malloc(sizeof(*sink));
	int error, status = 0;

	if (!sink)
		return -ENOMEM;
	error = expand(compression, sink, limit, data, size, &status);
	if (!error) {
		*out = sink->buffer;
		*out_size = sink->size;
	}
	free(sink);
	if (error == -EFBIG)
		return elf_refuse_silently(
			problem, error,
			"The compressed file expands to more than any module has; "
			"decompress it by hand to see what it holds.");
	if (error == -EINVAL)
		return elf_refuse(
			problem, error,
			"The compressed file is damaged or cut off; copy it or compress it again.",
			"decompression failed with status %d", status);
	return error;
}
