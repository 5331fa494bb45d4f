// SPDX-License-Identifier: GPL-2.0-or-later
/* Which files are modules, which of two of one name counts, and their order. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "tools/kmod/depmod.h"
#include "tools/kmod/log.h"
#include "tools/kmod/name.h"

#define FIRST_CAPACITY 1024

/* Modules by a text of theirs: open addressing. */
struct table {
	struct module **slots;
	size_t capacity; /* a power of two */
	size_t count;
	bool by_path; /* relative, as modules.order has it; else by name */
};

/* The length of a path without what tells its compression. */
static size_t plain_length(const char *path)
{
	static const char *const endings[] = {".gz", ".xz", ".zst"};
	size_t length = strlen(path), ending;

	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		ending = strlen(endings[i]);
		if (length > ending && !strcmp(path + length - ending, endings[i]))
			return length - ending;
	}
	return length;
}

static bool is_key(const struct table *table, const struct module *module, const char *key)
{
	size_t length;

	if (!table->by_path)
		return !strcmp(module->name, key);
	length = plain_length(key);
	return plain_length(module->relative) == length && !memcmp(module->relative, key, length);
}

static uint32_t hash_key(const struct table *table, const char *key)
{
	return hash_bytes(key, table->by_path ? plain_length(key) : strlen(key));
}

/* Where key is, or is to be put. */
static struct module **table_slot(const struct table *table, const char *key)
{
	size_t i = hash_key(table, key) & (table->capacity - 1);

	while (table->slots[i] && !is_key(table, table->slots[i], key))
		i = (i + 1) & (table->capacity - 1);
	return &table->slots[i];
}

static const char *table_key(const struct table *table, const struct module *module)
{
	return table->by_path ? module->relative : module->name;
}

static int table_add(struct table *table, struct module *module)
{
	struct table grown = {.by_path = table->by_path};

	if (2 * (table->count + 1) > table->capacity) {
		grown.capacity = table->capacity ? 2 * table->capacity : 2 * FIRST_CAPACITY;
		grown.slots = calloc(grown.capacity, sizeof(struct module *));
		if (!grown.slots)
			return -ENOMEM;
		for (size_t i = 0; i < table->capacity; i++)
			if (table->slots[i])
				*table_slot(&grown, table_key(table, table->slots[i])) =
					table->slots[i];
		grown.count = table->count;
		free(table->slots);
		*table = grown;
	}
	*table_slot(table, table_key(table, module)) = module;
	table->count++;
	return 0;
}

/* A search for modules. */
struct finder {
	struct depmod *depmod;
	struct table names;
};

/* What follows directory and a slash in path, NULL if it lies elsewhere. */
static const char *path_below(const char *path, const char *directory)
{
	size_t length = strlen(directory);

	if (strncmp(path, directory, length))
		return NULL;
	if (length && directory[length - 1] == '/')
		return path + length;
	return path[length] == '/' ? path + length + 1 : NULL;
}

/* The file's directory and the module are those of the override. */
static bool is_override(const struct directive *override, const struct module *module)
{
	const char *slash = strrchr(module->relative, '/');
	const char *wanted = strrchr(override->path, '/');
	size_t length = slash ? (size_t)(slash - module->relative) : 0;
	char name[PATH_MAX];

	if ((size_t)(wanted - override->path) != length ||
	    memcmp(override->path, module->relative, length))
		return false;
	name_from_path(wanted + 1, name);
	return !strcmp(name, module->name);
}

static bool is_searched(const struct depmod_config *config, const struct search *search,
			const struct module *module)
{
	const struct directive *external;

	switch (search->kind) {
	case SEARCH_PATH:
		return path_below(module->relative, search->path);
	case SEARCH_EXTERNAL:
		for (external = config->externals; external; external = external->next)
			if (path_below(module->path, external->path))
				return true;
		return false;
	case SEARCH_BUILTIN:
		break;
	}
	return false;
}

/* The lower the better. */
static unsigned int rank(const struct depmod_config *config, const struct module *module)
{
	const struct directive *override;
	const struct search *search;
	unsigned int overrides = 0, last = 0, builtin = 0, i;

	/* Of several overrides, the one that was read last counts. */
	for (override = config->overrides; override; override = override->next) {
		overrides++;
		if (is_override(override, module))
			last = overrides;
	}
	if (last)
		return overrides - last;
	i = overrides + 1;
	for (search = config->searches; search; search = search->next, i++) {
		if (is_searched(config, search, module))
			return i;
		if (search->kind == SEARCH_BUILTIN && !builtin)
			builtin = i;
	}
	return builtin ? builtin : i;
}

