/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What compress.c calls of the libraries that expand modules. Two files provide
 * it: codec_linked.c for a library or program that is linked to them, and
 * codec_lazy.c for tools that mostly run without: they load one when they meet
 * the first file that needs it.
 */
#ifndef RING3_ELF_CODEC_H
#define RING3_ELF_CODEC_H

#include <stdbool.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#define GZIP_CALLS(X) X(inflateInit2_) X(inflate) X(inflateEnd)
#define XZ_CALLS(X)                                                                                \
	X(lzma_stream_decoder)                                                                     \
	X(lzma_code)                                                                               \
	X(lzma_end)                                                                                \
	X(lzma_stream_footer_decode)                                                               \
	X(lzma_index_buffer_decode)                                                                \
	X(lzma_index_uncompressed_size)                                                            \
	X(lzma_index_file_size)                                                                    \
	X(lzma_index_end)
#define ZSTD_CALLS(X)                                                                              \
	X(ZSTD_createDStream)                                                                      \
	X(ZSTD_freeDStream)                                                                        \
	X(ZSTD_decompressStream)                                                                   \
	X(ZSTD_isError)                                                                            \
	X(ZSTD_getErrorCode)                                                                       \
	X(ZSTD_getFrameContentSize)                                                                \
	X(ZSTD_findFrameCompressedSize)

#define CODEC_FIELD(name) typeof(name) *name;
struct gzip_calls {
	GZIP_CALLS(CODEC_FIELD)
};
struct xz_calls {
	XZ_CALLS(CODEC_FIELD)
};
struct zstd_calls {
	ZSTD_CALLS(CODEC_FIELD)
};
#undef CODEC_FIELD

/* false: the library is not there. */
bool codec_gzip(struct gzip_calls *calls);
bool codec_xz(struct xz_calls *calls);
bool codec_zstd(struct zstd_calls *calls);

#endif
