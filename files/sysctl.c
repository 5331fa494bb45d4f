// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * /proc/sys/kernel, /proc/sys/debug: how values are read and written is that of
 * kernel/sysctl.c with sysctl_writes_strict: numbers at the beginning of the
 * file only, separated by blanks, those that came before a bad one stay.
 */
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include "box/cmdline.h"
#include "box/console.h"
#include "files/internal.h"

#define NUMBER_MAX 21 /* TMPBUFLEN - 1 of kernel/sysctl.c */
#define NR_TAINTS  19 /* TAINT_FLAGS_COUNT */

static const char separators[] = {' ', '\t', '\n', '\0'}; /* proc_wspace_sep */

static size_t skip_blanks(const char *text, size_t size)
{
	size_t at = 0;

	while (at < size && isspace((unsigned char)text[at]))
		at++;
	return at;
}

/*
 * proc_get_long(): one number at *text, which moves behind it and the blanks
 * around it. -ENODATA: nothing is left.
 */
static int next_number(const char **text, size_t *size, unsigned long *value, bool *negative)
{
	char number[NUMBER_MAX + 1], *digits = number, *end;
	size_t blanks = skip_blanks(*text, *size), length, used;

	*text += blanks;
	*size -= blanks;
	if (!*size)
		return -ENODATA;
	length = *size < NUMBER_MAX ? *size : NUMBER_MAX;
	memcpy(number, *text, length);
	number[length] = '\0';
	*negative = *number == '-' && length > 1;
	digits += *negative;
	if (!isdigit((unsigned char)*digits))
		return -EINVAL;
	errno = 0;
	*value = strtoul(digits, &end, 0);
	used = end - number;
	/* Longer than any number is, or followed by what is neither blank nor the end. */
	if (errno || used == NUMBER_MAX ||
	    (used < length && !memchr(separators, *end, sizeof(separators))))
		return -EINVAL;
	*text += used;
	*size -= used;
	if (*size && !**text) /* a string with its NUL ends there */
		*size = 0;
	return 0;
}

/*
 * proc_dointvec(): up to count numbers, each checked and then stored, also if
 * there is a bad one after it. How many came, or why not.
 */
static int store_integers(const char *data, size_t size, int *values, int count, int low, int high)
{
	unsigned long number;
	bool negative;
	int i, error;

	for (i = 0; i < count; i++) {
		error = next_number(&data, &size, &number, &negative);
		if (error == -ENODATA)
			break;
		if (error)
			return error;
		if (number > (negative ? (unsigned long)INT_MAX + 1 : INT_MAX))
			return -EINVAL;
		if ((negative ? -(long)number : (long)number) < low ||
		    (negative ? -(long)number : (long)number) > high)
			return -EINVAL;
		values[i] = negative ? (int)-(long)number : (int)number;
	}
	return i ? i : -EINVAL;
}

/* ---- files of one number ---- */

static const struct integer {
	const struct file_class *class;
	size_t offset; /* of the int, in struct sysctls */
	int low, high;
	bool takes_sysadmin; /* to write it: proc_dointvec_minmax_sysadmin() */
} integers[] = {
	/* Its only allowed value is 1: there is no way back. */
	{&modules_disabled_class, offsetof(struct sysctls, modules_disabled), 1, 1, false},
	{&kptr_restrict_class, offsetof(struct sysctls, kptr_restrict), 0, 2, true},
	{&dmesg_restrict_class, offsetof(struct sysctls, dmesg_restrict), 0, 1, true},
};

static const struct integer *integer_of(const struct handle *handle)
{
	const struct integer *integer = integers;

	while (integer->class != handle->class)
		integer++;
	return integer;
}

static int *value_of(const struct handle *handle, const struct integer *integer)
{
	return (int *)((char *)&handle->files->box->sysctls + integer->offset);
}

static int integer_show(struct handle *handle, FILE *text)
{
	fprintf(text, "%d\n", *value_of(handle, integer_of(handle)));
	return 0;
}

static ssize_t integer_write(struct handle *handle, fuse_req_t request, const char *data,
			     size_t size, off_t offset)
{
	const struct integer *integer = integer_of(handle);
	int count;

	if (integer->takes_sysadmin && !request_capable(request, CAP_SYS_ADMIN))
		return -EPERM;
	if (offset)
		return size;
	count = store_integers(data, size, value_of(handle, integer), 1, integer->low,
			       integer->high);
	return count < 0 ? count : (ssize_t)size;
}

#define INTEGER_CLASS                                                                              \
	{                                                                                          \
		.show = integer_show, .write = integer_write, .no_partial_read = true,             \
		.strict_access = true                                                              \
	}
const struct file_class modules_disabled_class = INTEGER_CLASS;
const struct file_class kptr_restrict_class = INTEGER_CLASS;
const struct file_class dmesg_restrict_class = INTEGER_CLASS;

/* ---- debug.kprobes-optimization ---- */

static int kprobes_optimization_show(struct handle *handle, FILE *text)
{
	struct r3_box *box = handle->files->box;

	return probes_switch_show(box, box->entries.probes_optimization, text);
}

static ssize_t kprobes_optimization_write(struct handle *handle, fuse_req_t request,
					  const char *data, size_t size, off_t offset)
{
	struct r3_box *box = handle->files->box;
	int value = -1, result;

	if (offset)
		return size;
	result = store_integers(data, size, &value, 1, 0, 1);
	if (result > 0)
		result = probes_switch(box, box->entries.probes_optimization, value);
	return result < 0 ? result : (ssize_t)size;
}

