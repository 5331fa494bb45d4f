// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Targets: what the scanner sees in a source, what library.list means, that
 * the cache notices damage, that a release's exports are those of its
 * Module.symvers, that members are compiled once, also when the compiler was
 * killed half-way, and are what they claim, that
 * headers unpacked elsewhere than in / work, and that what is missing is named.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>
#include "target/internal.h"

static char scratch[] = "/tmp/ring3-target-XXXXXX";
static char release[256]; /* of installed headers that have sources, "" if none */

/* ---- scanner ---- */

struct seen {
	char text[1024];
};

static void note(void *context, const char *name, size_t length, enum scan_kind kind)
{
	struct seen *seen = context;

	strncat(seen->text, name, length);
	strcat(seen->text, kind == SCAN_DATA   ? "=data "
			   : kind == SCAN_CODE ? "=code "
					       : "=export ");
}

static void scan_text(const char *source, bool assembler, struct seen *seen)
{
	char *conf = format_path("%s/auto.conf", scratch), *text = strdup(source);
	struct config *config;
	FILE *file = fopen(conf, "w");

	fputs("CONFIG_SMP=y\nCONFIG_NLS=m\n", file);
	fclose(file);
	assert_int_equal(config_read(&config, conf), 0);
	seen->text[0] = '\0';
	scan_source(text, strlen(text), assembler, config, NULL, note, seen);
	config_free(config);
	free(text);
	free(conf);
}

static void scan_finds_global_definitions(void **state)
{
	struct seen seen;

	scan_text("int f(int a)\n{\n\treturn a;\n}\n"
		  "static int g(void)\n{\n\treturn 0;\n}\n"
		  "int declared(void);\n"
		  "extern int elsewhere;\n"
		  "typedef int word;\n"
		  "struct shape { int a; };\n",
		  false, &seen);
	assert_string_equal(seen.text, "f=code ");
	scan_text("const char digits[] = \"}{\";\nint a, *b = 0;\n"
		  "struct pair { int x; } both __read_mostly = { .x = 1 };\n"
		  "int (*hook)(int) = NULL;\n",
		  false, &seen);
	assert_string_equal(seen.text, "digits=data a=data b=data both=data hook=data ");
	scan_text("__printf(1, 2) int __sched log_it(const char *f, ...)\n{\n}\n"
		  "struct list *make(struct list *l)\n__acquires(l)\n{\n}\n",
		  false, &seen);
	assert_string_equal(seen.text, "log_it=code make=code ");
	scan_text("int f_generic(int a)\n{\n}\nint f(int a) __weak __alias(f_generic);\n", false,
		  &seen);
	assert_string_equal(seen.text, "f_generic=code f=code ");
}

static void scan_knows_the_kernels_macros(void **state)
{
	struct seen seen;

	scan_text("DEFINE_MUTEX(lock);\nstatic DEFINE_MUTEX(hidden);\nLIST_HEAD(all);\n"
		  "DEFINE_PER_CPU(struct x, here);\nEXPORT_SYMBOL_GPL(made_by_macro);\n"
		  "module_init(start);\n",
		  false, &seen);
	assert_string_equal(seen.text, "lock=data all=data here=data made_by_macro=export ");
	scan_text("SYM_FUNC_START(copy)\n\tret\nSYM_FUNC_END(copy)\n"
		  "SYM_FUNC_START_LOCAL(inner)\n\tret\n",
		  true, &seen);
	assert_string_equal(seen.text, "copy=code ");
}

static void scan_follows_the_configuration(void **state)
{
	struct seen seen;

	scan_text("#ifdef CONFIG_SMP\nint a;\n#else\nint b;\n#endif\n"
		  "#if defined(CONFIG_UP) || !IS_ENABLED(CONFIG_NLS)\nint c;\n"
		  "#elif IS_MODULE(CONFIG_NLS) && BITS_PER_LONG == 64\nint d;\n#endif\n"
		  "#ifndef SOMETHING\nint e;\n#endif\n",
		  false, &seen);
	assert_string_equal(seen.text, "a=data d=data e=data ");
	/* two versions of a line inside of a function do not unbalance what follows */
	scan_text("int f(void)\n{\n#ifdef X\n\tif (a) {\n#else\n\tif (b) {\n#endif\n\t}\n}\n"
		  "int after;\n",
		  false, &seen);
	assert_string_equal(seen.text, "f=code after=data ");
}

