// SPDX-License-Identifier: GPL-2.0-or-later
/* Loading and unloading against dlopen and dlclose. */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include "measure.h"

#define LOAD_ROUNDS 2000

/* A small module against a library of the same functions and relocations. */
void bench_load(const struct target_files *target, const char *library)
{
	static double ours[LOAD_ROUNDS], theirs[LOAD_ROUNDS];
	struct r3_box *box = new_box(target);
	double mine, other;
	char text[64];

	for (int i = 0; i < LOAD_ROUNDS; i++) {
		double start = now(), middle;
		void *handle;

		if (r3_module_load(box, target->small, "", 0, NULL) ||
		    r3_module_unload(box, "bench_0000", 0))
			die(target->small);
		middle = now();
		handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);
		if (!handle || dlclose(handle)) {
			fprintf(stderr, "bench: %s\n", dlerror());
			exit(1);
		}
		ours[i] = middle - start;
		theirs[i] = now() - middle;
	}
	mine = median(ours, LOAD_ROUNDS);
	other = median(theirs, LOAD_ROUNDS);
	label(text, sizeof(text), "load + unload", target);
	show(&(struct figure){text, "dlopen + dlclose", mine * 1e6, other * 1e6, "us", mine / other,
			      "ratio %.2f", 2.5});
	r3_box_free(box);
}
