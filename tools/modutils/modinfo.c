// SPDX-License-Identifier: GPL-2.0-or-later
/* modinfo: what objects say of themselves. */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include "tools/modutils/conf.h"
#include "tools/modutils/object.h"
#include "tools/modutils/parameters.h"
#include "tools/modutils/tools.h"

#define DEFAULT_FORMAT                                                                             \
	"filename:    %n\ndescription: %d\nauthor:      %a\nlicense:     %l\nparm:        %p\n"

/* The rest of a text of several lines is indented. */
static void print_indented(const char *text)
{
	putchar('"');
	for (; *text; text++) {
		putchar(*text);
		if (*text == '\n')
			fputs("  ", stdout);
	}
	putchar('"');
}

static void print_tag(const struct object *object, const char *path, const char *tag)
{
	static const char *const texts[] = {"author", "description", "license"};
	const char *value = strcmp(tag, "filename") ? object_modinfo(object, tag) : path;

	if (!value) {
		fputs("<none>", stdout);
		return;
	}
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (!strcmp(tag, texts[i])) {
			print_indented(value);
			return;
		}
	}
	fputs(value, stdout);
}

static const char *type_name(char type)
{
	switch (type) {
	case 'b':
		return "byte";
	case 'h':
		return "short";
	case 'i':
		return "int";
	case 'l':
		return "long";
	case 's':
		return "string";
	case 'c':
		return "char";
	default:
		return NULL;
	}
}

static void print_parameter(const struct object *object, const char *name, const char *type,
			    const char *description)
{
	struct parm parm;

	parm_parse(type, &parm);
	if (!object_find_symbol(object, name))
		printf("warning: symbol for parameter %s not found\n", name);
	if (parm.max < parm.min)
		printf("warning: parameter %s has max < min!\n", name);
	printf("%s ", name);
	if (!parm.type) {
		printf("no format character!\n");
		return;
	}
	if (!type_name(parm.type)) {
		printf("unknown format character '%c'", parm.type);
		return;
	}
	fputs(type_name(parm.type), stdout);
	if (parm.type == 'c' && !parm.size)
		printf(" *** missing string size ***");
	if (*parm.rest == 'p')
		printf(" persistent%s", parm.type == 's' ? " (invalid)" : "");
	else if (*parm.rest)
		printf(" unknown format modifier '%c'", *parm.rest);
	if (parm.min > 1 || parm.max > 1)
		printf(" array (min = %lu, max = %lu)", parm.min, parm.max);
	if (description && *description) {
		printf(", description ");
		print_indented(description);
	}
}

/* What a parameter's line is printed for. */
struct parameter {
	const char *name, *type, *description;
};

/* \n and such. */
static char escaped(char letter)
{
	static const char letters[] = "avbeEfnrt", values[] = "\a\v\b\033\033\f\n\r\t";
	const char *found = letter ? strchr(letters, letter) : NULL;

	return found ? values[found - letters] : letter;
}

static void print_replacement(struct object *object, const char *path, const char **format,
			      const struct parameter *parameter)
{
	const char letter = *(*format)++;
	const char *end, *tag;

	switch (letter) {
	case 'a':
		print_tag(object, path, "author");
		break;
	case 'd':
		print_tag(object, path, "description");
		break;
	case 'l':
		print_tag(object, path, "license");
		break;
	case 'n':
		print_tag(object, path, "filename");
		break;
	case 'p':
		print_parameter(object, parameter->name, parameter->type, parameter->description);
		break;
	case '{':
		end = strchr(*format, '}');
		tag = object_text(object, "%.*s", (int)(end - *format), *format);
		*format = end + 1;
		if (tag && !strcmp(tag, "parm"))
			print_parameter(object, parameter->name, parameter->type,
					parameter->description);
		else if (tag)
			print_tag(object, path, tag);
		break;
	default:
		putchar(letter);
	}
}

/* The length of the format's first line, in which a newline may be written as \n. */
static size_t line_length(const char *format)
{
	const char *at = format;

	while (*at && *at != '\n' && strncmp(at, "\\n", 2))
		at += *at == '\\' && at[1] ? 2 : 1;
	return at - format + (*at == '\n' ? 1 : *at ? 2 : 0);
}

static void print_line(struct object *object, const char *path, const char *format, size_t length,
		       const struct parameter *parameter)
{
	const char *end = format + length;

	while (format < end) {
		if (*format == '%' && format[1]) {
			format++;
			print_replacement(object, path, &format, parameter);
		} else if (*format == '\\' && format[1]) {
			putchar(escaped(format[1]));
			format += 2;
		} else {
			putchar(*format++);
		}
	}
}

