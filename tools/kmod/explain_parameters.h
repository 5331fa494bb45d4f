/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RING3_KMOD_EXPLAIN_PARAMETERS_H
#define RING3_KMOD_EXPLAIN_PARAMETERS_H

#include "tools/kmod/modfile.h"

/*
 * A hint about the first of arguments (NAME=VALUE, up to a NULL) that the
 * module does not take. false: it would take them all.
 */
bool explain_parameters(const struct modfile *file, char *const *arguments);

#endif
