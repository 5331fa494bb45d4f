/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ring3 survey: a whole tree of modules. Read, answered, perhaps loaded, summed up. */
#ifndef RING3_SURVEY_H
#define RING3_SURVEY_H

#include "cli/module_set.h"
#include "cli/json.h"
#include "cli/symvers.h"
#include "cli/term.h"

/* What came of really loading a module. */
enum load_outcome {
	LOAD_NOT_TRIED,
	LOAD_CLEAN,
	LOAD_PERMANENT,  /* clean, but it has no exit function */
	LOAD_REFUSED,    /* the loader or its init function returned an error */
	LOAD_DEPENDENCY, /* a module that it depends on did not load */
	LOAD_LACKING, /* it came upon a part of the kernel that is not there; the message names it
		       */
	LOAD_OOPS,
	LOAD_WARNING,
	LOAD_LEAK,
	LOAD_STUCK, /* it does not unload */
	LOAD_TIMEOUT,
	LOAD_CRASH, /* the box's process died */
	LOAD_NO_BOX,
	NR_LOAD_OUTCOMES
};

struct load_result {
	enum load_outcome outcome;
	int error;         /* of loading or unloading */
	uint64_t leaked;   /* bytes */
	char message[200]; /* what the log or the library said last about it */
};

/* A symbol that stands in the way. */
struct blocker {
	const char *symbol; /* first: the key of the search tree */
	enum import_state state;
	unsigned int importers; /* modules that import it */
	unsigned int blocked;   /* these, and those that depend on them */
	unsigned int alone;     /* modules that nothing else stands against */
	unsigned int mark;      /* the last module counted */
};

/* The modules of one target. */
struct survey_group {
	const char *target;
	char *box_error; /* why there was no box, NULL */
	struct module_set set;
	unsigned int nr_modules; /* the tree's own come first in set, then those outside of it */
	char *tree; /* where these are, and where request_module looks; NULL: nowhere */
	unsigned int counts[VERDICT_INVALID + 1];
	struct blocker **blockers; /* worst first */
	unsigned int nr_blockers;
	struct load_result *results; /* one a module; NULL: none was loaded */
	unsigned int outcomes[NR_LOAD_OUTCOMES];
};

struct survey {
	struct term term;
	struct r3_box_options options;
	const char *dir;
	bool json, markdown, load;
	unsigned int jobs, seconds, top;
	struct survey_group *groups;
	unsigned int nr_groups;
};

/* survey_count.c: fill in counts and blockers of a resolved group. */
int survey_count(struct survey_group *group);
/* survey_load.c: load every module that would load, each in a process and box of its own. */
int survey_load(struct survey *survey, struct survey_group *group);
/* survey_print.c */
void survey_print(struct survey *survey);
void survey_print_markdown(struct survey *survey);
void survey_write_json(struct survey *survey);

const char *load_outcome_word(enum load_outcome outcome);
/* Is it the box's or the module's fault, rather than a plain answer? */
bool load_outcome_is_bad(enum load_outcome outcome);

#endif