/* A line that shows parameters is there once for each. */
static void print_parameters(struct object *object, const char *path, const char *format,
			     size_t length)
{
	for (const char *string = object_modinfo_string(object, NULL); string;
	     string = object_modinfo_string(object, string)) {
		size_t name_length = parm_is(string);
		struct parameter parameter;
		const char *tag;

		if (!name_length || !string[5 + name_length])
			continue;
		parameter.name = object_text(object, "%.*s", (int)name_length, string + 5);
		parameter.type = string + 5 + name_length + 1;
		tag = object_text(object, "parm_desc_%.*s", (int)name_length, string + 5);
		if (!parameter.name || !tag)
			return;
		parameter.description = object_modinfo(object, tag);
		print_line(object, path, format, length, &parameter);
	}
}

static bool has_parameter(const char *format, size_t length)
{
	const char *end = format + length;

	for (; format + 1 < end; format++)
		if (*format == '%' && (format[1] == 'p' || !strncmp(format + 1, "{parm}", 6)))
			return true;
	return false;
}

static void print_format(struct object *object, const char *path, const char *format)
{
	while (*format) {
		size_t length = line_length(format);

		if (has_parameter(format, length))
			print_parameters(object, path, format, length);
		else
			print_line(object, path, format, length, NULL);
		format += length;
	}
}

static bool is_format(const char *format, struct messages *messages)
{
	for (; *format; format++) {
		if (*format == '\\' && format[1])
			format++;
		if (*format != '%')
			continue;
		if (!*++format) {
			tell_error(messages, "missing replacement");
			return false;
		}
		if (*format == '{' && !strchr(format, '}')) {
			tell_error(messages, "unterminated %%{...} construct");
			return false;
		}
		if (!strchr("%adnlp{", *format)) {
			tell_error(messages, "%c: unknown replacement", *format);
			return false;
		}
		if (*format == '{')
			format = strchr(format, '}');
	}
	return true;
}

static int print_file(const char *path, const char *format, struct messages *messages)
{
	const char *from = messages->from;
	struct elf_problem problem = {};
	struct module_image image;
	struct object object = {};
	int error;

	messages->from = path;
	error = image_read_file(&image, path, &problem);
	if (error) {
		tell_error(messages, "%s: %s", path,
			   *problem.message ? problem.message : strerror(-error));
	} else {
		error = object_read(&object, image.data, image.size, messages);
		if (!error)
			print_format(&object, path, format);
		object_release(&object);
		image_release(&image);
	}
	messages->from = from;
	return error;
}

static int print_module(const char *name, const char *format, struct messages *messages)
{
	struct utsname uts;
	struct conf conf = {
		.root = "", .paths_only = true, .runs_commands = true, .any_owner = true};
	char *path = NULL;
	int error = -1;

	if (strpbrk(name, "/."))
		return print_file(name, format, messages);
	conf.release = uname(&uts) ? "" : uts.release;
	if (!conf_read(&conf, NULL, messages))
		path = conf_search_module(&conf, name, messages);
	conf_release(&conf);
	if (path)
		error = print_file(path, format, messages);
	else
		tell_error(messages, "%s: no module by that name found", name);
	free(path);
	return error;
}

static void usage(FILE *to)
{
	fputs("usage: modinfo <options> <module>\n"
	      "  -a, --author            the author\n"
	      "  -d, --description       the description\n"
	      "  -l, --license           the license\n"
	      "  -n, --filename          the file\n"
	      "  -f, --format <str>      <str>, in which %a %d %l %n %p and %{TAG} are replaced\n"
	      "  -p, --parameters        the parameters\n"
	      "  -V, --version           show version\n"
	      "  -h, --help              this usage screen\n"
	      "      --scheme SCHEME     2.4 or 2.6, whatever the kernel is\n",
	      to);
}

int modutils_modinfo(int argc, char **argv)
{
	static const struct option options[] = {{"author", 0, NULL, 'a'},
						{"description", 0, NULL, 'd'},
						{"license", 0, NULL, 'l'},
						{"filename", 0, NULL, 'n'},
						{"format", 1, NULL, 'f'},
						{"parameters", 0, NULL, 'p'},
						{"version", 0, NULL, 'V'},
						{"help", 0, NULL, 'h'},
						{}};
	const char *format = DEFAULT_FORMAT;
	struct messages messages;
	char single[] = "%?\n";
	int option, status = EXIT_SUCCESS;

	modutils_start(&messages, "modinfo");
	while ((option = getopt_long(argc, argv, "adlnpf:Vh", options, NULL)) != -1) {
		switch (option) {
		case 'f':
			format = optarg;
			break;
		case 'V':
			modutils_print_version(stdout, "modinfo");
			return EXIT_SUCCESS;
		case 'h':
			usage(stdout);
			return EXIT_SUCCESS;
		case '?':
			usage(stderr);
			return EXIT_FAILURE;
		default:
			single[1] = option;
			format = single;
		}
	}
	if (optind >= argc) {
		usage(stderr);
		return EXIT_FAILURE;
	}
	if (!is_format(format, &messages))
		return EXIT_FAILURE;
	for (; optind < argc; optind++)
		if (print_module(argv[optind], format, &messages))
			status = EXIT_FAILURE;
	return status;
}
