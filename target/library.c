// SPDX-License-Identifier: GPL-2.0-or-later
/* Linux's own sources as a library: the member for a symbol, compiled on first need. */
#include <elf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "target/internal.h"

/* ---- opening ---- */

static int open_index(struct target *target)
{
	struct index_view view;
	char *path = format_path("%s/index", target->library_directory);
	char *lock = format_path("%s/lock", target->directory);
	int fd = -1, error = path && lock ? sealed_map(path, &target->library) : -ENOMEM;

	if (error != -ENOENT && error != -EUCLEAN)
		goto out;
	if (target->options.flags & R3_BOX_OFFLINE) {
		error = r3_fail(-ENOENT,
				"Linux's sources for %s are not indexed yet, and may not "
				"be now (offline)",
				target->release);
		goto out;
	}
	fd = cache_lock(lock);
	error = fd < 0 ? fd : sealed_map(path, &target->library);
	if (error == -ENOENT || error == -EUCLEAN)
		error = library_index_build(target, path);
	else
		goto out;
	if (!error)
		error = sealed_map(path, &target->library);
out:
	if (fd >= 0)
		close(fd);
	if (!error)
		error = library_index_view(&target->library, &view);
	if (!error) {
		target->members = calloc(view.header->nr_members + 1UL, sizeof(*target->members));
		error = target->members ? 0 : -ENOMEM;
	}
	free(path);
	free(lock);
	return error;
}

static int open_library(struct target *target)
{
	char *list = format_path("%s/runtime/linux/library.list", target->data);
	char *query = format_path("%s/runtime/linux/kbuild/query.mk", target->data);
	char *tarball = NULL, *makefile = NULL, *probe, key[DIGEST_TEXT];
	struct digest digest =
		digest_string((struct digest){0, 0}, KBUILD_GENERATION SCAN_GENERATION);
	int error = list && query ? 0 : -ENOMEM;

	if (!error) {
		probe = format_path("%s/lib", target->source);
		if (probe && access(probe, F_OK)) {
			tarball = target->source;
			target->source = NULL;
			error = unpack_source(target, tarball, &target->source);
			if (error)
				target->source = tarball;
			else
				free(tarball);
		}
		free(probe);
	}
	if (!error)
		makefile = format_path("%s/Makefile", target->source);
	if (!error && !makefile)
		error = -ENOMEM;
	if (!error) {
		digest = digest_file(digest_file(digest, list), query);
		digest = digest_facts(digest_string(digest, target->source), makefile);
		target->library_digest = digest;
		digest_text(digest, key);
		target->library_directory = format_path("%s/library-%.16s", target->directory, key);
		error = target->library_directory ? make_directories(target->library_directory)
						  : -ENOMEM;
	}
	if (!error)
		error = open_index(target);
	free(list);
	free(query);
	free(makefile);
	return error;
}

static int library_ready(struct target *target, struct index_view *view)
{
	if (target->builtin)
		return -ENOENT;
	if (!target->library_state) {
		int error = open_library(target);

		target->library_state = error ? error : 1;
	}
	if (target->library_state < 0)
		return target->library_state;
	return library_index_view(&target->library, view);
}

/* ---- members ---- */

/* The name in the cache says what the object was made of. */
static int name_member(struct target *target, const struct index_view *view, uint32_t index)
{
	const struct index_member *m = &view->members[index];
	struct member *member = &target->members[index];
	struct digest digest = target->identity;
	char *source, *prelude, key[DIGEST_TEXT];

	if (member->path)
		return 0;
	source = format_path("%s/%s", target->source, view->strings + m->source);
	prelude = format_path("%s/runtime/linux/%s", target->data, view->strings + m->prelude);
	if (source && prelude) {
		const uint32_t words[] = {
			m->name,   m->prelude,       m->modname,  m->cflags, m->cflags_remove,
			m->aflags, m->aflags_remove, m->generate, m->marker, m->needs};

		for (unsigned int i = 0; i < sizeof(words) / sizeof(words[0]); i++)
			digest = digest_string(digest, view->strings + words[i]);
		digest = digest_facts(digest, source);
		if (m->prelude)
			digest = digest_facts(digest, prelude);
		digest_text(digest, key);
		member->path = format_path("%s/library/%s-%.16s.o", target->directory,
					   view->strings + m->name, key);
		member->object.name = format_path("%s.o", view->strings + m->name);
	}
	free(source);
	free(prelude);
	return member->path && member->object.name ? 0 : -ENOMEM;
}

