/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Hints about the symbols that a module wants. false: they are not what stopped the load. */
#ifndef RING3_KMOD_EXPLAIN_SYMBOLS_H
#define RING3_KMOD_EXPLAIN_SYMBOLS_H

#include "tools/kmod/imports.h"
#include "tools/kmod/modfile.h"

/* directory: /lib/modules/RELEASE, whose indexes know who exports what. */
bool explain_missing(const struct imports *imports, const char *directory);
bool explain_unexported(const struct imports *imports);
bool explain_gpl(const struct modfile *file, const struct imports *imports);
bool explain_versions(const struct imports *imports);
bool explain_namespace(const struct modfile *file, const struct imports *imports);

/* The licence, allocated, if it is none that GPL-only symbols are for; else NULL. */
char *closed_license(const struct modfile *file);

#endif
