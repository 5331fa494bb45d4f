/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the steps of the SDK's way share. */
#ifndef RING3_BUILD_SDK_H
#define RING3_BUILD_SDK_H

#include "cli/build.h"

struct sdk {
	struct build *b;
	const char *path;
	const char *flags;   /* for a shell */
	const char *modpost; /* the program */
	const char *symvers; /* what the builtin target exports; NULL: unknown */
	bool has_versions;   /* and there are CRCs in it */
	const char *cc, *ld, *objcopy;
};

/* Paths of NAME.o in the work directory, of a file of any name there, and of a result. */
char *object_path(struct sdk *sdk, const char *name);
char *work_path(struct sdk *sdk, const char *name, const char *suffix);
char *result_path(struct sdk *sdk, const char *name);

/* build_scheme24.c: NAME.o and NAME.mod.o to the NAME.o that insmod is given. */
int link_modules24(struct sdk *sdk, const struct plan *plan, struct tasks *tasks);

#endif
