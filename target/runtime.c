// SPDX-License-Identifier: GPL-2.0-or-later
/* Our part of the kernel, compiled for the target and joined into one object. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "target/internal.h"

struct file {
	char *name; /* relative to DATA: "runtime/linux/sched.c" */
	char *path;
	struct digest digest; /* of the contents */
	uint64_t includes;    /* which of the headers, as bits */
	char *object;         /* in the cache */
	bool present;
};

struct file_list {
	struct file *files;
	unsigned int count, room;
};

static void file_list_release(struct file_list *list)
{
	for (unsigned int i = 0; i < list->count; i++) {
		free(list->files[i].name);
		free(list->files[i].path);
		free(list->files[i].object);
	}
	free(list->files);
}

static bool has_suffix(const char *name, const char *suffix)
{
	size_t length = strlen(name), tail = strlen(suffix);

	return length > tail && !strcmp(name + length - tail, suffix);
}

static int file_add(struct file_list *list, const char *data, const char *directory,
		    const char *name)
{
	struct file *file;

	if (list->count == list->room) {
		unsigned int room = list->room ? list->room * 2 : 64;

		file = realloc(list->files, room * sizeof(*file));
		if (!file)
			return -ENOMEM;
		list->files = file;
		list->room = room;
	}
	file = &list->files[list->count++];
	*file = (struct file){.name = format_path("%s/%s", directory, name)};
	file->path = file->name ? format_path("%s/%s", data, file->name) : NULL;
	return file->path ? 0 : -ENOMEM;
}

/* The files of one directory with one of these endings. */
static int file_scan(struct file_list *list, const char *data, const char *directory,
		     const char *const *suffixes)
{
	char *path = format_path("%s/%s", data, directory);
	DIR *dir = path ? opendir(path) : NULL;
	struct dirent *entry;
	int error = 0;

	free(path);
	if (!dir)
		return errno == ENOENT ? 0 : -errno;
	while (!error && (entry = readdir(dir))) {
		for (unsigned int i = 0; suffixes[i]; i++) {
			if (entry->d_name[0] != '.' && has_suffix(entry->d_name, suffixes[i]))
				error = file_add(list, data, directory, entry->d_name);
		}
	}
	closedir(dir);
	return error;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct file *)a)->name, ((const struct file *)b)->name);
}

static int find_files(const struct target *target, struct file_list *sources,
		      struct file_list *headers)
{
	static const char *const source_suffixes[] = {".c", ".S", NULL};
	static const char *const header_suffixes[] = {".h", NULL};
	static const char *const source_places[] = {"runtime/core", "runtime/linux"};
	static const char *const header_places[] = {"runtime/core", "runtime/linux",
						    "runtime/include", "runtime/include/ring3",
						    "include/ring3"};
	int error = 0;

	for (unsigned int i = 0; i < 2 && !error; i++)
		error = file_scan(sources, target->data, source_places[i], source_suffixes);
	for (unsigned int i = 0; i < 5 && !error; i++)
		error = file_scan(headers, target->data, header_places[i], header_suffixes);
	if (error)
		return r3_fail(error, "cannot read %s/runtime: %s", target->data, strerror(-error));
	if (!sources->count)
		return r3_fail(-ENOENT, "no runtime in %s/runtime/linux", target->data);
	qsort(sources->files, sources->count, sizeof(struct file), by_name);
	qsort(headers->files, headers->count, sizeof(struct file), by_name);
	return 0;
}

static struct digest fold_files(struct digest digest, const struct file_list *list,
				struct digest (*fold)(struct digest, const char *))
{
	for (unsigned int i = 0; i < list->count; i++) {
		digest = digest_string(digest, list->files[i].name);
		digest = fold(digest, list->files[i].path);
	}
	return digest;
}

/* The header that an #include line names by its last component, as a bit. */
static uint64_t included(const struct file_list *headers, const char *line)
{
	size_t length = strcspn(line, "\n");
	const char *open = memchr(line, '"', length), *end;

	if (!open)
		open = memchr(line, '<', length);
	end = open ? open + 1 + strcspn(open + 1, "\">\n") : NULL;
	for (unsigned int i = 0; end && i < headers->count; i++) {
		const char *name = strrchr(headers->files[i].name, '/') + 1;
		size_t tail = strlen(name);

		if ((size_t)(end - open) > tail && !strncmp(end - tail, name, tail) &&
		    (end[-1 - (ptrdiff_t)tail] == '/' || end - tail == open + 1))
			return 1ULL << i;
	}
	return 0;
}