static void release_module(struct module *module)
{
	if (!module)
		return;
	if (!module->facts.is_shared)
		free(module->facts.data);
	free(module->needs);
	free(module->name);
	free(module->path);
	free(module);
}

/* One more, if there is none of its name that goes before it. */
static int keep_module(struct finder *finder, struct module *module)
{
	const struct depmod_config *config = &finder->depmod->config;
	struct modules *modules = &finder->depmod->modules;
	size_t capacity = modules->capacity ? 2 * modules->capacity : FIRST_CAPACITY;
	struct module **slot, **grown;

	slot = finder->names.count ? table_slot(&finder->names, module->name) : NULL;
	if (slot && *slot) {
		if (rank(config, module) < rank(config, *slot)) {
			debug("Replace lower priority %s with new module %s", (*slot)->relative,
			      module->relative);
			free((*slot)->path);
			(*slot)->path = module->path;
			(*slot)->relative = module->relative;
			module->path = NULL;
		} else {
			debug("Ignored lower priority: %s, higher: %s", module->path,
			      (*slot)->path);
		}
		release_module(module);
		return 0;
	}
	if (modules->count == modules->capacity) {
		grown = reallocarray(modules->modules, capacity, sizeof(*grown));
		if (!grown) {
			release_module(module);
			return -ENOMEM;
		}
		modules->modules = grown;
		modules->capacity = capacity;
	}
	module->found = modules->count;
	modules->modules[modules->count++] = module;
	return table_add(&finder->names, module);
}

static int add_module(struct finder *finder, const char *path)
{
	struct module *module = calloc(1, sizeof(*module));
	char name[PATH_MAX];
	const char *below;

	if (!module)
		return -ENOMEM;
	name_from_path(path, name);
	module->order = UINT32_MAX;
	module->path = strdup(path);
	module->name = strdup(name);
	if (!module->path || !module->name) {
		release_module(module);
		return -ENOMEM;
	}
	below = path_below(module->path, finder->depmod->options.input);
	module->relative = below ? below : module->path;
	return keep_module(finder, module);
}

static bool is_excluded(const struct depmod_config *config, const char *name)
{
	const struct directive *exclude;

	if (!strcmp(name, "build") || !strcmp(name, "source"))
		return true;
	for (exclude = config->excludes; exclude; exclude = exclude->next)
		if (!strcmp(name, exclude->path))
			return true;
	return false;
}

/* What a directory has: names, each after a byte with its type. */
struct listing {
	dev_t device; /* with inode, of the directory itself */
	ino_t inode;
	struct buffer text;
	const char **names; /* owned; sorted; the type stands before each */
	size_t count;
};

static int by_bytes(const void *left, const void *right)
{
	return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static void release_listing(struct listing *listing)
{
	buffer_release(&listing->text);
	free(listing->names);
}

static int read_names(struct listing *listing, DIR *directory)
{
	const struct dirent *entry;
	struct stat status;

	if (fstat(dirfd(directory), &status))
		return -errno;
	listing->device = status.st_dev;
	listing->inode = status.st_ino;
	while (errno = 0, (entry = readdir(directory))) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		buffer_add_byte(&listing->text, entry->d_type);
		buffer_add(&listing->text, entry->d_name, strlen(entry->d_name) + 1);
		listing->count++;
	}
	return -errno;
}

/* Not scandir(3), inside of which nobody could put another opendir(3). */
static int list_directory(struct listing *listing, const char *path)
{
	DIR *directory = opendir(path);
	size_t at = 0;
	int error;

	*listing = (struct listing){0};
	if (!directory)
		return -errno;
	error = read_names(listing, directory);
	closedir(directory);
	listing->names = calloc(listing->count + 1, sizeof(*listing->names));
	if (!error && (!listing->names || listing->text.failed))
		error = -ENOMEM;
	if (error) {
		release_listing(listing);
		return error;
	}
	for (size_t i = 0; i < listing->count; i++) {
		listing->names[i] = listing->text.data + at + 1;
		at += strlen(listing->names[i]) + 2;
	}
	if (listing->count)
		qsort(listing->names, listing->count, sizeof(*listing->names), by_bytes);
	return 0;
}

