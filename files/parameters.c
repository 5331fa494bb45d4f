// SPDX-License-Identifier: GPL-2.0-or-later
/* parameters/ of loaded modules and of built-in parts. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "files/internal.h"
#include "loader/module_view.h"

/* A parameter's number also has its mode, which its attributes need after the module is gone. */
#define WHICH(index, mode) ((uint64_t)(index) << 9 | ((mode)&0777))
#define WHICH_INDEX(which) ((which) >> 9)

static bool is_visible(int error, unsigned int mode)
{
	return !error && mode & 0777;
}

/* Under module_lock() and in the box. */
bool parameters_exist(const struct object *object)
{
	unsigned int mode;
	const char *name;
	int error;

	for (unsigned int i = 0; (error = parameter_info(object, i, &name, &mode)) != -ENOENT;
	     i++) {
		if (is_visible(error, mode))
			return true;
		if (error == -R3_EOOPS)
			break;
	}
	return false;
}

/* The object of a SUBDIRECTORY's module; called in the box, under the lock. */
static const struct object *object_of(struct files *files, uint64_t parent)
{
	const struct r3_module *module = module_in_sysfs(files->box, INO_SERIAL(parent));

	return module ? module->object : NULL;
}

int parameters_lookup(struct files *files, uint64_t parent, const char *name, struct node *node)
{
	const struct object *object;
	int error, found = -ENOENT;
	unsigned int mode;
	const char *at;

	if (box_enter(files->box))
		return -EIO;
	module_lock(files->box);
	object = object_of(files, parent);
	for (unsigned int i = 0; object && found; i++) {
		error = parameter_info(object, i, &at, &mode);
		if (error == -ENOENT || error == -R3_EOOPS)
			break;
		if (!is_visible(error, mode) || strcmp(at, name))
			continue;
		node->ino = INO(PARAMETER, INO_SERIAL(parent), WHICH(i, mode));
		found = 0;
	}
	module_unlock(files->box);
	box_leave(files->box);
	return found;
}

void parameters_list(struct files *files, uint64_t parent, struct listing *listing)
{
	const struct object *object;
	unsigned int mode;
	const char *name;
	int error;

	if (box_enter(files->box))
		return;
	module_lock(files->box);
	object = object_of(files, parent);
	for (unsigned int i = 0; object; i++) {
		error = parameter_info(object, i, &name, &mode);
		if (error == -ENOENT || error == -R3_EOOPS)
			break;
		if (is_visible(error, mode))
			listing_add(listing, name,
				    INO(PARAMETER, INO_SERIAL(parent), WHICH(i, mode)), S_IFREG);
	}
	module_unlock(files->box);
	box_leave(files->box);
}

/* What a handle's parameter is, held until parameter_done(). */
static int parameter_of(struct handle *handle, const struct object **object, unsigned int *index,
			struct r3_module **module)
{
	struct files *files = handle->files;
	int error;

	*module = NULL;
	if (INO_KIND(handle->ino) == BUILTIN_PARAMETER) {
		const struct builtin_parameter *parameter;

		pthread_mutex_lock(&files->lock);
		parameter = &files->builtins[INO_SERIAL(handle->ino)]
				     .parameters[WHICH_INDEX(INO_WHICH(handle->ino))];
		*object = parameter->object;
		*index = parameter->index;
		pthread_mutex_unlock(&files->lock);
		return 0;
	}
	error = module_hold(files->box, INO_SERIAL(handle->ino), module);
	if (error)
		return error;
	*object = (*module)->object;
	*index = WHICH_INDEX(INO_WHICH(handle->ino));
	return 0;
}

/* An oops in the module's get or set would have killed the caller. */
static ssize_t result_of(ssize_t result)
{
	return result == -R3_EOOPS ? -EIO : result;
}

static int parameter_show(struct handle *handle, FILE *text)
{
	struct r3_box *box = handle->files->box;
	const struct object *object;
	struct r3_module *module;
	char value[SYSFS_FILE_SIZE];
	unsigned int index;
	ssize_t length;

	if (box_enter(box))
		return -EIO;
	length = parameter_of(handle, &object, &index, &module);
	if (!length) {
		length = parameter_get(object, index, value);
		if (module)
			module_drop(module);
	}
	box_leave(box);
	if (length > 0)
		fwrite(value, 1, length < SYSFS_FILE_SIZE ? length : SYSFS_FILE_SIZE - 1, text);
	return length < 0 ? (int)result_of(length) : 0;
}

