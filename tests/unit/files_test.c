// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * /sys/module, /proc/modules, /proc/kallsyms, /proc/sys/kernel and /dev/kmsg of
 * a box, as programs in a user namespace of their own see them. Each test holds
 * one rule of Linux's. argv: the modules' directory, then optionally target,
 * headers, sources.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>
#include <linux/capability.h>
#include <ring3/ring3.h>
#include "files/files.h"
#include "files_fixture.h"

static const char *directory, *target, *headers, *source;
static char tree[] = "/tmp/ring3-files-XXXXXX";
static struct r3_box *box;
static struct files *files;

static int load(const char *name, const char *parameters)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s.ko", directory, name);
	return r3_module_load(box, path, parameters, 0, NULL);
}

static void load_ok(const char *name, const char *parameters)
{
	if (load(name, parameters))
		fail_msg("%s: %s", name, r3_error());
}

static void unload_ok(const char *name)
{
	if (r3_module_unload(box, name, 0))
		fail_msg("%s: %s", name, r3_error());
}

/* $t is the tree. */
#define assert_shell(command, expected)                                                            \
	assert_string_equal(fixture_shell("t=%s; %s", tree, command), expected)
#define assert_shell_has(command, expected)                                                        \
	do {                                                                                       \
		const char *got_ = fixture_shell("t=%s; %s", tree, command);                       \
		if (!strstr(got_, expected))                                                       \
			fail_msg("%s: no \"%s\" in:\n%s", command, expected, got_);                \
	} while (0)

static char *path_in_tree(const char *path)
{
	static char full[4096];

	snprintf(full, sizeof(full), "%s/%s", tree, path);
	return full;
}

/* ---- /sys/module ---- */

static void a_module_has_linuxs_attributes_and_modes(void **state)
{
	load_ok("files_params", "");
	assert_shell("cd $t/sys/module/files_params && stat -c '%A %s %n' * | sort -k3",
		     "-r--r--r-- 4096 coresize\n"
		     "drwxr-xr-x 0 holders\n"
		     "-r--r--r-- 4096 initsize\n"
		     "-r--r--r-- 4096 initstate\n"
		     "drwxr-xr-x 0 notes\n"
		     "drwxr-xr-x 0 parameters\n"
		     "-r--r--r-- 4096 refcnt\n"
		     "drwxr-xr-x 0 sections\n"
		     "-r--r--r-- 4096 srcversion\n"
		     "-r--r--r-- 4096 taint\n"
		     "--w------- 4096 uevent\n"
		     "-r--r--r-- 4096 version\n");
	assert_shell("cd $t/sys/module/files_params && cat initstate refcnt initsize version",
		     "live\n0\n0\n1.2\n");
	assert_shell("expr $(cat $t/sys/module/files_params/coresize) % 4096", "0\n");
	unload_ok("files_params");
	assert_shell_has("cat $t/sys/module/files_params/refcnt", "No such file or directory");
}

static void parameters_have_their_modes_and_hidden_ones_no_file(void **state)
{
	load_ok("files_params", "");
	assert_shell("cd $t/sys/module/files_params/parameters && stat -c '%a %s %n' * | sort -k3",
		     "600 4096 callback\n644 4096 danger\n644 4096 fixed\n644 4096 flag\n"
		     "644 4096 list\n644 4096 number\n444 4096 readonly\n644 4096 text\n"
		     "200 4096 writeonly\n");
	unload_ok("files_params");
}

/* errno of a write of text to the file at path, 0 if it took all, 255 if it took less. */
static const char *written_path, *written_text;

static int write_errno(void)
{
	int fd = open(path_in_tree(written_path), O_WRONLY);
	ssize_t done;

	if (fd < 0)
		return errno;
	done = write(fd, written_text, strlen(written_text));
	return done < 0 ? errno : (size_t)done == strlen(written_text) ? 0 : 255;
}

static int write_to(const char *path, const char *text)
{
	written_path = path;
	written_text = text;
	return fixture_inside(write_errno);
}

#define PARAMETERS "sys/module/files_params/parameters/"

static void a_parameters_set_says_what_a_write_fails_with(void **state)
{
	load_ok("files_params", "");
	assert_int_equal(write_to(PARAMETERS "number", "-0x10\n"), 0);
	assert_shell("cat $t/" PARAMETERS "number", "-16\n");
	assert_int_equal(write_to(PARAMETERS "number", "12x"), EINVAL);
	assert_int_equal(write_to(PARAMETERS "number", "99999999999"), ERANGE);
	assert_int_equal(write_to(PARAMETERS "fixed", "abcdefgh"), ENOSPC);
	assert_int_equal(write_to(PARAMETERS "callback", "e"), EDOM);
	assert_int_equal(write_to(PARAMETERS "callback", "fine"), 0);
	assert_int_equal(write_to(PARAMETERS "readonly", "1"), EACCES);
	assert_shell("cat $t/" PARAMETERS "number", "-16\n");
	unload_ok("files_params");
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_module_has_linuxs_attributes_and_modes),
		cmocka_unit_test(parameters_have_their_modes_and_hidden_ones_no_file),
		cmocka_unit_test(a_parameters_set_says_what_a_write_fails_with),
	};
	struct r3_box_options options = {.size = sizeof(options)};
	const char *why = "";
	int fd, failed;

	if (argc < 2 || !mkdtemp(tree))
		return 2;
	directory = argv[1];
	target = argc > 2 ? argv[2] : NULL;
	headers = argc > 3 ? argv[3] : NULL;
	source = argc > 4 ? argv[4] : NULL;
	fd = fixture_mount(tree, &why);
	if (fd < 0) {
		printf("skipped: %s: %s\n", why, strerror(-fd));
		rmdir(tree);
		return 77;
	}
	options.target = target;
	options.headers = headers;
	options.source = source;
	if (r3_box_new(&box, &options) || files_start(box, fd, &files)) {
		fprintf(stderr, "%s\n", r3_error());
		return 1;
	}
	fixture_bind();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	files_stop(files);
	r3_box_free(box);
	fixture_unmount();
	rmdir(tree);
	return failed;
}
