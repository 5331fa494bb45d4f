// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How fast, beside what: every figure is taken in the same run as the one it
 * is compared with, alternating, and the median of many rounds is printed.
 */
#include <dlfcn.h>
#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <ring3/ring3.h>
#include "elf/elf_view.h"
#include "loader/internal.h"

extern char **environ;

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
}

static int by_value(const void *left, const void *right)
{
	double a = *(const double *)left, b = *(const double *)right;

	return (a > b) - (a < b);
}

static double median(double *values, size_t count)
{
	qsort(values, count, sizeof(*values), by_value);
	return values[count / 2];
}

static void __attribute__((noreturn)) die(const char *what)
{
	fprintf(stderr, "bench: %s: %s\n", what, r3_error());
	exit(1);
}

static struct r3_box *new_box(void)
{
	const struct r3_box_options options = {.size = sizeof(options), .memory = 1UL << 30};
	struct r3_box *box;

	if (r3_box_new(&box, &options))
		die("box");
	return box;
}

static void *read_file(const char *path, size_t *size)
{
	FILE *file = fopen(path, "re");
	struct stat status;
	void *data;

	if (!file || fstat(fileno(file), &status))
		die(path);
	data = malloc(status.st_size + 1);
	if (!data || fread(data, 1, status.st_size, file) != (size_t)status.st_size)
		die(path);
	fclose(file);
	*size = status.st_size;
	return data;
}

#define LOAD_ROUNDS 2000

/* A small module against a library of the same functions and relocations. */
static void bench_load(const char *module, const char *name, const char *library)
{
	static double ours[LOAD_ROUNDS], theirs[LOAD_ROUNDS];
	struct r3_box *box = new_box();
	double mine, other;

	for (int i = 0; i < LOAD_ROUNDS; i++) {
		double start = now(), middle;
		void *handle;

		if (r3_module_load(box, module, "", 0, NULL) || r3_module_unload(box, name, 0))
			die(module);
		middle = now();
		handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);
		if (!handle || dlclose(handle)) {
			fprintf(stderr, "bench: %s\n", dlerror());
			exit(1);
		}
		ours[i] = middle - start;
		theirs[i] = now() - middle;
	}
	mine = median(ours, LOAD_ROUNDS);
	other = median(theirs, LOAD_ROUNDS);
	printf("load + unload                 %9.1f us   dlopen + dlclose %9.1f us   ratio %.2f  "
	       "(goal: at most 2.5)\n",
	       mine * 1e6, other * 1e6, mine / other);
	r3_box_free(box);
}

static double run_process(char *const argv[])
{
	double start = now();
	posix_spawn_file_actions_t actions;
	int status;
	pid_t pid;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", 1, 0);
	if (posix_spawnp(&pid, argv[0], &actions, NULL, argv, environ) ||
	    waitpid(pid, &status, 0) != pid) {
		fprintf(stderr, "bench: cannot run %s\n", argv[0]);
		exit(1);
	}
	posix_spawn_file_actions_destroy(&actions);
	if (!WIFEXITED(status) || WEXITSTATUS(status)) {
		fprintf(stderr, "bench: %s failed with status %d\n", argv[0], status);
		exit(1);
	}
	return now() - start;
}

#define PROCESS_ROUNDS 101

static void bench_process(const char *label, const char *ring3, const char *module, double goal_ms)
{
	static double ours[PROCESS_ROUNDS], theirs[PROCESS_ROUNDS];
	char *const run[] = {(char *)ring3, "run", (char *)module, NULL};
	char *const rival[] = {"true", NULL};
	double mine, other;

	run_process(run); /* fill the cache */
	for (int i = 0; i < PROCESS_ROUNDS; i++) {
		ours[i] = run_process(run);
		theirs[i] = run_process(rival);
	}
	mine = median(ours, PROCESS_ROUNDS);
	other = median(theirs, PROCESS_ROUNDS);
	printf("%-29s %9.2f ms   true             %9.2f ms   difference %.2f ms  (goal: at most "
	       "%.0f)\n",
	       label, mine * 1e3, other * 1e3, (mine - other) * 1e3, goal_ms);
}

static size_t count_relocations(const struct elf_view *view)
{
	size_t count = 0;

	for (unsigned int i = 1; i < view->nr_sections; i++)
		if (view->sections[i].sh_type == SHT_RELA &&
		    view->sections[view->sections[i].sh_info].sh_flags & SHF_ALLOC)
			count += view->sections[i].sh_size / sizeof(Elf64_Rela);
	return count;
}

/* Every import of a large module gets an address, so that all else can be measured. */
static void add_dummies(struct r3_box *box, const struct elf_view *view, struct object *owner)
{
	for (size_t i = 1; i < view->nr_symbols; i++) {
		struct export *export;

		if (view->symbols[i].st_shndx != SHN_UNDEF)
			continue;
		export = calloc(1, sizeof(*export));
		export->name = strdup(elf_symbol_name(view, &view->symbols[i]));
		export->address = box->space.module_base + 4096;
		export->owner = owner;
		if (!symbol_table_find(box->exports, export->name))
			symbol_table_add(box->exports, export->name, export);
	}
}

