/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The probes of `ring3 probe': planted when the box is there, told of while it runs. */
#ifndef RING3_PROBE_SET_H
#define RING3_PROBE_SET_H

#include "cli/json.h"
#include "cli/recording.h"
#include "cli/term.h"

struct probe_set {
	char **specs;
	unsigned int nr_specs;
	bool count;                  /* hits are not shown, but counted */
	struct term *term;           /* where they are shown */
	struct recording *recording; /* where they are kept instead; NULL: nowhere */
	struct r3_probe **probes;    /* of those that were planted so far */
	unsigned int nr_probes;
	bool incomplete; /* one was never planted */
};

/* Are they specs at all? -EINVAL after a message: wrong usage. */
int probe_set_check(const struct probe_set *set, const char *command);
/* 0 or -errno, after a message. */
int probe_set_plant(struct probe_set *set, struct r3_box *box);
/* At the end: tell what was never planted, and the counts if they are wanted. */
void probe_set_report(struct probe_set *set);
/* The counts as a member "probes". */
void probe_set_write(struct probe_set *set, struct json *json);
void probe_set_release(struct probe_set *set);

#endif