/* ---- library.list ---- */

static void list_last_match_decides(void **state)
{
	char *path = format_path("%s/list", scratch);
	struct library_list list = {0};
	FILE *file = fopen(path, "w");

	fputs("# comment\nmember lib/*.c\nexcept lib/b*.c # reason\nmember lib/bus.c\n"
	      "[6.2-] member new/*.c\n[-6.1] member old/*.c\n"
	      "with lib/a.c lib/b.c\n"
	      "adjust lib/t.c prelude=p.h flags=-DA -DB\n\tline one\n\t\tline two\n",
	      file);
	fclose(file);
	assert_int_equal(list_read(&list, path, "6.1.0-56-amd64"), 0);
	assert_false(list_find(&list, "lib/a.c")->exclude);
	assert_true(list_find(&list, "lib/b.c")->exclude);
	assert_false(list_find(&list, "lib/bus.c")->exclude);
	assert_null(list_find(&list, "lib/deeper/a.c"));
	assert_null(list_find(&list, "new/a.c"));
	assert_non_null(list_find(&list, "old/a.c"));
	assert_int_equal(list.nr_withs, 1);
	assert_string_equal(list.withs[0].names[1], "lib/b.c");
	assert_string_equal(list_find(&list, "lib/t.c")->prelude, "p.h");
	assert_string_equal(list_find(&list, "lib/t.c")->flags, "-DA -DB");
	assert_string_equal(list_find(&list, "lib/t.c")->generate, "line one\n\tline two");
	list_release(&list);
	free(path);
}

static void list_refuses_what_it_does_not_understand(void **state)
{
	char *path = format_path("%s/list", scratch);
	struct library_list list = {0};
	FILE *file = fopen(path, "w");

	fputs("member lib/*.c\nmembre lib/a.c\n", file);
	fclose(file);
	assert_int_equal(list_read(&list, path, "6.1.0"), -EINVAL);
	assert_non_null(strstr(r3_error(), "line 2"));
	list_release(&list);
	free(path);
}

/* ---- cache ---- */

static void flip_byte(const char *path, off_t at)
{
	int fd = open(path, O_RDWR);
	char byte;

	assert_true(fd >= 0);
	assert_int_equal(pread(fd, &byte, 1, at), 1);
	byte ^= 0x40;
	assert_int_equal(pwrite(fd, &byte, 1, at), 1);
	close(fd);
}

static void sealed_file_notices_damage(void **state)
{
	char *path = format_path("%s/sealed", scratch);
	const char data[] = "forty-two bytes of something worth keeping";
	struct mapping mapping;

	for (off_t at = 0; at < (off_t)sizeof(data); at += 5) {
		assert_int_equal(sealed_write(path, data, sizeof(data)), 0);
		assert_int_equal(sealed_map(path, &mapping), 0);
		assert_int_equal(mapping.size, sizeof(data));
		assert_memory_equal(mapping.data, data, sizeof(data));
		mapping_close(&mapping);
		flip_byte(path, at);
		assert_int_equal(sealed_map(path, &mapping), -EUCLEAN);
	}
	assert_int_equal(sealed_write(path, data, sizeof(data)), 0);
	assert_int_equal(truncate(path, sizeof(data)), 0);
	assert_int_equal(sealed_map(path, &mapping), -EUCLEAN);
	free(path);
}

/* ---- tarballs ---- */

