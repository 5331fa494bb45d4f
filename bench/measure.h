/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RING3_MEASURE_H
#define RING3_MEASURE_H

#include <stddef.h>
#include <ring3/ring3.h>
#include "timing.h"

#define MAX_TARGETS 4

__attribute__((noreturn)) void die(const char *what);

/* A figure beside its rival's. goal: the most that the comparison may be, 0: there is none. */
struct figure {
	const char *what, *rival;
	double mine, other;
	const char *unit;
	double comparison;
	const char *format; /* of the comparison: "ratio %.2f" */
	double goal;
};
void show(const struct figure *figure);
/* Goals that were missed so far. */
unsigned int missed(void);

struct target_files {
	const char *release;                /* "builtin", or a Linux release */
	const char *headers, *source;       /* NULL: where they are installed */
	const char *hello, *small, *probes; /* modules */
};
struct r3_box *new_box(const struct target_files *target);
/* --kernel, --headers and --source, from argv[count] on; the new count. */
unsigned int add_options(char **argv, unsigned int count, const struct target_files *target);
/* "what, 6.1.0" */
void label(char *text, size_t size, const char *what, const struct target_files *target);

/* load.c */
void bench_load(const struct target_files *target, const char *library);
/* growth.c */
void bench_growth(const struct target_files *target);
/* process.c */
void bench_hello(const char *ring3, const struct target_files *target, double goal_ms);
void bench_exec(const char *ring3, const struct target_files *target, double goal_ms);
void bench_memory(const struct target_files *target);
/* uml.c: Debian's User-Mode Linux, and what runs in it */
struct uml {
	const char *kernel;          /* NULL: there is none */
	const char *client, *module; /* without blanks in their paths */
	const char *directory;       /* for its sockets */
};
__attribute__((noreturn)) void exec_uml(const struct uml *uml, char *const command[]);
/* front.c */
struct front {
	const char *ring3, *client, *hello;
	const char *directory; /* empty, to mount on */
	struct uml uml;
};
void bench_front(const struct front *front, const struct target_files *targets, unsigned int count);
/* probes.c */
void bench_probes(const struct target_files *target);
/* link.c */
void bench_relocations(const struct target_files *target, const char *path);
void bench_lookup(void);

#endif
