/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What tally.c exports, and where the two schemes differ. */
#ifndef TALLY_H
#define TALLY_H

#include <linux/module.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(2, 6, 0)
/* A module counts its own users; nobody can stop it. insmod fills the parameters in. */
static inline int hold_myself(void)
{
	MOD_INC_USE_COUNT;
	return 1;
}
static inline void release_myself(void)
{
	MOD_DEC_USE_COUNT;
}
#define PARAMETER(variable, old, new)      MODULE_PARM(variable, old)
#define PARAMETER_TEXT(variable, old)      MODULE_PARM(variable, old)
#define PARAMETER_LIST(variable, old, new) MODULE_PARM(variable, old)
#else
/* The kernel counts, and refuses when the module is going. It fills the parameters in. */
static inline int hold_myself(void)
{
	return try_module_get(THIS_MODULE);
}
static inline void release_myself(void)
{
	module_put(THIS_MODULE);
}
#define PARAMETER(variable, old, new) module_param(variable, new, 0444)
#define PARAMETER_TEXT(variable, old)                                                              \
	module_param_string(variable, variable, sizeof(variable), 0444)
#define PARAMETER_LIST(variable, old, new) module_param_array(variable, new, NULL, 0444)
#endif

extern int tally_votes;
int tally_add(int votes);
int tally_share(int percent);
int tally_open(void);
void tally_close(void);

#endif