static void tarball_is_unpacked_once(void **state)
{
	static const char *const kinds[][2] = {
		{"gz", "--gzip"}, {"xz", "--xz"}, {"zst", "--zstd"}, {"", "--no-auto-compress"}};
	struct target target = {.release = (char *)"6.1.0-1-amd64"};

	assert_int_equal(locate_data(&target), 0);
	target.cache = format_path("%s/other", scratch);
	for (unsigned int i = 0; i < 4; i++) {
		char *command, *tarball, *directory, *inner, *first;

		tarball =
			format_path("%s/s.tar%s%s", scratch, *kinds[i][0] ? "." : "", kinds[i][0]);
		command =
			format_path("cd %s && mkdir -p linux-x/lib linux-x/sound && "
				    "echo one > linux-x/lib/vsprintf.c && : > linux-x/sound/x.c && "
				    "tar -c %s -f %s linux-x",
				    scratch, kinds[i][1], tarball);
		assert_int_equal(system(command), 0);
		assert_int_equal(unpack_source(&target, tarball, &directory), 0);
		inner = format_path("%s/lib/vsprintf.c", directory);
		first = format_path("%s/sound", directory);
		assert_int_equal(access(inner, R_OK), 0);
		assert_int_equal(access(first, F_OK), -1); /* only what library.list names */
		/* what is there is not touched again */
		assert_int_equal(unlink(inner), 0);
		free(directory);
		assert_int_equal(unpack_source(&target, tarball, &directory), 0);
		assert_int_equal(access(inner, F_OK), -1);
		assert_int_equal(remove_tree(directory), 0);
		/* half of a tarball is no tarball */
		if (*kinds[i][0]) {
			assert_int_equal(truncate(tarball, 60), 0);
			free(directory);
			directory = NULL;
			assert_int_equal(unpack_source(&target, tarball, &directory), -EIO);
			assert_non_null(strstr(r3_error(), tarball));
			assert_null(directory);
		}
		free(command);
		free(tarball);
		free(directory);
		free(inner);
		free(first);
	}
	free(target.data);
	free(target.cache);
}

/* ---- a release ---- */

static int open_release(struct target **target, const char *headers)
{
	struct r3_box_options options = {
		.size = sizeof(options), .target = release, .headers = headers};

	return target_open(target, &options);
}

static void need_release(void)
{
	if (*release)
		return;
	print_message("skipped: no Linux headers with their sources in /usr/src\n");
	skip();
}

static void exports_are_those_of_symvers(void **state)
{
	char *path, *text, *save = NULL, name[256], owner[256], type[64];
	unsigned int kernel = 0, others = 0, crc;
	struct target_export info;
	struct target *target;

	need_release();
	assert_int_equal(open_release(&target, NULL), 0);
	path = format_path("%s/Module.symvers", target_headers(target));
	assert_int_equal(read_file(path, &text, NULL), 0);
	for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		assert_int_equal(sscanf(line, "%x %255s %255s %63s", &crc, name, owner, type), 4);
		if (strcmp(owner, "vmlinux")) {
			others++;
			continue;
		}
		kernel++;
		assert_true(target_export(target, name, &info));
		assert_int_equal(info.crc, crc);
		assert_int_equal(info.gpl_only, !strcmp(type, "EXPORT_SYMBOL_GPL"));
	}
	assert_true(kernel > 5000 && others > 1000);
	assert_false(target_export(target, "no_such_symbol", &info));
	target_close(target);
	free(path);
	free(text);
}

static void missing_headers_are_named(void **state)
{
	struct r3_box_options options = {.size = sizeof(options), .target = "9.9.9-1-none"};
	struct target *target;

	assert_int_equal(target_open(&target, &options), -ENOENT);
	assert_non_null(strstr(r3_error(), "linux-headers-9.9.9-1-none"));
	assert_non_null(strstr(r3_error(), "--headers"));
	options.headers = scratch;
	assert_int_equal(target_open(&target, &options), -ENOENT);
	assert_non_null(strstr(r3_error(), scratch));
}

static void missing_sources_are_named(void **state)
{
	struct r3_box_options options = {
		.size = sizeof(options), .target = release, .source = scratch};
	struct target *target;

	need_release();
	assert_int_equal(target_open(&target, &options), -ENOENT);
	assert_non_null(strstr(r3_error(), "--source"));
}

static unsigned int steps;

