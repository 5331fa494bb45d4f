// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Built-in parts that have parameters, found in runtime and library as
 * param_sysfs_builtin() of kernel/params.c finds them in vmlinux: by the part
 * of a parameter's name before the dot, "kernel" if there is none.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "files/internal.h"
#include "loader/module_view.h"

static struct builtin *builtin_named(struct files *files, const char *name, size_t length)
{
	struct builtin *more;

	for (unsigned int i = 0; i < files->nr_builtins; i++)
		if (strlen(files->builtins[i].name) == length &&
		    !strncmp(files->builtins[i].name, name, length))
			return &files->builtins[i];
	more = reallocarray(files->builtins, files->nr_builtins + 1, sizeof(*more));
	if (!more)
		return NULL;
	files->builtins = more;
	more += files->nr_builtins;
	*more = (struct builtin){.name = strndup(name, length)};
	if (!more->name)
		return NULL;
	files->nr_builtins++;
	return more;
}

static int add_parameter(struct files *files, const struct object *object, unsigned int index,
			 const char *name, unsigned int mode)
{
	const char *dot = strchr(name, '.');
	struct builtin *builtin = builtin_named(files, dot ? name : "kernel",
						dot ? (size_t)(dot - name) : strlen("kernel"));
	struct builtin_parameter *more;

	if (!builtin)
		return -ENOMEM;
	more = reallocarray(builtin->parameters, builtin->nr_parameters + 1, sizeof(*more));
	if (!more)
		return -ENOMEM;
	builtin->parameters = more;
	more += builtin->nr_parameters;
	*more = (struct builtin_parameter){
		.name = strdup(dot ? dot + 1 : name),
		.object = object,
		.index = index,
		.mode = mode & 0777,
	};
	if (!more->name)
		return -ENOMEM;
	builtin->nr_parameters++;
	return 0;
}

static bool was_scanned(const struct files *files, const struct object *object)
{
	for (unsigned int i = 0; i < files->nr_scanned; i++)
		if (files->scanned[i] == object)
			return true;
	return false;
}

static int note_scanned(struct files *files, const struct object *object)
{
	const struct object **more =
		reallocarray(files->scanned, files->nr_scanned + 1, sizeof(*more));

	if (!more)
		return -ENOMEM;
	files->scanned = more;
	more[files->nr_scanned++] = object;
	return 0;
}

struct found {
	unsigned int index, mode;
	const char *name;
};

/* Ask first, note afterwards: files->lock is innermost. */
static void scan_object(struct files *files, const struct object *object)
{
	struct found parameter;
	int error = 0;

	pthread_mutex_lock(&files->lock);
	if (was_scanned(files, object))
		error = -EEXIST;
	pthread_mutex_unlock(&files->lock);
	for (unsigned int i = 0; !error; i++) {
		parameter.index = i;
		error = parameter_info(object, i, &parameter.name, &parameter.mode);
		if (error == -EINVAL || (!error && !(parameter.mode & 0777))) {
			error = 0;
			continue;
		}
		if (error)
			break;
		pthread_mutex_lock(&files->lock);
		error = add_parameter(files, object, i, parameter.name, parameter.mode);
		pthread_mutex_unlock(&files->lock);
	}
	if (error != -ENOENT)
		return;
	pthread_mutex_lock(&files->lock);
	note_scanned(files, object);
	pthread_mutex_unlock(&files->lock);
}

void builtins_scan(struct files *files)
{
	struct r3_box *box = files->box;

	if (box_enter(box))
		return;
	module_lock(box);
	for (const struct object *object = box->objects; object; object = object->next) {
		if (object->module || (object->is_member && !object->started))
			continue;
		if (object_section(object, "__param"))
			scan_object(files, object);
	}
	module_unlock(box);
	box_leave(box);
}

void builtins_free(struct files *files)
{
	for (unsigned int i = 0; i < files->nr_builtins; i++) {
		struct builtin *builtin = &files->builtins[i];

		for (unsigned int p = 0; p < builtin->nr_parameters; p++)
			free(builtin->parameters[p].name);
		free(builtin->parameters);
		free(builtin->name);
	}
	free(files->builtins);
	free(files->scanned);
}
