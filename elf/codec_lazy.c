// SPDX-License-Identifier: GPL-2.0-or-later
/* A library stays loaded; to ask for it again costs little beside expanding a file. */
#include <dlfcn.h>
#include <stddef.h>
#include <string.h>
#include "elf/codec.h"

#define NAME(name) #name,
#define NR(array)  (sizeof(array) / sizeof((array)[0]))

/* calls: a structure of nothing but pointers to the functions of these names. */
static bool load(const char *library, const char *const *names, size_t count, void *calls)
{
	void *handle = dlopen(library, RTLD_NOW | RTLD_LOCAL), *call;

	for (size_t i = 0; handle && i < count; i++) {
		call = dlsym(handle, names[i]);
		if (!call)
			return false;
		memcpy((char *)calls + i * sizeof(call), &call, sizeof(call));
	}
	return handle;
}

bool codec_gzip(struct gzip_calls *calls)
{
	static const char *const names[] = {GZIP_CALLS(NAME)};

	return load("libz.so.1", names, NR(names), calls);
}

bool codec_xz(struct xz_calls *calls)
{
	static const char *const names[] = {XZ_CALLS(NAME)};

	return load("liblzma.so.5", names, NR(names), calls);
}

bool codec_zstd(struct zstd_calls *calls)
{
	static const char *const names[] = {ZSTD_CALLS(NAME)};

	return load("libzstd.so.1", names, NR(names), calls);
}
