// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The files of one run. Each is written to a temporary file beside its place,
 * and that to the disk, before the first replaces an old one: whatever fails
 * or ends the run until then, the old files stay as they are; what ends it
 * while they are renamed leaves old files and new ones, all whole. The directory
 * is not synced: what a power failure takes back is a rename, and the old file is
 * there again.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>
#include "tools/kmod/depmod.h"
#include "tools/kmod/log.h"

#define FILE_MODE 0644

static int write_all(int fd, const struct buffer *content)
{
	size_t done = 0;
	ssize_t got;

	while (done < content->size) {
		got = write(fd, content->data + done, content->size - done);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		done += got;
	}
	/* It is on its way while the others are written: to wait for all takes little longer. */
	sync_file_range(fd, 0, 0, SYNC_FILE_RANGE_WRITE);
	return 0;
}

struct publication {
	int directory;
	const char *path;
	struct published *files;
	struct timeval now;
};

static void write_file(void *context, size_t i)
{
	struct publication *publication = context;
	struct published *file = &publication->files[i];

	snprintf(file->temporary, sizeof(file->temporary), "%s.%i.%li.%li", file->name, getpid(),
		 (long)publication->now.tv_sec, (long)publication->now.tv_usec);
	file->fd = openat(publication->directory, file->temporary,
			  O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, FILE_MODE);
	if (file->fd < 0) {
		file->error = -errno;
		error("openat(%s, %s): %s", publication->path, file->temporary,
		      strerror(-file->error));
		*file->temporary = '\0';
		return;
	}
	file->error = write_all(file->fd, &file->content);
}

/* Waits until the disk has it. */
static void settle_file(void *context, size_t i)
{
	struct publication *publication = context;
	struct published *file = &publication->files[i];

	if (file->fd < 0)
		return;
	if (!file->error && fsync(file->fd) && errno != EINVAL && errno != EROFS)
		file->error = -errno;
	/* On some file systems only this tells of a full disk. */
	if (close(file->fd) && !file->error)
		file->error = -errno;
	if (file->error)
		error("Could not create '%s/%s'. The old one stays: %s", publication->path,
		      file->name, strerror(-file->error));
}

static int replace(struct publication *publication, struct published *file)
{
	int error;

	if (renameat(publication->directory, file->temporary, publication->directory, file->name)) {
		error = -errno;
		error("renameat(%s, %s, %s, %s): %s", publication->path, file->temporary,
		      publication->path, file->name, strerror(-error));
		return error;
	}
	*file->temporary = '\0';
	return 0;
}

int publish(const char *directory, struct published *files, size_t count)
{
	struct publication publication = {.path = directory, .files = files};
	int error = 0;

	gettimeofday(&publication.now, NULL);
	publication.directory = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (publication.directory < 0) {
		error = -errno;
		log_message(LOG_CRIT, "could not open directory %s: %s", directory,
			    strerror(-error));
		return error;
	}
	run_parallel(count, write_file, &publication);
	run_waiting(count, settle_file, &publication);
	for (size_t i = 0; i < count && !error; i++)
		error = files[i].error;
	for (size_t i = 0; i < count && !error; i++)
		error = replace(&publication, &files[i]);
	for (size_t i = 0; i < count; i++)
		if (*files[i].temporary)
			unlinkat(publication.directory, files[i].temporary, 0);
	close(publication.directory);
	return error;
}
