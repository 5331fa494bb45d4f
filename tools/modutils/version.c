// SPDX-License-Identifier: GPL-2.0-or-later
/* The kernel that an object was compiled for, and the checksums in the names of symbols. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include "tools/modutils/link.h"

int object_version(const struct object *object)
{
	const char *text = object_modinfo(object, "kernel_version");
	unsigned long parts[3];
	char *end;

	if (!text)
		return -1;
	for (int i = 0; i < 3; i++) {
		parts[i] = strtoul(text, &end, 10);
		if (end == text || (i < 2 && *end != '.'))
			return -1;
		text = end + 1;
	}
	return (parts[0] << 16 | parts[1] << 8 | parts[2]) & 0x7fffffff;
}

/* The value of a symbol, 0 if there is none: as modutils asks whether a kernel has versions. */
static uint64_t kernel_checksummed(const struct kernel *kernel)
{
	for (size_t i = 0; i < kernel->symbols.count; i++)
		if (!strcmp(kernel->symbols.list[i].name, "Using_Versions"))
			return kernel->symbols.list[i].value;
	return 0;
}

/* What a name ends in that begins as known: all but the eight digits. NULL: it does not. */
static const char *prefix_in(struct object *object, const char *name)
{
	static const char *const known[] = {"get_module_symbol_R", "inter_module_get_R", "printk_R",
					    "_printk_R"};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		size_t start = strlen(known[i]), length;

		if (*name != *known[i] || strncmp(name, known[i], start))
			continue;
		length = strlen(name);
		if (length >= start + 8)
			return object_text(object, "%.*s", (int)(length - start - 8), name + start);
	}
	return NULL;
}

/*
 * What stands between _R and the digits: nothing, or "smp_" and such. Symbols
 * that every kernel has tell; modutils looked for the first two.
 */
void find_prefix(struct link *link)
{
	struct object *object = &link->object;
	const char *prefix = link->insert->prefix;

	for (size_t i = 0; i < link->kernel.symbols.count && !prefix; i++)
		prefix = prefix_in(object, link->kernel.symbols.list[i].name);
	if (prefix)
		object->prefix = prefix;
}

static int other_kernel(struct link *link, const char *built_for, const char *release)
{
	const char *path = link->messages->from;

	if (link->insert->is_forced) {
		tell_warning(link->messages,
			     "Warning: kernel-module version mismatch\n"
			     "\t%s was compiled for kernel version %s\n"
			     "\twhile this kernel is version %s",
			     path, built_for, release);
		return 0;
	}
	if (!link->insert->is_quiet)
		tell_error(link->messages,
			   "kernel-module version mismatch\n"
			   "\t%s was compiled for kernel version %s\n"
			   "\twhile this kernel is version %s.",
			   path, built_for, release);
	return -EPROTO;
}

int check_built_for(struct link *link)
{
	const char *built_for = object_modinfo(&link->object, "kernel_version");
	const char *checksums = object_modinfo(&link->object, "using_checksums");
	uint64_t kernel = kernel_checksummed(&link->kernel);
	uint64_t module = checksums ? strtoul(checksums, NULL, 10) : 0;
	const char *release = link->insert->release;
	struct utsname uts;
	int error = 0;

	if (object_version(&link->object) == -1) {
		tell_error(link->messages,
			   "couldn't find the kernel version the module was compiled for");
		return -ENOEXEC;
	}
	if (!release) {
		if (uname(&uts))
			return -errno;
		release = uts.release;
	}
	if ((!module || !kernel) && strcmp(built_for, release))
		error = other_kernel(link, built_for, release);
	if (error)
		return error;
	tell_step(link->messages, "insmod", "versions",
		  "compiled for %s, the kernel is %s; checksums: module %s, kernel %s%s", built_for,
		  release, module ? "yes" : "no", kernel ? "yes" : "no",
		  module != kernel ? ", so they are ignored" : "");
	if (module != kernel)
		object_ignore_checksums(&link->object);
	return 0;
}