/* Is it in the cache? 0, -ENOENT, or -EIO: it is known not to compile. */
static int map_member(struct target *target, const struct index_view *view, uint32_t index)
{
	struct member *member = &target->members[index];
	struct mapping mark;
	char *failed;
	int error;

	if (member->present)
		return 0;
	if (member->failed)
		return -EIO;
	error = name_member(target, view, index);
	if (error)
		return error;
	error = sealed_map(member->path, &member->mapping);
	if (!error) {
		member->object.data = member->mapping.data;
		member->object.size = member->mapping.size;
		member->present = true;
		return 0;
	}
	if (error != -ENOENT && error != -EUCLEAN)
		return error;
	failed = format_path("%s.failed", member->path);
	error = failed ? sealed_map(failed, &mark) : -ENOMEM;
	free(failed);
	if (error)
		return error == -ENOMEM ? error : -ENOENT;
	mapping_close(&mark);
	member->failed = true;
	return -EIO;
}

/* ---- compiling ---- */

struct wanted {
	uint32_t *index;
	unsigned int count, room;
};

static int want(struct wanted *wanted, uint32_t index)
{
	uint32_t *grown;

	for (unsigned int i = 0; i < wanted->count; i++) {
		if (wanted->index[i] == index)
			return 0;
	}
	if (wanted->count == wanted->room) {
		wanted->room = wanted->room ? wanted->room * 2 : 32;
		grown = realloc(wanted->index, wanted->room * sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		wanted->index = grown;
	}
	wanted->index[wanted->count++] = index;
	return 0;
}

/* Add those of a member's group that the cache lacks: one run of make is cheaper than two. */
static int want_companions(struct target *target, const struct index_view *view,
			   struct wanted *wanted)
{
	int error = 0;

	for (unsigned int i = 0, start = wanted->count; i < start && !error; i++) {
		uint16_t group = view->members[wanted->index[i]].group;

		for (uint32_t m = 0; group && m < view->header->nr_members && !error; m++) {
			if (view->members[m].group == group &&
			    map_member(target, view, m) == -ENOENT)
				error = want(wanted, m);
		}
	}
	return error;
}

static int fill_unit(const struct target *target, const struct index_view *view, uint32_t index,
		     struct unit *unit)
{
	const struct index_member *m = &view->members[index];
	const char *source = view->strings + m->source, *slash = strrchr(source, '/');
	int length = slash ? (int)(slash - source) : 0;
	const char *common = "-I%s/%.*s -I$(obj) -I%s/include/trace %s";

	unit->name = view->strings + m->name;
	unit->source = format_path("%s/%s", target->source, source);
	unit->prelude = m->prelude ? format_path("%s/runtime/linux/%s", target->data,
						 view->strings + m->prelude)
				   : NULL;
	unit->modname = view->strings + m->modname;
	unit->cflags = format_path(common, target->source, length, source, target->source,
				   view->strings + m->cflags);
	unit->aflags = format_path(common, target->source, length, source, target->source,
				   view->strings + m->aflags);
	unit->cflags_remove = view->strings + m->cflags_remove;
	unit->aflags_remove = view->strings + m->aflags_remove;
	unit->generate = view->strings + m->generate;
	unit->marker = view->strings + m->marker;
	unit->needs = view->strings + m->needs;
	unit->assembler = m->assembler;
	unit->nonstandard = m->nonstandard;
	return unit->source && unit->cflags && unit->aflags && (unit->prelude || !m->prelude)
		       ? 0
		       : -ENOMEM;
}

static void empty_unit(struct unit *unit)
{
	free((char *)unit->source);
	free((char *)unit->prelude);
	free((char *)unit->cflags);
	free((char *)unit->aflags);
	free(unit->object);
}

/* The compiler says so, rather than being killed or out of space: will it never compile? */
static bool is_rejected(const struct unit *unit, const char *log)
{
	return log && strstr(log, "error:") && strstr(log, unit->source);
}

/* Put an object, or the fact that it does not compile, into the cache. */
static int store_member(struct target *target, struct member *member, struct unit *unit,
			const char *log)
{
	char *directory =
		strndup(member->path, (size_t)(strrchr(member->path, '/') - member->path));
	char *linked = NULL, *failed = NULL, *text = NULL;
	int error = directory ? make_directories(directory) : -ENOMEM;
	size_t size;

	if (error)
		goto out;
	if (!unit->object) {
		member->failed = true;
		if (!is_rejected(unit, log))
			goto out;
		failed = format_path("%s.failed", member->path);
		error = failed ? sealed_write(failed, log, strlen(log)) : -ENOMEM;
		target_trace(target, member->object.name, target->release,
			     "%s does not compile for %s", unit->name, target->release);
		goto out;
	}
	linked = format_path("%s.linked", unit->object);
	error = linked ? kbuild_link(target, linked, &unit->object, 1) : -ENOMEM;
	if (!error)
		error = read_file(linked, &text, &size);
	if (!error)
		error = sealed_write(member->path, text, size);
	target_trace(target, member->object.name, target->release, "%s compiled for %s", unit->name,
		     target->release);
out:
	free(directory);
	free(linked);
	free(failed);
	free(text);
	return error;
}

static int compile_units(struct target *target, const struct index_view *view,
			 const struct wanted *wanted)
{
	struct unit *units = calloc(wanted->count, sizeof(*units));
	char *work = format_path("%s/work-library", target->directory), *log = NULL;
	int error = units && work ? 0 : -ENOMEM;

	for (unsigned int i = 0; i < wanted->count && !error; i++)
		error = fill_unit(target, view, wanted->index[i], &units[i]);
	for (unsigned int i = 0; i < wanted->count && !error; i++)
		units[i].cached = target->members[wanted->index[i]].path;
	if (!error)
		error = kbuild_compile(target, "compiling library", work, units, wanted->count,
				       &log);
	for (unsigned int i = 0; i < wanted->count && !error; i++)
		error = store_member(target, &target->members[wanted->index[i]], &units[i], log);
	for (unsigned int i = 0; units && i < wanted->count; i++)
		empty_unit(&units[i]);
	if (work)
		remove_tree(work);
	free(units);
	free(work);
	free(log);
	return error;
}

static int compile_wanted(struct target *target, const struct index_view *view,
			  struct wanted *wanted)
{
	char *lock = format_path("%s/lock", target->directory);
	unsigned int kept = 0;
	int fd, error;

	if (target->options.flags & R3_BOX_OFFLINE) {
		free(lock);
		return r3_fail(
			-ENOENT, "%s is not compiled yet for %s, and may not be now (offline)",
			view->strings + view->members[wanted->index[0]].source, target->release);
	}
	error = lock ? want_companions(target, view, wanted) : -ENOMEM;
	if (error)
		goto out;
	fd = cache_lock(lock);
	if (fd < 0) {
		error = fd;
		goto out;
	}
	/* another process may have been faster */
	for (unsigned int i = 0; i < wanted->count; i++) {
		if (map_member(target, view, wanted->index[i]) == -ENOENT)
			wanted->index[kept++] = wanted->index[i];
	}
	wanted->count = kept;
	target->lock_fd = fd;
	if (kept)
		error = compile_units(target, view, wanted);
	target->lock_fd = 0;
	close(fd);
out:
	free(lock);
	return error;
}

/* ---- symbols ---- */

static bool object_defines(const struct target_object *object, const char *symbol, bool *is_data)
{
	const Elf64_Ehdr *header = object->data;
	const Elf64_Shdr *sections =
		(const Elf64_Shdr *)((const char *)object->data + header->e_shoff);
	const Elf64_Sym *symbols;
	const char *strings;

	for (unsigned int i = 1; i < header->e_shnum; i++) {
		if (sections[i].sh_type != SHT_SYMTAB)
			continue;
		symbols = (const Elf64_Sym *)((const char *)object->data + sections[i].sh_offset);
		strings = (const char *)object->data + sections[sections[i].sh_link].sh_offset;
		for (size_t s = sections[i].sh_info; s < sections[i].sh_size / sizeof(*symbols);
		     s++) {
			if (symbols[s].st_shndx == SHN_UNDEF ||
			    strcmp(strings + symbols[s].st_name, symbol))
				continue;
			if (is_data)
				*is_data = ELF64_ST_TYPE(symbols[s].st_info) == STT_OBJECT;
			return true;
		}
	}
	return false;
}

/* The entry after entry (0: the first) for symbol; 0 if there is none. */
static uint32_t next_candidate(const struct index_view *view, const char *symbol, uint32_t entry)
{
	uint32_t at = entry ? view->symbols[entry - 1].next
			    : view->buckets[symbol_hash(symbol) & (view->header->nr_buckets - 1)];

	while (at && strcmp(view->strings + view->symbols[at - 1].name, symbol))
		at = view->symbols[at - 1].next;
	return at;
}

static int find_member(struct target *target, const struct index_view *view, const char *symbol,
		       const struct target_object **object, bool *is_data)
{
	int result = -ENOENT, error;

	for (uint32_t at = next_candidate(view, symbol, 0); at;
	     at = next_candidate(view, symbol, at)) {
		uint32_t index = view->symbols[at - 1].member;
		struct wanted wanted = {0};

		error = map_member(target, view, index);
		if (error == -ENOENT) {
			error = want(&wanted, index);
			if (!error)
				error = compile_wanted(target, view, &wanted);
			free(wanted.index);
			if (error)
				return error;
			error = map_member(target, view, index);
		}
		if (error == -EIO) {
			result = r3_fail(-EIO, "%s does not compile for %s; see %s.failed",
					 view->strings + view->members[index].source,
					 target->release, target->members[index].path);
			continue;
		}
		if (error)
			return error;
		if (object_defines(&target->members[index].object, symbol, is_data)) {
			*object = &target->members[index].object;
			return 0;
		}
	}
	return result;
}

int target_library_member(struct target *target, const char *symbol,
			  const struct target_object **object, bool *is_data)
{
	struct index_view view;
	int error;

	pthread_mutex_lock(&target->lock);
	error = library_ready(target, &view);
	if (!error)
		error = find_member(target, &view, symbol, object, is_data);
	pthread_mutex_unlock(&target->lock);
	return error;
}

bool target_library_has(struct target *target, const char *symbol, bool *is_data)
{
	struct index_view view;
	uint32_t at = 0;

	pthread_mutex_lock(&target->lock);
	if (!library_ready(target, &view))
		at = next_candidate(&view, symbol, 0);
	if (at && is_data)
		*is_data = view.symbols[at - 1].kind == SCAN_DATA;
	pthread_mutex_unlock(&target->lock);
	return at != 0;
}

int target_library_prepare(struct target *target, const char *const *symbols, unsigned int count)
{
	struct wanted wanted = {0};
	struct index_view view;
	int error;

	pthread_mutex_lock(&target->lock);
	error = library_ready(target, &view);
	for (unsigned int i = 0; i < count && !error; i++) {
		uint32_t at = next_candidate(&view, symbols[i], 0);

		if (at && map_member(target, &view, view.symbols[at - 1].member) == -ENOENT)
			error = want(&wanted, view.symbols[at - 1].member);
	}
	if (!error && wanted.count)
		error = compile_wanted(target, &view, &wanted);
	free(wanted.index);
	pthread_mutex_unlock(&target->lock);
	return error;
}

/* ---- the end ---- */

void target_close(struct target *target)
{
	struct index_view view;

	if (!target)
		return;
	if (target->members && !library_index_view(&target->library, &view)) {
		for (uint32_t i = 0; i < view.header->nr_members; i++) {
			mapping_close(&target->members[i].mapping);
			free((char *)target->members[i].object.name);
			free(target->members[i].path);
		}
	}
	free(target->members);
	mapping_close(&target->library);
	mapping_close(&target->runtime);
	mapping_close(&target->exports);
	free(target->objects);
	free(target->release);
	free(target->headers);
	free(target->tree);
	free(target->source);
	free(target->data);
	free(target->cache);
	free(target->directory);
	free(target->library_directory);
	pthread_mutex_destroy(&target->lock);
	free(target);
}
