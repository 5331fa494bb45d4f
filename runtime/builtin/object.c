// SPDX-License-Identifier: GPL-2.0-or-later
/* What the host tells of objects that come and go. */
#include <linux/module.h>
#include "builtin.h"

/* The SDK emits nothing that must be patched before it runs: calls of __fentry__ are the host's. */
int r3rt_object_prepare(const struct r3_object *object)
{
	return 0;
}

int r3rt_object_added(const struct r3_object *object)
{
	return jump_label_added(object);
}

void r3rt_object_removed(const struct r3_object *object)
{
	jump_label_removed(object);
}

void r3rt_object_init_freed(const struct r3_object *object, unsigned long start, unsigned long size)
{
	jump_label_init_freed(object, start, size);
}
