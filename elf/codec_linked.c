// SPDX-License-Identifier: GPL-2.0-or-later
#include "elf/codec.h"

#define LINKED(name) .name = name,

bool codec_gzip(struct gzip_calls *calls)
{
	*calls = (struct gzip_calls){GZIP_CALLS(LINKED)};
	return true;
}

bool codec_xz(struct xz_calls *calls)
{
	*calls = (struct xz_calls){XZ_CALLS(LINKED)};
	return true;
}

bool codec_zstd(struct zstd_calls *calls)
{
	*calls = (struct zstd_calls){ZSTD_CALLS(LINKED)};
	return true;
}
