// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What clients see: the host's files, a /proc of their own PID namespace, and
 * the box's files bound over the host's of the same name.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>
#include <ring3/scheme24.h>
#include "files/files.h"
#include "front/internal.h"

#define FUSE_OPTIONS "fd=%d,rootmode=40000,user_id=0,group_id=0,allow_other"
/* Where the tree hangs until it was bound: a folder that is there if /dev/fuse is. */
#define STAGE        "/dev"
#define PROC         "/proc/"
#define MAX_MOUNTS   64

static int mount_fuse(const struct init *init, const char *where)
{
	char options[128];
	int fuse = open("/dev/fuse", O_RDWR | O_CLOEXEC);

	if (fuse < 0)
		init_fail(init, -errno,
			  "clients see the box's files through FUSE, and /dev/fuse cannot be "
			  "opened: %s (the module fuse, in a container --device /dev/fuse, and "
			  "read and write permission)",
			  strerror(errno));
	snprintf(options, sizeof(options), FUSE_OPTIONS, fuse);
	if (mount("ring3", where, "fuse", MS_NOSUID | MS_NODEV, options))
		init_fail(init, -errno,
			  "a FUSE file system cannot be mounted on %s in a user namespace: %s "
			  "(Linux 4.18 or later can)",
			  where, strerror(errno));
	return fuse;
}

int mount_files(const struct init *init)
{
	return mount_fuse(init, STAGE);
}

static int attach(int tree, const char *target)
{
	return move_mount(tree, "", AT_FDCWD, target, MOVE_MOUNT_F_EMPTY_PATH) ? -errno : 0;
}

/* Copies of the parts of the staged tree, which then goes. */
static void take_parts(const struct init *init, int *parts)
{
	char path[PATH_MAX];

	for (unsigned int i = 0; files_mounts[i].path; i++) {
		snprintf(path, sizeof(path), STAGE "/%s", files_mounts[i].path);
		parts[i] = i < MAX_MOUNTS ? open_tree(AT_FDCWD, path, CLONE_FLAGS) : -1;
		if (parts[i] < 0)
			init_fail(init, -errno, "the box's %s: %s", files_mounts[i].path,
				  strerror(errno));
	}
	if (umount2(STAGE, MNT_DETACH))
		init_fail(init, -errno, STAGE ": %s", strerror(errno));
}

/* Not all kernels have all files. */
static bool is_wanted(const struct files_mount *entry, const char *release)
{
	return !entry->scheme24 || !strcmp(release, R3_24_RELEASE);
}

static bool is_there(const char *path)
{
	struct stat status;

	return lstat(path, &status) == 0;
}

/*
 * What here sets the host's kernel: its modprobe, its module settings, and so
 * on. A client that is root on the host as well could write there.
 */
static void protect_host(const struct init *init)
{
	static const char *const paths[] = {PROC "sys", PROC "sysrq-trigger"};
	const unsigned long flags = MS_BIND | MS_NOSUID | MS_NODEV | MS_NOEXEC;

	for (unsigned int i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		if (!is_there(paths[i]))
			continue;
		if (mount(paths[i], paths[i], NULL, MS_BIND | MS_REC, NULL) ||
		    mount(NULL, paths[i], NULL, MS_REMOUNT | MS_RDONLY | flags, NULL))
			init_fail(init, -errno, "%s cannot be mounted read-only: %s", paths[i],
				  strerror(errno));
	}
}

/*
 * Nothing can be made in /proc, nor stacked on it: a kernel without
 * CONFIG_MODULES gets a view of its /proc that has the names it lacks.
 */
static void complete_proc(const struct init *init, const char *release)
{
	static struct message message;
	char names[MESSAGE_TEXT];
	size_t length = 0;
	int real, fuse, error;

	for (const struct files_mount *entry = files_mounts; entry->path; entry++)
		if (!strncmp(entry->target, PROC, strlen(PROC)) && !is_there(entry->target) &&
		    is_wanted(entry, release) && length < sizeof(names) - PATH_MAX)
			length += snprintf(names + length, sizeof(names) - length, "%s%s",
					   entry->target + strlen(PROC),
					   entry->is_directory ? "/" : "") +
				  1;
	if (!length)
		return;
	real = open_tree(AT_FDCWD, "/proc", CLONE_FLAGS);
	if (real < 0)
		init_fail(init, -errno, "/proc: %s", strerror(errno));
	fuse = mount_fuse(init, "/proc");
	error = message_send_fds(init->socket, MESSAGE_VIEW, 0, names, length,
				 (const int[]){fuse, real}, 2);
	close(fuse);
	if (error || message_receive(init->socket, &message) || message.type != MESSAGE_VIEW_SERVED)
		_exit(EXIT_FAILURE);
	error = attach(real, PROC VIEW_REAL);
	if (error)
		init_fail(init, error, PROC VIEW_REAL ": %s", strerror(-error));
	close(real);
}

