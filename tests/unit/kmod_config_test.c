// SPDX-License-Identifier: GPL-2.0-or-later
/* What modprobe reads: modprobe.d, the directories it lies in, the kernel's command line. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>
#include "tools/kmod/conf_files.h"
#include "tools/kmod/config.h"

/* What was told, from begin_messages() on; for a function that tells wrong lines. */
struct messages {
	FILE *file;
	int stderr_fd;
	char text[4096];
};

static void begin_messages(struct messages *messages)
{
	messages->file = tmpfile();
	assert_non_null(messages->file);
	messages->stderr_fd = dup(STDERR_FILENO);
	assert_true(dup2(fileno(messages->file), STDERR_FILENO) >= 0);
}

static void end_messages(struct messages *messages)
{
	size_t size;

	assert_true(dup2(messages->stderr_fd, STDERR_FILENO) >= 0);
	close(messages->stderr_fd);
	rewind(messages->file);
	size = fread(messages->text, 1, sizeof(messages->text) - 1, messages->file);
	messages->text[size] = '\0';
	fclose(messages->file);
}

static void parse(struct config *config, const char *text)
{
	FILE *in = fmemopen((char *)text, strlen(text), "r");

	assert_non_null(in);
	*config = (struct config){0};
	assert_int_equal(config_parse(config, in, "/etc/modprobe.d/a.conf"), 0);
	fclose(in);
}

static void parse_kernel(struct config *config, const char *line)
{
	char *text = strdup(line);

	assert_non_null(text);
	*config = (struct config){0};
	assert_int_equal(config_parse_kernel(config, text, "/proc/cmdline"), 0);
	free(text);
}

/* The entries are these "NAME=VALUE", up to a NULL; "NAME" of those without a value. */
static void assert_entries(const struct config_entry *entry, const char *const *wanted)
{
	char text[256];

	for (; entry; entry = entry->next) {
		snprintf(text, sizeof(text), "%s%s%s", entry->name, entry->value ? "=" : "",
			 entry->value ? entry->value : "");
		assert_non_null(*wanted);
		assert_string_equal(text, *wanted++);
	}
	assert_null(*wanted);
}
#define ASSERT_ENTRIES(config, kind, ...)                                                          \
	assert_entries((config)->first[kind], (const char *const[]){__VA_ARGS__, NULL})

static void each_directive_is_kept_with_its_line(void **state)
{
	static const char *const lines = "alias disk vfat\n"
					 "blacklist pcspkr\n"
					 "forbid nls*\n"
					 "\n"
					 "install vfat echo  two  blanks \n"
					 "remove vfat exit 1\n"
					 "# comment\n"
					 "options fat a=1\tb=2\n"
					 "softdep vfat pre: fat\n"
					 "weakdep vfat fat\n";
	static const unsigned int wanted[] = {
		[CONFIG_ALIAS] = 1,   [CONFIG_BLACKLIST] = 2, [CONFIG_FORBID] = 3,
		[CONFIG_INSTALL] = 5, [CONFIG_REMOVE] = 6,    [CONFIG_OPTIONS] = 8,
		[CONFIG_SOFTDEP] = 9, [CONFIG_WEAKDEP] = 10,
	};
	char place[PATH_MAX];
	struct config config;

	parse(&config, lines);
	for (unsigned int kind = 0; kind < NR_CONFIG_KINDS; kind++) {
		assert_non_null(config.first[kind]);
		assert_null(config.first[kind]->next);
		assert_int_equal(config.first[kind]->line, wanted[kind]);
	}
	assert_string_equal(config_place(config.first[CONFIG_OPTIONS], place),
			    "/etc/modprobe.d/a.conf line 8");
	ASSERT_ENTRIES(&config, CONFIG_INSTALL, "vfat=echo  two  blanks ");
	ASSERT_ENTRIES(&config, CONFIG_OPTIONS, "fat=a=1 b=2");
	ASSERT_ENTRIES(&config, CONFIG_BLACKLIST, "pcspkr");
	config_release(&config);
}

static void names_have_underscores_but_in_brackets(void **state)
{
	struct config config;

	parse(&config, "alias a-[0-9]-b c-d\n"
		       "options e-f g-h=i-j\n"
		       "install k-l m-n\n"
		       "softdep o-p pre: q-r\n");
	ASSERT_ENTRIES(&config, CONFIG_ALIAS, "a_[0-9]_b=c_d");
	ASSERT_ENTRIES(&config, CONFIG_OPTIONS, "e_f=g-h=i-j");
	ASSERT_ENTRIES(&config, CONFIG_INSTALL, "k_l=m-n");
	ASSERT_ENTRIES(&config, CONFIG_SOFTDEP, "o_p=pre: q-r");
	config_release(&config);
}