static int read_includes(const struct file_list *headers, struct file *file)
{
	char *text = NULL;
	size_t size;
	int error = read_file(file->path, &text, &size);

	if (error)
		return r3_fail(error, "cannot read %s: %s", file->path, strerror(-error));
	file->digest = digest_bytes((struct digest){0, 0}, text, size);
	for (const char *line = text; (line = strstr(line, "#include")); line++)
		file->includes |= included(headers, line);
	free(text);
	return 0;
}

/* Which of the runtime's headers each file includes, through others too. */
static int find_includes(struct file_list *sources, struct file_list *headers)
{
	bool grown = true;
	int error = headers->count > 64 ? r3_fail(-E2BIG, "more than 64 runtime headers") : 0;

	for (unsigned int i = 0; i < headers->count && !error; i++)
		error = read_includes(headers, &headers->files[i]);
	while (grown && !error) {
		grown = false;
		for (unsigned int i = 0; i < headers->count; i++) {
			uint64_t all = headers->files[i].includes;

			for (unsigned int j = 0; j < headers->count; j++) {
				if (headers->files[i].includes >> j & 1)
					all |= headers->files[j].includes;
			}
			grown |= all != headers->files[i].includes;
			headers->files[i].includes = all;
		}
	}
	for (unsigned int i = 0; i < sources->count && !error; i++) {
		struct file *file = &sources->files[i];
		uint64_t direct;

		error = read_includes(headers, file);
		direct = file->includes;
		for (unsigned int j = 0; j < headers->count; j++) {
			if (direct >> j & 1)
				file->includes |= headers->files[j].includes;
		}
	}
	return error;
}

/* The name of each file's object says what it was made of. */
static int name_objects(const struct target *target, struct file_list *sources,
			struct file_list *headers, struct digest *all)
{
	struct digest base = digest_string(target->identity, target->data);
	char key[DIGEST_TEXT];
	int error = find_includes(sources, headers);

	*all = base;
	for (unsigned int i = 0; i < sources->count && !error; i++) {
		struct file *file = &sources->files[i];
		struct digest digest = digest_string(base, file->name);

		digest = digest_bytes(digest, &file->digest, sizeof(file->digest));
		for (unsigned int j = 0; j < headers->count; j++) {
			if (file->includes >> j & 1)
				digest = digest_bytes(digest, &headers->files[j].digest,
						      sizeof(struct digest));
		}
		*all = digest_bytes(*all, &digest, sizeof(digest));
		digest_text(digest, key);
		file->object = format_path("%s/runtime/%s-%.16s.o", target->directory,
					   strrchr(file->name, '/') + 1, key);
		if (!file->object)
			return -ENOMEM;
	}
	return error;
}

/* A readable excerpt of what the compiler said: from the first error on. */
static const char *first_error(const char *log)
{
	const char *error = log ? strstr(log, "error:") : NULL;

	if (!error)
		return log ? log : "";
	while (error > log && error[-1] != '\n')
		error--;
	return error;
}

static int store_object(struct target *target, const struct file *file, const struct unit *unit,
			const char *log)
{
	char *text = NULL;
	size_t size;
	int error;

	if (!unit->object)
		return r3_fail(-EIO, "the runtime does not compile for %s: %s:\n%.800s",
			       target->release, file->name, first_error(log));
	error = read_file(unit->object, &text, &size);
	if (!error)
		error = sealed_write(file->object, text, size);
	free(text);
	target_trace(target, file->name, target->release, "%s compiled for %s", file->name,
		     target->release);
	return error;
}

static int compile_missing(struct target *target, struct file_list *sources, const char *work)
{
	struct unit *units = calloc(sources->count, sizeof(*units));
	char *flags = format_path("-I%s/runtime/include -I%s/runtime -I%s/include -I%s",
				  target->data, target->data, target->data, target->data);
	unsigned int count = 0, *index = calloc(sources->count, sizeof(*index));
	char *log = NULL;
	int error = -ENOMEM, started;

	if (!units || !flags || !index)
		goto out;
	for (unsigned int i = 0; i < sources->count; i++) {
		struct file *file = &sources->files[i];
		struct mapping mapping;

		if (!sealed_map(file->object, &mapping)) {
			mapping_close(&mapping);
			file->present = true;
			continue;
		}
		index[count] = i;
		units[count].source = file->path;
		units[count].name = strndup(file->name, strlen(file->name) - 2);
		units[count].cached = file->object;
		units[count].assembler = has_suffix(file->name, ".S");
		units[count].cflags = units[count].aflags = flags;
		if (!units[count++].name)
			goto out;
	}
	error = 0;
	if (!count)
		goto out;
	started = kbuild_compile(target, "compiling runtime", work, units, count, &log);
	/* keep what did compile, whatever else did not */
	for (unsigned int i = 0; i < count; i++) {
		struct file *file = &sources->files[index[i]];
		int stored = started ? started : store_object(target, file, &units[i], log);

		if (!error)
			error = stored;
	}
out:
	for (unsigned int i = 0; units && i < count; i++) {
		free((char *)units[i].name);
		free(units[i].object);
	}
	free(units);
	free(index);
	free(flags);
	free(log);
	return error;
}

