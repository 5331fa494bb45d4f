// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A FUSE view of a folder with some names added. Folders on the way to those
 * are its own; everything else is a link to the real thing, which is mounted
 * in it: so what is special about files of /proc stays as it is.
 */
#define FUSE_USE_VERSION 35
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fuse.h>
#include <fuse_lowlevel.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "box/requests.h"
#include "front/internal.h"

struct view {
	int real;
	char *names; /* each with its NUL; a folder's ends in '/' */
	size_t length;
	struct fuse *fuse;
	struct requests requests;
	pthread_t thread;
};

enum what {
	WHAT_LINK, /* to the real one, if there is one */
	WHAT_FOLDER,
	WHAT_ADDED_FILE,
	WHAT_ADDED_FOLDER,
};

static struct view *this_view(void)
{
	return fuse_get_context()->private_data;
}

/* path begins with '/'. */
static enum what look_up(const struct view *view, const char *path)
{
	size_t length = strlen(++path);

	if (!length)
		return WHAT_FOLDER;
	if (!strcmp(path, VIEW_REAL))
		return WHAT_ADDED_FOLDER;
	for (const char *name = view->names; name < view->names + view->length;
	     name += strlen(name) + 1) {
		if (strncmp(name, path, length))
			continue;
		if (!name[length])
			return WHAT_ADDED_FILE;
		if (name[length] == '/')
			return name[length + 1] ? WHAT_FOLDER : WHAT_ADDED_FOLDER;
	}
	return WHAT_LINK;
}

static int view_getattr(const char *path, struct stat *status, struct fuse_file_info *info)
{
	struct view *view = this_view();

	*status = (struct stat){.st_nlink = 1};
	switch (look_up(view, path)) {
	case WHAT_FOLDER:
	case WHAT_ADDED_FOLDER:
		status->st_mode = S_IFDIR | 0555;
		status->st_nlink = 2;
		return 0;
	case WHAT_ADDED_FILE:
		status->st_mode = S_IFREG | 0444;
		return 0;
	case WHAT_LINK:
		break;
	}
	if (fstatat(view->real, path + 1, status, AT_SYMLINK_NOFOLLOW))
		return -errno;
	*status = (struct stat){.st_nlink = 1,
				.st_mode = S_IFLNK | 0777,
				.st_uid = status->st_uid,
				.st_gid = status->st_gid,
				.st_size = strlen("/proc/" VIEW_REAL) + strlen(path)};
	return 0;
}

static int view_readlink(const char *path, char *buffer, size_t size)
{
	snprintf(buffer, size, "/proc/" VIEW_REAL "%s", path);
	return 0;
}

/* Names added right in this folder, which the real one does not have. */
static void list_added(const struct view *view, const char *path, void *buffer,
		       fuse_fill_dir_t fill)
{
	size_t length = strlen(path + 1);

	for (const char *name = view->names; name < view->names + view->length;
	     name += strlen(name) + 1) {
		char word[NAME_MAX + 1];
		const char *rest = name + length + (length > 0);

		if (strncmp(name, path + 1, length) || (length && name[length] != '/'))
			continue;
		if (!*rest || rest[strcspn(rest, "/")] == '/')
			continue;
		snprintf(word, sizeof(word), "%s", rest);
		fill(buffer, word, NULL, 0, 0);
	}
}

static int view_readdir(const char *path, void *buffer, fuse_fill_dir_t fill, off_t offset,
			struct fuse_file_info *info, enum fuse_readdir_flags flags)
{
	struct view *view = this_view();
	int fd = openat(view->real, path[1] ? path + 1 : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *folder = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;

	if (!folder) {
		fill(buffer, ".", NULL, 0, 0);
		fill(buffer, "..", NULL, 0, 0);
	} else {
		while ((entry = readdir(folder)))
			fill(buffer, entry->d_name, NULL, 0, 0);
		closedir(folder);
	}
	list_added(view, path, buffer, fill);
	return 0;
}

/* As in procfs; without an answer it would be ENOSYS. */
static int view_create(const char *path, mode_t mode, struct fuse_file_info *info)
{
	return -EACCES;
}

static const struct fuse_operations operations = {
	.create = view_create,
	.getattr = view_getattr,
	.readlink = view_readlink,
	.readdir = view_readdir,
};

static void *serve(void *argument)
{
	struct view *view = argument;
	struct fuse_session *session = fuse_get_session(view->fuse);
	struct fuse_buf request = {0};
	void *source;
	int got = 1;

	/* Until the file system is mounted nowhere, or nobody is to use it any more. */
	while ((got > 0 || got == -EINTR || got == -EAGAIN) &&
	       requests_wait(&view->requests, &source) == REQUESTS_COME) {
		got = fuse_session_receive_buf(session, &request);
		if (got > 0)
			fuse_session_process_buf(session, &request);
		requests_next(&view->requests, fuse_session_fd(session), view);
	}
	free(request.mem);
	return NULL;
}

static int open_session(struct view *view, int fuse_fd)
{
	/* Processes come and go: nothing may be remembered. */
	char *words[] = {"ring3", "-oattr_timeout=0,entry_timeout=0", NULL};
	struct fuse_args arguments = FUSE_ARGS_INIT(2, words);
	char path[32];

	/* Who asked may be gone when it is read. */
	if (fcntl(fuse_fd, F_SETFL, O_NONBLOCK))
		return -errno;
	view->fuse = fuse_new(&arguments, &operations, sizeof(operations), view);
	fuse_opt_free_args(&arguments);
	if (!view->fuse)
		return -ENOMEM;
	snprintf(path, sizeof(path), "/dev/fd/%d", fuse_fd);
	if (fuse_mount(view->fuse, path)) {
		fuse_destroy(view->fuse);
		return -EIO;
	}
	return 0;
}

int view_start(struct view **result, int fuse_fd, int real_fd, const char *names, size_t length)
{
	struct view *view = calloc(1, sizeof(*view));
	int error = -ENOMEM;

	if (!view)
		goto close_fds;
	view->real = real_fd;
	view->length = length;
	view->names = malloc(length);
	if (!view->names)
		goto free_view;
	memcpy(view->names, names, length);
	error = requests_open(&view->requests);
	if (error)
		goto free_view;
	error = requests_add(&view->requests, fuse_fd, view);
	if (!error)
		error = open_session(view, fuse_fd);
	if (error)
		goto close_requests;
	error = -pthread_create(&view->thread, NULL, serve, view);
	if (error) {
		fuse_destroy(view->fuse);
		fuse_fd = -1; /* closed with it */
		goto close_requests;
	}
	*result = view;
	return 0;

close_requests:
	requests_close(&view->requests);
free_view:
	free(view->names);
	free(view);
close_fds:
	close(fuse_fd);
	close(real_fd);
	return error;
}

void view_stop(struct view *view)
{
	if (!view)
		return;
	requests_stop(&view->requests);
	pthread_join(view->thread, NULL);
	fuse_destroy(view->fuse);
	requests_close(&view->requests);
	close(view->real);
	free(view->names);
	free(view);
}
