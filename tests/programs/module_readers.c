// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * While insmod and rmmod put modules in and take them out, readers see whole
 * lines, each module once, and no error but that a file is gone.
 *	module_readers SECONDS FILE.ko...	one loader for each module
 */
#include <dirent.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include "module_client.h"

#define NR_READERS  8
#define MAX_LOADERS 16
#define TEXT_SIZE   (1 << 23) /* more than /proc/kallsyms has */

static char text[TEXT_SIZE];
static time_t until;

/* ---- reading ---- */

static int complain(const char *path, const char *what)
{
	fprintf(stderr, "%s: %s\n", path, what);
	return EXIT_FAILURE;
}

/* All of a file in pieces of that size into text: its length or a negative errno. */
static ssize_t read_file(const char *path, size_t piece)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got, length = 0;

	if (fd < 0)
		return -errno;
	do {
		size_t room = TEXT_SIZE - 1 - length;

		got = read(fd, text + length, piece < room ? piece : room);
		length += got > 0 ? got : 0;
	} while (got > 0);
	got = got < 0 ? -errno : length;
	close(fd);
	text[length] = '\0';
	return got;
}

/* What a file of a module says when the module has gone meanwhile, as kernfs does. */
static bool is_gone(ssize_t result)
{
	return result == -ENOENT || result == -ENODEV;
}

/* ---- what lines look like ---- */

static bool is_hexadecimal(const char *digits, size_t length)
{
	return strspn(digits, "0123456789abcdef") == length;
}

/* name size refcnt users state address [(taints)] */
static bool is_line_of_modules(const char *line)
{
	char name[64], users[256], state[16], address[32], taints[16] = "()";
	unsigned long size;
	int references, end = 0;

	if (sscanf(line, "%63s %lu %d %255s %15s %31s%n %15s%n", name, &size, &references, users,
		   state, address, &end, taints, &end) < 6)
		return false;
	return !line[end] && size && size % 4096 == 0 && references >= -1 &&
	       !strncmp(address, "0x", 2) && is_hexadecimal(address + 2, 16) &&
	       strlen(address) == 18 && *taints == '(' && taints[strlen(taints) - 1] == ')' &&
	       (!strcmp(users, "-") || users[strlen(users) - 1] == ',') &&
	       (!strcmp(state, "Live") || !strcmp(state, "Loading") || !strcmp(state, "Unloading"));
}

/* address letter name [\t[module]] */
static bool is_line_of_kallsyms(const char *line)
{
	const char *tab = strchr(line, '\t');
	size_t length = strlen(line);

	return length > 19 && is_hexadecimal(line, 16) && line[16] == ' ' && line[18] == ' ' &&
	       strcspn(line + 19, " \t") == (size_t)((tab ? tab : line + length) - line - 19) &&
	       (!tab || (tab[1] == '[' && line[length - 1] == ']'));
}

/* Module, size, used by; lsmod shows an errno as the size and count of one that went meanwhile. */
static bool is_line_of_lsmod(const char *line)
{
	char name[64], users[256] = "-";
	long size;
	int references, end = 0;

	return sscanf(line, "%63s %ld %d%n %255s%n", name, &size, &references, &end, users, &end) >=
		       3 &&
	       (size < 0 || size % 4096 == 0) && !line[end + strspn(line + end, " ")];
}

/* Each line of text must be one, and begin otherwise than those before it if it is said so. */
static int check_lines(const char *path, bool (*is_line)(const char *line), bool once)
{
	for (char *line = text, *end; *line; line = end + 1) {
		end = strchr(line, '\n');
		if (!end)
			return complain(path, "it does not end in a newline");
		*end = '\0';
		if (!is_line(line))
			return complain(path, line);
		for (char *other = text; once && other < line; other += strlen(other) + 1) {
			size_t name = strcspn(line, " ");

			if (strcspn(other, " ") == name && !strncmp(other, line, name))
				return complain(path, "a module stands there twice");
		}
	}
	return 0;
}

/* ---- readers ---- */

static int read_modules_at_once(void)
{
	ssize_t got = read_file("/proc/modules", TEXT_SIZE);

	return got < 0 ? complain("/proc/modules", strerror(-got))
		       : check_lines("/proc/modules", is_line_of_modules, true);
}

static int read_modules_in_pieces(void)
{
	ssize_t got = read_file("/proc/modules", 40);

	return got < 0 ? complain("/proc/modules", strerror(-got))
		       : check_lines("/proc/modules", is_line_of_modules, false);
}

