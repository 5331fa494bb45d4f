// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * /sys/module/NAME (kernel/module/sysfs.c, kernel/params.c). Everything is
 * looked up under the lock of modules when it is asked for. A name that is gone
 * is ENOENT, an open file of it ENODEV.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "files/internal.h"
#include "loader/module_view.h"

#define SECTION_SIZE 19 /* MODULE_SECT_READ_SIZE: "0x", 16 digits, newline */

/* ---- attributes ---- */

enum { INITSTATE, REFCNT, CORESIZE, INITSIZE, TAINT, UEVENT, VERSION, SRCVERSION, NR_ATTRIBUTES };

static const struct file_class attribute_class, uevent_class, section_class, note_class;

static const struct {
	const char *name;
	mode_t mode;
	const struct file_class *class;
} attributes[NR_ATTRIBUTES] = {
	[INITSTATE] = {"initstate", S_IFREG | 0444, &attribute_class},
	[REFCNT] = {"refcnt", S_IFREG | 0444, &attribute_class},
	[CORESIZE] = {"coresize", S_IFREG | 0444, &attribute_class},
	[INITSIZE] = {"initsize", S_IFREG | 0444, &attribute_class},
	[TAINT] = {"taint", S_IFREG | 0444, &attribute_class},
	[UEVENT] = {"uevent", S_IFREG | 0200, &uevent_class},
	[VERSION] = {"version", S_IFREG | 0444, &attribute_class},
	[SRCVERSION] = {"srcversion", S_IFREG | 0444, &attribute_class},
};

static bool has_attribute(const struct r3_module *module, unsigned int which)
{
	switch (which) {
	case REFCNT:
		return !(module->box->options.flags & R3_BOX_NO_UNLOAD);
	case VERSION:
		return module->version;
	case SRCVERSION:
		return module->srcversion;
	default:
		return true;
	}
}

static void write_attribute(struct r3_module *module, unsigned int which, FILE *text)
{
	static const char *const states[] = {"live", "coming", "going", "unformed"};
	char letters[16];

	switch (which) {
	case INITSTATE:
		fprintf(text, "%s\n", states[module->state]);
		break;
	case REFCNT:
		fprintf(text, "%d\n", module_references(module));
		break;
	case CORESIZE:
		fprintf(text, "%lu\n", (unsigned long)module->object->core_size);
		break;
	case INITSIZE:
		fprintf(text, "%lu\n", (unsigned long)module->object->init_size);
		break;
	case TAINT:
		taint_letters(module->taints, letters);
		fprintf(text, "%s\n", letters);
		break;
	case VERSION:
		fprintf(text, "%s\n", module->version);
		break;
	case SRCVERSION:
		fprintf(text, "%s\n", module->srcversion);
		break;
	}
}

/* Run show on the handle's module under the lock: every file here is of one moment. */
static int with_module(struct handle *handle, FILE *text,
		       void (*show)(struct handle *handle, struct r3_module *module, FILE *text))
{
	struct r3_box *box = handle->files->box;
	struct r3_module *module;

	module_lock(box);
	module = module_in_sysfs(box, INO_SERIAL(handle->ino));
	if (module)
		show(handle, module, text);
	module_unlock(box);
	return module ? 0 : -ENODEV;
}

static void show_attribute(struct handle *handle, struct r3_module *module, FILE *text)
{
	write_attribute(module, INO_WHICH(handle->ino), text);
}

static int attribute_show(struct handle *handle, FILE *text)
{
	struct r3_box *box = handle->files->box;
	int error;

	/* Only the runtime knows the references. */
	if (INO_WHICH(handle->ino) != REFCNT)
		return with_module(handle, text, show_attribute);
	if (box_enter(box))
		return -EIO;
	error = with_module(handle, text, show_attribute);
	box_leave(box);
	return error;
}

static const struct file_class attribute_class = {
	.show = attribute_show,
	.strict_access = true,
};

static const struct file_class uevent_class = {
	.write = uevent_store,
	.strict_access = true,
};

/* ---- sections/ and notes/ ---- */

static bool is_note(const struct r3_section *section)
{
	return !strncmp(section->name, ".note", strlen(".note"));
}

static void show_section(struct handle *handle, struct r3_module *module, FILE *text)
{
	const struct r3_section *section = &module->object->sections[INO_WHICH(handle->ino)];

	fprintf(text, "0x%016lx\n", handle->shows_addresses ? section->address : 0UL);
}

static int section_show(struct handle *handle, FILE *text)
{
	return with_module(handle, text, show_section);
}

