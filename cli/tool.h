/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RING3_CLI_TOOL_H
#define RING3_CLI_TOOL_H

#include <limits.h>
#include <stdbool.h>

/* Where ring3-kmod is: what $RING3_KMOD says, or beside this program. false: it is not there. */
bool tool_find(char path[PATH_MAX]);

#endif
