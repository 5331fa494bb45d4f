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
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>
#include <linux/capability.h>
#include <ring3/ring3.h>
#include "box/log.h"
#include "files/files.h"
#include "files_fixture.h"

#define CMDLINE "quiet files.test=1"

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

static void what_may_not_be_read_or_written_is_refused_to_root_too(void **state)
{
	load_ok("files_params", "");
	assert_shell_has("cat $t/" PARAMETERS "writeonly", "Permission denied");
	assert_shell_has("cat $t/" PARAMETERS "callback", "Operation not permitted");
	assert_shell_has("echo 1 > $t/sys/module/files_params/refcnt", "Permission denied");
	assert_shell_has("cat $t/sys/module/files_params/uevent", "Permission denied");
	unload_ok("files_params");
}

static void nothing_can_be_made_or_removed(void **state)
{
	load_ok("files_params", "");
	assert_shell_has("mkdir $t/sys/module/mine", "Operation not permitted");
	assert_shell_has("echo 1 > $t/sys/module/files_params/mine", "Permission denied");
	assert_shell_has("rm -f $t/sys/module/files_params/refcnt", "Operation not permitted");
	assert_shell_has("rmdir $t/sys/module/files_params", "Operation not permitted");
	assert_shell_has("ln -s x $t/sys/module/mine", "Operation not permitted");
	assert_shell("cat $t/sys/module/files_params/refcnt", "0\n");
	unload_ok("files_params");
}

static void values_are_shown_as_linux_shows_them(void **state)
{
	load_ok("files_params", "");
	assert_shell("cd $t/" PARAMETERS " && cat number flag text fixed list readonly danger",
		     "3\nN\ndflt\nabc\n7\n0\n");
	assert_shell("cd $t/" PARAMETERS
		     " && echo 4,5 > list && cat list; echo on > flag; cat flag",
		     "4,5\nY\n");
	/* charp keeps what echo adds */
	assert_shell("cd $t/" PARAMETERS " && echo hello > text && cat text", "hello\n\n");
	/* reading on after a write shows the old text, from the beginning the new one */
	assert_shell("cd $t/" PARAMETERS " && exec 3<number && cat <&3 && echo 8 > number; cat <&3;"
		     "cat number",
		     "3\n8\n");
	unload_ok("files_params");
}

static int write_too_much(void)
{
	static char many[5000];
	int fd = open(path_in_tree(PARAMETERS "text"), O_WRONLY);

	memset(many, ' ', sizeof(many));
	many[0] = 'x';
	many[1] = '\0'; /* the rest of the page does not count */
	return write(fd, many, sizeof(many)) == 4096 ? 0 : 1;
}

static void a_write_takes_one_page_at_most(void **state)
{
	load_ok("files_params", "");
	assert_int_equal(fixture_inside(write_too_much), 0);
	assert_shell("cat $t/" PARAMETERS "text", "x\n");
	unload_ok("files_params");
}

static void a_dangerous_parameter_taints(void **state)
{
	load_ok("files_params", "");
	assert_shell("expr $(cat $t/proc/sys/kernel/tainted) / 64 % 2", "0\n");
	assert_int_equal(write_to(PARAMETERS "danger", "1"), 0);
	assert_shell("expr $(cat $t/proc/sys/kernel/tainted) / 64 % 2", "1\n");
	unload_ok("files_params");
}

static void uevent_takes_known_actions_only(void **state)
{
	load_ok("files_params", "");
#define UEVENT   "sys/module/files_params/uevent"
#define SOMEUUID "fe4d7c9d-b8c6-4a70-9ef1-3d8a58d18eed"
	assert_int_equal(write_to(UEVENT, "add\n"), 0);
	assert_int_equal(write_to(UEVENT, "change " SOMEUUID " A=1 B=abc"), 0);
	assert_int_equal(write_to(UEVENT, "added"), EINVAL);
	assert_shell("dmesg -t -x | tail -n 1",
		     "kern  :warn  : synth uevent: /module/files_params: unknown uevent action "
		     "string\n");
	assert_int_equal(write_to(UEVENT, "add 1234"), EINVAL);
	assert_int_equal(write_to(UEVENT, "add " SOMEUUID " A_=1"), EINVAL);
	assert_shell("dmesg -t | tail -n 1",
		     "synth uevent: /module/files_params: incorrect uevent action arguments\n");
	unload_ok("files_params");
}

static void users_are_holders_and_stand_in_proc_modules(void **state)
{
	load_ok("life_base", "");
	load_ok("life_user", "");
	assert_shell("cd $t/sys/module/life_base && readlink holders/* && cat refcnt && "
		     "ls holders/life_user/initstate",
		     "../../life_user\n1\nholders/life_user/initstate\n");
	assert_shell("sed 's/ [0-9]* / SIZE /;s/0x[0-9a-f]*/ADDR/;s/ (.*//' $t/proc/modules",
		     "life_user SIZE 0 - Live ADDR\nlife_base SIZE 1 life_user, Live ADDR\n");
	unload_ok("life_user");
	assert_shell("ls $t/sys/module/life_base/holders", "");
	unload_ok("life_base");
	load_ok("life_noexit", "");
	assert_shell_has("cat $t/proc/modules", " 0 [permanent], Live 0x");
	assert_int_equal(r3_module_unload(box, "life_noexit", R3_UNLOAD_FORCE), 0);
}

