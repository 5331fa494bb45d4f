// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The session: threads that take requests from /dev/fuse and answer them. The
 * kernel wakes one of those that wait; when nobody would be left to wait,
 * another is started, since a parameter's set function may sleep as long as it
 * likes. None ends before all do, as each has a place in the box.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <fcntl.h>
#include <unistd.h>
#include "files/internal.h"

#define SYSCTL(name)                                                                               \
	{                                                                                          \
		"proc/sys/" name, "/proc/sys/" name, false, true, false                            \
	}

const struct files_mount files_mounts[] = {
	{"sys/module", "/sys/module", true, false, false},
	{"sys/kernel/debug", "/sys/kernel/debug", true, true, false},
	{"proc/modules", "/proc/modules", false, true, false},
	{"proc/kallsyms", "/proc/kallsyms", false, true, false},
	{"proc/ksyms", "/proc/ksyms", false, true, true},
	{"proc/version", "/proc/version", false, true, false},
	{"proc/cmdline", "/proc/cmdline", false, true, false},
	SYSCTL("debug/kprobes-optimization"),
	SYSCTL("kernel/dmesg_restrict"),
	SYSCTL("kernel/kptr_restrict"),
	SYSCTL("kernel/modprobe"),
	SYSCTL("kernel/modules_disabled"),
	SYSCTL("kernel/osrelease"),
	SYSCTL("kernel/ostype"),
	SYSCTL("kernel/printk"),
	SYSCTL("kernel/printk_devkmsg"),
	SYSCTL("kernel/tainted"),
	SYSCTL("kernel/version"),
	{"dev/kmsg", "/dev/kmsg", false, true, false},
	{NULL, NULL, false, false, false},
};

static void *work(void *data);

static void start_worker(struct files *files)
{
	if (files->nr_workers < MAX_WORKERS &&
	    !pthread_create(&files->workers[files->nr_workers], NULL, work, files)) {
		files->nr_workers++;
		files->nr_idle++;
	}
}

static void set_idle(struct files *files, bool idle)
{
	pthread_mutex_lock(&files->lock);
	files->nr_idle += idle ? 1 : -1;
	if (!files->nr_idle)
		start_worker(files);
	pthread_mutex_unlock(&files->lock);
}

/* The next request; false: there will be none. */
static bool receive(struct files *files, struct fuse_buf *buffer)
{
	int fd = fuse_session_fd(files->session), got = -EAGAIN;

	while (got == -EAGAIN || got == -EINTR) {
		void *source;
		enum requests_news news = requests_wait(&files->requests, &source);

		if (news == REQUESTS_STOPPED)
			return false;
		got = news == REQUESTS_COME ? fuse_session_receive_buf(files->session, buffer) : 0;
		requests_next(&files->requests, fd, files); /* its end is for the others as well */
	}
	/* 0 and errors: unmounted, and nobody has anything of it open. */
	return got > 0;
}

static void *work(void *data)
{
	struct files *files = data;
	struct fuse_buf buffer = {0};

	while (receive(files, &buffer)) {
		set_idle(files, false);
		fuse_session_process_buf(files->session, &buffer);
		set_idle(files, true);
	}
	free(buffer.mem);
	return NULL;
}

static int open_session(struct files *files, int fuse_fd)
{
	char *arguments[] = {"ring3", NULL}, mountpoint[32];
	struct fuse_args args = FUSE_ARGS_INIT(1, arguments);

	files->session = fuse_session_new(&args, &tree_operations, sizeof(tree_operations), files);
	fuse_opt_free_args(&args);
	if (!files->session)
		return r3_fail(-ENOMEM, "libfuse does not start a session");
	/* How libfuse is told of a file system that is mounted already. */
	snprintf(mountpoint, sizeof(mountpoint), "/dev/fd/%d", fuse_fd);
	if (fuse_session_mount(files->session, mountpoint)) {
		fuse_session_destroy(files->session);
		return r3_fail(-EINVAL, "libfuse does not take descriptor %d", fuse_fd);
	}
	return 0;
}

static int prepare(struct files *files, int fuse_fd)
{
	int error, flags = fcntl(fuse_fd, F_GETFL);

	if (flags < 0 || fcntl(fuse_fd, F_SETFL, flags | O_NONBLOCK) < 0)
		return r3_fail(-errno, "descriptor %d is not open", fuse_fd);
	error = requests_open(&files->requests);
	if (error)
		return r3_fail(error, "no descriptors: %s", strerror(-error));
	error = requests_add(&files->requests, fuse_fd, files);
	if (error) {
		requests_close(&files->requests);
		return r3_fail(error, "descriptor %d cannot be watched: %s", fuse_fd,
			       strerror(-error));
	}
	error = kmsg_start(files);
	if (!error)
		error = open_session(files, fuse_fd);
	if (error) {
		kmsg_stop(files);
		kmsg_free(files);
		requests_close(&files->requests);
	}
	return error;
}

int files_start(struct r3_box *box, int fuse_fd, pid_t init, struct files **result)
{
	struct files *files = calloc(1, sizeof(*files));
	sigset_t all, before;
	int error = files ? 0 : -ENOMEM;

	if (files) {
		files->box = box;
		clock_gettime(CLOCK_REALTIME, &files->started);
		pthread_mutex_init(&files->lock, NULL);
		error = caller_namespace(init, &files->user_namespace);
	}
	if (!error)
		error = prepare(files, fuse_fd);
	if (error) {
		free(files);
		close(fuse_fd);
		return error;
	}
	/* The program's signals are not for these threads; the box unblocks its own. */
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	pthread_mutex_lock(&files->lock);
	start_worker(files);
	start_worker(files);
	pthread_mutex_unlock(&files->lock);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	*result = files;
	return 0;
}

void files_stop(struct files *files)
{
	if (!files)
		return;
	requests_stop(&files->requests);
	/* Who is the last idle one may still start another. */
	for (unsigned int i = 0;; i++) {
		bool more;

		pthread_mutex_lock(&files->lock);
		more = i < files->nr_workers;
		pthread_mutex_unlock(&files->lock);
		if (!more)
			break;
		pthread_join(files->workers[i], NULL);
	}
	kmsg_stop(files);
	while (files->handles)
		handle_put(files->handles);
	fuse_session_destroy(files->session);
	kmsg_free(files);
	builtins_free(files);
	requests_close(&files->requests);
	pthread_mutex_destroy(&files->lock);
	free(files);
}
