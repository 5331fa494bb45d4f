/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A box of the target that the program's arguments name, and its log. */
#ifndef RING3_BOX_FIXTURE_H
#define RING3_BOX_FIXTURE_H

#include <stdbool.h>
#include <ring3/ring3.h>

struct fixture {
	const char *directory; /* of the modules */
	const char *target, *headers, *source;
	char log[65536]; /* of the last box: "<LEVEL>TEXT" a line */
};

extern struct fixture fixture;

/* argv: directory, then optionally target, headers, sources. false: fewer than least of them. */
bool fixture_arguments(int argc, char **argv, int least);
/* flags are R3_BOX_*. A test that cannot boot fails. */
struct r3_box *fixture_boot(unsigned int flags);
struct r3_box *fixture_boot_cpus(unsigned int flags, unsigned int cpus); /* 0: as many as usual */
/* NAME.ko of the directory; as r3_module_load(). */
int fixture_load(struct r3_box *box, const char *name, const char *parameters);
void fixture_load_ok(struct r3_box *box, const char *name, const char *parameters);
void assert_logged(const char *text);
void assert_not_logged(const char *text);
/* Nothing leaked, no warning and no oops. */
void assert_clean(struct r3_box *box);
/* In a box of its own: a module whose init checks what it is about, and logs "NAME: ok". */
void fixture_checks_itself(const char *name);

#endif