/* ---- what privilege shows ---- */

static void drop_capability(unsigned int capability)
{
	struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
	struct __user_cap_data_struct data[2];

	syscall(SYS_capget, &header, data);
	data[capability / 32].effective &= ~(1u << capability % 32);
	data[capability / 32].permitted &= ~(1u << capability % 32);
	if (syscall(SYS_capset, &header, data))
		_exit(98);
}

static ssize_t read_file(const char *path, char *text, size_t size)
{
	int fd = open(path_in_tree(path), O_RDONLY);
	ssize_t got, used = 0;

	if (fd < 0)
		return -errno;
	while ((got = read(fd, text + used, size - 1 - used)) > 0)
		used += got;
	text[used] = '\0';
	close(fd);
	return got < 0 ? -errno : used;
}

#define SECTION_TEXT "sys/module/life_base/sections/.text"
static const char zero[] = "0x0000000000000000\n";

static int sees_no_address(void)
{
	char text[65536];

	drop_capability(CAP_SYSLOG);
	drop_capability(CAP_SYS_ADMIN); /* which /dev/kmsg accepts as well */
	if (read_file(SECTION_TEXT, text, sizeof(text)) != 19 || strcmp(text, zero))
		return 1;
	if (read_file("proc/modules", text, sizeof(text)) <= 0 ||
	    !strstr(text, " Live 0x000000000"))
		return 2;
	if (read_file("proc/kallsyms", text, sizeof(text)) <= 0 || strncmp(text, zero + 2, 16))
		return 3;
	return open(path_in_tree("dev/kmsg"), O_RDONLY) < 0 ? 0 : 4;
}

static void addresses_are_zero_without_cap_syslog(void **state)
{
	load_ok("life_base", "");
	assert_shell_has("cat $t/" SECTION_TEXT, "0x00000000");
	assert_string_not_equal(fixture_shell("cat %s/" SECTION_TEXT, tree), zero);
	/* the module's only text section is where it begins */
	assert_shell("grep -c $(cat $t/" SECTION_TEXT ") $t/proc/modules", "1\n");
	assert_int_equal(fixture_inside(sees_no_address), 0);
	unload_ok("life_base");
}

/* kallsyms_show_value() asks for CAP_SYSLOG in the first user namespace. */
static void capabilities_of_a_namespace_of_ones_own_show_no_address(void **state)
{
	load_ok("life_base", "");
	assert_shell("unshare -Ur grep -c ' Live 0x0000000000000000' $t/proc/modules", "1\n");
	assert_shell("unshare -Ur grep -q CapEff:.*ffffffff /proc/self/status && echo all",
		     "all\n");
	unload_ok("life_base");
}

static void kptr_restrict_2_hides_addresses_from_everybody(void **state)
{
	load_ok("life_base", "");
	assert_shell("echo 2 > $t/proc/sys/kernel/kptr_restrict; cat $t/" SECTION_TEXT, zero);
	assert_shell_has("cat $t/proc/modules", " 0x0000000000000000");
	assert_int_equal(write_to("proc/sys/kernel/kptr_restrict", "3"), EINVAL);
	assert_int_equal(write_to("proc/sys/kernel/kptr_restrict", "0"), 0);
	unload_ok("life_base");
}

static int reads_section_in_the_middle(void)
{
	int fd = open(path_in_tree(SECTION_TEXT), O_RDONLY);
	char text[32];

	if (pread(fd, text, sizeof(text), 19))
		return 255;
	return pread(fd, text, sizeof(text), 3) < 0 ? errno : 0;
}

static void a_section_is_read_from_its_start_and_notes_are_raw(void **state)
{
	load_ok("life_base", "");
	assert_int_equal(fixture_inside(reads_section_in_the_middle), EINVAL);
	/* struct elf_note: the name has 4 bytes, GNU */
	assert_shell("cd $t/sys/module/life_base/notes; n=.note.gnu.build-id; "
		     "stat -c '%A %s' $n; wc -c < $n; od -An -c -j 12 -N 3 $n",
		     "-r--r--r-- 36\n36\n   G   N   U\n");
	assert_shell("stat -c '%A %s' $t/" SECTION_TEXT, "-r-------- 19\n");
	unload_ok("life_base");
}

/* ---- /proc/kallsyms ---- */

/* layout_symtab(): both stay where they were loaded, with the parts that are freed after init. */
static void the_symbol_table_has_sections_and_counts_in_the_size(void **state)
{
	unsigned long core;

	load_ok("files_many", "");
	assert_shell("cd $t/sys/module/files_many/sections; stat -c '%A %s %n' .symtab .strtab",
		     "-r-------- 19 .symtab\n-r-------- 19 .strtab\n");
	assert_shell(
		"cd $t/sys/module/files_many/sections; cat .symtab .strtab | grep -c ^0x0*[1-9a-f]",
		"2\n");
	/* 100,000 symbols of 24 bytes, a name and a letter */
	core = strtoul(fixture_shell("cat %s/sys/module/files_many/coresize", tree), NULL, 10);
	assert_true(core > 100000 * (24 + strlen("files_many_00000") + 1));
	unload_ok("files_many");
}

