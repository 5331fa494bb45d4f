/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The log, the steps and the hits of probes of a run, kept as JSON for --json. */
#ifndef RING3_RECORDING_H
#define RING3_RECORDING_H

#include <pthread.h>
#include <ring3/ring3.h>
#include "cli/json.h"

struct recording {
	pthread_mutex_t lock;
	char *log_text, *trace_text, *hits_text;
	size_t log_size, trace_size, hits_size;
	struct json log, trace, hits;
};

int recording_init(struct recording *recording);
void recording_log(struct recording *recording, const struct r3_log_record *record);
void recording_hit(struct recording *recording, const struct r3_probe_hit *hit);
void recording_trace(struct recording *recording, const struct r3_trace_event *event);
/* Write what was recorded as members "log" and, if there are any, "hits" and "trace". */
void recording_write(struct recording *recording, struct json *json);
void recording_release(struct recording *recording);

#endif
