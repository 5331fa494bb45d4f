// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The module system calls, raw, and what each condition gives: a client's view
 * of a box, or of a real kernel, since nothing here knows which it is.
 *	module_calls DIR [box]	modules low, middle, permanent, clings, waits, waits_user in DIR
 * One line a rule; the exit status tells whether all held.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>
#include "rules.h"

static const char *dir;

static long init_module(const void *image, unsigned long size, const char *parameters)
{
	return result_of(syscall(SYS_init_module, image, size, parameters));
}

static long finit_module(int fd, const char *parameters, unsigned int flags)
{
	return result_of(syscall(SYS_finit_module, fd, parameters, flags));
}

static long delete_module(const char *name, unsigned int flags)
{
	return result_of(syscall(SYS_delete_module, name, flags));
}

static int open_module(const char *name, int flags)
{
	char path[4096];
	int fd;

	snprintf(path, sizeof(path), "%s/%s.ko", dir, name);
	fd = open(path, flags | O_CLOEXEC);
	if (fd < 0) {
		perror(path);
		exit(EXIT_FAILURE);
	}
	return fd;
}

static long load_with(const char *name, const char *parameters)
{
	int fd = open_module(name, O_RDONLY);
	long result = finit_module(fd, parameters, 0);

	close(fd);
	return result;
}

static long load(const char *name)
{
	return load_with(name, "");
}

static long unload(const char *name)
{
	return delete_module(name, O_NONBLOCK);
}

/* ---- what needs another process ---- */

static long load_without_capability(void)
{
	drop_module_capability();
	return load("low");
}

/* Permission comes first, whatever else is wrong. */
static long init_without_capability(void)
{
	drop_module_capability();
	return init_module(NULL, 0, NULL);
}

static long unload_without_capability(void)
{
	drop_module_capability();
	return delete_module(BAD, 0);
}

static long load_in_namespace(void)
{
	if (unshare(CLONE_NEWUSER))
		_exit(202);
	return load("low");
}

static long load_waiting(void)
{
	return load_with("waits", "in_init=1");
}

static long load_waiting_that_fails(void)
{
	return load_with("waits", "in_init=1 ret=-5");
}

static long load_waits(void)
{
	return load("waits");
}

static long load_waits_from_memory(void)
{
	struct stat status;
	int fd = open_module("waits", O_RDONLY);
	void *image;

	if (fstat(fd, &status))
		exit(EXIT_FAILURE);
	image = mmap(NULL, status.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	return init_module(image, status.st_size, "");
}

/* Since 6.5, who loads the same file meanwhile gets the first's result. */
static bool files_load_once(void)
{
	unsigned int major = 0, minor = 0;
	struct utsname name;

	uname(&name);
	sscanf(name.release, "%u.%u", &major, &minor);
	return major > 6 || (major == 6 && minor >= 5);
}

static long unload_waits(void)
{
	return unload("waits");
}

/* waits stays in its init or exit until this is written. */
static void let_go(void)
{
	int fd = open("/sys/module/waits/parameters/go", O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, "1", 1) != 1) {
		perror("/sys/module/waits/parameters/go");
		exit(EXIT_FAILURE);
	}
	close(fd);
}

static void wait_for_state(const char *state)
{
	char text[16] = "";

	for (int tries = 0; strncmp(text, state, strlen(state)); tries++) {
		int fd = open("/sys/module/waits/initstate", O_RDONLY | O_CLOEXEC);

		if (fd < 0 || read(fd, text, sizeof(text)) < 0)
			text[0] = '\0';
		if (fd >= 0)
			close(fd);
		if (tries == 3000) {
			fprintf(stderr, "waits is not %s\n", state);
			exit(EXIT_FAILURE);
		}
		usleep(10000);
	}
}

static void nothing(int signal)
{
}

static void alarm_in(int milliseconds)
{
	const struct sigaction action = {.sa_handler = nothing};
	struct itimerval timer = {.it_value = {.tv_usec = milliseconds * 1000}};

	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &timer, NULL);
}

static long load_until_alarm(void)
{
	alarm_in(200);
	return load("waits");
}

/* A child that calls the function; the module is in that state then. */
static pid_t start(long (*function)(void), const char *state)
{
	pid_t child = fork();

	if (!child)
		_exit(-function() & 0xff);
	wait_for_state(state);
	return child;
}