static void kallsyms_shows_symbols_exported_to_all_in_capitals_and_no_init(void **state)
{
	load_ok("life_base", "");
	assert_shell("grep -c ' T life_plain\t\\[life_base\\]$' $t/proc/kallsyms", "1\n");
	assert_shell("grep -c ' t life_gpl\t\\[life_base\\]$' $t/proc/kallsyms", "1\n");
	assert_shell("grep 'life_base' $t/proc/kallsyms | grep -c life_init", "0\n");
	assert_shell("grep -c '^[0-9a-f]\\{16\\} T r3rt_boot$' $t/proc/kallsyms", "1\n");
	assert_shell("grep -v '\\[' $t/proc/kallsyms | sort -s -c -k1,1 && echo sorted",
		     "sorted\n");
	assert_shell("grep -vcE '^[0-9a-f]{16} [a-zA-Z] [^ ]+(\t\\[[a-z_]+\\])?$' "
		     "$t/proc/kallsyms",
		     "0\n");
	unload_ok("life_base");
}

static void kallsyms_is_the_same_read_in_any_pieces(void **state)
{
	load_ok("life_base", "");
	assert_shell(
		"cd $t/proc; cat kallsyms > /tmp/ring3-k.$$; for b in 7 100 4096; do "
		"dd if=kallsyms bs=$b count=3000 2>/dev/null | cmp -n $((b * 3000)) - "
		"/tmp/ring3-k.$$ 2>&1 | grep -v EOF; done; "
		"tail -c 500 kallsyms | cmp - /dev/fd/3 3<<E\n$(tail -c 500 /tmp/ring3-k.$$)\nE\n"
		"dd if=kallsyms bs=50 skip=20 count=1 2>/dev/null | wc -c; rm /tmp/ring3-k.$$",
		"50\n");
	unload_ok("life_base");
}

static void kallsyms_streams_a_hundred_thousand_symbols(void **state)
{
	load_ok("files_many", "");
	assert_shell("grep -c '^[0-9a-f]\\{16\\} d files_many_[0-9]*\t\\[files_many\\]$' "
		     "$t/proc/kallsyms",
		     "100000\n");
	/* the last of them is where it is however it is read */
	assert_shell("dd if=$t/proc/kallsyms bs=1000 2>/dev/null | md5sum > /tmp/ring3-m.$$; "
		     "md5sum < $t/proc/kallsyms | cmp - /tmp/ring3-m.$$ && rm /tmp/ring3-m.$$",
		     "");
	unload_ok("files_many");
}

/* A client stops in the middle until it is told to go on. */
static int to_client[2], from_client[2];

static void meet_parent(void)
{
	char byte;

	if (write(from_client[1], "", 1) != 1 || read(to_client[0], &byte, 1) != 1)
		_exit(97);
}

static void await_client(void)
{
	char byte;

	assert_int_equal(read(from_client[0], &byte, 1), 1);
}

static void let_client_go(void)
{
	assert_int_equal(write(to_client[1], "", 1), 1);
}

static int reads_while_the_module_goes(void)
{
	static const char *const paths[] = {"sys/module/life_base/refcnt",
					    "sys/module/life_base/sections/.text",
					    "sys/module/life_base/notes/.note.gnu.build-id"};
	char text[65536];
	int fds[3], kallsyms = open(path_in_tree("proc/kallsyms"), O_RDONLY);
	int cwd = open(path_in_tree("sys/module/life_base"), O_RDONLY);
	struct stat st;
	bool found = false;
	ssize_t got;

	for (int i = 0; i < 3; i++)
		fds[i] = open(path_in_tree(paths[i]), O_RDONLY);
	if (read(fds[0], text, 10) != 2)
		return 1;
	meet_parent();
	for (int i = 0; i < 3; i++)
		if (pread(fds[i], text, 100, 0) >= 0 || errno != ENODEV)
			return 2;
	if (fstat(fds[0], &st) || openat(cwd, "refcnt", O_RDONLY) >= 0 || errno != ENOENT)
		return 3;
	/* what was there when it was opened is there to its end */
	while ((got = read(kallsyms, text, sizeof(text) - 1)) > 0) {
		text[got] = '\0';
		found |= strstr(text, "\t[life_base]") != NULL;
	}
	return found ? 0 : 4;
}

static void a_module_that_goes_is_enodev_to_who_has_it_open(void **state)
{
	pid_t client;

	load_ok("life_base", "");
	client = fixture_start(reads_while_the_module_goes);
	await_client();
	unload_ok("life_base");
	load_ok("life_base", ""); /* another one of that name is not the same */
	let_client_go();
	assert_int_equal(fixture_wait(client), 0);
	unload_ok("life_base");
}

static void *load_slow(void *parameters)
{
	return (void *)(long)load("life_slow", parameters);
}

static void *unload_slow(void *unused)
{
	return (void *)(long)r3_module_unload(box, "life_slow", 0);
}

