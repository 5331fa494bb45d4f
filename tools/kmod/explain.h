/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Why a load failed: from the module, its parameters and the running kernel. */
#ifndef RING3_KMOD_EXPLAIN_H
#define RING3_KMOD_EXPLAIN_H

/*
 * One hint about the load of path that ended with error (-errno). log: of
 * kernel_log_open(), from before the load.
 */
void explain_failure(const char *path, const char *parameters, int error, int log);

#endif
