// SPDX-License-Identifier: GPL-2.0-or-later
/* CONFIG_X=y and =m lines of auto.conf, hashed. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "target/internal.h"

struct config {
	char *text;
	const char **names; /* open addressing; the value follows '=' */
	size_t mask;
};

static uint32_t word_hash(const char *word, size_t length)
{
	uint32_t hash = 2166136261U;

	for (size_t i = 0; i < length; i++)
		hash = (hash ^ (uint8_t)word[i]) * 16777619U;
	return hash;
}

int config_read(struct config **result, const char *auto_conf)
{
	struct config *config = calloc(1, sizeof(*config));
	size_t size, lines = 1, room = 64;
	int error = config ? read_file(auto_conf, &config->text, &size) : -ENOMEM;

	if (error) {
		free(config);
		return error;
	}
	for (size_t i = 0; i < size; i++)
		lines += config->text[i] == '\n';
	while (room < lines * 2)
		room *= 2;
	config->mask = room - 1;
	config->names = calloc(room, sizeof(*config->names));
	if (!config->names) {
		config_free(config);
		return -ENOMEM;
	}
	for (const char *line = config->text; *line; line += strcspn(line, "\n"), line += !!*line) {
		size_t length = strcspn(line, "=\n"), at;

		if (strncmp(line, "CONFIG_", 7) || line[length] != '=')
			continue;
		for (at = word_hash(line, length) & config->mask; config->names[at];)
			at = (at + 1) & config->mask;
		config->names[at] = line;
	}
	*result = config;
	return 0;
}

void config_free(struct config *config)
{
	if (!config)
		return;
	free(config->names);
	free(config->text);
	free(config);
}

bool config_enabled(const struct config *config, const char *name, size_t length, bool *module)
{
	size_t at = word_hash(name, length) & config->mask;

	*module = false;
	for (; config->names[at]; at = (at + 1) & config->mask) {
		if (strncmp(config->names[at], name, length) || config->names[at][length] != '=')
			continue;
		*module = config->names[at][length + 1] == 'm';
		return !*module;
	}
	return false;
}

bool target_has_config(const struct target *target, const char *name)
{
	const char *headers = target_headers(target);
	struct config *config;
	bool enabled, module;
	char *path, *full;

	if (!headers || asprintf(&path, "%s/include/config/auto.conf", headers) < 0)
		return false;
	if (asprintf(&full, "CONFIG_%s", name) < 0 || config_read(&config, path)) {
		free(path);
		return false;
	}
	enabled = config_enabled(config, full, strlen(full), &module);
	config_free(config);
	free(full);
	free(path);
	return enabled;
}