static void parameters_are_there_from_before_init_until_after_exit(void **state)
{
	pthread_t thread;
	void *result;

	assert_int_equal(pthread_create(&thread, NULL, load_slow, "ms=700 exit_ms=700"), 0);
	assert_shell("cd $t/sys/module; until cat life_slow/initstate 2>/dev/null; do :; done; "
		     "cat life_slow/parameters/ms life_slow/refcnt",
		     "coming\n700\n1\n");
	assert_shell_has("cat $t/proc/modules", " 1 - Loading 0x");
	assert_shell_has("cat $t/proc/modules", "+)\n");
	pthread_join(thread, &result);
	assert_null(result);
	assert_int_equal(pthread_create(&thread, NULL, unload_slow, NULL), 0);
	assert_shell("cd $t/sys/module/life_slow; until grep going initstate; do :; done; "
		     "cat parameters/ms refcnt",
		     "going\n700\n-1\n");
	assert_shell_has("cat $t/proc/modules", " -1 - Unloading 0x");
	pthread_join(thread, &result);
	assert_null(result);
	assert_shell_has("ls -d $t/sys/module/life_slow", "No such file or directory");
}

/* The builtin target has none; workqueues bring theirs on a Linux target. */
static void builtin_parts_have_parameters_and_uevent(void **state)
{
	if (!target)
		return assert_shell("ls $t/sys/module", "");
	load_ok("life_slow", "");
	assert_shell("cd $t/sys/module/workqueue && stat -c '%a %s %n' * && cd parameters && "
		     "stat -c '%a' power_efficient && cat debug_force_rr_cpu && "
		     "echo 1 > debug_force_rr_cpu && cat debug_force_rr_cpu",
		     "755 0 parameters\n200 4096 uevent\n444\nN\nY\n");
	assert_int_equal(write_to("sys/module/workqueue/uevent", "add"), 0);
	unload_ok("life_slow");
}

/* ---- /proc/sys/kernel ---- */

static void tainted_only_grows(void **state)
{
	struct r3_box_report before, after;

	assert_int_equal(r3_box_report(box, &before), 0);
	assert_int_equal(write_to("proc/sys/kernel/tainted", "1024\n"), 0);
	assert_int_equal(write_to("proc/sys/kernel/tainted", "0"), 0);
	assert_int_equal(write_to("proc/sys/kernel/tainted", "x"), EINVAL);
	assert_int_equal(r3_box_report(box, &after), 0);
	assert_int_equal(after.taint, before.taint | 1024);
	assert_int_equal(strtoul(fixture_shell("cat %s/proc/sys/kernel/tainted", tree), NULL, 10),
			 after.taint);
}

static void printk_has_four_levels_and_takes_fewer(void **state)
{
	assert_shell("cat $t/proc/sys/kernel/printk", "4\t4\t1\t7\n"); /* quiet */
	assert_shell("echo 3 5 > $t/proc/sys/kernel/printk; cat $t/proc/sys/kernel/printk",
		     "3\t5\t1\t7\n");
	assert_int_equal(write_to("proc/sys/kernel/printk", "7 4 x"), EINVAL);
	assert_shell("cat $t/proc/sys/kernel/printk", "7\t4\t1\t7\n");
	assert_int_equal(write_to("proc/sys/kernel/printk", ""), 0);
}

static void what_uname_tells_stands_in_proc_too(void **state)
{
	const char *release = r3_box_release(box);
	char wanted[256];

	snprintf(wanted, sizeof(wanted), "Linux\n%s\n", release);
	assert_shell("cd $t/proc/sys/kernel; cat ostype osrelease", wanted);
	snprintf(wanted, sizeof(wanted), "Linux version %s (", release);
	assert_shell_has("cat $t/proc/version", wanted);
	snprintf(wanted, sizeof(wanted), "%s",
		 fixture_shell("cat %s/proc/sys/kernel/version", tree));
	assert_memory_equal(wanted, "#1 SMP PREEMPT", strlen("#1 SMP PREEMPT"));
	assert_shell_has("cat $t/proc/version", wanted);
	if (target) /* Debian's */
		assert_non_null(strstr(wanted, " Debian 6."));
	assert_shell("cat $t/proc/cmdline", CMDLINE "\n");
	assert_int_equal(write_to("proc/sys/kernel/osrelease", "x"), EACCES);
}

static void modprobe_is_one_line(void **state)
{
	assert_shell("cat $t/proc/sys/kernel/modprobe", "/sbin/modprobe\n");
	assert_shell("printf '/bin/true\\nrest' > $t/proc/sys/kernel/modprobe; "
		     "cat $t/proc/sys/kernel/modprobe",
		     "/bin/true\n");
	assert_shell("echo /sbin/modprobe > $t/proc/sys/kernel/modprobe", "");
}

static int reads_number_in_two_pieces(void)
{
	int fd = open(path_in_tree("proc/sys/kernel/printk"), O_RDONLY);
	char text[8];

	return read(fd, text, 1) == 1 && *text == '4' && !read(fd, text, 1) ? 0 : 1;
}

static void numbers_are_read_at_once_or_not(void **state)
{
	assert_int_equal(fixture_inside(reads_number_in_two_pieces), 0);
}

static int not_the_administrator(void)
{
	drop_capability(CAP_SYS_ADMIN);
	return write_errno();
}

static void levels_and_taints_take_cap_sys_admin(void **state)
{
	written_text = "1";
	written_path = "proc/sys/kernel/printk";
	assert_int_equal(fixture_inside(not_the_administrator), EPERM);
	written_path = "proc/sys/kernel/tainted";
	assert_int_equal(fixture_inside(not_the_administrator), EPERM);
}