/* module_sect_read() wants to be asked for it from its start. */
static void section_read(struct handle *handle, fuse_req_t request, size_t size, off_t offset,
			 int flags)
{
	char *text = NULL;
	size_t length;
	FILE *stream;
	int error;

	if (offset >= SECTION_SIZE) {
		fuse_reply_buf(request, NULL, 0);
		return;
	}
	stream = offset ? NULL : open_memstream(&text, &length);
	if (!stream) {
		fuse_reply_err(request, offset ? EINVAL : ENOMEM);
		return;
	}
	error = section_show(handle, stream);
	fclose(stream);
	if (error)
		fuse_reply_err(request, -error);
	else
		fuse_reply_buf(request, text, size < length ? size : length);
	free(text);
}

static const struct file_class section_class = {
	.open = open_with_addresses,
	.read = section_read,
	.strict_access = true,
};

#define NOTE_WHICH(index, size) ((uint64_t)(index) << 16 | ((size) < 0xffff ? (size) : 0xffff))

static void show_note(struct handle *handle, struct r3_module *module, FILE *text)
{
	const struct r3_section *section = &module->object->sections[INO_WHICH(handle->ino) >> 16];

	fwrite((const void *)section->address, 1, section->size, text);
}

static int note_show(struct handle *handle, FILE *text)
{
	return with_module(handle, text, show_note);
}

static const struct file_class note_class = {
	.show = note_show,
	.strict_access = true,
};

/* ---- directories of a module ---- */

enum { HOLDERS, NOTES, PARAMETERS, SECTIONS, NR_SUBDIRECTORIES };

static const char *const subdirectories[NR_SUBDIRECTORIES] = {
	[HOLDERS] = "holders",
	[NOTES] = "notes",
	[PARAMETERS] = "parameters",
	[SECTIONS] = "sections",
};

static bool has_subdirectory(const struct r3_module *module, unsigned int which)
{
	const struct object *object = module->object;

	if (which == PARAMETERS)
		return parameters_exist(object);
	for (unsigned int i = 0; which == NOTES && i < object->nr_sections; i++)
		if (is_note(&object->sections[i]))
			return true;
	return which != NOTES;
}

static void list_module(const struct r3_module *module, struct listing *listing)
{
	for (unsigned int i = 0; i < NR_ATTRIBUTES; i++)
		if (has_attribute(module, i))
			listing_add(listing, attributes[i].name, INO(ATTRIBUTE, module->serial, i),
				    S_IFREG);
	for (unsigned int i = 0; i < NR_SUBDIRECTORIES; i++)
		if (has_subdirectory(module, i))
			listing_add(listing, subdirectories[i],
				    INO(SUBDIRECTORY, module->serial, i), S_IFDIR);
}

static void list_subdirectory(const struct r3_module *module, unsigned int which,
			      struct listing *listing)
{
	const struct object *object = module->object;
	const struct module_use *use = which == HOLDERS ? module->users : NULL;

	for (; use; use = use->next_user)
		listing_add(listing, use->user->name,
			    INO(HOLDER, module->serial, use->user->serial), S_IFLNK);
	for (unsigned int i = 0; which != HOLDERS && i < object->nr_sections; i++) {
		const struct r3_section *section = &object->sections[i];

		if (which == SECTIONS)
			listing_add(listing, section->name, INO(SECTION, module->serial, i),
				    S_IFREG);
		else if (is_note(section))
			listing_add(listing, section->name,
				    INO(NOTE, module->serial, NOTE_WHICH(i, section->size)),
				    S_IFREG);
	}
}

void sysfs_list(struct files *files, uint64_t parent, struct listing *listing)
{
	struct r3_box *box = files->box;
	const struct r3_module *module;

	if (INO_KIND(parent) == SUBDIRECTORY && INO_WHICH(parent) == PARAMETERS) {
		parameters_list(files, parent, listing);
		return;
	}
	if (INO_KIND(parent) == FIXED)
		builtins_scan(files);
	if (INO_KIND(parent) == FIXED || INO_KIND(parent) >= BUILTIN)
		builtin_list(files, parent, listing);
	if (INO_KIND(parent) >= BUILTIN || box_enter(box))
		return;
	module_lock(box);
	if (INO_KIND(parent) == FIXED) {
		for (module = box->modules; module; module = module->next)
			if (module->in_sysfs)
				listing_add(listing, module->name, INO(MODULE, module->serial, 0),
					    S_IFDIR);
	} else {
		module = module_in_sysfs(box, INO_SERIAL(parent));
		if (module && INO_KIND(parent) == MODULE)
			list_module(module, listing);
		else if (module)
			list_subdirectory(module, INO_WHICH(parent), listing);
	}
	module_unlock(box);
	box_leave(box);
}

