// SPDX-License-Identifier: GPL-2.0-or-later
/* What modprobe prints instead of loading: its configuration, versions, exports. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "tools/kmod/depmod.h"
#include "tools/kmod/log.h"
#include "tools/kmod/modfile.h"
#include "tools/kmod/modprobe.h"

static int print_alias(void *context, const char *key, const char *value, uint32_t priority)
{
	printf("alias %s %s\n", key, value);
	return 0;
}

static int print_index(struct modprobe *modprobe, enum pool_index which)
{
	const struct index *index = pool_index(&modprobe->pool, which);
	int error = index ? index_walk(index, print_alias, NULL) : 0;

	if (error)
		error("an index of %s is damaged: run depmod", modprobe->pool.directory);
	return error;
}

int modprobe_show_config(struct modprobe *modprobe)
{
	const struct config_entry *entry;
	int error;

	for (unsigned int kind = 0; kind < NR_CONFIG_KINDS; kind++)
		for (entry = modprobe->config.first[kind]; entry; entry = entry->next)
			printf("%s %s%s%s\n", config_directives[kind], entry->name,
			       entry->value ? " " : "", entry->value ? entry->value : "");
	puts("\n# End of configuration files. Dumping indexes now:\n");
	error = print_index(modprobe, POOL_ALIAS);
	return error ? error : print_index(modprobe, POOL_SYMBOLS);
}

static int refuse_file(const char *what, const char *path, int error)
{
	if (error == -ENOENT && access(path, F_OK))
		log_message(LOG_CRIT, "Module %s not found.", path);
	else
		log_message(LOG_CRIT, "could not get %s of %s: %s", what, path, strerror(-error));
	return error;
}

int modprobe_show_versions(const char *path)
{
	struct modfile_section versions;
	struct modfile_version version;
	struct modfile file;
	size_t position = 0;
	int error = modfile_open(&file, path);

	if (error)
		return refuse_file("modversions", path, error);
	if (!modfile_find_section(&file, "__versions", &versions))
		error = refuse_file("modversions", path, -ENOENT);
	while (!error && modfile_next_version(&file, &versions, &position, &version))
		printf("0x%08" PRIx64 "\t%s\n", version.crc, version.name);
	modfile_close(&file);
	return error;
}

int modprobe_show_exports(const char *path)
{
	struct facts facts;
	struct fact fact;
	size_t position = 0;
	struct stat status;
	int error = facts_read(&facts, path, &status);

	if (error)
		return refuse_file("symbols", path, error);
	while (facts_next(&facts, FACTS_EXPORTS, &position, &fact))
		printf("0x%08" PRIx32 "\t%s\n", fact.crc, fact.text);
	free(facts.data);
	return 0;
}
