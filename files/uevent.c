// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Writing to uevent: "ACTION [UUID [KEY=VALUE ...]]", checked as
 * kobject_synth_uevent() of lib/kobject_uevent.c checks it. The box has no
 * netlink socket that would hear of it.
 */
#include <ctype.h>
#include <errno.h>
#include <string.h>
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

static bool is_valid(const char *data, size_t size)
{
	size_t length;

	if (size && (data[size - 1] == '\n' || data[size - 1] == '\0'))
		size--;
	for (unsigned int word = 0; size; word++) {
		const char *end = memchr(data, ' ', size);

		length = end ? (size_t)(end - data) : size;
		if (word == 0   ? !is_action(data, length)
		    : word == 1 ? !is_uuid(data, length)
				: !is_setting(data, length))
			return false;
		data += length + (end != NULL);
		size -= length + (end != NULL);
		if (end && !size)
			return false;
		if (!size)
			return true;
	}
	return false;
}

ssize_t uevent_store(struct handle *handle, fuse_req_t request, const char *data, size_t size,
		     off_t offset)
{
	struct r3_box *box = handle->files->box;
	bool gone = false;

	if (!size)
		return 0;
	if (INO_KIND(handle->ino) == ATTRIBUTE) {
		module_lock(box);
		gone = !module_in_sysfs(box, INO_SERIAL(handle->ino));
		module_unlock(box);
	}
	if (gone)
		return -ENODEV;
	if (size > 4096)
		size = 4096;
	return is_valid(data, size) ? (ssize_t)size : -EINVAL;
}
