// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * hello_fuse DIRECTORY COMMAND...: a FUSE file system as small as libfuse makes
 * them, mounted on DIRECTORY for COMMAND alone: one folder with one file, as
 * deep as the one that it is compared with, and as little remembered.
 */
#define FUSE_USE_VERSION 35
#include <errno.h>
#include <fcntl.h>
#include <fuse.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char text[] = "0\n";

static int hello_getattr(const char *path, struct stat *status, struct fuse_file_info *info)
{
	*status = (struct stat){.st_mode = S_IFDIR | 0755, .st_nlink = 2};
	if (!strcmp(path, "/") || !strcmp(path, "/hello"))
		return 0;
	if (strcmp(path, "/hello/refcnt"))
		return -ENOENT;
	*status = (struct stat){.st_mode = S_IFREG | 0444, .st_nlink = 1, .st_size = 4096};
	return 0;
}

static int hello_open(const char *path, struct fuse_file_info *info)
{
	info->direct_io = 1;
	info->noflush = 1;
	return 0;
}

static int hello_read(const char *path, char *buffer, size_t size, off_t offset,
		      struct fuse_file_info *info)
{
	size_t length = strlen(text);

	if (offset < 0 || (size_t)offset >= length)
		return 0;
	if (size > length - offset)
		size = length - offset;
	memcpy(buffer, text + offset, size);
	return size;
}

static const struct fuse_operations operations = {
	.getattr = hello_getattr,
	.open = hello_open,
	.read = hello_read,
};

static void die(const char *what)
{
	perror(what);
	exit(EXIT_FAILURE);
}

static void write_file(const char *path, const char *content)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, content, strlen(content)) < 0)
		die(path);
	close(fd);
}

static void enter_namespaces(void)
{
	char users[32], groups[32];

	snprintf(users, sizeof(users), "0 %u 1", getuid());
	snprintf(groups, sizeof(groups), "0 %u 1", getgid());
	if (unshare(CLONE_NEWUSER | CLONE_NEWNS))
		die("namespaces");
	write_file("/proc/self/uid_map", users);
	write_file("/proc/self/setgroups", "deny");
	write_file("/proc/self/gid_map", groups);
}

static void *serve(void *fuse)
{
	fuse_loop(fuse); /* as long as the process */
	return NULL;
}

int main(int argc, char **argv)
{
	char *words[] = {"hello_fuse", "-oattr_timeout=0,entry_timeout=0", NULL};
	struct fuse_args arguments = FUSE_ARGS_INIT(2, words);
	struct fuse *fuse;
	pthread_t thread;
	int status;
	pid_t pid;

	if (argc < 3)
		return 2;
	enter_namespaces();
	fuse = fuse_new(&arguments, &operations, sizeof(operations), NULL);
	if (!fuse || fuse_mount(fuse, argv[1]))
		return EXIT_FAILURE;
	if (pthread_create(&thread, NULL, serve, fuse))
		return EXIT_FAILURE;
	pid = fork();
	if (!pid) {
		execv(argv[2], argv + 2);
		die(argv[2]);
	}
	if (waitpid(pid, &status, 0) != pid)
		die("waitpid");
	return WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_FAILURE;
}
