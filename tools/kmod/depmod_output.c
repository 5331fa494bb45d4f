// SPDX-License-Identifier: GPL-2.0-or-later
/* The files that depmod makes, in kmod's order. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "tools/kmod/depmod_output.h"
#include "tools/kmod/kmod.h"
#include "tools/kmod/log.h"

typedef int (*make_fn)(const struct depmod *depmod, struct buffer *out);
typedef int (*collect_fn)(const struct depmod *depmod, struct index_entries *entries,
			  struct texts *texts);

static const struct output {
	const char *name;
	make_fn make;        /* of a text */
	collect_fn collect;  /* of an index */
	const char *content; /* of an index: what -w calls it; NULL: duplicates are usual */
} outputs[] = {
	{.name = "modules.dep", .make = depmod_make_dep},
	{.name = "modules.dep.bin", .collect = depmod_collect_dep, .content = "deps"},
	{.name = "modules.alias", .make = depmod_make_alias},
	{.name = "modules.alias.bin", .collect = depmod_collect_alias, .content = "alias"},
	{.name = "modules.softdep", .make = depmod_make_softdep},
	{.name = "modules.weakdep", .make = depmod_make_weakdep},
	{.name = "modules.symbols", .make = depmod_make_symbols},
	{.name = "modules.symbols.bin", .collect = depmod_collect_symbols, .content = "syms"},
	{.name = "modules.builtin.bin", .collect = depmod_collect_builtin},
	{.name = "modules.builtin.alias.bin", .collect = depmod_collect_builtin_alias},
	{.name = "modules.devname", .make = depmod_make_devname},
};
#define NR_OUTPUTS (sizeof(outputs) / sizeof(outputs[0]))

struct making {
	const struct depmod *depmod;
	struct published files[NR_OUTPUTS];
	struct index_entries entries[NR_OUTPUTS];
	struct texts texts[NR_OUTPUTS];
	bool stays_empty[NR_OUTPUTS]; /* not even an index's head is in it, as in kmod's */
};

static void warn_duplicates(const struct index_entries *entries, const char *what)
{
	const struct index_entry *one = entries->entries, *end = one + entries->count;

	for (; one + 1 < end; one++)
		if (!strcmp(one[0].key, one[1].key) && !strcmp(one[0].value, one[1].value))
			warning("duplicate module %s:\n%s %s", what, one->key, one->value);
}

/* What may complain is done in kmod's order, the rest in parallel. */
static bool may_complain(const struct output *output)
{
	return output->collect || output->make == depmod_make_devname;
}

static void start(struct making *making, size_t i)
{
	const struct output *output = &outputs[i];
	struct published *file = &making->files[i];

	if (output->collect)
		file->error =
			output->collect(making->depmod, &making->entries[i], &making->texts[i]);
	else if (may_complain(output))
		file->error = output->make(making->depmod, &file->content);
	if (file->error == -ENOENT) {
		making->stays_empty[i] = true;
		file->error = 0;
	}
	if (!file->error && output->content && making->depmod->options.warn_duplicates) {
		index_sort(&making->entries[i]);
		warn_duplicates(&making->entries[i], output->content);
	}
}

static void finish(void *context, size_t i)
{
	struct making *making = context;
	struct published *file = &making->files[i];

	if (file->error || making->stays_empty[i])
		return;
	if (outputs[i].collect)
		file->error = index_make(&making->entries[i], &file->content);
	else if (!may_complain(&outputs[i]))
		file->error = outputs[i].make(making->depmod, &file->content);
	if (!file->error && file->content.failed)
		file->error = -ENOMEM;
	if (file->error)
		error("Could not create '%s'. The old one stays: %s", file->name,
		      strerror(-file->error));
}

/* Texts alone, to standard output. */
static int show(struct making *making)
{
	for (size_t i = 0; i < NR_OUTPUTS; i++) {
		struct published *file = &making->files[i];

		if (outputs[i].collect)
			continue;
		start(making, i);
		finish(making, i);
		if (file->error)
			return file->error;
		if (file->content.size)
			fwrite(file->content.data, 1, file->content.size, stdout);
	}
	return 0;
}

/* Two things at once: what is to be done in order, and the texts that need nothing of it. */
static void begin(void *context, size_t which)
{
	struct making *making = context;

	for (size_t i = 0; i < NR_OUTPUTS; i++) {
		if (which == 0 && may_complain(&outputs[i]))
			start(making, i);
		if (which == 1 && !may_complain(&outputs[i]))
			finish(making, i);
	}
}

static void finish_rest(void *context, size_t i)
{
	if (may_complain(&outputs[i]))
		finish(context, i);
}

/* The directory, if it is not there, and those that it lies in. */
static int make_directory(const char *path)
{
	char inside[PATH_MAX + 1];
	struct stat status;
	int error;

	if (!stat(path, &status))
		return 0;
	snprintf(inside, sizeof(inside), "%s/", path);
	error = kmod_make_parents(inside);
	if (error)
		log_message(LOG_CRIT, "could not create directory %s: %s", path, strerror(-error));
	return error;
}

static int write_files(struct making *making)
{
	const char *directory = making->depmod->options.output;
	int error = make_directory(directory);

	if (error)
		return error;
	run_parallel(2, begin, making);
	run_parallel(NR_OUTPUTS, finish_rest, making);
	for (size_t i = 0; i < NR_OUTPUTS; i++)
		if (making->files[i].error)
			return making->files[i].error;
	return publish(directory, making->files, NR_OUTPUTS);
}

int depmod_write(const struct depmod *depmod)
{
	struct making making = {.depmod = depmod};
	int error;

	if (depmod->options.json)
		return depmod_write_json(depmod);
	for (size_t i = 0; i < NR_OUTPUTS; i++)
		making.files[i].name = outputs[i].name;
	error = depmod->options.dry_run ? show(&making) : write_files(&making);
	for (size_t i = 0; i < NR_OUTPUTS; i++) {
		buffer_release(&making.files[i].content);
		index_entries_release(&making.entries[i]);
		texts_release(&making.texts[i]);
	}
	return error;
}