static int read_kallsyms(void)
{
	ssize_t got = read_file("/proc/kallsyms", 1 << 16);

	return got <= 0 ? complain("/proc/kallsyms", strerror(-got))
			: check_lines("/proc/kallsyms", is_line_of_kallsyms, false);
}

static int run_lsmod(void)
{
	FILE *lsmod = popen("lsmod 2>/dev/null | tail -n +2", "re");
	size_t length;

	if (!lsmod)
		return complain("lsmod", strerror(errno));
	length = fread(text, 1, TEXT_SIZE - 1, lsmod);
	text[length] = '\0';
	if (pclose(lsmod))
		return complain("lsmod", "it has failed");
	return check_lines("lsmod", is_line_of_lsmod, true);
}

/* A file of one line, whatever it says. */
static int read_attribute(const char *path)
{
	ssize_t got = read_file(path, TEXT_SIZE);
	const char *newline = got > 0 ? strchr(text, '\n') : NULL;

	/* uevent is for writing only, which counts for root as well */
	if (is_gone(got) || got == -EACCES)
		return 0;
	if (got < 0)
		return complain(path, strerror(-got));
	return newline && newline == text + got - 1 ? 0 : complain(path, "it is not one line");
}

/* Everything below path but notes, which are no text, and links. */
static int read_below(const char *path)
{
	DIR *folder = opendir(path);
	struct dirent *entry;
	int result = 0;

	if (!folder)
		return is_gone(-errno) ? 0 : complain(path, strerror(errno));
	while (!result && (errno = 0, entry = readdir(folder))) {
		char name[4096];

		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..") ||
		    !strcmp(entry->d_name, "notes"))
			continue;
		snprintf(name, sizeof(name), "%s/%s", path, entry->d_name);
		if (entry->d_type == DT_DIR)
			result = read_below(name);
		else if (entry->d_type == DT_REG)
			result = read_attribute(name);
	}
	if (!result && errno && !is_gone(-errno))
		result = complain(path, strerror(errno));
	closedir(folder);
	return result;
}

static int read_sysfs(void)
{
	return read_below("/sys/module");
}

static int (*const readers[NR_READERS])(void) = {
	read_modules_at_once, read_modules_in_pieces, read_kallsyms, run_lsmod,
	read_sysfs,           read_modules_in_pieces, read_sysfs,    read_sysfs,
};

static int read_for_a_while(int (*reader)(void))
{
	unsigned long rounds = 0;

	while (time(NULL) < until) {
		if (reader())
			return EXIT_FAILURE;
		rounds++;
	}
	return rounds ? EXIT_SUCCESS : complain("a reader", "it has read nothing");
}

/* ---- loaders ---- */

static int run(const char *program, const char *argument)
{
	pid_t child = fork();
	int status;

	if (!child) {
		execlp(program, program, argument, NULL);
		_exit(127);
	}
	return waitpid(child, &status, 0) == child ? status : -1;
}

/* The module's name is the file's up to the dot. */
static int load_for_a_while(const char *path)
{
	const char *base = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
	char name[64];
	unsigned int rounds = 0;

	snprintf(name, sizeof(name), "%.*s", (int)strcspn(base, "."), base);
	while (time(NULL) < until) {
		if (run("insmod", path))
			return complain(name, "insmod has failed");
		if (run("rmmod", name))
			return complain(name, "rmmod has failed");
		rounds++;
	}
	printf("%s: %u times\n", name, rounds);
	fflush(stdout);
	return rounds ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* ---- all of them ---- */

static pid_t start(int (*reader)(void), const char *path)
{
	pid_t child = fork();

	if (!child)
		_exit(reader ? read_for_a_while(reader) : load_for_a_while(path));
	return child;
}

int main(int argc, char **argv)
{
	int seconds = argc > 2 ? atoi(argv[1]) : 0, status, failed = 0;

	if (seconds <= 0 || argc > 2 + MAX_LOADERS) {
		fprintf(stderr, "Usage: module_readers SECONDS FILE.ko...\n");
		return 2;
	}
	until = time(NULL) + seconds;
	for (int i = 2; i < argc; i++)
		failed |= start(NULL, argv[i]) < 0;
	for (int i = 0; i < NR_READERS; i++)
		failed |= start(readers[i], NULL) < 0;
	while (wait(&status) > 0)
		failed |= status != 0;
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
