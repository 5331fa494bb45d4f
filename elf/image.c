// SPDX-License-Identifier: GPL-2.0-or-later
/* A module file in memory: read, decompressed, its signature split off. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "elf/image.h"
#include "elf/problem.h"

/* Takes over data, which is a whole file. */
static int image_take(struct module_image *image, uint8_t *data, size_t size, bool expand,
		      struct elf_problem *problem)
{
	enum image_compression compression =
		expand ? image_compression_of(data, size) : IMAGE_PLAIN;
	int error;

	*image = (struct module_image){.data = data, .size = size, .compression = compression};
	if (compression != IMAGE_PLAIN) {
		error = image_decompress(compression, data, size, IMAGE_MAX_SIZE, &image->data,
					 &image->size, problem);
		free(data);
		if (error) {
			*image = (struct module_image){0};
			return error;
		}
	}
	image_split_signature(image);
	return 0;
}

static int read_whole(int fd, uint8_t *data, size_t size)
{
	size_t done = 0;
	ssize_t got;

	while (done < size) {
		got = pread(fd, data + done, size - done, done);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (!got) /* it shrank: kernel_read_file() says EIO */
			return -EIO;
		done += got;
	}
	return 0;
}

/* The rules of kernel_read_file(), fs/kernel_read_file.c. */
static int check_file(const struct stat *status, struct elf_problem *problem)
{
	if (!S_ISREG(status->st_mode))
		return elf_refuse_silently(
			problem, -EINVAL,
			"This is no regular file; name a module file, such as hello.ko.");
	if (!status->st_size)
		return elf_refuse_silently(
			problem, -EINVAL, "The file is empty; build the module, or copy it again.");
	if ((uint64_t)status->st_size > IMAGE_MAX_SIZE)
		return elf_refuse_silently(
			problem, -EFBIG,
			"No module is that large; name a module file, such as hello.ko.");
	return 0;
}

/*
 * The kernel reads no module that somebody may still write (deny_write_access).
 * A read lease is refused for the same reason. Who may not take one, or on what
 * file system, goes without the check.
 */
static int check_writers(int fd, struct elf_problem *problem)
{
	int error;

	fcntl(fd, F_SETSIG, SIGURG); /* harmless, should a writer come right now */
	error = fcntl(fd, F_SETLEASE, F_RDLCK) ? errno : 0;
	if (!error)
		fcntl(fd, F_SETLEASE, F_UNLCK);
	if (error != EAGAIN)
		return 0;
	return elf_refuse_silently(
		problem, -ETXTBSY,
		"A program has the file open for writing; wait for it, or load a copy.");
}

/* From an open file, whose position does not count. */
static int read_descriptor(struct module_image *image, int fd, bool expand,
			   struct elf_problem *problem)
{
	uint8_t *data = NULL;
	struct stat status;
	int error;

	error = fstat(fd, &status) ? -errno : check_file(&status, problem);
	if (!error)
		error = check_writers(fd, problem);
	if (error)
		return error;
	data = malloc(status.st_size);
	if (!data)
		return -ENOMEM;
	error = read_whole(fd, data, status.st_size);
	if (!error)
		return image_take(image, data, status.st_size, expand, problem);
	free(data);
	return error;
}

int image_read_file(struct module_image *image, const char *path, struct elf_problem *problem)
{
	int fd, error;

	*image = (struct module_image){0};
	/* O_NONBLOCK: opening a pipe nobody writes to must not wait */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0) {
		error = -errno;
		return elf_refuse_silently(
			problem, error,
			error == -ENOENT
				? "There is no such file; check the path."
				: "The file cannot be opened; check its path and permissions.");
	}
	error = read_descriptor(image, fd, true, problem);
	close(fd);
	return error;
}

int image_read_descriptor(struct module_image *image, int fd, bool expand,
			  struct elf_problem *problem)
{
	char path[32];
	int mode = fcntl(fd, F_GETFL), own, error;

	*image = (struct module_image){0};
	if (mode < 0 || mode & O_PATH || (mode & O_ACCMODE) == O_WRONLY)
		return elf_refuse_silently(problem, -EBADF, "The file is not open for reading.");
	/* An open file of its own: leases and positions are one's own, too. */
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	own = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	error = read_descriptor(image, own < 0 ? fd : own, expand, problem);
	if (own >= 0)
		close(own);
	/* Whoever can write to it is a writer, even the caller. */
	if (!error && (mode & O_ACCMODE) == O_RDWR) {
		image_release(image);
		error = -ETXTBSY;
	}
	return error;
}

/* init_module(2), copy_module_from_user(): no line in the log */
static int check_size(size_t size, struct elf_problem *problem)
{
	if (size < sizeof(Elf64_Ehdr))
		return elf_refuse_silently(
			problem, -ENOEXEC,
			"This is less than an ELF header; hand over a whole module.");
	if (size > IMAGE_MAX_SIZE)
		return elf_refuse_silently(problem, -EFBIG,
					   "No module is that large; hand over a module file.");
	return 0;
}

int image_adopt_memory(struct module_image *image, void *data, size_t size,
		       struct elf_problem *problem)
{
	int error = check_size(size, problem);

	*image = (struct module_image){0};
	if (!error)
		return image_take(image, data, size, false, problem);
	free(data);
	return error;
}

int image_read_memory(struct module_image *image, const void *data, size_t size,
		      struct elf_problem *problem)
{
	uint8_t *copy;
	int error = check_size(size, problem);

	*image = (struct module_image){0};
	if (error)
		return error;
	copy = malloc(size);
	if (!copy)
		return -ENOMEM;
	memcpy(copy, data, size);
	return image_take(image, copy, size, true, problem);
}

void image_release(struct module_image *image)
{
	free(image->data);
	*image = (struct module_image){0};
}
