// SPDX-License-Identifier: GPL-2.0-or-later
/* The distribution's source package: a tarball, of which the library needs a part. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "target/internal.h"

struct feeder {
	const struct target *target;
	const char *path;
	int out;
	off_t total;
};

/* tar reads the tarball from a pipe, so that we know how far it is. */
static void *feed(void *argument)
{
	struct feeder *feeder = argument;
	int in = open(feeder->path, O_RDONLY | O_CLOEXEC);
	char buffer[65536];
	off_t done = 0;
	ssize_t got;
	sigset_t broken;

	sigemptyset(&broken);
	sigaddset(&broken, SIGPIPE);
	pthread_sigmask(SIG_BLOCK, &broken, NULL);
	while (in >= 0 && (got = read(in, buffer, sizeof(buffer))) > 0) {
		for (ssize_t at = 0; at < got;) {
			ssize_t put = write(feeder->out, buffer + at, (size_t)(got - at));

			if (put < 0 && errno == EINTR)
				continue;
			if (put < 0)
				goto out;
			at += put;
		}
		done += got;
		target_progress(feeder->target, "unpacking Linux sources",
				(unsigned int)(done * 100 / feeder->total), 100);
	}
out:
	if (in >= 0)
		close(in);
	close(feeder->out);
	return NULL;
}

static int run_tar(struct target *target, const char *tarball, const char *into,
		   const struct library_list *list)
{
	static const char *const fixed[] = {"tar",
					    "-x",
					    "-f",
					    "-",
					    NULL,
					    "-C",
					    NULL,
					    "--strip-components=1",
					    "--no-same-owner",
					    "--anchored",
					    "--wildcards",
					    "--no-wildcards-match-slash"};
	unsigned int count = sizeof(fixed) / sizeof(fixed[0]);
	const char **argv = calloc(count + list->nr_unpack + 1, sizeof(*argv));
	struct process process = {.argv = argv};
	struct feeder feeder = {.target = target, .path = tarball};
	const char *suffix = strrchr(tarball, '.');
	int pipes[2], status;
	pthread_t thread;
	struct stat st;

	if (!argv)
		return -ENOMEM;
	memcpy(argv, fixed, sizeof(fixed));
	/* xz decodes the blocks of one file in parallel if it is told to */
	argv[4] = suffix && !strcmp(suffix, ".xz")    ? "--use-compress-program=xz -T0"
		  : suffix && !strcmp(suffix, ".zst") ? "--zstd"
		  : suffix && !strcmp(suffix, ".tar") ? "--no-auto-compress"
						      : "--gzip";
	argv[6] = into;
	memcpy(argv + count, list->unpack, list->nr_unpack * sizeof(*argv));
	if (stat(tarball, &st) || !st.st_size || pipe2(pipes, O_CLOEXEC)) {
		free(argv);
		return -EIO;
	}
	feeder.out = pipes[1];
	feeder.total = st.st_size;
	process.input = pipes[0];
	if (pthread_create(&thread, NULL, feed, &feeder)) {
		close(pipes[0]);
		close(pipes[1]);
		free(argv);
		return -EAGAIN;
	}
	status = process_run(&process);
	close(pipes[0]);
	pthread_join(thread, NULL);
	free(argv);
	/* 2: some pattern matched nothing, which the check below finds out about */
	if (status && status != 2)
		r3_fail(-EIO, "cannot unpack %s: %.300s", tarball,
			process.errors ? process.errors : strerror(-status));
	free(process.errors);
	return status && status != 2 ? -EIO : 0;
}

static int unpack_locked(struct target *target, const char *tarball, const char *directory,
			 const struct library_list *list)
{
	char *stamp = format_path("%s/.complete", directory);
	char *temporary = format_path("%s.tmp", directory);
	char *probe = format_path("%s/lib/vsprintf.c", directory);
	int fd, error = -ENOMEM;

	if (!stamp || !temporary || !probe)
		goto out;
	error = 0;
	if (!access(stamp, F_OK))
		goto out;
	remove_tree(temporary);
	remove_tree(directory);
	error = make_directories(temporary);
	if (!error)
		error = run_tar(target, tarball, temporary, list);
	if (!error && rename(temporary, directory))
		error = -errno;
	if (!error && access(probe, R_OK))
		error = r3_fail(-EIO, "%s holds no Linux sources", tarball);
	if (error)
		goto out;
	fd = open(stamp, O_CREAT | O_WRONLY | O_CLOEXEC, 0666);
	if (fd >= 0)
		close(fd);
out:
	free(stamp);
	free(temporary);
	free(probe);
	return error;
}

int unpack_source(struct target *target, const char *tarball, char **result)
{
	char *list_path = format_path("%s/runtime/linux/library.list", target->data);
	char *parent = format_path("%s/source", target->cache);
	struct digest digest = digest_stat((struct digest){0, 0}, tarball);
	char key[DIGEST_TEXT], *directory = NULL, *lock = NULL, *stamp = NULL;
	struct library_list list = {0};
	int fd = -1, error = -ENOMEM;

	if (!list_path || !parent)
		goto out;
	error = list_read(&list, list_path, target->release);
	if (error)
		goto out;
	for (unsigned int i = 0; i < list.nr_unpack; i++)
		digest = digest_string(digest, list.unpack[i]);
	digest_text(digest, key);
	directory = format_path("%s/%.16s", parent, key);
	lock = format_path("%s/%.16s.lock", parent, key);
	stamp = format_path("%s/%.16s/.complete", parent, key);
	error = directory && lock && stamp ? make_directories(parent) : -ENOMEM;
	if (!error && access(stamp, F_OK)) {
		fd = cache_lock(lock);
		error = fd < 0 ? fd : unpack_locked(target, tarball, directory, &list);
		if (fd >= 0)
			close(fd);
	}
	if (!error) {
		*result = directory;
		directory = NULL;
	}
out:
	list_release(&list);
	free(list_path);
	free(parent);
	free(directory);
	free(lock);
	free(stamp);
	return error;
}
