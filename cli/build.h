/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ring3 build, in parts: what to build (build_plan.c), when and how to run a
 * command (build_task.c), the SDK's way (build_sdk.c, and build_scheme24.c for
 * what differs in the 2.4 scheme), a release's Kbuild's way (build_kernel.c).
 */
#ifndef RING3_BUILD_H
#define RING3_BUILD_H

#include <stdbool.h>
#include <stddef.h>

struct strings {
	char **items;
	unsigned int count;
};

struct build_arena;

struct build {
	struct build_arena *arena; /* every string and array below */
	/* What was asked for. */
	const char *kernel; /* release; NULL: the SDK */
	const char *headers;
	const char *output; /* NULL: beside the sources */
	const char *name;   /* one module of all files; NULL: each its own */
	struct strings sources;
	struct strings flags;   /* -D and -I, quoted for a shell */
	struct strings symvers; /* --symvers and KBUILD_EXTRA_SYMBOLS */
	unsigned int jobs;
	bool verbose, clean, debug, warn_unresolved, extra_warnings;
	bool our_modpost; /* with a release's Kbuild, in place of its own */
	bool scheme24, no_versions;
	/* What follows from it. */
	char *source_dir; /* of the sources, "." if here */
	char *work;       /* everything that is not a result */
};

/*
 * build_util.c. Memory lives until build_release; without memory the program
 * ends, with a message.
 */
void *build_alloc(struct build *b, size_t size);
char *build_format(struct build *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
void build_release(struct build *b);
void strings_add(struct build *b, struct strings *strings, const char *item);
void strings_add_words(struct build *b, struct strings *strings, const char *text);
char *strings_join(struct build *b, const struct strings *strings);
char *shell_quote(struct build *b, const char *text);
char *path_directory(struct build *b, const char *path);
const char *path_base(const char *path);
bool path_exists(const char *path);
int make_parents(struct build *b, const char *path);
/* NULL, and errno, if it cannot be read. */
char *read_text(struct build *b, const char *path);
int write_text(const char *path, const char *text);
int copy_file(const char *from, const char *to);
/* "ring3 build: sentence" on stderr; returns EXIT_FAILURE. */
int build_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * build_task.c: one command that makes one file. .NAME.cmd, as Kbuild's, says
 * how it was made and from what.
 */
struct task {
	const char *what; /* "CC [M]" */
	const char *target;
	const char *command;
	const char *source;  /* NULL: the inputs are all that it depends on */
	const char *depfile; /* what the compiler says it read; NULL: nothing */
	const char *record;  /* keep the record beside this path; NULL: beside the target */
	struct strings inputs;
};

struct tasks {
	struct task *list;
	unsigned int count;
	unsigned int nr_done; /* commands that were run */
};

struct task *task_add(struct build *b, struct tasks *tasks, const char *what, const char *target);
/* Run those that are out of date, b->jobs at a time; the exit status for the program. */
int tasks_run(struct build *b, struct tasks *tasks);
/* One command, now; its exit status. */
int run_command(struct build *b, const char *what, const char *target, const char *command);

/* build_plan.c: modules, their objects and flags, from a Kbuild file or the command line. */
struct plan_object {
	const char *name;   /* "sub/x", without ".o" */
	const char *source; /* its .c or .S */
	const char *module; /* KBUILD_MODNAME before '-' becomes '_' */
	const char *flags;  /* for a shell */
};

struct plan_module {
	const char *name; /* "sub/a" */
	const char *ldflags;
	struct plan_object *objects;
	unsigned int count;
	bool composite; /* linked from objects of other names */
};

struct plan {
	struct plan_module *modules;
	unsigned int count;
	struct strings symvers; /* KBUILD_EXTRA_SYMBOLS of the Kbuild file */
};

/* The path of DIR/Kbuild or DIR/Makefile, NULL if there is neither. */
char *kbuild_file(struct build *b, const char *directory);
/* sdk and flags: what the SDK contributes. 0, or the exit status after a message. */
int plan_make(struct build *b, struct plan *plan, const char *sdk, const char *flags);

/* build_sdk.c: the program ring3-modpost, NULL after a message. */
const char *find_modpost(struct build *b);

/* build_sdk.c, build_kernel.c: the exit status. */
int build_with_sdk(struct build *b);
int build_with_kernel(struct build *b);

#endif