static int link_runtime(struct target *target, struct file_list *sources, const char *work,
			const char *output)
{
	char **inputs = calloc(sources->count, sizeof(*inputs)), *linked, *text = NULL;
	int error = make_directories(work);
	size_t size;

	linked = format_path("%s/runtime.o", work);
	if (!inputs || !linked)
		error = -ENOMEM;
	for (unsigned int i = 0; inputs && i < sources->count; i++)
		inputs[i] = sources->files[i].object;
	if (!error)
		error = kbuild_link(target, linked, inputs, sources->count);
	if (!error)
		error = read_file(linked, &text, &size);
	if (!error)
		error = sealed_write(output, text, size);
	free(text);
	free(inputs);
	free(linked);
	return error;
}

/* Under the lock: compile what the cache lacks, join it to output. */
static int build_runtime(struct target *target, struct file_list *sources, const char *output)
{
	char *work = format_path("%s/work-runtime", target->directory);
	int error = work ? 0 : -ENOMEM;

	if (!error && !sealed_map(output, &target->runtime)) {
		free(work);
		return 0; /* another process was faster */
	}
	if (!error && target->options.flags & R3_BOX_OFFLINE)
		error = r3_fail(-ENOENT,
				"the runtime for %s is not compiled yet, and may not be now "
				"(offline)",
				target->release);
	if (!error)
		error = compile_missing(target, sources, work);
	if (!error)
		error = link_runtime(target, sources, work, output);
	if (!error)
		error = sealed_map(output, &target->runtime);
	if (work)
		remove_tree(work);
	free(work);
	return error;
}

static int open_runtime(struct target *target, struct file_list *sources, struct file_list *headers,
			const char *link)
{
	char key[DIGEST_TEXT], *output = NULL, *lock = NULL;
	struct digest all;
	int fd, error = name_objects(target, sources, headers, &all);

	if (error)
		return error;
	digest_text(all, key);
	output = format_path("%s/runtime/all-%s.o", target->directory, key);
	lock = format_path("%s/lock", target->directory);
	if (!output || !lock) {
		error = -ENOMEM;
		goto out;
	}
	fd = target->lock_fd = cache_lock(lock);
	error = fd < 0 ? fd : build_runtime(target, sources, output);
	if (fd >= 0)
		close(fd);
	target->lock_fd = 0;
	if (!error) {
		unlink(link);
		if (symlink(strrchr(output, '/') + 1, link) && errno != EEXIST)
			error = -errno;
	}
out:
	free(output);
	free(lock);
	return error;
}

static int find_runtime(struct target *target)
{
	struct file_list sources = {0}, headers = {0};
	char key[DIGEST_TEXT], *link = NULL, *directory = NULL;
	struct digest facts;
	int error = find_files(target, &sources, &headers);

	if (error)
		goto out;
	facts = digest_string((struct digest){0, 0}, target->data);
	facts = fold_files(facts, &headers, digest_stat);
	facts = fold_files(facts, &sources, digest_stat);
	digest_text(facts, key);
	directory = format_path("%s/runtime", target->directory);
	link = format_path("%s/runtime/at-%s", target->directory, key);
	if (!link || !directory) {
		error = -ENOMEM;
		goto out;
	}
	error = sealed_map(link, &target->runtime);
	if (!error)
		goto out;
	error = make_directories(directory);
	if (!error)
		error = open_runtime(target, &sources, &headers, link);
out:
	file_list_release(&sources);
	file_list_release(&headers);
	free(link);
	free(directory);
	return error;
}

int target_runtime(struct target *target, const struct target_object **objects, unsigned int *count)
{
	struct target_object *object;
	int error = 0;

	pthread_mutex_lock(&target->lock);
	if (!target->objects) {
		object = calloc(1, sizeof(*object));
		if (!object) {
			error = -ENOMEM;
		} else if (target->builtin) {
			object->name = "runtime";
			object->data = r3_builtin_runtime;
			object->size = (size_t)(r3_builtin_runtime_end - r3_builtin_runtime);
		} else {
			error = find_runtime(target);
			object->name = "runtime";
			object->data = target->runtime.data;
			object->size = target->runtime.size;
		}
		if (error) {
			free(object);
		} else {
			target->objects = object;
			target->nr_objects = 1;
		}
	}
	pthread_mutex_unlock(&target->lock);
	*objects = target->objects;
	*count = target->nr_objects;
	return error;
}
