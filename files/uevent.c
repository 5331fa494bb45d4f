// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Writing to uevent: "ACTION [UUID [KEY=VALUE ...]]", checked as
 * kobject_synth_uevent() of lib/kobject_uevent.c checks it. The box has no
 * netlink socket that would hear of it.
 */
#include <ctype.h>
#include <errno.h>
#include <string.h>
#include "box/box.h"
#include "files/internal.h"
#include "loader/module_view.h"

static bool is_action(const char *word, size_t length)
{
	static const char *const actions[] = {"add",    "remove",  "change", "move",
					      "online", "offline", "bind",   "unbind"};

	for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++)
		if (strlen(actions[i]) == length && !strncmp(actions[i], word, length))
			return true;
	return false;
}

/* 8-4-4-4-12 hexadecimal digits. */
static bool is_uuid(const char *word, size_t length)
{
	if (length != 36)
		return false;
	for (size_t i = 0; i < length; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash ? word[i] != '-' : !isxdigit((unsigned char)word[i]))
			return false;
	}
	return true;
}

/* Both of letters and digits only. */
static bool is_setting(const char *word, size_t length)
{
	const char *equals = memchr(word, '=', length);

	if (!equals || equals == word || equals == word + length - 1)
		return false;
	for (size_t i = 0; i < length; i++)
		if (word + i != equals && !isalnum((unsigned char)word[i]))
			return false;
	return true;
}

/* NULL: nothing is wrong with it. */
static const char *problem_of(const char *data, size_t size)
{
	static const char arguments[] = "incorrect uevent action arguments";
	size_t length;

	if (size && (data[size - 1] == '\n' || data[size - 1] == '\0'))
		size--;
	for (unsigned int word = 0; size; word++) {
		const char *end = memchr(data, ' ', size);

		length = end ? (size_t)(end - data) : size;
		if (word == 0 && !is_action(data, length))
			break;
		if (word && !(word == 1 ? is_uuid(data, length) : is_setting(data, length)))
			return arguments;
		data += length + (end != NULL);
		size -= length + (end != NULL);
		if (!size)
			return end ? arguments : NULL;
	}
	return "unknown uevent action string";
}

ssize_t uevent_store(struct handle *handle, fuse_req_t request, const char *data, size_t size,
		     off_t offset)
{
	const uint64_t serial = INO_SERIAL(handle->ino);
	struct r3_box *box = handle->files->box;
	const struct r3_module *module;
	const char *name = NULL, *problem;

	if (!size)
		return 0;
	if (size > SYSFS_FILE_SIZE)
		size = SYSFS_FILE_SIZE;
	problem = problem_of(data, size);
	module_lock(box);
	if (INO_KIND(handle->ino) != ATTRIBUTE)
		name = handle->files->builtins[serial].name;
	else if ((module = module_in_sysfs(box, serial)))
		name = module->name;
	if (name && problem)
		box_printk(box, 4, "synth uevent: /module/%s: %s", name, problem);
	module_unlock(box);
	if (!name)
		return -ENODEV;
	return problem ? -EINVAL : (ssize_t)size;
}
