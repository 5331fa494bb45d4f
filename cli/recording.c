// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include "cli/recording.h"
#include "cli/term.h"

/* Depth of the elements inside of the document: document, array. */
#define ELEMENT_DEPTH 2

int recording_init(struct recording *recording)
{
	*recording = (struct recording){.lock = PTHREAD_MUTEX_INITIALIZER};
	recording->log.out = open_memstream(&recording->log_text, &recording->log_size);
	recording->trace.out = open_memstream(&recording->trace_text, &recording->trace_size);
	recording->hits.out = open_memstream(&recording->hits_text, &recording->hits_size);
	recording->log.depth = ELEMENT_DEPTH;
	recording->trace.depth = ELEMENT_DEPTH;
	recording->hits.depth = ELEMENT_DEPTH;
	return recording->log.out && recording->trace.out && recording->hits.out ? 0 : -ENOMEM;
}

void recording_log(struct recording *recording, const struct r3_log_record *record)
{
	struct json *json = &recording->log;

	pthread_mutex_lock(&recording->lock);
	json_open(json, NULL, '{');
	json_unsigned(json, "sequence", record->sequence);
	json_unsigned(json, "time_ns", record->time_ns);
	json_number(json, "level", record->level);
	json_number(json, "facility", record->facility);
	json_number(json, "caller", record->caller);
	json_string_length(json, "text", record->text, record->length);
	json_close(json, '}');
	pthread_mutex_unlock(&recording->lock);
}

void recording_trace(struct recording *recording, const struct r3_trace_event *event)
{
	struct json *json = &recording->trace;

	pthread_mutex_lock(&recording->lock);
	json_open(json, NULL, '{');
	json_string(json, "kind", r3_trace_kind_name(event->kind));
	json_string(json, "module", event->module);
	json_string(json, "subject", event->subject);
	json_string(json, "object", event->object);
	json_address(json, "address", event->address);
	json_unsigned(json, "size", event->size);
	json_string(json, "text", event->text);
	json_close(json, '}');
	pthread_mutex_unlock(&recording->lock);
}

void recording_hit(struct recording *recording, const struct r3_probe_hit *hit)
{
	struct json *json = &recording->hits;

	pthread_mutex_lock(&recording->lock);
	json_open(json, NULL, '{');
	json_string(json, "probe", hit->name);
	json_unsigned(json, "time_ns", hit->time_ns);
	json_number(json, "cpu", hit->cpu);
	json_number(json, "pid", hit->pid);
	json_string(json, "comm", hit->comm);
	json_address(json, "address", hit->address);
	if (hit->return_address)
		json_address(json, "return_address", hit->return_address);
	json_string_length(json, "text", hit->text, hit->length);
	json_open(json, "arguments", '{');
	for (unsigned int i = 0; i < hit->nr_values; i++)
		json_string_length(json, hit->values[i].name, hit->values[i].text,
				   hit->values[i].length);
	json_close(json, '}');
	json_close(json, '}');
	pthread_mutex_unlock(&recording->lock);
}

static void embed(struct json *json, const char *key, struct json *part, char **text, size_t *size)
{
	fflush(part->out);
	json_open(json, key, '[');
	json_elements(json, *text, *size);
	json_close(json, ']');
}

void recording_write(struct recording *recording, struct json *json)
{
	pthread_mutex_lock(&recording->lock);
	embed(json, "log", &recording->log, &recording->log_text, &recording->log_size);
	if (recording->hits.filled[ELEMENT_DEPTH])
		embed(json, "hits", &recording->hits, &recording->hits_text, &recording->hits_size);
	if (recording->trace.filled[ELEMENT_DEPTH])
		embed(json, "trace", &recording->trace, &recording->trace_text,
		      &recording->trace_size);
	pthread_mutex_unlock(&recording->lock);
}

void recording_release(struct recording *recording)
{
	if (recording->log.out)
		fclose(recording->log.out);
	if (recording->trace.out)
		fclose(recording->trace.out);
	if (recording->hits.out)
		fclose(recording->hits.out);
	free(recording->log_text);
	free(recording->trace_text);
	free(recording->hits_text);
}