static void count_step(void *context, const char *what, unsigned int done, unsigned int total)
{
	steps++;
}

static void open_counting(struct target **target, const char *headers, unsigned int flags)
{
	struct r3_box_options options = {.size = sizeof(options),
					 .target = release,
					 .headers = headers,
					 .flags = flags,
					 .progress = count_step};

	steps = 0;
	assert_int_equal(target_open(target, &options), 0);
}

/* The one file below directory whose name starts with prefix. */
static char *find_below(const char *directory, const char *prefix)
{
	DIR *dir = opendir(directory);
	struct dirent *entry;
	char *found = NULL;

	assert_non_null(dir);
	while ((entry = readdir(dir))) {
		if (!strncmp(entry->d_name, prefix, strlen(prefix)))
			found = format_path("%s/%s", directory, entry->d_name);
	}
	closedir(dir);
	return found;
}

static void member_is_compiled_once(void **state)
{
	const struct target_object *object;
	struct target *target;
	bool is_data;
	char *directory, *path;

	need_release();
	open_counting(&target, NULL, 0);
	assert_true(target_library_has(target, "crc32_le", &is_data));
	assert_false(is_data);
	assert_false(target_library_has(target, "no_such_symbol", NULL));
	assert_int_equal(target_library_member(target, "crc32_le", &object, &is_data), 0);
	assert_string_equal(object->name, "lib/crc32.o");
	assert_false(is_data);
	assert_true(steps > 0);
	assert_int_equal(target_library_member(target, "no_such_symbol", &object, NULL), -ENOENT);
	directory = format_path("%s/library/lib", target->directory);
	target_close(target);

	open_counting(&target, NULL, R3_BOX_OFFLINE);
	assert_int_equal(target_library_member(target, "crc32_le", &object, NULL), 0);
	assert_int_equal(steps, 0);
	/* not compiled yet */
	assert_int_equal(target_library_member(target, "sort", &object, NULL), -ENOENT);
	target_close(target);

	path = find_below(directory, "crc32-");
	assert_non_null(path);
	flip_byte(path, 100);
	open_counting(&target, NULL, 0);
	assert_int_equal(target_library_member(target, "crc32_le", &object, NULL), 0);
	assert_true(steps > 0);
	target_close(target);
	free(directory);
	free(path);
}

static const char *const many[] = {"list_sort", "int_sqrt",   "lcm",        "gcd",
				   "memparse",  "argv_split", "hex_to_bin", "int_pow"};
#define NR_MANY (sizeof(many) / sizeof(many[0]))

/* The sixth file is begun: with two at a time, some are finished. Nobody cleans up. */
static void die_half_way(void *context, const char *what, unsigned int done, unsigned int total)
{
	if (done == 6 && !strcmp(what, "compiling library"))
		kill(0, SIGKILL);
}

static void compile_many(void (*progress)(void *, const char *, unsigned int, unsigned int))
{
	struct r3_box_options options = {
		.size = sizeof(options), .target = release, .progress = progress};
	struct target *target;

	assert_int_equal(target_open(&target, &options), 0);
	assert_int_equal(target_library_prepare(target, many, NR_MANY), 0);
	target_close(target);
}

static unsigned int all_steps;

static void count_begun(void *context, const char *what, unsigned int done, unsigned int total)
{
	if (strcmp(what, "compiling library"))
		return;
	steps = done;
	all_steps = total;
}

static void what_was_compiled_before_a_kill_is_kept(void **state)
{
	const struct target_object *object;
	struct target *target;
	int status;
	pid_t pid;

	need_release();
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		setpgid(0, 0);
		compile_many(die_half_way);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	compile_many(count_begun);
	assert_true(steps > 0);
	/* what was under way at the sixth, two at a time or more, is compiled again */
	assert_true(steps < all_steps);
	open_counting(&target, NULL, R3_BOX_OFFLINE);
	for (unsigned int i = 0; i < NR_MANY; i++)
		assert_int_equal(target_library_member(target, many[i], &object, NULL), 0);
	target_close(target);
}