static void a_backslash_continues_a_line_and_keeps_a_byte(void **state)
{
	struct config config;

	parse(&config, "options fat a=1 \\\n  b=2\n"
		       "install fat echo \\$X \\\\ \\\"\n"
		       "# goes on \\\nblacklist hidden\n"
		       "blacklist at-the-end\\");
	ASSERT_ENTRIES(&config, CONFIG_OPTIONS, "fat=a=1   b=2");
	assert_int_equal(config.first[CONFIG_OPTIONS]->line, 2);
	ASSERT_ENTRIES(&config, CONFIG_INSTALL, "fat=echo $X \\ \"");
	ASSERT_ENTRIES(&config, CONFIG_BLACKLIST, "at_the_end");
	config_release(&config);
}

static void wrong_lines_are_told_with_file_and_line(void **state)
{
	static const char *const wanted[] = {
		"a.conf line 1: ignoring bad line starting with 'alias'\n",
		"a.conf line 2: ignoring bad line starting with 'alias'\n",
		"a.conf line 4: ignoring bad line starting with 'options'\n",
		"a.conf line 5: ignoring bad line starting with 'nonsense'\n",
		"a.conf line 7: ignoring bad line starting with 'install'\n",
		"a.conf line 8: ignoring bad line starting with 'alias'\n",
		"a.conf line 9: command include is deprecated and not parsed anymore\n",
		"a.conf line 10: ignoring bad line starting with 'forbid'\n",
	};
	struct messages messages;
	struct config config;
	const char *at;

	begin_messages(&messages);
	parse(&config, "alias\nalias one\n\noptions fat\nnonsense x\ninstall \\\n x\nalias a[b c\n"
		       "include /etc\nforbid\nblacklist kept\n");
	end_messages(&messages);
	at = messages.text;
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		at = strstr(at, "/etc/modprobe.d/");
		assert_non_null(at);
		at += strlen("/etc/modprobe.d/");
		assert_memory_equal(at, wanted[i], strlen(wanted[i]));
	}
	assert_null(strstr(at, "/etc/modprobe.d/"));
	ASSERT_ENTRIES(&config, CONFIG_BLACKLIST, "kept");
	assert_null(config.first[CONFIG_ALIAS]);
	config_release(&config);
}

/* All of the part's names, each with a blank behind it. */
static void collect(const struct config_entry *entry, const char *part, char text[256])
{
	struct config_names names = {.rest = entry->value, .part = part};
	char name[PATH_MAX];

	for (*text = '\0'; config_next_name(&names, name); strcat(text, " "))
		strcat(text, name);
}

static void parts_of_a_softdep_are_put_together(void **state)
{
	struct config config;
	char text[256];

	parse(&config, "softdep a pre: b c post:\td pre:   e\n"
		       "softdep f post: g\n"
		       "softdep h i\n"
		       "weakdep j  k pre: \tl\n");
	ASSERT_ENTRIES(&config, CONFIG_SOFTDEP, "a=pre: b c e post: d", "f=post: g", "h=");
	ASSERT_ENTRIES(&config, CONFIG_WEAKDEP, "j=k pre: l");
	collect(config.first[CONFIG_SOFTDEP], "pre:", text);
	assert_string_equal(text, "b c e ");
	collect(config.first[CONFIG_SOFTDEP], "post:", text);
	assert_string_equal(text, "d ");
	collect(config.first[CONFIG_SOFTDEP]->next, "pre:", text);
	assert_string_equal(text, "");
	collect(config.first[CONFIG_WEAKDEP], NULL, text);
	assert_string_equal(text, "k pre: l ");
	config_release(&config);
}

static void patterns_match_in_the_order_of_lines(void **state)
{
	const struct config_entry *entry;
	struct config config;

	parse(&config, "alias snd-* one\nalias net-pf-1[0-2] two\nalias snd_card three\n");
	entry = config_match(config.first[CONFIG_ALIAS], "snd_card");
	assert_string_equal(entry->value, "one");
	entry = config_match(entry->next, "snd_card");
	assert_string_equal(entry->value, "three");
	assert_null(config_match(entry->next, "snd_card"));
	assert_string_equal(config_match(config.first[CONFIG_ALIAS], "net_pf_11")->value, "two");
	assert_null(config_match(config.first[CONFIG_ALIAS], "net_pf_13"));
	assert_string_equal(config_find(config.first[CONFIG_ALIAS], "snd_card")->value, "three");
	assert_null(config_find(config.first[CONFIG_ALIAS], "snd_other"));
	config_release(&config);
}

static void the_kernel_line_has_options_and_names(void **state)
{
	struct config config;
	char place[PATH_MAX];

	parse_kernel(
		&config,
		"quiet a.b=1 c-d.e-f=g-h root=/dev/x.y=z i.j\tk.l=\"m n\" modprobe.blacklist=o,p-q "
		"\"r.s=t u\" modprobe.blacklist=v\nafter.the=end");
	ASSERT_ENTRIES(&config, CONFIG_OPTIONS, "a=b=1", "c_d=e-f=g-h", "i=j", "k=l=\"m n\"",
		       "r=s=\"t u\"");
	ASSERT_ENTRIES(&config, CONFIG_BLACKLIST, "o", "p_q", "v");
	assert_string_equal(config_place(config.first[CONFIG_OPTIONS], place), "/proc/cmdline");
	config_release(&config);
}