/* DT_DIR, DT_REG, or anything else that is neither. */
static unsigned char entry_type(const char *path, unsigned char type)
{
	struct stat status;

	if (type == DT_REG || type == DT_DIR)
		return type;
	if (stat(path, &status)) {
		error("fstatat(%s): %s", path, strerror(errno));
		return DT_UNKNOWN;
	}
	if (S_ISDIR(status.st_mode))
		return DT_DIR;
	if (S_ISREG(status.st_mode))
		return DT_REG;
	error("unsupported file type %s: %o", path, status.st_mode & S_IFMT);
	return DT_UNKNOWN;
}

/* What is done with each module, and with each directory. Non-zero ends the walk. */
typedef int (*visit_fn)(void *context, const char *path, bool is_directory);

struct walk {
	const struct depmod_config *config;
	visit_fn visit;
	void *context;
	char path[PATH_MAX]; /* where the walk is */
};

/* A directory on the way to where the walk is. */
struct step {
	const struct step *up;
	struct listing listing;
};

static int walk_directory(struct walk *walk, const struct step *up);

static int walk_entry(struct walk *walk, const struct step *step, const char *name)
{
	bool is_module = name_is_module_file(name);
	unsigned char type = name[-1];
	int error;

	if (is_excluded(walk->config, name) || (!is_module && type == DT_REG))
		return 0;
	type = entry_type(walk->path, type);
	if (type == DT_REG && is_module)
		return walk->visit(walk->context, walk->path, false);
	if (type != DT_DIR)
		return 0;
	error = walk->visit(walk->context, walk->path, true);
	if (error)
		return error;
	error = walk_directory(walk, step);
	return error == -ENOMEM || error > 0 ? error : 0; /* the others were told */
}

/* Symbolic links may lead in circles. */
static bool is_below_itself(const struct step *step)
{
	const struct step *up;

	for (up = step->up; up; up = up->up)
		if (up->listing.device == step->listing.device &&
		    up->listing.inode == step->listing.inode)
			return true;
	return false;
}

/* In the order of names: a tree's index depends on nothing else. */
static int walk_directory(struct walk *walk, const struct step *up)
{
	size_t length = strlen(walk->path), room = sizeof(walk->path) - length;
	struct step step = {.up = up};
	int error = list_directory(&step.listing, walk->path);

	if (error) {
		error("could not open directory %s: %s", walk->path, strerror(-error));
		return error;
	}
	if (is_below_itself(&step)) {
		release_listing(&step.listing);
		return 0;
	}
	for (size_t i = 0; i < step.listing.count && !error; i++) {
		const char *name = step.listing.names[i];

		if ((size_t)snprintf(walk->path + length, room, "/%s", name) >= room)
			error("path is too long %.*s/%s", (int)length, walk->path, name);
		else
			error = walk_entry(walk, &step, name);
	}
	release_listing(&step.listing);
	walk->path[length] = '\0';
	return error;
}

static int walk_tree(const struct depmod *depmod, const char *directory, visit_fn visit,
		     void *context)
{
	struct walk walk = {.config = &depmod->config, .visit = visit, .context = context};

	snprintf(walk.path, sizeof(walk.path), "%s", directory);
	return walk_directory(&walk, NULL);
}

static int visit_new_module(void *context, const char *path, bool is_directory)
{
	return is_directory ? 0 : add_module(context, path);
}

static int visit_older(void *context, const char *path, bool is_directory)
{
	const struct timespec *limit = context;
	struct stat status;

	if (stat(path, &status))
		return 1;
	if (status.st_mtim.tv_sec != limit->tv_sec)
		return status.st_mtim.tv_sec > limit->tv_sec;
	return status.st_mtim.tv_nsec > limit->tv_nsec;
}

/*
 * Is a module of modules.dep gone? Of those in directories below, the
 * directory's time tells; its own changes with every run, and external
 * directories may be gone themselves.
 */
static bool misses_module(const char *directory, const char *list)
{
	char path[2 * PATH_MAX], *line = NULL;
	FILE *file = fopen(list, "re");
	bool is_missing = !file;
	struct stat status;
	size_t room = 0;

	while (!is_missing && getline(&line, &room, file) > 0) {
		line[strcspn(line, ":")] = '\0';
		if (*line != '/' && strchr(line, '/'))
			continue;
		snprintf(path, sizeof(path), "%s/%s", *line == '/' ? "" : directory, line);
		is_missing = stat(path, &status);
	}
	free(line);
	if (file)
		fclose(file);
	return is_missing;
}