/* As `dpkg -x` leaves headers: their Makefile includes a path that is not there. */
static void headers_unpacked_elsewhere_work(void **state)
{
	char *real, *text = NULL, *name, *directory, *path, *common;
	const struct target_object *object;
	struct target *target;
	FILE *file;

	need_release();
	assert_int_equal(open_release(&target, NULL), 0);
	real = strdup(target_headers(target));
	target_close(target);
	path = format_path("%s/Makefile", real);
	assert_int_equal(read_file(path, &text, NULL), 0);
	free(path);
	name = strstr(text, "/linux-headers-");
	if (strncmp(text, "include ", 8) || !name) {
		print_message("skipped: %s is not of a Debian package\n", real);
		skip();
	}
	name[1 + strcspn(name + 1, "/")] = '\0';
	directory = format_path("%s/usr/src/linux-headers-%s", scratch, release);
	assert_int_equal(make_directories(directory), 0);
	path = format_path(
		"/bin/ln -s %s/.config %s/.kernelvariables %s/[!M]* %s/Module.symvers %s", real,
		real, real, real, directory);
	assert_int_equal(system(path), 0);
	free(path);
	common = format_path("%s/../%s", real, name + 1);
	path = format_path("%s/../%s", directory, name + 1);
	assert_int_equal(symlink(common, path), 0);
	free(path);
	path = format_path("%s/Makefile", directory);
	file = fopen(path, "w");
	fprintf(file, "include /nonexistent%s/Makefile\n", name);
	fclose(file);

	/* the same contents: make it forget what it compiled for the real ones */
	free(path);
	path = format_path("%s/ring3/%s", scratch, release);
	assert_int_equal(remove_tree(path), 0);
	open_counting(&target, directory, 0);
	assert_int_equal(target_library_member(target, "crc32_le", &object, NULL), 0);
	assert_true(steps > 0);
	target_close(target);
	free(path);
	free(text);
	free(real);
	free(common);
	free(directory);
}

/* ---- */

/* The first release whose headers and sources are installed. */
static void find_release(void)
{
	DIR *dir = opendir("/usr/src");
	struct dirent *entry;
	struct target *target;

	while (dir && (entry = readdir(dir))) {
		if (strncmp(entry->d_name, "linux-headers-", 14))
			continue;
		snprintf(release, sizeof(release), "%s", entry->d_name + 14);
		if (!open_release(&target, NULL)) {
			target_close(target);
			break;
		}
		release[0] = '\0';
	}
	if (dir)
		closedir(dir);
}

static int set_up(void **state)
{
	char *cache, *link;
	struct target target = {0};

	if (!mkdtemp(scratch) || locate_cache(&target))
		return -1;
	/* a cache of its own, except for unpacked sources, which take long */
	cache = format_path("%s/source", target.cache);
	link = format_path("%s/ring3", scratch);
	if (make_directories(cache) || make_directories(link))
		return -1;
	free(link);
	link = format_path("%s/ring3/source", scratch);
	if (symlink(cache, link))
		return -1;
	free(link);
	free(cache);
	free(target.cache);
	setenv("XDG_CACHE_HOME", scratch, 1);
	find_release();
	return 0;
}

static int tear_down(void **state)
{
	return remove_tree(scratch);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(scan_finds_global_definitions),
		cmocka_unit_test(scan_knows_the_kernels_macros),
		cmocka_unit_test(scan_follows_the_configuration),
		cmocka_unit_test(list_last_match_decides),
		cmocka_unit_test(list_refuses_what_it_does_not_understand),
		cmocka_unit_test(sealed_file_notices_damage),
		cmocka_unit_test(tarball_is_unpacked_once),
		cmocka_unit_test(exports_are_those_of_symvers),
		cmocka_unit_test(missing_headers_are_named),
		cmocka_unit_test(missing_sources_are_named),
		cmocka_unit_test(member_is_compiled_once),
		cmocka_unit_test(what_was_compiled_before_a_kill_is_kept),
		cmocka_unit_test(headers_unpacked_elsewhere_work),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