/* What function gives in a child that waits in it when waits is let go. */
static long waiting_for_another(long (*function)(void))
{
	int status;
	pid_t child = fork();

	if (!child)
		_exit(-function() & 0xff);
	sleep(1); /* nothing tells that a call waits */
	let_go();
	if (waitpid(child, &status, 0) != child || !WIFEXITED(status))
		return -ECHILD;
	return -(long)WEXITSTATUS(status);
}

static long ended(pid_t child)
{
	int status;

	if (waitpid(child, &status, 0) != child)
		return -ECHILD;
	return WIFEXITED(status) ? -(long)WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

/* ---- the rules ---- */

static void permission(void)
{
	report("finit_module without CAP_SYS_MODULE", -EPERM, in_child(load_without_capability));
	report("init_module without CAP_SYS_MODULE, all else wrong", -EPERM,
	       in_child(init_without_capability));
	report("delete_module without CAP_SYS_MODULE", -EPERM, in_child(unload_without_capability));
	report("finit_module with CAP_SYS_MODULE of another user namespace", -EPERM,
	       in_child(load_in_namespace));
}

/* It depends on CONFIG_MODULE_DECOMPRESS. */
static void compressed(int fd)
{
	long result = finit_module(fd, "", 4);

	report("finit_module, compressed, a file that is not",
	       result == -EOPNOTSUPP ? -EOPNOTSUPP : -EINVAL, result);
}

static void bad_files(void)
{
	int fd = open_module("low", O_RDONLY), pipes[2], other;
	char path[] = "/tmp/module_calls.XXXXXX";

	report("finit_module, unknown flag", -EINVAL, finit_module(fd, "", 8));
	report("finit_module, unknown flag before bad descriptor", -EINVAL,
	       finit_module(-1, "", 0x80000000));
	report("finit_module, descriptor -1", -EBADF, finit_module(-1, "", 0));
	compressed(fd);
	report("finit_module, closed descriptor", -EBADF, finit_module(1000, "", 0));
	close(fd);
	other = open_module("low", O_PATH);
	report("finit_module, O_PATH descriptor", -EBADF, finit_module(other, "", 0));
	close(other);
	other = open(dir, O_RDONLY | O_DIRECTORY);
	report("finit_module, directory", -EINVAL, finit_module(other, "", 0));
	close(other);
	if (pipe(pipes))
		exit(EXIT_FAILURE);
	report("finit_module, pipe", -EINVAL, finit_module(pipes[0], "", 0));
	report("finit_module, end of a pipe to write to", -EBADF, finit_module(pipes[1], "", 0));
	other = open("/dev/null", O_RDONLY);
	report("finit_module, device", -EINVAL, finit_module(other, "", 0));
	close(other);
	fd = mkstemp(path);
	other = open(path, O_WRONLY);
	report("finit_module, write-only descriptor", -EBADF, finit_module(other, "", 0));
	close(other);
	if (write(fd, "x", 1) != 1)
		exit(EXIT_FAILURE);
	other = open(path, O_RDONLY);
	report("finit_module, file open for writing by anybody", -ETXTBSY,
	       finit_module(other, "", 0));
	report("finit_module, descriptor open for reading and writing", -ETXTBSY,
	       finit_module(fd, "", 0));
	close(fd);
	report("finit_module, one byte", -ENOEXEC, finit_module(other, "", 0));
	if (truncate(path, 0))
		exit(EXIT_FAILURE);
	report("finit_module, empty file", -EINVAL, finit_module(other, "", 0));
	close(other);
	unlink(path);
}

static void bad_memory(void)
{
	struct stat status;
	int fd = open_module("low", O_RDONLY);
	void *image, *edge;

	if (fstat(fd, &status))
		exit(EXIT_FAILURE);
	image = mmap(NULL, status.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	report("init_module(NULL, 0)", -ENOEXEC, init_module(NULL, 0, NULL));
	report("init_module, 63 bytes", -ENOEXEC, init_module(image, 63, ""));
	report("init_module, bad image pointer", -EFAULT, init_module(BAD, 4096, ""));
	report("init_module, image beyond memory's end", -ENOMEM, init_module(image, -1UL, ""));
	edge = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	munmap((char *)edge + 4096, 4096);
	report("init_module, image that ends in a hole", -EFAULT, init_module(edge, 8192, ""));
	report("init_module, bad parameters pointer", -EFAULT,
	       init_module(image, status.st_size, BAD));
	report("init_module, NULL parameters", -EFAULT, init_module(image, status.st_size, NULL));
	report("finit_module, bad parameters pointer", -EFAULT, finit_module(fd, BAD, 0));
	memset(edge, 'x', 4096);
	report("finit_module, parameters without an end", -EFAULT, finit_module(fd, edge, 0));
	report("init_module, bad image before bad parameters", -ENOEXEC,
	       init_module(edge, 4096, NULL));
	report("none of them has left the module behind", -ENOENT, unload("low"));
	strcpy((char *)edge + 4090, "a=1");
	report("finit_module, parameters up to the last byte of a page", 0,
	       finit_module(fd, (char *)edge + 4090, 0));
	report("finit_module, loaded already", -EEXIST, finit_module(fd, "", 0));
	report("delete_module", 0, unload("low"));
	report("init_module", 0, init_module(image, status.st_size, ""));
	report("delete_module", 0, delete_module("low", 0));
	for (unsigned int flags = 1; flags <= 3; flags++) {
		report("finit_module, versions, vermagic or both ignored", 0,
		       finit_module(fd, "", flags));
		report("delete_module", 0, unload("low"));
	}
	munmap(image, status.st_size);
	munmap(edge, 4096);
	close(fd);
}

static void bad_names(void)
{
	char name[100];

	memset(name, 'a', sizeof(name));
	name[99] = '\0';
	report("delete_module, empty name", -ENOENT, unload(""));
	report("delete_module, unknown", -ENOENT, unload("no_such_module"));
	report("delete_module, 99 characters", -ENOENT, unload(name));
	name[56] = '\0';
	report("delete_module, 56 characters", -ENOENT, unload(name));
	report("delete_module, bad pointer", -EFAULT, unload(BAD));
	report("delete_module, NULL", -EFAULT, unload(NULL));
	report("loading waits_user, without waits", -ENOENT, load("waits_user"));
	report("loading waits", 0, load("waits"));
	report("loading waits_user", 0, load("waits_user"));
	report("delete_module, with '-' for '_'", -ENOENT, unload("waits-user"));
	report("unloading waits_user", 0, unload("waits_user"));
	report("unloading waits", 0, unload("waits"));
}

static void in_use(void)
{
	report("loading low", 0, load("low"));
	report("loading middle", 0, load("middle"));
	report("delete_module, another module uses it", -EWOULDBLOCK, unload("low"));
	report("delete_module, the same with force", -EWOULDBLOCK,
	       delete_module("low", O_NONBLOCK | O_TRUNC));
	report("unloading middle", 0, unload("middle"));
	report("unloading low", 0, unload("low"));
	report("loading permanent", 0, load("permanent"));
	report("delete_module, init without exit", -EBUSY, unload("permanent"));
	report("delete_module, the same with force", 0, delete_module("permanent", O_TRUNC));
	report("loading clings", 0, load("clings"));
	report("delete_module, references", -EAGAIN, unload("clings"));
	report("delete_module, references, without O_NONBLOCK", -EAGAIN,
	       delete_module("clings", 0));
	report("delete_module, references, with force", 0,
	       delete_module("clings", O_NONBLOCK | O_TRUNC));
}

static void others_under_way(void)
{
	pid_t first = start(load_waiting, "coming");

	report("delete_module, in its init", -EBUSY, unload("waits"));
	report("delete_module, in its init, with force", -EBUSY,
	       delete_module("waits", O_NONBLOCK | O_TRUNC));
	report("finit_module, another load under way, and a signal", -EINTR,
	       in_child(load_until_alarm));
	report("init_module, another load under way that succeeds", -EEXIST,
	       waiting_for_another(load_waits_from_memory));
	report("the other load", 0, ended(first));
	report("unloading waits", 0, unload("waits"));
	first = start(load_waiting, "coming");
	report("finit_module, the same file under way", files_load_once() ? 0 : -EEXIST,
	       waiting_for_another(load_waits));
	report("the other load", 0, ended(first));
	report("unloading waits", 0, unload("waits"));
	first = start(load_waiting_that_fails, "coming");
	report("init_module, another load under way that fails", -EBUSY,
	       waiting_for_another(load_waits_from_memory));
	report("the other load, its init's error", -EIO, ended(first));
	first = start(load_waiting_that_fails, "coming");
	report("finit_module, the same file under way that fails",
	       files_load_once() ? -EIO : -EBUSY, waiting_for_another(load_waits));
	report("the other load, its init's error", -EIO, ended(first));
	first = start(load_waiting, "coming");
	kill(first, SIGKILL);
	let_go();
	report("a process killed in init", 1000 + SIGKILL, ended(first));
	wait_for_state("live");
	report("its module is live", -EEXIST, load("waits"));
	report("unloading waits", 0, unload("waits"));
	report("loading waits", 0, load_with("waits", "in_exit=1"));
	first = start(unload_waits, "going");
	report("delete_module, in its exit", -EBUSY, unload("waits"));
	report("delete_module, in its exit, with force", -EBUSY,
	       delete_module("waits", O_NONBLOCK | O_TRUNC));
	report("finit_module, in its exit", -EBUSY, load("waits"));
	report("finit_module, the owner of a symbol in its exit", -ENOENT, load("waits_user"));
	let_go();
	report("the other unload", 0, ended(first));
}

static void other_schemes(void)
{
	report("create_module of Linux 2.4", -ENOSYS,
	       result_of(syscall(SYS_create_module, "a", 4096)));
	report("query_module of Linux 2.4", -ENOSYS,
	       result_of(syscall(SYS_query_module, NULL, 0, NULL, 0, NULL)));
	report("get_kernel_syms of Linux 2.4", -ENOSYS,
	       result_of(syscall(SYS_get_kernel_syms, NULL)));
	report("uname, bad pointer", -EFAULT, result_of(syscall(SYS_uname, BAD)));
}

/*
 * In a box only: the numbers of i386 and x32 lead to no kernel's module calls.
 * A real kernel has those of i386.
 */
static long i386_call(long number)
{
	long result;

	__asm__ volatile("int $0x80"
			 : "=a"(result)
			 : "a"(number), "b"(0), "c"(0), "d"(0)
			 : "memory", "r8", "r9", "r10", "r11");
	return result;
}

static void foreign_calls(void)
{
	const long x32 = 0x40000000;

	report("init_module of i386", -ENOSYS, i386_call(128));
	report("delete_module of i386", -ENOSYS, i386_call(129));
	report("finit_module of i386", -ENOSYS, i386_call(350));
	report("init_module of x32", -ENOSYS,
	       result_of(syscall(x32 | SYS_init_module, NULL, 0, NULL)));
	report("finit_module of x32", -ENOSYS,
	       result_of(syscall(x32 | SYS_finit_module, -1, NULL, 0)));
	report("delete_module of x32", -ENOSYS,
	       result_of(syscall(x32 | SYS_delete_module, NULL, 0)));
}

static long write_disabled(const char *text)
{
	int fd = open("/proc/sys/kernel/modules_disabled", O_WRONLY | O_CLOEXEC);
	long result = fd < 0 ? -errno : result_of(write(fd, text, strlen(text)));

	if (fd >= 0)
		close(fd);
	return result > 0 ? 0 : result;
}

/* The last: there is no way back. */
static void disabled(void)
{
	report("modules_disabled, 1", 0, write_disabled("1\n"));
	report("modules_disabled, 0 after 1", -EINVAL, write_disabled("0\n"));
	report("finit_module with modules_disabled", -EPERM, load("low"));
	report("init_module with modules_disabled", -EPERM, init_module(NULL, 0, NULL));
	report("delete_module with modules_disabled", -EPERM, unload("no_such_module"));
}

int main(int argc, char **argv)
{
	bool box = argc == 3 && !strcmp(argv[2], "box");

	if (argc != 2 + box) {
		fprintf(stderr, "Usage: module_calls DIR [box]\n");
		return 2;
	}
	dir = argv[1];
	setvbuf(stdout, NULL, _IONBF, 0);
	permission();
	bad_files();
	bad_memory();
	bad_names();
	in_use();
	others_under_way();
	other_schemes();
	if (box)
		foreign_calls();
	disabled();
	printf("%u failed\n", failures);
	return failures ? EXIT_FAILURE : EXIT_SUCCESS;
}