/* ---- /dev/kmsg ---- */

#define KMSG "dev/kmsg"

/* The next record of fd, or "errno N". */
static const char *record_of(int fd)
{
	static char text[8192];
	ssize_t got = read(fd, text, sizeof(text) - 1);

	if (got < 0)
		snprintf(text, sizeof(text), "errno %d", errno);
	else
		text[got] = '\0';
	return text;
}

#define CHECK(condition)                                                                           \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			printf("line %d: %s\n", __LINE__, #condition);                             \
			fflush(stdout);                                                            \
			return 1;                                                                  \
		}                                                                                  \
	} while (0)

static int open_kmsg_at_end(int flags)
{
	int fd = open(path_in_tree(KMSG), flags);

	return fd < 0 || lseek(fd, 0, SEEK_END) ? -1 : fd;
}

static int writes_and_reads_back(void)
{
	int fd = open_kmsg_at_end(O_RDWR | O_NONBLOCK), prio, used = 0;
	unsigned long sequence, next, time;
	char tiny[8];

	CHECK(fd >= 0);
	CHECK(read(fd, tiny, sizeof(tiny)) < 0 && errno == EAGAIN);
	CHECK(write(fd, "<4>a\\b\tc\n", 9) == 9);
	CHECK(sscanf(record_of(fd), "%d,%lu,%lu,-;%n", &prio, &sequence, &time, &used) == 3);
	CHECK(prio == 12); /* LOG_USER, warning */
	CHECK(!strcmp(record_of(fd), "errno 11"));
	CHECK(write(fd, "plain", 5) == 5 && write(fd, "<30>daemon", 10) == 10);
	CHECK(sscanf(record_of(fd), "%d,%lu", &prio, &next) == 2);
	CHECK(prio == 12 && next == sequence + 1);
	CHECK(!strncmp(record_of(fd), "30,", 3));
	/* a buffer that is too small skips the record */
	CHECK(write(fd, "long enough", 11) == 11 && write(fd, "next", 4) == 4);
	CHECK(read(fd, tiny, sizeof(tiny)) < 0 && errno == EINVAL);
	CHECK(strstr(record_of(fd), ";next\n"));
	return 0;
}

static void kmsg_is_read_by_records_and_written_by_lines(void **state)
{
	assert_int_equal(fixture_inside(writes_and_reads_back), 0);
	assert_shell_has("dd if=$t/" KMSG " iflag=nonblock bs=8192 count=100000 2>/dev/null",
			 ";a\\x5cb\\x09c\n");
}

/* Records of several lines, continued, with nothing to continue, of a device. */
static void a_record_is_what_one_printk_has_printed(void **state)
{
	const char *log;

	load_ok("files_log", "");
	log = fixture_shell("dd if=%s/" KMSG " iflag=nonblock bs=8192 count=100000 2>/dev/null",
			    tree);
	assert_non_null(strstr(log, ",-;files_log: two\\x0alines\n"));
	assert_non_null(strstr(log, ",-;files_log: in pieces\n"));
	assert_non_null(strstr(log, ",c;files_log: alone\n"));
	if (target)
		assert_non_null(strstr(log, ",-;files log0: is here\n"
					    " SUBSYSTEM=files\n"
					    " DEVICE=+files:log0\n"));
	unload_ok("files_log");
}

static void rate_limited_printk_says_it_ten_times(void **state)
{
	load_ok("files_log", "");
	assert_shell("dd if=$t/" KMSG " iflag=nonblock bs=8192 count=100000 2>/dev/null | "
		     "grep -c 'files_log: too often$'",
		     "10\n");
	unload_ok("files_log");
}

static bool isdigit_prefix(const char *text)
{
	return *text >= '0' && *text <= '9';
}

static int seeks(void)
{
	int fd = open(path_in_tree(KMSG), O_RDONLY | O_NONBLOCK);
	char first[8192];

	snprintf(first, sizeof(first), "%s", record_of(fd));
	CHECK(isdigit_prefix(first));
	CHECK(strcmp(record_of(fd), first) != 0);
	CHECK(lseek(fd, 0, SEEK_SET) == 0);
	CHECK(!strcmp(record_of(fd), first));
	CHECK(lseek(fd, 0, SEEK_END) == 0);
	CHECK(!strcmp(record_of(fd), "errno 11"));
	CHECK(lseek(fd, 0, SEEK_DATA) == 0);
	CHECK(!strcmp(record_of(fd), first));
	CHECK(lseek(fd, 5, SEEK_DATA) < 0 && errno == ESPIPE);
	CHECK(lseek(fd, 0, SEEK_HOLE) < 0 && errno == EINVAL);
	return 0;
}

static void kmsg_seeks_to_first_cleared_and_last(void **state)
{
	box_printk(box, 6, "one");
	box_printk(box, 6, "two");
	assert_int_equal(fixture_inside(seeks), 0);
}

static int polls(void)
{
	int fd = open_kmsg_at_end(O_RDONLY | O_NONBLOCK);
	struct pollfd wait = {fd, POLLIN, 0};

	CHECK(poll(&wait, 1, 0) == 0);
	meet_parent();
	CHECK(poll(&wait, 1, 5000) == 1 && wait.revents == POLLIN);
	CHECK(strstr(record_of(fd), ";for who polls\n"));
	CHECK(poll(&wait, 1, 0) == 0);
	return 0;
}