/* The rival copies the same bytes: what no loader can do without. */
static void bench_relocations(const char *path)
{
	struct r3_box *box = new_box();
	struct module_image image;
	struct elf_problem problem;
	struct elf_view view;
	double ours[9], theirs[9], mine, other;
	size_t relocations;
	void *copy;

	if (image_read_file(&image, path, &problem) ||
	    elf_open(&view, image.data, image.size, &problem))
		die(path);
	relocations = count_relocations(&view);
	add_dummies(box, &view, box->objects);
	copy = malloc(image.size);
	for (int i = 0; i < 9; i++) {
		double start = now();
		int error;

		if (box_enter(box))
			die("enter");
		error = load_module(
			box, &image, "",
			R3_LOAD_DRY | R3_LOAD_IGNORE_VERMAGIC | R3_LOAD_IGNORE_MODVERSIONS, NULL);
		box_leave(box);
		if (error)
			die(path);
		ours[i] = now() - start;
		start = now();
		memcpy(copy, image.data, image.size);
		theirs[i] = now() - start;
	}
	mine = median(ours, 9);
	other = median(theirs, 9);
	printf("link a %4zu MB module         %9.1f ms   memcpy of it     %9.1f ms   %.1f million "
	       "relocations a second (%zu)\n",
	       image.size >> 20, mine * 1e3, other * 1e3, relocations / mine / 1e6, relocations);
	free(copy);
	image_release(&image);
	r3_box_free(box);
}

#define EXPORTS 20000

/* The rival is dlsym on the C library, which has about 3,000 names. */
static void bench_lookup(void)
{
	struct symbol_table *table = symbol_table_new();
	char(*names)[32] = calloc(EXPORTS, sizeof(*names));
	volatile size_t found = 0;
	double start, mine, other;

	for (int i = 0; i < EXPORTS; i++) {
		snprintf(names[i], sizeof(names[i]), "subsystem_function_%d", i * 7);
		symbol_table_add(table, names[i], names[i]);
	}
	start = now();
	for (int round = 0; round < 50; round++)
		for (int i = 0; i < EXPORTS; i++)
			found += symbol_table_find(table, names[i]) != NULL;
	mine = (now() - start) / (50.0 * EXPORTS);
	start = now();
	for (int i = 0; i < 1000000; i++)
		found += dlsym(RTLD_DEFAULT, i & 1 ? "strtoull" : "memmem") != NULL;
	other = (now() - start) / 1e6;
	if (found != 50UL * EXPORTS + 1000000)
		die("look-up");
	printf("look up, of %d exports     %9.1f ns   dlsym            %9.1f ns   %.1f million a "
	       "second\n",
	       EXPORTS, mine * 1e9, other * 1e9, 1e-6 / mine);
	symbol_table_free(table);
	free(names);
}

#define MANY 1000

/* Copies of one module under other names: the name in .modinfo is all that is changed. */
static void load_copy(struct r3_box *box, char *image, size_t size, char *name_at, int index)
{
	char digits[8];

	snprintf(digits, sizeof(digits), "%04d", index);
	memcpy(name_at, digits, 4);
	if (r3_module_load_buffer(box, image, size, "", 0, NULL))
		die("one of many");
}

static void bench_many(const char *path)
{
	struct r3_box *box = new_box();
	size_t size;
	char *image = read_file(path, &size);
	char *name = memmem(image, size, "\0name=bench_0000", 16);
	double first[101], last[101], start, few, lots;

	if (!name)
		die("bench module's name");
	name += 12;
	for (int i = 0; i < MANY + 100; i++) {
		start = now();
		load_copy(box, image, size, name, i);
		if (i < 101)
			first[i] = now() - start;
		if (i >= MANY - 1)
			last[i - (MANY - 1)] = now() - start;
	}
	few = median(first, 101);
	lots = median(last, 101);
	printf("load one more of %4d         %9.1f us   of the first 100 %9.1f us   ratio %.2f  "
	       "(goal: no growth)\n",
	       MANY, lots * 1e6, few * 1e6, lots / few);
	free(image);
	r3_box_free(box);
}

static long proportional_set_kb(void)
{
	FILE *file = fopen("/proc/self/smaps_rollup", "re");
	char line[256];
	long kb = -1;

	while (file && fgets(line, sizeof(line), file))
		sscanf(line, "Pss: %ld", &kb);
	if (file)
		fclose(file);
	return kb;
}

static void bench_memory(void)
{
	long before = proportional_set_kb(), after;
	struct r3_box *box = new_box();

	after = proportional_set_kb();
	printf("memory of an idle box         %9ld KiB  this process     %9ld KiB\n",
	       after - before, before);
	r3_box_free(box);
}

int main(int argc, char **argv)
{
	if (argc < 5) {
		fprintf(stderr, "usage: bench RING3 HELLO.ko BENCH_0000.ko LIBRARY.so "
				"[LINUX_HELLO.ko|-] [LARGE.ko]\n");
		return 2;
	}
	bench_memory();
	bench_load(argv[3], "bench_0000", argv[4]);
	bench_process("ring3 run hello, builtin", argv[1], argv[2], 10);
	if (argc > 5 && strcmp(argv[5], "-"))
		bench_process("ring3 run hello, Linux target", argv[1], argv[5], 20);
	bench_lookup();
	bench_many(argv[3]);
	if (argc > 6)
		bench_relocations(argv[6]);
	return 0;
}
