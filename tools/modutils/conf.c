// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "tools/modutils/conf.h"

const char *const conf_list_names[NR_CONF_LISTS] = {
	[CONF_ABOVE] = "above",     [CONF_BELOW] = "below", [CONF_ALIAS] = "alias",
	[CONF_OPTIONS] = "options", [CONF_PROBE] = "probe", [CONF_PROBEALL] = "probeall",
};
const char *const conf_when_names[NR_CONF_WHEN] = {
	[CONF_PRE_INSTALL] = "pre-install",
	[CONF_INSTALL] = "install",
	[CONF_POST_INSTALL] = "post-install",
	[CONF_PRE_REMOVE] = "pre-remove",
	[CONF_REMOVE] = "remove",
	[CONF_POST_REMOVE] = "post-remove",
};

int conf_add_path(struct conf *conf, const char *type, const char *path)
{
	struct conf_path *grown =
		reallocarray(conf->paths, conf->nr_paths + 1, sizeof(*conf->paths));
	struct conf_path *added;

	if (!grown)
		return -ENOMEM;
	conf->paths = grown;
	added = &grown[conf->nr_paths++];
	added->type = strdup(type);
	added->path = NULL;
	if (asprintf(&added->path, "%s%s", conf->root, path) < 0)
		added->path = NULL;
	return added->type && added->path ? 0 : -ENOMEM;
}

/* As they have been since 2.3.14, when the kernel's own modules moved to one directory. */
static int add_default_paths(struct conf *conf)
{
	static const char *const types[] = {"kernel", "fs",   "net",   "scsi", "block",    "cdrom",
					    "ipv4",   "ipv6", "sound", "fc4",  "video",    "misc",
					    "pcmcia", "atm",  "usb",   "ide",  "ieee1394", "mtd"};
	const char *minor = strchr(conf->release, '.');
	int major = minor ? minor + 1 + strcspn(minor + 1, ".") - conf->release : 0;
	char path[512];
	int error = conf_add_path(conf, "boot", "/lib/modules/boot");

	snprintf(path, sizeof(path), "/lib/modules/%s", conf->release);
	if (!error)
		error = conf_add_path(conf, "toplevel", path);
	snprintf(path, sizeof(path), "/lib/modules/%.*s", major, conf->release);
	if (!error && major)
		error = conf_add_path(conf, "toplevel", path);
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]) && !error; i++) {
		snprintf(path, sizeof(path), "/lib/modules/%s", types[i]);
		error = conf_add_path(conf, types[i], path);
	}
	return error;
}

/* $MODPATH: the same instead, with its last part as its type. */
static int add_paths_of_environment(struct conf *conf, const char *list)
{
	char *copy = strdup(list), *rest = copy, *path;
	int error = copy ? 0 : -ENOMEM;

	while (!error && (path = strsep(&rest, ":"))) {
		const char *slash = strrchr(path, '/');

		if (*path)
			error = conf_add_path(conf, slash ? slash + 1 : "misc", path);
	}
	free(copy);
	return error;
}

static int add_default_prunes(struct conf *conf)
{
	static const char *const names[] = {"modules.dep",
					    "modules.generic_string",
					    "modules.pcimap",
					    "modules.isapnpmap",
					    "modules.usbmap",
					    "modules.parportmap",
					    "modules.ieee1394map",
					    "modules.pnpbiosmap",
					    "System.map",
					    ".config",
					    "build",
					    "vmlinux",
					    "vmlinuz",
					    "bzImage",
					    "zImage",
					    ".rhkmvtag"};
	int error = 0;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]) && !error; i++)
		error = words_add(&conf->prunes, names[i]);
	return error;
}

static int parse(struct conf *conf, const char *path, FILE *in, struct messages *messages)
{
	struct stat status;
	int error;

	if (!fstat(fileno(in), &status))
		conf->changed = status.st_mtime;
	conf->file = strdup(path);
	error = conf_parse(conf, path, in, messages);
	fclose(in);
	return error;
}

/* It need not be there, unless somebody named it. */
static int parse_some(struct conf *conf, const char *path, struct messages *messages)
{
	const char *named = path ? path : getenv("MODULECONFIG");
	FILE *in;

	if (named && *named) {
		in = fopen(named, "re");
		if (in)
			return parse(conf, named, in, messages);
		tell_error(messages, "Can't open %s", named);
		return -ENOENT;
	}
	in = fopen(MODULES_CONF, "re");
	if (in)
		return parse(conf, MODULES_CONF, in, messages);
	in = fopen(OLD_MODULES_CONF, "re");
	if (!in)
		return 0;
	tell_warning(messages, "Warning: reading from %s, since %s does not exist",
		     OLD_MODULES_CONF, MODULES_CONF);
	return parse(conf, OLD_MODULES_CONF, in, messages);
}

int conf_read(struct conf *conf, const char *path, struct messages *messages)
{
	const char *environment = getenv("MODPATH");
	int error =
		environment ? add_paths_of_environment(conf, environment) : add_default_paths(conf);

	if (!error)
		error = add_default_prunes(conf);
	if (!error)
		error = parse_some(conf, path, messages);
	if (!error && !conf->depfile &&
	    asprintf(&conf->depfile, "%s/lib/modules/%s/modules.dep", conf->root, conf->release) <
		    0) {
		conf->depfile = NULL;
		error = -ENOMEM;
	}
	if (error == -ENOMEM)
		tell_error(messages, "out of memory");
	return error;
}

void conf_release(struct conf *conf)
{
	for (size_t i = 0; i < conf->nr_paths; i++) {
		free(conf->paths[i].type);
		free(conf->paths[i].path);
	}
	for (size_t list = 0; list < NR_CONF_LISTS; list++) {
		for (size_t i = 0; i < conf->lists[list].count; i++) {
			free(conf->lists[list].entries[i].name);
			words_release(&conf->lists[list].entries[i].words);
		}
		free(conf->lists[list].entries);
	}
	for (size_t i = 0; i < conf->nr_commands; i++) {
		free(conf->commands[i].module);
		free(conf->commands[i].command);
	}
	words_release(&conf->prunes);
	free(conf->paths);
	free(conf->commands);
	free(conf->insmod_options);
	free(conf->depfile);
	free(conf->pcimapfile);
	free(conf->file);
}

const struct conf_entry *conf_find(const struct conf *conf, enum conf_list list, const char *name)
{
	for (size_t i = 0; i < conf->lists[list].count; i++)
		if (!strcmp(conf->lists[list].entries[i].name, name))
			return &conf->lists[list].entries[i];
	return NULL;
}

const char *conf_command(const struct conf *conf, enum conf_when when, const char *module)
{
	for (size_t i = 0; i < conf->nr_commands; i++)
		if (conf->commands[i].when == when && !strcmp(conf->commands[i].module, module))
			return conf->commands[i].command;
	return NULL;
}