static int reads_blocking(void)
{
	int fd = open_kmsg_at_end(O_RDONLY);

	meet_parent();
	CHECK(strstr(record_of(fd), ";for who reads\n"));
	return 0;
}

/* text is printed when the client has begun to wait. */
static void wakes(int (*body)(void), const char *text)
{
	pid_t client = fixture_start(body);

	await_client();
	let_client_go();
	usleep(200000);
	box_printk(box, 6, "%s", text);
	assert_int_equal(fixture_wait(client), 0);
}

static void a_new_line_wakes_who_polls_kmsg(void **state)
{
	wakes(polls, "for who polls");
}

static void a_new_line_wakes_who_reads_kmsg(void **state)
{
	wakes(reads_blocking, "for who reads");
}

static void do_nothing(int signal)
{
}

static int is_interrupted(void)
{
	struct sigaction action = {.sa_handler = do_nothing};
	int fd = open_kmsg_at_end(O_RDONLY);

	sigaction(SIGALRM, &action, NULL);
	ualarm(200000, 0);
	CHECK(!strcmp(record_of(fd), "errno 4"));
	return 0;
}

static void a_signal_interrupts_who_waits_for_kmsg(void **state)
{
	assert_int_equal(fixture_inside(is_interrupted), 0);
}

static int is_overrun(void)
{
	int fd = open(path_in_tree(KMSG), O_RDONLY | O_NONBLOCK);
	struct pollfd wait = {fd, POLLIN | POLLPRI, 0};
	const char *first = record_of(fd);

	CHECK(isdigit_prefix(first));
	meet_parent();
	CHECK(poll(&wait, 1, 0) == 1 && wait.revents & POLLERR);
	CHECK(!strcmp(record_of(fd), "errno 32"));
	CHECK(strstr(record_of(fd), ";line "));
	return 0;
}

static void overwritten_records_are_epipe_once(void **state)
{
	pid_t client;

	box_printk(box, 6, "something");
	client = fixture_start(is_overrun);
	await_client();
	for (int i = 0; i < 10000; i++)
		box_printk(box, 6, "line %d", i);
	let_client_go();
	assert_int_equal(fixture_wait(client), 0);
}

static int writes_too_often(void)
{
	int fd = open_kmsg_at_end(O_RDWR | O_NONBLOCK), count = 0;
	char line[2000] = "";

	memset(line, 'x', sizeof(line) - 1);
	CHECK(write(fd, line, 1025) < 0 && errno == EINVAL);
	for (int i = 0; i < 15; i++)
		CHECK(write(fd, "often", 5) == 5);
	while (strstr(record_of(fd), ";often\n"))
		count++;
	CHECK(count == 10);
	return 0;
}

static int opens_kmsg_without_cap_syslog(void)
{
	drop_capability(CAP_SYSLOG);
	drop_capability(CAP_SYS_ADMIN);
	return open(path_in_tree(KMSG), O_RDONLY) < 0 ? errno : 0;
}

static int may_not_open_kmsg(void)
{
	return open(path_in_tree(KMSG), O_WRONLY) < 0 && errno == EPERM ? 0 : 1;
}

static void printk_devkmsg_limits_writers_or_refuses_them(void **state)
{
	assert_shell("cat $t/proc/sys/kernel/printk_devkmsg", "ratelimit\n");
	assert_shell("echo on > $t/proc/sys/kernel/printk_devkmsg; "
		     "(for i in $(seq 15); do echo unlimited; done) > $t/" KMSG "; "
		     "dd if=$t/" KMSG " iflag=nonblock bs=8192 count=100000 2>/dev/null | "
		     "grep -c ';unlimited$'",
		     "15\n");
	assert_int_equal(write_to("proc/sys/kernel/printk_devkmsg", "never"), EINVAL);
	assert_int_equal(write_to("proc/sys/kernel/printk_devkmsg", "off\n"), 0);
	assert_int_equal(fixture_inside(may_not_open_kmsg), 0);
}

static void dmesg_restrict_0_lets_everybody_read(void **state)
{
	assert_int_equal(fixture_inside(opens_kmsg_without_cap_syslog), EPERM);
	assert_int_equal(write_to("proc/sys/kernel/dmesg_restrict", "0"), 0);
	assert_int_equal(fixture_inside(opens_kmsg_without_cap_syslog), 0);
}

static void writers_of_kmsg_are_limited_and_told_so(void **state)
{
	assert_int_equal(fixture_inside(writes_too_often), 0);
	/* "files_test" wrote 5 lines more than the limit */
	assert_shell_has("sleep 0.2; dd if=$t/" KMSG " iflag=nonblock bs=8192 count=100000 "
			 "2>/dev/null | tail -n 1",
			 ";files_test: 5 output lines suppressed due to ratelimiting\n");
}