const struct file_class kprobes_optimization_class = {
	.show = kprobes_optimization_show,
	.write = kprobes_optimization_write,
	.no_partial_read = true,
	.strict_access = true,
};

/* ---- tainted ---- */

static int tainted_show(struct handle *handle, FILE *text)
{
	fprintf(text, "%lu\n", (unsigned long)handle->files->box->taints);
	return 0;
}

/* proc_taint(): bits are added, never taken away. */
static ssize_t tainted_write(struct handle *handle, fuse_req_t request, const char *data,
			     size_t size, off_t offset)
{
	const char *text = data;
	size_t left = size;
	unsigned long bits;
	bool negative;
	int error;

	if (!request_capable(request, CAP_SYS_ADMIN))
		return -EPERM;
	if (offset)
		return size;
	error = next_number(&text, &left, &bits, &negative);
	if (error || negative)
		return -EINVAL;
	__atomic_or_fetch(&handle->files->box->taints, bits & ((1UL << NR_TAINTS) - 1),
			  __ATOMIC_RELAXED);
	return size;
}

const struct file_class tainted_class = {
	.show = tainted_show,
	.write = tainted_write,
	.no_partial_read = true,
	.strict_access = true,
};

/* ---- printk ---- */

static int printk_show(struct handle *handle, FILE *text)
{
	const int *levels = handle->files->box->console_levels;

	fprintf(text, "%d\t%d\t%d\t%d\n", levels[0], levels[1], levels[2], levels[3]);
	return 0;
}

static ssize_t printk_write(struct handle *handle, fuse_req_t request, const char *data,
			    size_t size, off_t offset)
{
	struct r3_box *box = handle->files->box;
	int count;

	if (!request_capable(request, CAP_SYS_ADMIN))
		return -EPERM;
	if (offset)
		return size;
	count = store_integers(data, size, box->console_levels, CONSOLE_LEVELS, INT_MIN, INT_MAX);
	console_set_level(box, box->console_levels[0]);
	return count < 0 ? count : (ssize_t)size;
}

const struct file_class printk_class = {
	.show = printk_show,
	.write = printk_write,
	.no_partial_read = true,
	.strict_access = true,
};

/* ---- modprobe ---- */

static int modprobe_show(struct handle *handle, FILE *text)
{
	struct sysctls *sysctls = &handle->files->box->sysctls;

	pthread_mutex_lock(&sysctls->lock);
	fprintf(text, "%s\n", sysctls->modprobe_path);
	pthread_mutex_unlock(&sysctls->lock);
	return 0;
}

/* proc_dostring(): up to a newline; a write may go on where the last one ended, not behind that. */
static ssize_t modprobe_write(struct handle *handle, fuse_req_t request, const char *data,
			      size_t size, off_t offset)
{
	struct sysctls *sysctls = &handle->files->box->sysctls;
	const size_t room = sizeof(sysctls->modprobe_path) - 1;
	size_t at;

	pthread_mutex_lock(&sysctls->lock);
	if (offset >= 0 && (size_t)offset <= strlen(sysctls->modprobe_path)) {
		at = offset;
		for (size_t i = 0; i < size && at < room && data[i] && data[i] != '\n'; i++)
			sysctls->modprobe_path[at++] = data[i];
		sysctls->modprobe_path[at] = '\0';
	}
	pthread_mutex_unlock(&sysctls->lock);
	return size;
}

const struct file_class modprobe_class = {
	.show = modprobe_show,
	.write = modprobe_write,
	.strict_access = true,
};

/* ---- printk_devkmsg ---- */

static int printk_devkmsg_show(struct handle *handle, FILE *text)
{
	fprintf(text, "%s\n", devkmsg_names[handle->files->box->sysctls.devkmsg]);
	return 0;
}

/* devkmsg_sysctl_set_loglvl(): what the command line says cannot be changed. */
static ssize_t printk_devkmsg_write(struct handle *handle, fuse_req_t request, const char *data,
				    size_t size, off_t offset)
{
	struct sysctls *sysctls = &handle->files->box->sysctls;
	size_t length = size && data[size - 1] == '\n' ? size - 1 : size;

	if (offset || cmdline_find(handle->files->box, "printk.devkmsg"))
		return -EINVAL;
	for (int i = 0; i < NR_DEVKMSG; i++) {
		if (strlen(devkmsg_names[i]) != length || strncmp(devkmsg_names[i], data, length))
			continue;
		sysctls->devkmsg = i;
		return size;
	}
	return -EINVAL;
}

const struct file_class printk_devkmsg_class = {
	.show = printk_devkmsg_show,
	.write = printk_devkmsg_write,
	.strict_access = true,
};

/* ---- what uname(2) tells ---- */

static int ostype_show(struct handle *handle, FILE *text)
{
	fputs("Linux\n", text);
	return 0;
}

static int osrelease_show(struct handle *handle, FILE *text)
{
	fprintf(text, "%s\n", r3_box_release(handle->files->box));
	return 0;
}

static int uts_version_show(struct handle *handle, FILE *text)
{
	fprintf(text, "%s\n", handle->files->box->data->version);
	return 0;
}

const struct file_class ostype_class = {
	.show = ostype_show,
	.strict_access = true,
};

const struct file_class osrelease_class = {
	.show = osrelease_show,
	.strict_access = true,
};

const struct file_class uts_version_class = {
	.show = uts_version_show,
	.strict_access = true,
};
