/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RING3_UNLOAD_H
#define RING3_UNLOAD_H

#include <ring3/ring3.h>

/*
 * Unload every module, newest first, also what request_module brought in. A
 * provider may be newer than its user (it was asked for in init), so as long
 * as one goes, the others are tried again. tried hears of each try: info as it
 * was before, and what r3_module_unload returned. How many modules are left.
 */
unsigned int unload_all(struct r3_box *box,
			void (*tried)(void *context, const struct r3_module_info *info, int error),
			void *context);

#endif