bool depmod_is_up_to_date(const struct depmod *depmod)
{
	char path[PATH_MAX + sizeof("/modules.dep")];
	const struct directive *external;
	struct stat status;

	snprintf(path, sizeof(path), "%s/modules.dep", depmod->options.output);
	if (stat(path, &status)) {
		if (errno != ENOENT)
			error("could not fstatat(%s, modules.dep): %s", depmod->options.output,
			      strerror(errno));
		else if (stat(depmod->options.output, &status))
			error("could not open directory %s: %s", depmod->options.output,
			      strerror(errno));
		return false;
	}
	for (external = depmod->config.externals; external; external = external->next)
		if (!access(external->path, F_OK) &&
		    (visit_older(&status.st_mtim, external->path, true) ||
		     walk_tree(depmod, external->path, visit_older, &status.st_mtim)))
			return false;
	return !walk_tree(depmod, depmod->options.input, visit_older, &status.st_mtim) &&
	       !misses_module(depmod->options.input, path);
}

/* Give each module of the file its line. -ENOMEM; what else is wrong is told. */
static int read_order(const struct depmod *depmod, const struct table *paths)
{
	const char *directory = depmod->options.input;
	char path[PATH_MAX + sizeof("/modules.order")];
	struct module *module;
	unsigned int number = 0;
	char *line = NULL;
	size_t room = 0;
	ssize_t length;
	FILE *file;

	snprintf(path, sizeof(path), "%s/modules.order", directory);
	file = fopen(path, "re");
	if (!file) {
		warning("could not open modules.order at %s: %s", directory, strerror(errno));
		return 0;
	}
	while ((length = getline(&line, &room, file)) > 0) {
		number++;
		if (line[length - 1] != '\n') {
			error("%s:%u corrupted line misses '\\n'", path, number);
			break;
		}
		line[length - 1] = '\0';
		module = *table_slot(paths, line);
		if (module)
			module->order = number;
	}
	free(line);
	fclose(file);
	return 0;
}

static int by_order(const void *left, const void *right)
{
	const struct module *a = *(struct module *const *)left, *b = *(struct module *const *)right;

	if (a->order != b->order)
		return a->order < b->order ? -1 : 1;
	return a->found < b->found ? -1 : 1;
}

static int sort_modules(struct depmod *depmod)
{
	struct modules *modules = &depmod->modules;
	struct table paths = {.by_path = true};
	int error = 0;

	for (size_t i = 0; i < modules->count && !error; i++)
		error = table_add(&paths, modules->modules[i]);
	if (!error && modules->count)
		error = read_order(depmod, &paths);
	free(paths.slots);
	if (error || !modules->count)
		return error;
	qsort(modules->modules, modules->count, sizeof(*modules->modules), by_order);
	for (size_t i = 0; i < modules->count; i++)
		modules->modules[i]->priority = i;
	return 0;
}

int depmod_find_all(struct depmod *depmod)
{
	struct finder finder = {.depmod = depmod};
	const struct directive *external;
	int error;

	error = walk_tree(depmod, depmod->options.input, visit_new_module, &finder);
	if (error)
		log_message(LOG_CRIT, "could not search modules: %s", strerror(-error));
	/* A directory that cannot be read has no modules; that was told. */
	for (external = depmod->config.externals; external && !error; external = external->next)
		if (walk_tree(depmod, external->path, visit_new_module, &finder) == -ENOMEM)
			error = -ENOMEM;
	free(finder.names.slots);
	return error ? error : sort_modules(depmod);
}

/* Is there a module of this name? */
static bool is_taken(const struct finder *finder, const char *path)
{
	char name[PATH_MAX];

	name_from_path(path, name);
	return finder->names.count && *table_slot(&finder->names, name);
}

int depmod_find_named(struct depmod *depmod, char *const paths[])
{
	struct finder finder = {.depmod = depmod};
	struct stat status;
	int error = 0;

	for (; *paths && !error; paths++) {
		if (**paths != '/') {
			error = -EINVAL;
			log_message(LOG_CRIT, "%s: not absolute path.", *paths);
		} else if (stat(*paths, &status)) {
			error = -errno;
			log_message(LOG_CRIT, "could not create module %s: %s", *paths,
				    strerror(-error));
		} else if (is_taken(&finder, *paths)) {
			error = -EEXIST;
			log_message(LOG_CRIT, "could not add module %s: %s", *paths,
				    strerror(-error));
		} else {
			error = add_module(&finder, *paths);
		}
	}
	free(finder.names.slots);
	return error ? error : sort_modules(depmod);
}

void depmod_release_modules(struct modules *modules)
{
	for (size_t i = 0; i < modules->count; i++)
		release_module(modules->modules[i]);
	free(modules->modules);
	*modules = (struct modules){0};
}
