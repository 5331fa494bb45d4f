/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RING3_KMOD_MODINFO_JSON_H
#define RING3_KMOD_MODINFO_JSON_H

#include "cli/json.h"
#include "tools/kmod/fields.h"

/* One object of the array that modinfo --json prints. filename NULL: built in. -ENOMEM. */
int modinfo_json(struct json *json, const char *name, const char *filename,
		 const struct fields *fields);

#endif
