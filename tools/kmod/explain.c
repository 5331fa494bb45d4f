// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>
#include "tools/kmod/explain.h"
#include "tools/kmod/explain_parameters.h"
#include "tools/kmod/explain_symbols.h"
#include "tools/kmod/imports.h"
#include "tools/kmod/kernel_log.h"
#include "tools/kmod/kmod.h"
#include "tools/kmod/loaded.h"
#include "tools/kmod/log.h"
#include "tools/kmod/name.h"
#include "tools/kmod/parameters.h"
#include "tools/kmod/signature.h"

struct failure {
	const char *path;
	char **arguments; /* end in NULL */
	struct modfile file;
	struct imports imports;
	char directory[PATH_MAX]; /* /lib/modules/RELEASE */
};

/* What the kernel checks of the object before it looks at what is in it. */
static bool explain_object(const struct failure *failure)
{
	struct elf_problem problem = {.message = ""};
	struct module_image image;
	struct elf_view view;
	int error = image_read_file(&image, failure->path, &problem);

	if (!error) {
		error = elf_open(&view, image.data, image.size, &problem);
		if (!error)
			error = elf_check_module(&view, &problem);
		image_release(&image);
	}
	if (!error)
		return false;
	hint("%s%s%s", problem.message, *problem.message ? ": " : "", problem.advice);
	return true;
}

/* The vermagic of a module that is installed for this kernel, allocated; NULL: none is found. */
static char *kernel_vermagic(const struct failure *failure)
{
	char path[2 * PATH_MAX], *line = NULL, *magic = NULL;
	struct modfile file;
	size_t room = 0;
	FILE *in;

	snprintf(path, sizeof(path), "%s/modules.dep", failure->directory);
	in = fopen(path, "re");
	if (!in)
		return NULL;
	while (!magic && getline(&line, &room, in) > 0) {
		line[strcspn(line, ":\n")] = '\0';
		if (snprintf(path, sizeof(path), "%s/%s", failure->directory, line) >=
			    (int)sizeof(path) ||
		    modfile_open(&file, path))
			continue;
		magic = modfile_copy_value(&file, "vermagic");
		modfile_close(&file);
	}
	free(line);
	fclose(in);
	return magic;
}

static bool begins_with_word(const char *text, const char *word)
{
	size_t length = strcspn(text, " ");

	return strlen(word) == length && !strncmp(text, word, length);
}

static bool explain_vermagic(const struct failure *failure)
{
	char *magic = modfile_copy_value(&failure->file, "vermagic"),
	     *kernels = kernel_vermagic(failure);
	struct utsname kernel;
	bool explained = true;

	if (!magic) {
		hint("the module does not say which kernel it was built for (it has no vermagic)");
	} else if (kernels && strcmp(magic, kernels)) {
		hint("the module was built for kernel '%s', and this kernel's own modules for "
		     "'%s': "
		     "build it with this kernel's headers",
		     magic, kernels);
	} else if (!kernels && !uname(&kernel) && !begins_with_word(magic, kernel.release)) {
		hint("the module was built for kernel '%s'; this one is %s: build it with this "
		     "kernel's headers",
		     magic, kernel.release);
	} else {
		explained = false;
	}
	free(magic);
	free(kernels);
	return explained;
}

static bool explain_signature(const struct failure *failure, int error)
{
	struct pkcs7_reader pkcs7 = {0};
	struct signature signature;

	if (!signature_read(&failure->file, &pkcs7, &signature))
		hint("the kernel takes signed modules only, and this one has no readable "
		     "signature");
	else if (error == -EKEYREJECTED)
		hint("the file is not as it was when '%.*s' signed it, or that key is blocked",
		     (int)signature.signer.size, (const char *)signature.signer.data);
	else
		hint("the kernel does not know, or does not trust, the module's signer '%.*s'",
		     (int)signature.signer.size, (const char *)signature.signer.data);
	signature_release(&signature);
	pkcs7_end(&pkcs7);
	return true;
}

/* The name that the kernel knows the module by. */
static void name_of(const struct failure *failure, char name[PATH_MAX])
{
	char *own = modfile_copy_value(&failure->file, "name");

	if (own)
		name_normalize(own, name);
	else
		name_from_path(failure->path, name);
	free(own);
}

static bool explain_existing(const struct failure *failure)
{
	char name[PATH_MAX];

	name_of(failure, name);
	if (loaded_state(name) < 0)
		return false;
	hint("a module named %s is loaded already: rmmod %s unloads it", name, name);
	return true;
}

