// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "cli/commands.h"
#include "cli/probe_set.h"
#include "probe/spec.h"

/* Which symbols there are is not known before there is a box. */
static unsigned int count_nothing(void *context, const char *name)
{
	return 1;
}

int probe_set_check(const struct probe_set *set, const char *command)
{
	struct spec_problem problem;
	struct probe_spec spec;
	int error = 0;

	for (unsigned int i = 0; i < set->nr_specs && !error; i++) {
		error = spec_parse(&spec, set->specs[i], count_nothing, NULL, &problem);
		if (error) {
			spec_fail(&spec, error, &problem);
			usage_error(command, "%s", r3_error());
		}
		spec_release(&spec);
	}
	return error;
}

static void on_hit(void *context, const struct r3_probe_hit *hit)
{
	struct probe_set *set = context;

	if (set->recording)
		recording_hit(set->recording, hit);
	else
		term_hit(set->term, hit);
}

int probe_set_plant(struct probe_set *set, struct r3_box *box)
{
	int error = 0;

	set->probes = calloc(set->nr_specs, sizeof(*set->probes));
	if (!set->probes)
		return -ENOMEM;
	for (unsigned int i = 0; i < set->nr_specs && !error; i++) {
		error = r3_probe_add(box, set->specs[i], set->count ? NULL : on_hit, set,
				     &set->probes[i]);
		if (error)
			term_error(set->term, "%s", r3_error());
		else
			set->nr_probes++;
	}
	return error;
}

static bool counts_of(struct probe_set *set, unsigned int i, struct r3_probe_counts *counts)
{
	int error = r3_probe_counts(set->probes[i], counts);

	if (error)
		term_error(set->term, "%s: no counts: %s", set->specs[i], r3_error());
	return !error;
}

void probe_set_report(struct probe_set *set)
{
	const bool table = set->count && !set->recording && set->nr_probes;
	struct r3_probe_counts counts;

	if (table)
		term_print(set->term, TERM_BOLD, "%-44s %15s %15s", "PROBE", "HITS", "MISSED");
	for (unsigned int i = 0; i < set->nr_probes; i++) {
		if (!counts_of(set, i, &counts))
			continue;
		/* The columns of /sys/kernel/tracing/kprobe_profile. */
		if (table)
			term_print(set->term, TERM_PLAIN, "%-44s %15" PRIu64 " %15" PRIu64,
				   counts.name, counts.hits, counts.missed);
		if (counts.planted)
			continue;
		set->incomplete = true;
		term_error(set->term,
			   "%s: never planted: its module has not come, or has no such place",
			   set->specs[i]);
	}
}

void probe_set_write(struct probe_set *set, struct json *json)
{
	struct r3_probe_counts counts;

	json_open(json, "probes", '[');
	for (unsigned int i = 0; i < set->nr_probes; i++) {
		if (!counts_of(set, i, &counts))
			continue;
		json_open(json, NULL, '{');
		json_string(json, "spec", set->specs[i]);
		json_string(json, "name", counts.name);
		json_unsigned(json, "hits", counts.hits);
		json_unsigned(json, "missed", counts.missed);
		json_unsigned(json, "planted", counts.planted);
		json_close(json, '}');
	}
	json_close(json, ']');
}

/* The probes themselves go with the box. */
void probe_set_release(struct probe_set *set)
{
	free(set->probes);
}
