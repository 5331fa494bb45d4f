// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "elf/image.h"
#include "tools/kmod/insert.h"
#include "tools/kmod/log.h"
#include "tools/kmod/modfile.h"

/* uapi/linux/module.h */
#define MODULE_INIT_IGNORE_MODVERSIONS 1
#define MODULE_INIT_IGNORE_VERMAGIC    2
#define MODULE_INIT_COMPRESSED_FILE    4

#define MAGIC_SIZE                     6 /* of the longest, xz's */
#define HEADER_SIZE                    8 /* of xz: the magic, two bytes of flags */

/* What the kernel can expand, by Linux 6.4's own word; earlier ones do not tell. */
static enum image_compression kernel_compression(void)
{
	static const struct {
		const char *name;
		enum image_compression compression;
	} names[] = {{"gzip\n", IMAGE_GZIP}, {"xz\n", IMAGE_XZ}, {"zstd\n", IMAGE_ZSTD}};
	enum image_compression compression = IMAGE_PLAIN;
	int fd = open("/sys/module/compression", O_RDONLY | O_CLOEXEC);
	char text[16];
	ssize_t got;

	if (fd < 0)
		return IMAGE_PLAIN;
	got = read(fd, text, sizeof(text) - 1);
	close(fd);
	text[got > 0 ? got : 0] = '\0';
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(text, names[i].name))
			compression = names[i].compression;
	return compression;
}

/*
 * The kernel's xz knows no check but CRC32 (lib/xz/xz_stream.h), and xz's own
 * default is another.
 */
static bool has_kernels_check(enum image_compression compression, const uint8_t *header)
{
	return compression != IMAGE_XZ || header[HEADER_SIZE - 1] <= 1;
}

/* -ENOSYS: hand over the contents instead. */
static int insert_file(int fd, const char *parameters, unsigned int flags)
{
	enum image_compression compression;
	unsigned int kernel_flags = 0;
	uint8_t header[HEADER_SIZE] = {0};
	ssize_t got = pread(fd, header, sizeof(header), 0);

	if (got < MAGIC_SIZE)
		return got < 0 ? -errno : -EINVAL;
	compression = image_compression_of(header, MAGIC_SIZE);
	if (compression != IMAGE_PLAIN &&
	    (compression != kernel_compression() || !has_kernels_check(compression, header)))
		return -ENOSYS;
	if (compression != IMAGE_PLAIN)
		kernel_flags |= MODULE_INIT_COMPRESSED_FILE;
	if (flags & INSERT_FORCE_VERSIONS)
		kernel_flags |= MODULE_INIT_IGNORE_MODVERSIONS;
	if (flags & INSERT_FORCE_VERMAGIC)
		kernel_flags |= MODULE_INIT_IGNORE_VERMAGIC;
	return syscall(SYS_finit_module, fd, parameters, kernel_flags) ? -errno : 0;
}

/* A section that takes no memory is none that the kernel looks for. */
static void hide_versions(const struct modfile *file, uint8_t *copy)
{
	struct modfile_section versions;
	uint8_t *flags;

	if (!modfile_find_section(file, "__versions", &versions))
		return;
	flags = copy + versions.flags_offset;
	/* SHF_ALLOC lies in the lowest byte */
	if (file->is_big_endian)
		flags += (file->is_64 ? sizeof(uint64_t) : sizeof(uint32_t)) - 1;
	*flags &= ~SHF_ALLOC;
}

static void hide_vermagic(const struct modfile *file, uint8_t *copy)
{
	struct modfile_field field;
	size_t position = 0;

	while (modfile_next_value(file, "vermagic", &position, &field))
		memset(copy + ((const uint8_t *)field.key - file->data), 0,
		       field.key_length + (field.value_length ? 1 + field.value_length : 0));
}

/* init_module(2) has no flags: what the kernel should overlook is taken out. */
static int insert_changed(struct modfile *file, const char *parameters, unsigned int flags)
{
	uint8_t *copy;
	int error = modfile_parse(file);

	if (error)
		return error;
	copy = malloc(file->size);
	if (!copy)
		return -ENOMEM;
	memcpy(copy, file->data, file->size);
	if (flags & INSERT_FORCE_VERSIONS)
		hide_versions(file, copy);
	if (flags & INSERT_FORCE_VERMAGIC)
		hide_vermagic(file, copy);
	error = syscall(SYS_init_module, copy, file->size, parameters) ? -errno : 0;
	free(copy);
	return error;
}

static int insert_contents(int fd, const char *parameters, unsigned int flags)
{
	struct modfile file;
	int error = modfile_read(&file, fd);

	if (error)
		return error;
	if (flags)
		error = insert_changed(&file, parameters, flags);
	else if (syscall(SYS_init_module, file.data, file.size, parameters))
		error = -errno;
	modfile_close(&file);
	return error;
}

int insert_module(const char *path, const char *parameters, unsigned int flags)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), error;

	if (fd < 0)
		return -errno;
	error = insert_file(fd, parameters, flags);
	if (error == -ENOSYS)
		error = insert_contents(fd, parameters, flags);
	close(fd);
	if (error)
		info("Failed to insert module '%s': %s", path, strerror(-error));
	return error;
}
