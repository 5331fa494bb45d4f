// SPDX-License-Identifier: GPL-2.0-or-later
/* Which modules answer to which patterns: modules.alias, read or made. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "elf/elf_view.h"
#include "loader/module_aliases.h"
#include "target/target.h"

size_t module_file_name(const char *path, const char **name)
{
	static const char *const endings[] = {".ko", ".ko.gz", ".ko.xz", ".ko.zst"};
	const char *slash = strrchr(path, '/');
	size_t whole;

	*name = slash ? slash + 1 : path;
	whole = strlen(*name);
	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		size_t ending = strlen(endings[i]);

		if (whole > ending && !strcmp(*name + whole - ending, endings[i]))
			return whole - ending;
	}
	return 0;
}

static void write_aliases_of(FILE *out, const char *path)
{
	struct module_image image;
	struct elf_problem problem;
	const char *alias = NULL, *name;
	struct elf_view view;
	size_t length = module_file_name(path, &name);

	if (image_read_file(&image, path, NULL))
		return;
	if (!elf_open(&view, image.data, image.size, &problem))
		while ((alias = elf_modinfo_next(&view, "alias", alias)))
			if (*alias && !strpbrk(alias, " \t\n"))
				fprintf(out, "alias %s %.*s\n", alias, (int)length, name);
	image_release(&image);
}

static int make_text(char **text, const struct r3_box_options *options, const char *const *paths,
		     size_t count)
{
	size_t size;
	FILE *out = open_memstream(text, &size);
	int error;

	if (!out)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++) {
		if (options->progress)
			options->progress(options->context, "reading aliases", i + 1, count);
		write_aliases_of(out, paths[i]);
	}
	error = ferror(out) ? -ENOMEM : 0;
	if (fclose(out) && !error)
		error = -ENOMEM;
	return error;
}

/* What depmod wrote; NULL: it was never run here. */
static char *read_modules_alias(const char *directory)
{
	char path[PATH_MAX], *text = NULL;
	size_t size = 0;
	FILE *in;

	if ((size_t)snprintf(path, sizeof(path), "%s/modules.alias", directory) >= sizeof(path))
		return NULL;
	in = fopen(path, "re");
	if (!in)
		return NULL;
	if (getdelim(&text, &size, '\0', in) < 0) {
		free(text);
		text = ferror(in) ? NULL : strdup("");
	}
	fclose(in);
	return text;
}

/* Lines of other words than "alias" are comments. */
static int parse(struct aliases *aliases)
{
	char *line, *rest = aliases->text, *words;
	size_t lines = 1;

	for (const char *at = aliases->text; (at = strchr(at, '\n')); at++)
		lines++;
	aliases->all = calloc(lines, sizeof(*aliases->all));
	if (!aliases->all)
		return -ENOMEM;
	while ((line = strsep(&rest, "\n"))) {
		struct alias *alias = &aliases->all[aliases->count];
		char *word = strtok_r(line, " ", &words);

		if (!word || strcmp(word, "alias"))
			continue;
		alias->pattern = strtok_r(NULL, " ", &words);
		alias->module = alias->pattern ? strtok_r(NULL, " ", &words) : NULL;
		aliases->count += alias->module != NULL;
	}
	return 0;
}

int aliases_read(struct aliases *aliases, const struct r3_box_options *options,
		 const char *const *paths, size_t count)
{
	char key[KEPT_KEY];
	int error = 0;

	*aliases = (struct aliases){.text = read_modules_alias(options->modules_dir)};
	if (!aliases->text) {
		kept_key(paths, count, key);
		if (kept_read("aliases", key, &aliases->text)) {
			error = make_text(&aliases->text, options, paths, count);
			/* Without a cache directory it takes as long again the next time. */
			if (!error)
				kept_write("aliases", key, aliases->text);
		}
	}
	if (!error)
		error = parse(aliases);
	if (error)
		aliases_free(aliases);
	return error;
}

void aliases_free(struct aliases *aliases)
{
	free(aliases->all);
	free(aliases->text);
	*aliases = (struct aliases){0};
}
