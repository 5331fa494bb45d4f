// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * LD_PRELOAD for the tools of kmod, Debian's and ours: what lies below
 * /lib/modules, /sys/module, /proc/modules, /proc/kallsyms, /proc/cmdline,
 * /proc/sys/kernel and the directories modprobe.d is taken from $FAKE_ROOT, the release from
 * $FAKE_RELEASE. Module system calls are written down in $FAKE_LOG and end with $FAKE_ERRNO (a
 * number; 0 or none: success).
 */
/* open() and open64() are two functions here, whatever programs call. */
#undef _FILE_OFFSET_BITS
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

int delete_module(const char *name, unsigned int flags);
int init_module(const void *image, unsigned long size, const char *parameters);

/* The C library's own function, of the same type. */
#define REAL(name) ((__typeof__(&(name)))dlsym(RTLD_NEXT, #name))

static const char *fake(const char *path, char buffer[PATH_MAX])
{
	static const char *const places[] = {
		"/lib/modules",        "/sys/module",      "/proc/modules",
		"/proc/kallsyms",      "/proc/sys/kernel", "/proc/cmdline",
		"/etc/modprobe.d",     "/run/modprobe.d",  "/usr/local/lib/modprobe.d",
		"/usr/lib/modprobe.d", "/lib/modprobe.d",
	};
	const char *root = getenv("FAKE_ROOT");

	for (size_t i = 0; root && i < sizeof(places) / sizeof(places[0]); i++)
		if (!strncmp(path, places[i], strlen(places[i])) &&
		    strncmp(path, root, strlen(root))) {
			snprintf(buffer, PATH_MAX, "%s%s", root, path);
			return buffer;
		}
	return path;
}

#define FAKE_OPEN(name)                                                                            \
	int name(const char *path, int flags, ...)                                                 \
	{                                                                                          \
		char buffer[PATH_MAX];                                                             \
		mode_t mode = 0;                                                                   \
		va_list arguments;                                                                 \
                                                                                                   \
		va_start(arguments, flags);                                                        \
		if (flags & O_CREAT)                                                               \
			mode = va_arg(arguments, mode_t);                                          \
		va_end(arguments);                                                                 \
		return REAL(name)(fake(path, buffer), flags, mode);                                \
	}
FAKE_OPEN(open)
FAKE_OPEN(open64)

#define FAKE_PATH(type, name, parameter, value)                                                    \
	type name(const char *path, parameter)                                                     \
	{                                                                                          \
		char buffer[PATH_MAX];                                                             \
                                                                                                   \
		return REAL(name)(fake(path, buffer), value);                                      \
	}
FAKE_PATH(FILE *, fopen, const char *mode, mode)
FAKE_PATH(FILE *, fopen64, const char *mode, mode)
FAKE_PATH(int, stat, struct stat *status, status)
FAKE_PATH(int, stat64, struct stat64 *status, status)

DIR *opendir(const char *path)
{
	char buffer[PATH_MAX];

	return REAL(opendir)(fake(path, buffer));
}

int uname(struct utsname *kernel)
{
	const char *release = getenv("FAKE_RELEASE");
	int error = REAL(uname)(kernel);

	if (release)
		snprintf(kernel->release, sizeof(kernel->release), "%s", release);
	return error;
}

__attribute__((format(printf, 1, 2))) static int write_down(const char *format, ...)
{
	const char *path = getenv("FAKE_LOG"), *error = getenv("FAKE_ERRNO");
	FILE *out = path ? REAL(fopen)(path, "a") : NULL;
	va_list arguments;

	if (out) {
		va_start(arguments, format);
		vfprintf(out, format, arguments);
		va_end(arguments);
		fclose(out);
	}
	errno = error ? atoi(error) : 0;
	return errno ? -1 : 0;
}

int delete_module(const char *name, unsigned int flags)
{
	return write_down("delete_module %s %#x\n", name, flags);
}

int init_module(const void *image, unsigned long size, const char *parameters)
{
	unsigned int sum = 0;

	for (unsigned long i = 0; i < size; i++)
		sum = sum * 31 + ((const unsigned char *)image)[i];
	return write_down("init_module %lu bytes (%08x) '%s'\n", size, sum, parameters);
}

long syscall(long number, ...)
{
	va_list arguments;
	long a[6];

	va_start(arguments, number);
	for (size_t i = 0; i < sizeof(a) / sizeof(a[0]); i++)
		a[i] = va_arg(arguments, long);
	va_end(arguments);
	switch (number) {
	case SYS_delete_module:
		return delete_module((const char *)a[0], a[1]);
	case SYS_init_module:
		return init_module((const void *)a[0], a[1], (const char *)a[2]);
	case SYS_finit_module:
		if (getenv("FAKE_NO_FINIT")) {
			errno = ENOSYS;
			return -1;
		}
		return write_down("finit_module '%s' %#lx\n", (const char *)a[1], a[2]);
	default:
		return REAL(syscall)(number, a[0], a[1], a[2], a[3], a[4], a[5]);
	}
}
