// SPDX-License-Identifier: GPL-2.0-or-later
/* modinfo: what modules say of themselves. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "tools/kmod/fields.h"
#include "tools/kmod/kmod.h"
#include "tools/kmod/log.h"
#include "tools/kmod/modinfo_json.h"
#include "tools/kmod/name.h"
#include "tools/kmod/pool.h"

struct modinfo {
	const char *field; /* the only one wanted; NULL: all */
	char separator;    /* '\n', or '\0' */
	struct json *json; /* NULL: text */
	bool only_names;   /* arguments are names of modules: no files, no aliases */
	const char *root, *release;
	struct fields_reader *reader;
};

#define KEY_WIDTH 15 /* of a key and the blanks after its colon */

/* key NULL: the value alone */
static void print_start(const struct modinfo *modinfo, const char *key, size_t length)
{
	size_t blanks;

	if (!key)
		return;
	fwrite(key, 1, length, stdout);
	if (!modinfo->separator) {
		putchar('=');
		return;
	}
	putchar(':');
	/* kmod's field width turns negative behind a longer key, which makes blanks again */
	for (blanks = length < KEY_WIDTH ? KEY_WIDTH - length : length - KEY_WIDTH; blanks;
	     blanks--)
		putchar(' ');
}

static void print_text(const struct modinfo *modinfo, const char *key, const char *value)
{
	print_start(modinfo, key, key ? strlen(key) : 0);
	fputs(value, stdout);
	putchar(modinfo->separator);
}

/* As kmod writes them: only a type goes without brackets in the list of all fields. */
static void print_parameter(const struct modinfo *modinfo, const struct parameter *parameter)
{
	const char *key = modinfo->field ? NULL : "parm";

	print_start(modinfo, key, strlen("parm"));
	printf("%.*s:", (int)parameter->name_length, parameter->name);
	if (parameter->description) {
		fwrite(parameter->description, 1, parameter->description_length, stdout);
		if (parameter->type)
			printf(" (%.*s)", (int)parameter->type_length, parameter->type);
	} else {
		printf(key ? "%.*s" : " (%.*s)", (int)parameter->type_length, parameter->type);
	}
	putchar(modinfo->separator);
}

static int print_parameters(const struct modinfo *modinfo, const struct fields *fields)
{
	struct parameter *list;
	size_t count;
	int error = fields_parameters(fields, &list, &count);

	if (error)
		return error;
	while (count) /* kmod's order is the last first */
		print_parameter(modinfo, &list[--count]);
	free(list);
	return 0;
}

static int print_fields(const struct modinfo *modinfo, const struct fields *fields)
{
	const struct modfile_field *field;

	if (modinfo->field && !strcmp(modinfo->field, "parm"))
		return print_parameters(modinfo, fields);
	for (size_t i = 0; i < fields->count; i++) {
		field = &fields->list[i];
		if (modinfo->field) {
			if (!field_has_key(field, modinfo->field))
				continue;
		} else if (field_has_key(field, "parm") || field_has_key(field, "parmtype")) {
			continue;
		} else {
			print_start(modinfo, field->key, field->key_length);
		}
		fwrite(field->value, 1, field->value_length, stdout);
		putchar(modinfo->separator);
	}
	return modinfo->field ? 0 : print_parameters(modinfo, fields);
}

static int complain(const char *name, int error)
{
	error("could not get modinfo from '%s': %s", name, strerror(-error));
	return error;
}

/* path is absolute, or NULL for what is built into the kernel. */
static int show(const struct modinfo *modinfo, const char *name, const char *path,
		const char *directory)
{
	const char *filename = path ? path : "(builtin)";
	struct fields fields;
	int error;

	if (!path && !modinfo->json) {
		if (!modinfo->field)
			print_text(modinfo, "name", name);
		else if (!strcmp(modinfo->field, "name"))
			print_text(modinfo, NULL, name);
	}
	if (modinfo->field && !strcmp(modinfo->field, "filename")) {
		print_text(modinfo, NULL, filename);
		return 0;
	}
	if (!modinfo->field && !modinfo->json)
		print_text(modinfo, "filename", filename);

	error = path ? fields_of_file(&fields, path, modinfo->reader)
		     : fields_of_builtin(&fields, directory, name);
	if (!path && error == -ENOENT)
		error = 0; /* a kernel that does not tell: there are no fields */
	if (error)
		return complain(name, error);
	error = modinfo->json ? modinfo_json(modinfo->json, name, path, &fields)
			      : print_fields(modinfo, &fields);
	fields_free(&fields);
	return error ? complain(name, error) : 0;
}

static int show_file(const struct modinfo *modinfo, const char *path)
{
	char name[PATH_MAX], absolute[PATH_MAX];
	int error = kmod_absolute(path, absolute);

	name_from_path(path, name);
	return error ? complain(name, error) : show(modinfo, name, absolute, NULL);
}

/* What has no file is built in. */
static int show_found(const struct modinfo *modinfo, struct pool *pool,
		      const struct pool_list *found)
{
	int error, last = 0;

	for (size_t i = 0; i < found->count; i++) {
		struct pool_module *module = found->modules[i];

		error = pool_read_needs(pool, module);
		if (!error)
			error = show(modinfo, module->name, module->path, pool->directory);
		if (error)
			last = error;
	}
	return last;
}

