/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What /sys/module shows of a module, and keeping it while somebody uses that.
 * What asks the runtime needs box_enter().
 */
#ifndef RING3_MODULE_VIEW_H
#define RING3_MODULE_VIEW_H

#include <sys/types.h>
#include "loader/loader.h"

/* Under module_lock(): the module, if it is in sysfs; NULL. */
struct r3_module *module_in_sysfs(struct r3_box *box, uint64_t serial);
/* Base reference excluded, as in sysfs and /proc/modules. Under module_lock(). */
int module_references(struct r3_module *module);
/* "OE"; text has room for 16. */
void taint_letters(uint64_t taints, char *text);

/*
 * From hold to drop it is not freed, as if a kernfs node of it were active:
 * for code of the module that runs without the lock. -ENODEV: it is gone.
 */
int module_hold(struct r3_box *box, uint64_t serial, struct r3_module **module);
void module_drop(struct r3_module *module);

/*
 * A parameter of a module or built-in object. -ENOENT: there are no more;
 * -EINVAL: its name does not lie in the object.
 */
int parameter_info(const struct object *object, unsigned int index, const char **name,
		   unsigned int *mode);
/* Its text in buffer (4096 bytes): length; or what its get or set says. Not under the lock. */
ssize_t parameter_get(const struct object *object, unsigned int index, char *buffer);
int parameter_set(const struct object *object, unsigned int index, const char *value);

#endif