static uint64_t find_in_module(const struct r3_module *module, const char *name)
{
	for (unsigned int i = 0; i < NR_ATTRIBUTES; i++)
		if (!strcmp(attributes[i].name, name) && has_attribute(module, i))
			return INO(ATTRIBUTE, module->serial, i);
	for (unsigned int i = 0; i < NR_SUBDIRECTORIES; i++)
		if (!strcmp(subdirectories[i], name) && has_subdirectory(module, i))
			return INO(SUBDIRECTORY, module->serial, i);
	return 0;
}

static uint64_t find_in_subdirectory(const struct r3_module *module, unsigned int which,
				     const char *name)
{
	const struct object *object = module->object;
	const struct module_use *use = which == HOLDERS ? module->users : NULL;

	for (; use; use = use->next_user)
		if (!strcmp(use->user->name, name))
			return INO(HOLDER, module->serial, use->user->serial);
	for (unsigned int i = 0; which != HOLDERS && i < object->nr_sections; i++) {
		const struct r3_section *section = &object->sections[i];

		if (strcmp(section->name, name))
			continue;
		if (which == SECTIONS)
			return INO(SECTION, module->serial, i);
		if (is_note(section))
			return INO(NOTE, module->serial, NOTE_WHICH(i, section->size));
	}
	return 0;
}

/* Under the lock, in the box: the number of name in parent; 0: there is none. */
static uint64_t find(struct r3_box *box, uint64_t parent, const char *name)
{
	const struct r3_module *module;

	switch (INO_KIND(parent)) {
	case FIXED:
		module = module_find(box, name);
		return module && module->in_sysfs ? INO(MODULE, module->serial, 0) : 0;
	case MODULE:
		module = module_in_sysfs(box, INO_SERIAL(parent));
		return module ? find_in_module(module, name) : 0;
	default:
		module = module_in_sysfs(box, INO_SERIAL(parent));
		return module ? find_in_subdirectory(module, INO_WHICH(parent), name) : 0;
	}
}

int sysfs_lookup(struct files *files, uint64_t parent, const char *name, struct node *node)
{
	int error = 0;

	*node = (struct node){0};
	if (INO_KIND(parent) == SUBDIRECTORY && INO_WHICH(parent) == PARAMETERS) {
		error = parameters_lookup(files, parent, name, node);
	} else if (INO_KIND(parent) < BUILTIN) {
		if (box_enter(files->box))
			return -EIO;
		module_lock(files->box);
		node->ino = find(files->box, parent, name);
		module_unlock(files->box);
		box_leave(files->box);
		error = node->ino ? 0 : -ENOENT;
	}
	if (error && INO_KIND(parent) == FIXED)
		builtins_scan(files);
	if (INO_KIND(parent) >= BUILTIN || (error && INO_KIND(parent) == FIXED))
		error = builtin_lookup(files, parent, name, node);
	if (!error)
		sysfs_describe(node->ino, node);
	return error;
}

void sysfs_describe(uint64_t ino, struct node *node)
{
	const unsigned int which = INO_WHICH(ino);

	node->ino = ino;
	node->mode = S_IFDIR | 0755;
	switch (INO_KIND(ino)) {
	case ATTRIBUTE:
		if (which >= NR_ATTRIBUTES)
			break;
		node->mode = attributes[which].mode;
		node->class = attributes[which].class;
		node->size = SYSFS_FILE_SIZE;
		break;
	case PARAMETER:
	case BUILTIN_PARAMETER:
		node->mode = S_IFREG | (which & 0777);
		node->class = &parameter_class;
		node->size = SYSFS_FILE_SIZE;
		break;
	case SECTION:
		node->mode = S_IFREG | 0400;
		node->class = &section_class;
		node->size = SECTION_SIZE;
		break;
	case NOTE:
		node->mode = S_IFREG | 0444;
		node->class = &note_class;
		node->size = which & 0xffff;
		break;
	case HOLDER:
		node->mode = S_IFLNK | 0777;
		break;
	case BUILTIN_UEVENT:
		node->mode = S_IFREG | 0200;
		node->class = &uevent_class;
		node->size = SYSFS_FILE_SIZE;
		break;
	default:
		break;
	}
}

int sysfs_readlink(struct files *files, uint64_t ino, char *target, size_t size)
{
	const struct r3_module *user;

	if (INO_KIND(ino) != HOLDER)
		return -EINVAL;
	module_lock(files->box);
	for (user = files->box->modules; user; user = user->next)
		if (user->serial == INO_WHICH(ino))
			break;
	if (user)
		snprintf(target, size, "../../%s", user->name);
	module_unlock(files->box);
	return user ? 0 : -ENOENT;
}