/* Where the last part went: finding the way there takes requests, if /proc is a view. */
struct folder {
	char path[PATH_MAX];
	int fd; /* -1: none yet */
};

static int attach_in(struct folder *folder, int tree, const char *target)
{
	const char *name = strrchr(target, '/') + 1;
	size_t length = name - target;

	if (folder->fd < 0 || strlen(folder->path) != length ||
	    strncmp(folder->path, target, length)) {
		if (folder->fd >= 0)
			close(folder->fd);
		snprintf(folder->path, sizeof(folder->path), "%.*s", (int)length, target);
		folder->fd = open(folder->path, O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (folder->fd < 0)
			return -errno;
	}
	return move_mount(tree, "", folder->fd, name, MOVE_MOUNT_F_EMPTY_PATH) ? -errno : 0;
}

static void attach_parts(const struct init *init, const int *parts, const char *release)
{
	struct folder folder = {.fd = -1};

	for (unsigned int i = 0; files_mounts[i].path; i++) {
		const struct files_mount *entry = &files_mounts[i];
		int error = 0;

		if (!is_wanted(entry, release)) {
			close(parts[i]);
			continue;
		}
		if (!entry->optional && !is_there(entry->target))
			error = shadow_path(entry->target, entry->is_directory);
		if (!error)
			error = attach_in(&folder, parts[i], entry->target);
		close(parts[i]);
		if (error && !entry->optional)
			init_fail(init, error, "the box's files cannot be mounted on %s: %s",
				  entry->target, strerror(-error));
	}
	if (folder.fd >= 0)
		close(folder.fd);
}

/* tree was opened before anything could hide it. */
static void mount_modules(const struct init *init, const char *release, int tree)
{
	char target[PATH_MAX];
	int error;

	snprintf(target, sizeof(target), "/lib/modules/%s", release);
	error = is_there(target) ? 0 : shadow_path(target, true);
	if (!error)
		error = attach(tree, target);
	if (error)
		init_fail(init, error, "the modules' folder cannot be mounted on %s: %s", target,
			  strerror(-error));
	close(tree);
}

/* Is it one of kmod's tools, and not a program that has other names as well, as busybox? */
static bool is_kmods(const char *path, const char *name)
{
	const char *last = strrchr(path, '/') + 1;

	return !strcmp(last, "kmod") || !strcmp(last, name);
}

/* tools, over whatever program each of kmod's names leads to, once. */
static void mount_tools(const struct init *init, const char *tools)
{
	static const char *const names[] = {"insmod",  "rmmod",  "lsmod", "modprobe",
					    "modinfo", "depmod", "ksyms"};
	char name[64], path[PATH_MAX];
	struct stat wanted, status;
	int tree, error;

	if (stat(tools, &wanted))
		init_fail(init, -errno, "%s: %s", tools, strerror(errno));
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(name, sizeof(name), "/sbin/%s", names[i]);
		if (!realpath(name, path) || !is_kmods(path, names[i]) || stat(path, &status) ||
		    (status.st_dev == wanted.st_dev && status.st_ino == wanted.st_ino))
			continue;
		tree = open_tree(AT_FDCWD, tools, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
		error = tree < 0 ? -errno : attach(tree, path);
		if (error)
			init_fail(init, error, "%s cannot be mounted on %s: %s", tools, path,
				  strerror(-error));
		close(tree);
	}
}

void mount_all(const struct init *init, const struct mounted *mounted)
{
	const char *tree = mounted->tree;
	int parts[MAX_MOUNTS], modules = -1;

	take_parts(init, parts);
	if (*tree) {
		modules = open_tree(AT_FDCWD, tree, CLONE_FLAGS);
		if (modules < 0)
			init_fail(init, -errno, "%s: %s", tree, strerror(errno));
	}
	if (*mounted->tools)
		mount_tools(init, mounted->tools);
	/* A container that hides parts of its /proc gets no other one: then it stays. */
	mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
	protect_host(init);
	complete_proc(init, mounted->release);
	attach_parts(init, parts, mounted->release);
	if (modules >= 0)
		mount_modules(init, mounted->release, modules);
}