static void dmesg_of_util_linux_reads_it(void **state)
{
	if (access("/dev/kmsg", F_OK)) {
		print_message("the host has no /dev/kmsg to cover\n");
		skip();
	}
	box_printk(box, 6, "dmesg shows this");
	assert_shell_has("dmesg | tail -n 1", "] dmesg shows this\n");
	box_printk(box, 3, "and that as an error");
	assert_shell_has("dmesg --level err | tail -n 1", "] and that as an error\n");
	assert_shell_has("dmesg -r | tail -n 1", "<3>[");
	/* it goes on where the log was cleared */
	log_clear(box);
	box_printk(box, 6, "after clearing");
	assert_shell("dmesg -t", "after clearing\n");
	assert_shell("echo '<5>by echo' > /dev/kmsg; dmesg -x -t | tail -n 1",
		     "user  :notice: by echo\n");
	assert_shell_has("timeout 1 dmesg -W & sleep 0.4; echo later > /dev/kmsg; wait", "later\n");
}

/* ---- all at once ---- */

/* 4 seconds, or as long as RING3_STRESS says. */
static time_t stress_end(void)
{
	const char *seconds = getenv("RING3_STRESS");

	return time(NULL) + (seconds ? atoi(seconds) : 4);
}

static int deadline_passed(time_t until)
{
	return time(NULL) >= until;
}

/* name size refcnt users state address [(taints)] */
static bool is_line_of_modules(const char *line)
{
	char name[64], users[256], state[16], rest[64] = "";
	unsigned long size, address;
	int refcount, used = 0;

	if (sscanf(line, "%63s %lu %d %255s %15s 0x%lx%n %63s", name, &size, &refcount, users,
		   state, &address, &used, rest) < 6)
		return false;
	return size % 4096 == 0 && size && refcount >= -1 && used &&
	       (!*rest || (*rest == '(' && rest[strlen(rest) - 1] == ')')) &&
	       (!strcmp(state, "Live") || !strcmp(state, "Loading") || !strcmp(state, "Unloading"));
}

static int read_modules(void)
{
	char text[65536], *line, *next;
	ssize_t got = read_file("proc/modules", text, sizeof(text));

	CHECK(got >= 0);
	CHECK(!got || text[got - 1] == '\n');
	for (line = text; *line; line = next + 1) {
		next = strchr(line, '\n');
		*next = '\0';
		CHECK(is_line_of_modules(line));
	}
	return 0;
}

static bool is_gone(ssize_t error)
{
	return error == -ENOENT || error == -ENODEV;
}

static int read_module(const char *name)
{
	static const char *const files_of_it[] = {"refcnt", "initstate", "coresize",
						  "sections/.text", "holders"};
	char path[256], text[256];
	struct stat st;
	ssize_t got;

	for (int i = 0; i < 5; i++) {
		snprintf(path, sizeof(path), "sys/module/%s/%s", name, files_of_it[i]);
		if (stat(path_in_tree(path), &st)) {
			CHECK(errno == ENOENT);
			continue;
		}
		if (S_ISDIR(st.st_mode))
			continue;
		got = read_file(path, text, sizeof(text));
		CHECK(is_gone(got) || (got > 1 && text[got - 1] == '\n'));
	}
	return 0;
}

static int read_directory(void)
{
	DIR *dir = opendir(path_in_tree("sys/module"));
	struct dirent *entry;
	int result = 0;

	CHECK(dir);
	while (!result && (entry = readdir(dir)))
		if (*entry->d_name != '.')
			result = read_module(entry->d_name);
	closedir(dir);
	return result;
}

static int read_kallsyms(void)
{
	static char text[1 << 22];
	ssize_t got = read_file("proc/kallsyms", text, sizeof(text));

	CHECK(got > 0 && text[got - 1] == '\n');
	return 0;
}

static int read_for_a_while(void)
{
	time_t until;
	int result = 0;

	/* Who serves allocates memory; whoever is forked meanwhile may never get any. */
	meet_parent();
	until = stress_end();
	while (!result && !deadline_passed(until)) {
		result = read_modules();
		if (!result)
			result = read_directory();
		if (!result)
			result = read_kallsyms();
	}
	return result;
}

struct loader {
	const char *name;
	unsigned int rounds;
	int error;
};

static void *load_for_a_while(void *data)
{
	struct loader *loader = data;
	time_t until = stress_end();

	while (!loader->error && !deadline_passed(until)) {
		loader->error = load(loader->name, "");
		if (!loader->error)
			loader->error = r3_module_unload(box, loader->name, 0);
		loader->rounds++;
	}
	return NULL;
}

static void eight_readers_and_four_loaders_see_whole_lines_only(void **state)
{
	struct loader loaders[] = {{.name = "life_base"},
				   {.name = "files_params"},
				   {.name = "life_slow"},
				   {.name = "life_hold"}};
	pthread_t threads[4];
	pid_t readers[8];

	for (int i = 0; i < 8; i++)
		readers[i] = fixture_start(read_for_a_while);
	for (int i = 0; i < 8; i++)
		await_client();
	for (int i = 0; i < 8; i++)
		let_client_go();
	for (int i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, load_for_a_while, &loaders[i]),
				 0);
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	for (int i = 0; i < 8; i++)
		assert_int_equal(fixture_wait(readers[i]), 0);
	for (int i = 0; i < 4; i++) {
		assert_int_equal(loaders[i].error, 0);
		assert_true(loaders[i].rounds > 1);
	}
}

/* ---- kinds of boxes ---- */

