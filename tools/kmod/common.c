// SPDX-License-Identifier: GPL-2.0-or-later
/* What the tools have in common: options, version, places. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>
#include "tools/kmod/kmod.h"
#include "tools/kmod/log.h"

/* Programs ask what version of kmod they have: this is the one whose behaviour it is. */
void kmod_print_version(void)
{
	puts("kmod version 34\n"
	     "+ZSTD +XZ +ZLIB +PKCS7\n"
	     "ring3-kmod " RING3_VERSION);
}

int kmod_bad_option(int option)
{
	if (option != '?')
		error("unexpected getopt_long() value '%c'.", option);
	return EXIT_FAILURE;
}

int kmod_common_option(int option, struct kmod_messages *messages, void (*print_help)(void))
{
	switch (option) {
	case 's':
		messages->to_syslog = true;
		return -1;
	case 'v':
		messages->level++;
		return -1;
	case 'h':
		print_help();
		return EXIT_SUCCESS;
	case 'V':
		kmod_print_version();
		return EXIT_SUCCESS;
	default:
		return kmod_bad_option(option);
	}
}

int kmod_absolute(const char *path, char absolute[PATH_MAX])
{
	size_t used = 0, length = strlen(path);

	if (*path != '/') {
		if (!getcwd(absolute, PATH_MAX - 1))
			return -errno;
		used = strlen(absolute);
		absolute[used++] = '/';
	}
	if (length >= PATH_MAX - used)
		return -ENAMETOOLONG;
	memcpy(absolute + used, path, length + 1);
	return 0;
}

int kmod_make_parents(const char *path)
{
	char *copy = strdup(path), *slash;
	int error = copy ? 0 : -ENOMEM;

	for (slash = copy; !error && slash && (slash = strchr(slash + 1, '/'));) {
		*slash = '\0';
		if (mkdir(copy, 0755) && errno != EEXIST)
			error = -errno;
		*slash = '/';
	}
	free(copy);
	return error;
}

int kmod_directory(const char *root, const char *release, char directory[PATH_MAX])
{
	char start[PATH_MAX] = "";
	struct utsname kernel;
	int error;

	if (!release) {
		if (uname(&kernel)) {
			error("uname() failed: %m");
			return -errno;
		}
		release = kernel.release;
	}
	error = root && *root ? kmod_absolute(root, start) : 0;
	if (!error &&
	    snprintf(directory, PATH_MAX, "%s" MODULES_ROOT "/%s", start, release) >= PATH_MAX)
		error = -ENAMETOOLONG;
	if (error)
		error("bad directory %s" MODULES_ROOT "/%s: %s", root ? root : "", release,
		      strerror(-error));
	return error;
}
