// SPDX-License-Identifier: GPL-2.0-or-later
/* Loading and unloading: against dlopen, and with many modules loaded already. */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "measure.h"

#define LOAD_ROUNDS 2000

/* A small module against a library of the same functions and relocations. */
void bench_load(const struct target_files *target, const char *library)
{
	static double ours[LOAD_ROUNDS], theirs[LOAD_ROUNDS];
	struct r3_box *box = new_box(target);
	double mine, other;
	char text[64];

	for (int i = 0; i < LOAD_ROUNDS; i++) {
		double start = now(), middle;
		void *handle;

		if (r3_module_load(box, target->small, "", 0, NULL) ||
		    r3_module_unload(box, "bench_0000", 0))
			die(target->small);
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
	label(text, sizeof(text), "load + unload", target);
	show(&(struct figure){text, "dlopen + dlclose", mine * 1e6, other * 1e6, "us", mine / other,
			      "ratio %.2f", 2.5});
	r3_box_free(box);
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

#define FEW    20
#define MANY   1000
#define MOST   4000
#define SAMPLE 100
#define BOXES  5

/* The bench module's file, whose name in .modinfo is all that differs between its copies. */
struct copies {
	char *image, *digits;
	size_t size;
};

static void name_copy(char *digits, int index)
{
	char text[8];

	snprintf(text, sizeof(text), "%04d", index);
	memcpy(digits, text, 4);
}

static double load_copy(struct r3_box *box, struct copies *copies, int index)
{
	double start;

	name_copy(copies->digits, index);
	start = now();
	if (r3_module_load_buffer(box, copies->image, copies->size, "", 0, NULL))
		die("one of many");
	return now() - start;
}

static double unload_copy(struct r3_box *box, int index)
{
	char name[] = "bench_0000";
	double start;

	name_copy(name + 6, index);
	start = now();
	if (r3_module_unload(box, name, 0))
		die(name);
	return now() - start;
}

/* The loads that follow when that many are loaded already. */
static int sample(struct r3_box *box, struct copies *copies, int loaded, int already, double *times)
{
	while (loaded < already)
		load_copy(box, copies, loaded++);
	for (int i = 0; i < SAMPLE; i++)
		times[i] = load_copy(box, copies, loaded++);
	return loaded;
}

/* No growth, but for what the same figure varies from run to run. */
#define NO_GROWTH 1.15

static void show_growth(const struct target_files *target, const char *what, double *times,
			const char *rival, double *others, double goal)
{
	char text[64];
	double mine = median(times, BOXES * SAMPLE), other = median(others, BOXES * SAMPLE);

	label(text, sizeof(text), what, target);
	show(&(struct figure){text, rival, mine * 1e6, other * 1e6, "us", mine / other,
			      "ratio %.2f", goal});
}

/* The oldest is what a list from the newest on finds last. */
void bench_growth(const struct target_files *target)
{
	static double few[BOXES * SAMPLE], many[BOXES * SAMPLE], most[BOXES * SAMPLE];
	static double unload_few[BOXES * SAMPLE], unload_many[BOXES * SAMPLE],
		unload_most[BOXES * SAMPLE];
	struct copies copies;

	copies.image = read_file(target->small, &copies.size);
	copies.digits = memmem(copies.image, copies.size, "\0name=bench_0000", 16);
	if (!copies.digits)
		die("bench module's name");
	copies.digits += 12;
	for (int i = 0; i < BOXES; i++) {
		struct r3_box *box = new_box(target);
		int at = i * SAMPLE, loaded;

		loaded = sample(box, &copies, 0, FEW, few + at);
		for (int j = 0; j < SAMPLE; j++)
			unload_few[at + j] = unload_copy(box, j);
		loaded = sample(box, &copies, loaded, MANY + SAMPLE, many + at);
		for (int j = 0; j < SAMPLE; j++)
			unload_many[at + j] = unload_copy(box, SAMPLE + j);
		sample(box, &copies, loaded, MOST + 2 * SAMPLE, most + at);
		for (int j = 0; j < SAMPLE; j++)
			unload_most[at + j] = unload_copy(box, 2 * SAMPLE + j);
		r3_box_free(box);
	}
	show_growth(target, "load one more of 1,000", many, "of 20", few, NO_GROWTH);
	show_growth(target, "load one more of 4,000", most, "of 20", few, 0);
	show_growth(target, "unload the oldest of 1,000", unload_many, "of 100", unload_few, 0);
	show_growth(target, "unload the oldest of 4,000", unload_most, "of 100", unload_few, 0);
	free(copies.image);
}