static void without_unloading_there_is_no_refcnt(void **state)
{
	load_ok("life_base", "");
	assert_shell("cd $t/sys/module/life_base; ls refcnt 2>/dev/null; cat initstate", "live\n");
	assert_shell_has("cat $t/proc/modules", " - - Live 0x");
}

static void modules_disabled_is_for_good(void **state)
{
	load_ok("life_base", "");
	assert_shell("cat $t/proc/sys/kernel/modules_disabled", "0\n");
	assert_int_equal(write_to("proc/sys/kernel/modules_disabled", "0"), EINVAL);
	assert_int_equal(write_to("proc/sys/kernel/modules_disabled", "2"), EINVAL);
	assert_int_equal(write_to("proc/sys/kernel/modules_disabled", "1\n"), 0);
	assert_int_equal(load("life_hold", ""), -EPERM);
	assert_int_equal(r3_module_unload(box, "life_base", 0), -EPERM);
	assert_int_equal(write_to("proc/sys/kernel/modules_disabled", "0"), EINVAL);
	assert_shell("cat $t/proc/sys/kernel/modules_disabled", "1\n");
}

/* A box with its files mounted, for one test: cmocka takes the box's signals at each. */
static void begin(unsigned int flags)
{
	struct r3_box_options options = {.size = sizeof(options),
					 .target = target,
					 .headers = headers,
					 .source = source,
					 .cmdline = CMDLINE,
					 .flags = flags};
	const char *why = "";
	int fd = fixture_mount(tree, &why);

	if (fd < 0)
		fail_msg("%s: %s", why, strerror(-fd));
	if (r3_box_new(&box, &options) || files_start(box, fd, fixture_holder(), &files))
		fail_msg("%s", r3_error());
	fixture_bind();
}

static int end(void **state)
{
	files_stop(files);
	r3_box_free(box);
	files = NULL;
	box = NULL;
	fixture_unmount();
	return 0;
}

static void in_a_box(void **state)
{
	CMUnitTestFunction rule = (CMUnitTestFunction)*state;

	begin(rule == without_unloading_there_is_no_refcnt ? R3_BOX_NO_UNLOAD : 0);
	rule(NULL);
}

#define RULE(rule)                                                                                 \
	{                                                                                          \
#rule, in_a_box, NULL, end, (void *)rule                                           \
	}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		RULE(a_module_has_linuxs_attributes_and_modes),
		RULE(parameters_have_their_modes_and_hidden_ones_no_file),
		RULE(a_parameters_set_says_what_a_write_fails_with),
		RULE(what_may_not_be_read_or_written_is_refused_to_root_too),
		RULE(nothing_can_be_made_or_removed),
		RULE(values_are_shown_as_linux_shows_them),
		RULE(a_write_takes_one_page_at_most),
		RULE(a_dangerous_parameter_taints),
		RULE(uevent_takes_known_actions_only),
		RULE(users_are_holders_and_stand_in_proc_modules),
		RULE(addresses_are_zero_without_cap_syslog),
		RULE(capabilities_of_a_namespace_of_ones_own_show_no_address),
		RULE(kptr_restrict_2_hides_addresses_from_everybody),
		RULE(a_section_is_read_from_its_start_and_notes_are_raw),
		RULE(the_symbol_table_has_sections_and_counts_in_the_size),
		RULE(kallsyms_shows_symbols_exported_to_all_in_capitals_and_no_init),
		RULE(kallsyms_is_the_same_read_in_any_pieces),
		RULE(kallsyms_streams_a_hundred_thousand_symbols),
		RULE(a_module_that_goes_is_enodev_to_who_has_it_open),
		RULE(parameters_are_there_from_before_init_until_after_exit),
		RULE(builtin_parts_have_parameters_and_uevent),
		RULE(tainted_only_grows),
		RULE(printk_has_four_levels_and_takes_fewer),
		RULE(what_uname_tells_stands_in_proc_too),
		RULE(modprobe_is_one_line),
		RULE(numbers_are_read_at_once_or_not),
		RULE(levels_and_taints_take_cap_sys_admin),
		RULE(kmsg_is_read_by_records_and_written_by_lines),
		RULE(a_record_is_what_one_printk_has_printed),
		RULE(rate_limited_printk_says_it_ten_times),
		RULE(kmsg_seeks_to_first_cleared_and_last),
		RULE(a_new_line_wakes_who_polls_kmsg),
		RULE(a_new_line_wakes_who_reads_kmsg),
		RULE(a_signal_interrupts_who_waits_for_kmsg),
		RULE(overwritten_records_are_epipe_once),
		RULE(printk_devkmsg_limits_writers_or_refuses_them),
		RULE(dmesg_restrict_0_lets_everybody_read),
		RULE(writers_of_kmsg_are_limited_and_told_so),
		RULE(dmesg_of_util_linux_reads_it),
		RULE(eight_readers_and_four_loaders_see_whole_lines_only),
		RULE(without_unloading_there_is_no_refcnt),
		RULE(modules_disabled_is_for_good),
	};
	const char *why = "";
	int fd, failed;

	if (argc < 2 || !mkdtemp(tree) || pipe(to_client) || pipe(from_client))
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
	close(fd);
	fixture_unmount();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	rmdir(tree);
	return failed;
}
