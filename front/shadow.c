// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A place to mount on that the host does not have. Its nearest folder is
 * covered by an empty one in memory, into which everything that was there is
 * bound again.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>
#include "front/internal.h"

static int make_file(int folder, const char *name)
{
	int fd = openat(folder, name, O_CREAT | O_WRONLY | O_CLOEXEC, 0644);

	if (fd < 0)
		return -errno;
	close(fd);
	return 0;
}

static int copy_link(int from, int to, const char *name)
{
	char target[PATH_MAX];
	ssize_t length = readlinkat(from, name, target, sizeof(target) - 1);

	if (length < 0)
		return -errno;
	target[length] = '\0';
	return symlinkat(target, to, name) ? -errno : 0;
}

static int copy_entry(int from, int to, const char *name)
{
	struct stat status;
	int tree, error;

	if (fstatat(from, name, &status, AT_SYMLINK_NOFOLLOW))
		return -errno;
	if (S_ISLNK(status.st_mode))
		return copy_link(from, to, name);
	if (S_ISDIR(status.st_mode))
		error = mkdirat(to, name, 0755) ? -errno : 0;
	else
		error = make_file(to, name);
	if (error)
		return error;
	tree = open_tree(from, name, CLONE_FLAGS);
	if (tree < 0)
		return -errno;
	error = move_mount(tree, "", to, name, MOVE_MOUNT_F_EMPTY_PATH) ? -errno : 0;
	close(tree);
	return error;
}

static int copy_entries(int from, int to)
{
	int list = openat(from, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), error = 0;
	DIR *folder = list < 0 ? NULL : fdopendir(list);
	struct dirent *entry;

	if (!folder)
		return -errno;
	while (!error && (entry = readdir(folder)))
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			error = copy_entry(from, to, entry->d_name);
	closedir(folder);
	return error;
}

static int cover(const char *path)
{
	int from = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC), to, error;

	if (from < 0)
		return -errno;
	if (mount("ring3", path, "tmpfs", MS_NOSUID | MS_NODEV, "mode=755")) {
		close(from);
		return -errno;
	}
	to = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	error = to < 0 ? -errno : copy_entries(from, to);
	if (to >= 0)
		close(to);
	close(from);
	return error;
}

int shadow_path(const char *path, bool is_directory)
{
	char part[PATH_MAX];
	struct stat status;
	char *end;
	int error;

	if (strlen(path) >= sizeof(part))
		return -ENAMETOOLONG;
	strcpy(part, path);
	/* The nearest folder; "/" itself cannot be covered. */
	do {
		end = strrchr(part, '/');
		if (!end || end == part)
			return -ENOENT;
		*end = '\0';
	} while (stat(part, &status) || !S_ISDIR(status.st_mode));
	error = cover(part);
	while (!error && strcmp(part, path)) {
		part[strlen(part)] = '/'; /* the rest is still there */
		if (strcmp(part, path) || is_directory)
			error = mkdir(part, 0755) ? -errno : 0;
		else
			error = make_file(AT_FDCWD, part);
	}
	return error;
}