/* At most a page, wherever in the file (kernfs_fop_write_iter); all of it or an error. */
static ssize_t parameter_store(struct handle *handle, fuse_req_t request, const char *data,
			       size_t size, off_t offset)
{
	struct r3_box *box = handle->files->box;
	const struct object *object;
	char value[SYSFS_FILE_SIZE + 1];
	struct r3_module *module;
	unsigned int index;
	int error;

	if (!size)
		return 0;
	if (size > SYSFS_FILE_SIZE)
		size = SYSFS_FILE_SIZE;
	memcpy(value, data, size);
	value[size] = '\0';
	if (box_enter(box))
		return -EIO;
	error = parameter_of(handle, &object, &index, &module);
	if (!error) {
		error = parameter_set(object, index, value);
		if (module)
			module_drop(module);
	}
	box_leave(box);
	return error < 0 ? result_of(error) : (ssize_t)size;
}

const struct file_class parameter_class = {
	.show = parameter_show,
	.write = parameter_store,
	.strict_access = true,
	.runs_modules = true,
};

/* ---- built-in parts ---- */

static int builtin_parameter_lookup(struct files *files, uint64_t parent, const char *name,
				    struct node *node)
{
	const struct builtin *builtin = &files->builtins[INO_SERIAL(parent)];

	for (unsigned int i = 0; i < builtin->nr_parameters; i++) {
		const struct builtin_parameter *parameter = &builtin->parameters[i];

		if (!strcmp(parameter->name, name)) {
			node->ino = INO(BUILTIN_PARAMETER, INO_SERIAL(parent),
					WHICH(i, parameter->mode));
			return 0;
		}
	}
	return -ENOENT;
}

int builtin_lookup(struct files *files, uint64_t parent, const char *name, struct node *node)
{
	const uint64_t serial = INO_SERIAL(parent);
	int error = -ENOENT;

	pthread_mutex_lock(&files->lock);
	if (INO_KIND(parent) == BUILTIN_PARAMETERS) {
		error = builtin_parameter_lookup(files, parent, name, node);
	} else if (INO_KIND(parent) == BUILTIN) {
		error = 0;
		if (!strcmp(name, "parameters"))
			node->ino = INO(BUILTIN_PARAMETERS, serial, 0);
		else if (!strcmp(name, "uevent"))
			node->ino = INO(BUILTIN_UEVENT, serial, 0);
		else
			error = -ENOENT;
	} else {
		for (unsigned int i = 0; i < files->nr_builtins && error; i++) {
			if (strcmp(files->builtins[i].name, name))
				continue;
			node->ino = INO(BUILTIN, i, 0);
			error = 0;
		}
	}
	pthread_mutex_unlock(&files->lock);
	return error;
}

void builtin_list(struct files *files, uint64_t parent, struct listing *listing)
{
	const uint64_t serial = INO_SERIAL(parent);
	const struct builtin *builtin;

	pthread_mutex_lock(&files->lock);
	if (INO_KIND(parent) == BUILTIN_PARAMETERS) {
		builtin = &files->builtins[serial];
		for (unsigned int i = 0; i < builtin->nr_parameters; i++)
			listing_add(listing, builtin->parameters[i].name,
				    INO(BUILTIN_PARAMETER, serial,
					WHICH(i, builtin->parameters[i].mode)),
				    S_IFREG);
	} else if (INO_KIND(parent) == BUILTIN) {
		listing_add(listing, "parameters", INO(BUILTIN_PARAMETERS, serial, 0), S_IFDIR);
		listing_add(listing, "uevent", INO(BUILTIN_UEVENT, serial, 0), S_IFREG);
	} else {
		for (unsigned int i = 0; i < files->nr_builtins; i++)
			listing_add(listing, files->builtins[i].name, INO(BUILTIN, i, 0), S_IFDIR);
	}
	pthread_mutex_unlock(&files->lock);
}
