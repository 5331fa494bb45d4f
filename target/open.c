// SPDX-License-Identifier: GPL-2.0-or-later
/* Opening a target: what the release is, where its parts are, what is cached of it. */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "target/internal.h"

void target_progress(const struct target *target, const char *what, unsigned int done,
		     unsigned int total)
{
	if (target->options.progress)
		target->options.progress(target->options.context, what, done, total);
}

void target_trace(const struct target *target, const char *subject, const char *object,
		  const char *format, ...)
{
	struct r3_trace_event event = {
		.kind = R3_TRACE_TARGET, .module = "", .subject = subject, .object = object};
	va_list arguments;
	char text[512];

	if (!target->options.trace)
		return;
	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	event.text = text;
	target->options.trace(target->options.context, &event);
}

static const char *const identity_files[] = {".config", "include/generated/autoconf.h",
					     "include/config/auto.conf",
					     "include/generated/utsrelease.h", "Module.symvers"};
#define NR_IDENTITY_FILES (sizeof(identity_files) / sizeof(identity_files[0]))

/* Fold every file that identifies the headers into one digest, by contents or by stat(). */
static int headers_digest(const struct target *target,
			  struct digest (*fold)(struct digest, const char *), struct digest *result)
{
	struct digest digest = digest_string((struct digest){0, 0}, KBUILD_GENERATION);

	for (unsigned int i = 0; i < NR_IDENTITY_FILES; i++) {
		char *path = format_path("%s/%s", target->headers, identity_files[i]);

		if (!path)
			return -ENOMEM;
		digest = fold(digest, path);
		free(path);
	}
	*result = digest;
	return 0;
}

static bool parse_digest(const char *text, struct digest *digest)
{
	unsigned long long a, b;

	if (sscanf(text, "%16llx%16llx", &a, &b) != 2)
		return false;
	*digest = (struct digest){a, b};
	return true;
}

/*
 * cache/RELEASE/KEY is for headers of these contents. A link named by what
 * stat() says about the headers saves reading them again.
 */
static int open_directory(struct target *target)
{
	char key[DIGEST_TEXT], known[DIGEST_TEXT] = "", *link = NULL;
	struct digest facts;
	int error = headers_digest(target, digest_stat, &facts);

	if (error)
		return error;
	digest_text(facts, key);
	link = format_path("%s/%s/at-%s", target->cache, target->release, key);
	if (!link)
		return -ENOMEM;
	if (readlink(link, known, sizeof(known) - 1) == sizeof(known) - 1 &&
	    parse_digest(known, &target->identity)) {
		target->directory = format_path("%s/%s/%s", target->cache, target->release, known);
		error = target->directory ? 0 : -ENOMEM;
		if (!error && !access(target->directory, W_OK | X_OK))
			goto out;
		free(target->directory);
	}
	error = headers_digest(target, digest_file, &target->identity);
	if (error)
		goto out;
	digest_text(target->identity, known);
	target->directory = format_path("%s/%s/%s", target->cache, target->release, known);
	error = target->directory ? make_directories(target->directory) : -ENOMEM;
	if (error) {
		r3_fail(error, "cannot make the cache directory %s: %s",
			target->directory ? target->directory : "", strerror(-error));
		goto out;
	}
	unlink(link);
	if (symlink(known, link) && errno != EEXIST)
		error = -errno;
out:
	free(link);
	return error;
}

static int open_headers(struct target *target)
{
	int error = locate_headers(target);

	if (!error)
		error = locate_cache(target);
	if (!error)
		error = open_directory(target);
	if (!error)
		error = tree_prepare(target);
	return error;
}

static int open_release(struct target *target)
{
	int error = locate_data(target);

	if (!error)
		error = open_headers(target);
	if (!error)
		error = locate_source(target);
	if (!error)
		error = exports_open(target);
	return error;
}

static int open_target(struct target **result, const struct r3_box_options *options,
		       int (*open_parts)(struct target *))
{
	struct target *target = calloc(1, sizeof(*target));
	int error = 0;

	if (!target)
		return -ENOMEM;
	target->options = *options;
	pthread_mutex_init(&target->lock, NULL);
	target->builtin = !options->target || !strcmp(options->target, "builtin");
	if (!target->builtin) {
		target->release = strdup(options->target);
		if (!target->release)
			error = -ENOMEM;
		else if (strchr(target->release, '/') || !*target->release)
			error = r3_fail(-EINVAL, "'%s' is not a kernel release", target->release);
		else
			error = open_parts(target);
	}
	if (error) {
		target_close(target);
		return error;
	}
	*result = target;
	return 0;
}

int target_open(struct target **result, const struct r3_box_options *options)
{
	return open_target(result, options, open_release);
}

int target_open_headers(struct target **result, const struct r3_box_options *options)
{
	return open_target(result, options, open_headers);
}

bool target_is_builtin(const struct target *target)
{
	return target->builtin;
}

const char *target_release(const struct target *target)
{
	return target->builtin ? "builtin" : target->release;
}

const char *target_headers(const struct target *target)
{
	return target->builtin ? NULL : target->tree;
}
