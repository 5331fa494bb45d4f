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

/* The file that name is or stands for; kmod 30 takes files only. To be freed; NULL: none (told). */
static char *find_file(struct modprobe *modprobe, const char *name)
{
	struct pool_list found = {0};
	char *path = NULL;

	if (!access(name, F_OK))
		return strdup(name);
	if (!pool_lookup(&modprobe->pool, name, &found) && found.count &&
	    !pool_read_needs(&modprobe->pool, found.modules[0]) && found.modules[0]->path)
		path = strdup(found.modules[0]->path);
	pool_list_release(&found);
	if (!path)
		modprobe_fail(modprobe, "Module %s not found.", name);
	return path;
}

static int refuse_file(struct modprobe *modprobe, const char *what, const char *name, int error)
{
	modprobe_fail(modprobe, "could not get %s of %s: %s", what, name, strerror(-error));
	return error;
}

static int show_versions_of(struct modprobe *modprobe, const char *path, const char *name)
{
	struct modfile_section versions;
	struct modfile_version version;
	struct modfile file;
	size_t position = 0;
	int error = modfile_open(&file, path);

	if (error)
		return refuse_file(modprobe, "modversions", name, error);
	if (!modfile_find_section(&file, "__versions", &versions))
		error = refuse_file(modprobe, "modversions", name, -ENOENT);
	while (!error && modfile_next_version(&file, &versions, &position, &version))
		printf("0x%08" PRIx64 "\t%s\n", version.crc, version.name);
	modfile_close(&file);
	return error;
}

int modprobe_show_versions(struct modprobe *modprobe, const char *name)
{
	char *path = find_file(modprobe, name);
	int error = path ? show_versions_of(modprobe, path, name) : -ENOENT;

	free(path);
	return error;
}

static int show_exports_of(struct modprobe *modprobe, const char *path, const char *name)
{
	struct facts facts;
	struct fact fact;
	size_t position = 0;
	struct stat status;
	int error = facts_read(&facts, path, &status);

	if (error)
		return refuse_file(modprobe, "symbols", name, error);
	while (facts_next(&facts, FACTS_EXPORTS, &position, &fact))
		printf("0x%08" PRIx32 "\t%s\n", fact.crc, fact.text);
	free(facts.data);
	return 0;
}

int modprobe_show_exports(struct modprobe *modprobe, const char *name)
{
	char *path = find_file(modprobe, name);
	int error = path ? show_exports_of(modprobe, path, name) : -ENOENT;

	free(path);
	return error;
}