static bool explain_permission(const struct failure *failure)
{
	char text[2] = "";
	int fd = open("/proc/sys/kernel/modules_disabled", O_RDONLY | O_CLOEXEC);
	bool disabled = fd >= 0 && read(fd, text, 1) == 1 && *text == '1';

	if (fd >= 0)
		close(fd);
	if (disabled)
		hint("the kernel loads no more modules until it is booted again "
		     "(kernel.modules_disabled is 1)");
	else if (geteuid())
		hint("only root, with CAP_SYS_MODULE, may load modules");
	else
		hint("this process lacks CAP_SYS_MODULE, as in a container, or the kernel is "
		     "locked down");
	return true;
}

/* What the errno alone says; NULL: nothing. */
static const char *general_advice(int error)
{
	switch (-error) {
	case EINVAL:
	case ENODEV:
	case ENXIO:
	case EIO:
	case ENOENT:
		return "file, symbols and parameters are right, as far as can be seen: most likely "
		       "the module's own init function returned this";
	case ENOEXEC:
		return "the kernel cannot use this file as a module";
	case EEXIST:
		return "the kernel has this built in, or something that it needs a name for";
	case ENOMEM:
		return "there is not enough memory for the module, or for what its init function "
		       "asked for";
	case ENOSYS:
		return "this kernel loads no modules (CONFIG_MODULES is off)";
	case EBUSY:
		return "something that the module needs is in use, or a module it depends on does "
		       "not get ready";
	case ETXTBSY:
		return "a program has the file open for writing";
	case EOPNOTSUPP:
		return "the kernel cannot expand compressed modules";
	default:
		return NULL;
	}
}

static bool explain_found(const struct failure *failure, int error)
{
	const struct imports *imports = &failure->imports;
	const struct modfile *file = &failure->file;

	switch (-error) {
	case ENOENT:
		return explain_missing(imports, failure->directory) || explain_gpl(file, imports) ||
		       explain_unexported(imports);
	case EINVAL:
	case ERANGE:
	case ENOSPC:
		return explain_parameters(file, failure->arguments) || explain_versions(imports) ||
		       explain_namespace(file, imports);
	case ESRCH:
		return explain_versions(imports);
	case ENOEXEC:
		return explain_object(failure) || explain_vermagic(failure) ||
		       explain_versions(imports);
	case EEXIST:
		return explain_existing(failure);
	case EPERM:
		return explain_permission(failure);
	case ENOKEY:
	case EKEYREJECTED:
	case EKEYREVOKED:
	case EKEYEXPIRED:
	case EBADMSG:
		return explain_signature(failure, error);
	default:
		return false;
	}
}

/* What the kernel itself has logged of it. */
static bool quote_kernel(const struct failure *failure, int log)
{
	static const char unknown[] = "Unknown symbol ";
	char name[PATH_MAX], text[512], *license;

	name_of(failure, name);
	if (!kernel_log_find(log, name, text, sizeof(text)))
		return false;
	license = strncmp(text, unknown, strlen(unknown)) ? NULL : closed_license(&failure->file);
	if (license)
		hint("the kernel says of %s: %s; it may be for modules under the GPL, and the "
		     "licence of this one is '%s'",
		     name, text, license);
	else
		hint("the kernel says of %s: %s", name, text);
	free(license);
	return true;
}

static bool explain_module(struct failure *failure, int error, int log)
{
	bool explained = false;

	if (!imports_read(&failure->imports, &failure->file, failure->directory))
		explained = explain_found(failure, error);
	imports_free(&failure->imports);
	return explained || quote_kernel(failure, log);
}

void explain_failure(const char *path, const char *parameters, int error, int log)
{
	struct failure failure = {.path = path, .arguments = parameters_split(parameters)};
	const char *advice = general_advice(error);
	bool explained = false;

	if (failure.arguments && !kmod_directory(NULL, NULL, failure.directory) &&
	    !modfile_open(&failure.file, path)) {
		explained = explain_module(&failure, error, log);
		modfile_close(&failure.file);
	} else if (error == -ENOEXEC || error == -EINVAL) {
		explained = explain_object(&failure);
	} else if (error == -EPERM) {
		explained = explain_permission(&failure);
	}
	if (!explained && advice)
		hint("%s", advice);
	free(failure.arguments);
}