static void words_for_others_are_no_options(void **state)
{
	static const char *const lines[] = {
		"",
		" ",
		".",
		"a.",
		".a=1",
		"a.=1",
		"a.b.c=1",
		"a=b.c",
		"a.\"b c\"",
		"a\"b.c=d\"",
		"\"a\".b=c",
		"\"a.b\"",
		"\"a b.c=d\"",
		"a.b=\"has no end c.d=e",
		"modprobe.blacklist=,,",
	};
	struct config config;

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		parse_kernel(&config, lines[i]);
		for (unsigned int kind = 0; kind < NR_CONFIG_KINDS; kind++)
			assert_null(config.first[kind]);
		config_release(&config);
	}
}

static void a_bad_module_name_on_the_kernel_line_is_told(void **state)
{
	struct messages messages;
	struct config config;

	begin_messages(&messages);
	parse_kernel(&config, "acpi[12:00.3]=ABC a.b=1");
	end_messages(&messages);
	ASSERT_ENTRIES(&config, CONFIG_OPTIONS, "a=b=1");
	assert_non_null(strstr(messages.text,
			       "kernel command line while parsing module name: 'acpi[12:00'"));
	config_release(&config);
}

static void make_file(const char *directory, const char *name)
{
	char path[PATH_MAX];
	FILE *out;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	out = fopen(path, "w");
	assert_non_null(out);
	fclose(out);
}

static void files_count_by_name_and_the_first_place_wins(void **state)
{
	static const char *const wanted[] = {"10-a.conf", "20-b.conf", "30-c.conf",
					     "modules.softdep"};
	char first[] = "/tmp/kmod_config_XXXXXX", second[] = "/tmp/kmod_config_XXXXXX";
	struct conf_files files = {0};
	char command[256];

	assert_non_null(mkdtemp(first));
	assert_non_null(mkdtemp(second));
	make_file(first, "30-c.conf");
	make_file(first, "10-a.conf");
	make_file(first, "10-a.conf~");
	make_file(first, ".hidden.conf");
	make_file(first, ".conf");
	make_file(first, "README");
	make_file(second, "20-b.conf");
	make_file(second, "10-a.conf");
	assert_int_equal(conf_files_add(&files, "/nowhere", "modules.softdep"), 0);
	assert_int_equal(conf_files_list(&files, first), 0);
	assert_int_equal(conf_files_list(&files, "/nowhere/at/all"), 0);
	assert_int_equal(conf_files_list(&files, second), 0);
	assert_int_equal(files.count, sizeof(wanted) / sizeof(wanted[0]));
	for (size_t i = 0; i < files.count; i++)
		assert_string_equal(files.list[i].name, wanted[i]);
	assert_memory_equal(files.list[0].path, first, strlen(first));
	assert_memory_equal(files.list[1].path, second, strlen(second));
	conf_files_release(&files);
	snprintf(command, sizeof(command), "rm -r %s %s", first, second);
	assert_int_equal(system(command), 0);
}

static void lines_are_counted_where_they_end(void **state)
{
	static const char text[] = "a\n\nb\\\nc\n\\d\\";
	static const struct {
		const char *text;
		unsigned int line;
	} wanted[] = {{"a", 1}, {"", 2}, {"bc", 4}, {"d", 5}};
	FILE *in = fmemopen((char *)text, strlen(text), "r");
	struct conf_reader reader = {.in = in};

	assert_non_null(in);
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		assert_int_equal(conf_read_line(&reader), 1);
		assert_string_equal(reader.text, wanted[i].text);
		assert_int_equal(reader.line, wanted[i].line);
	}
	assert_int_equal(conf_read_line(&reader), 0);
	free(reader.text);
	fclose(in);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_directive_is_kept_with_its_line),
		cmocka_unit_test(names_have_underscores_but_in_brackets),
		cmocka_unit_test(a_backslash_continues_a_line_and_keeps_a_byte),
		cmocka_unit_test(wrong_lines_are_told_with_file_and_line),
		cmocka_unit_test(parts_of_a_softdep_are_put_together),
		cmocka_unit_test(patterns_match_in_the_order_of_lines),
		cmocka_unit_test(the_kernel_line_has_options_and_names),
		cmocka_unit_test(words_for_others_are_no_options),
		cmocka_unit_test(a_bad_module_name_on_the_kernel_line_is_told),
		cmocka_unit_test(files_count_by_name_and_the_first_place_wins),
		cmocka_unit_test(lines_are_counted_where_they_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