static int show_named(const struct modinfo *modinfo, const char *argument, const char *directory)
{
	struct pool pool = {.directory = directory};
	struct pool_list found = {0};
	int error = modinfo->only_names ? pool_lookup_name(&pool, argument, &found)
					: pool_lookup(&pool, argument, &found);

	if (modinfo->only_names && !found.count)
		error("Module name %s not found.", argument);
	else if (error)
		error("Module alias %s not found.", argument);
	else if (!found.count)
		error("Module %s not found.", argument);
	if (!error)
		error = found.count ? show_found(modinfo, &pool, &found) : -ENOENT;
	pool_list_release(&found);
	pool_release(&pool);
	return error;
}

static bool is_file(const char *path)
{
	struct stat status;

	return name_is_module_file(path) && !stat(path, &status) && S_ISREG(status.st_mode);
}

static void print_help(void)
{
	printf("Usage:\n"
	       "\t%s [options] <modulename|filename>...\n"
	       "Options:\n"
	       "\t-a, --author                print the authors only\n"
	       "\t-d, --description           print the description only\n"
	       "\t-l, --license               print the licence only\n"
	       "\t-p, --parameters            print the parameters only\n"
	       "\t-n, --filename              print the file's name only\n"
	       "\t-F, --field FIELD           print this field only\n"
	       "\t-0, --null                  end each field with \\0, and print it as "
	       "FIELD=VALUE\n"
	       "\t    --json                  print a JSON document\n"
	       "\t-m, --modname               arguments are names of modules, not files or "
	       "aliases\n"
	       "\t-k, --set-version VERSION   look for names in VERSION, not $(uname -r)\n"
	       "\t-b, --basedir DIR           look for names in DIR" MODULES_ROOT "\n"
	       "\t-V, --version               show version\n"
	       "\t-h, --help                  show this help\n",
	       program_invocation_short_name);
}

#define OPTION_JSON 256

/* 0: go on; 1: the work is done; -1: wrong usage */
static int parse(struct modinfo *modinfo, struct json *json, int argc, char **argv)
{
	static const struct option options[] = {
		{"author", no_argument, NULL, 'a'},
		{"description", no_argument, NULL, 'd'},
		{"license", no_argument, NULL, 'l'},
		{"parameters", no_argument, NULL, 'p'},
		{"filename", no_argument, NULL, 'n'},
		{"null", no_argument, NULL, '0'},
		{"modname", no_argument, NULL, 'm'},
		{"field", required_argument, NULL, 'F'},
		{"set-version", required_argument, NULL, 'k'},
		{"basedir", required_argument, NULL, 'b'},
		{"json", no_argument, NULL, OPTION_JSON},
		{"version", no_argument, NULL, 'V'},
		{"help", no_argument, NULL, 'h'},
		{},
	};
	int option;

	while ((option = getopt_long(argc, argv, "adlpn0mF:k:b:Vh", options, NULL)) != -1) {
		switch (option) {
		case 'a':
			modinfo->field = "author";
			break;
		case 'd':
			modinfo->field = "description";
			break;
		case 'l':
			modinfo->field = "license";
			break;
		case 'p':
			modinfo->field = "parm";
			break;
		case 'n':
			modinfo->field = "filename";
			break;
		case '0':
			modinfo->separator = '\0';
			break;
		case 'm':
			modinfo->only_names = true;
			break;
		case 'F':
			modinfo->field = optarg;
			break;
		case 'k':
			modinfo->release = optarg;
			break;
		case 'b':
			modinfo->root = optarg;
			break;
		case OPTION_JSON:
			modinfo->json = json;
			break;
		case 'h':
			print_help();
			return 1;
		case 'V':
			kmod_print_version();
			return 1;
		default:
			kmod_bad_option(option);
			return -1;
		}
	}
	return 0;
}

int kmod_modinfo(int argc, char **argv)
{
	struct fields_reader reader;
	struct modinfo modinfo = {.separator = '\n', .reader = &reader};
	struct json json = {.out = stdout};
	char directory[PATH_MAX];
	int status = parse(&modinfo, &json, argc, argv);

	if (status)
		return status > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
	if (optind >= argc) {
		error("missing module or filename.");
		return EXIT_FAILURE;
	}
	if (modinfo.json && modinfo.field) {
		error("--json prints every field; choose from its document.");
		return EXIT_FAILURE;
	}
	if (kmod_directory(modinfo.root, modinfo.release, directory))
		return EXIT_FAILURE;
	reader.pkcs7 = (struct pkcs7_reader){0};
	if (modinfo.json)
		json_open(&json, NULL, '[');
	for (int i = optind; i < argc; i++) {
		if (!modinfo.only_names && is_file(argv[i]))
			status |= show_file(&modinfo, argv[i]);
		else
			status |= show_named(&modinfo, argv[i], directory);
	}
	if (modinfo.json)
		json_close(&json, ']');
	pkcs7_end(&reader.pkcs7);
	return status ? EXIT_FAILURE : EXIT_SUCCESS;
}
