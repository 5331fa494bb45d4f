// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What one more load costs when many modules are loaded already. Three
 * processes hold a box each, with few, many and most modules, and take turns:
 * each loads some more and unloads as many of its oldest.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "measure.h"

#define TURNS     50
#define TURN      10
#define SAMPLES   (TURNS * TURN)
#define NR_CROWDS 3

/* No growth, but for what the same figure varies from run to run. */
#define NO_GROWTH 1.15

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

/* The bench module's file, whose name in .modinfo is all that differs between its copies. */
struct copies {
	char *image, *digits;
	size_t size;
};

static void name_copy(char *digits, unsigned int index)
{
	char text[16];

	snprintf(text, sizeof(text), "%04u", index % 10000);
	memcpy(digits, text, 4);
}

static double load_copy(struct r3_box *box, struct copies *copies, unsigned int index)
{
	double start;

	name_copy(copies->digits, index);
	start = now();
	if (r3_module_load_buffer(box, copies->image, copies->size, "", 0, NULL))
		die("one of many");
	return now() - start;
}

static double unload_copy(struct r3_box *box, unsigned int index)
{
	char name[] = "bench_0000";
	double start;

	name_copy(name + 6, index);
	start = now();
	if (r3_module_unload(box, name, 0))
		die(name);
	return now() - start;
}

struct times {
	double load[TURN], unload[TURN];
};

struct crowd {
	unsigned int count; /* of modules between the turns */
	pid_t pid;
	int turn, answer; /* pipes */
	double load[SAMPLES], unload[SAMPLES];
};

static void __attribute__((noreturn))
be_crowd(const struct target_files *target, struct copies *copies, unsigned int count, int turn,
	 int answer)
{
	struct r3_box *box = new_box(target);
	unsigned int next = 0, oldest = 0;
	struct times times;
	char byte;

	while (next < count)
		load_copy(box, copies, next++);
	while (read(turn, &byte, 1) == 1 && byte == 'g') {
		for (int i = 0; i < TURN; i++)
			times.load[i] = load_copy(box, copies, next++);
		for (int i = 0; i < TURN; i++)
			times.unload[i] = unload_copy(box, oldest++);
		if (write(answer, &times, sizeof(times)) != sizeof(times))
			break;
	}
	r3_box_free(box);
	exit(0);
}

static void start(struct crowd *crowd, const struct target_files *target, struct copies *copies)
{
	int turn[2], answer[2];

	if (pipe(turn) || pipe(answer))
		die("pipe");
	fflush(stdout);
	crowd->pid = fork();
	if (!crowd->pid) {
		close(turn[1]);
		close(answer[0]);
		be_crowd(target, copies, crowd->count, turn[0], answer[1]);
	}
	close(turn[0]);
	close(answer[1]);
	crowd->turn = turn[1];
	crowd->answer = answer[0];
}

static void take_turn(struct crowd *crowd, unsigned int turn)
{
	struct times times;

	if (write(crowd->turn, "g", 1) != 1 ||
	    read(crowd->answer, &times, sizeof(times)) != sizeof(times))
		die("a crowd of modules");
	memcpy(crowd->load + turn * TURN, times.load, sizeof(times.load));
	memcpy(crowd->unload + turn * TURN, times.unload, sizeof(times.unload));
}

static void stop(struct crowd *crowd)
{
	int status;

	/* the younger ones hold the pipe's end, too: closing it would say nothing */
	if (write(crowd->turn, "s", 1) != 1 || waitpid(crowd->pid, &status, 0) != crowd->pid ||
	    status)
		die("a crowd of modules");
	close(crowd->turn);
	close(crowd->answer);
}

static void show_growth(const struct target_files *target, const char *what, double *times,
			double *others, double goal)
{
	double mine = median(times, SAMPLES), other = median(others, SAMPLES);
	char text[64];

	label(text, sizeof(text), what, target);
	show(&(struct figure){text, "of 20", mine * 1e6, other * 1e6, "us", mine / other,
			      "ratio %.2f", goal});
}

void bench_growth(const struct target_files *target)
{
	static struct crowd crowds[NR_CROWDS] = {{.count = 20}, {.count = 1000}, {.count = 4000}};
	struct copies copies;

	copies.image = read_file(target->small, &copies.size);
	copies.digits = memmem(copies.image, copies.size, "\0name=bench_0000", 16);
	if (!copies.digits)
		die("bench module's name");
	copies.digits += 12;
	for (int i = 0; i < NR_CROWDS; i++)
		start(&crowds[i], target, &copies);
	for (int turn = 0; turn < TURNS; turn++)
		for (int i = 0; i < NR_CROWDS; i++)
			take_turn(&crowds[i], turn);
	for (int i = 0; i < NR_CROWDS; i++)
		stop(&crowds[i]);
	show_growth(target, "load one more of 1,000", crowds[1].load, crowds[0].load, NO_GROWTH);
	show_growth(target, "load one more of 4,000", crowds[2].load, crowds[0].load, NO_GROWTH);
	show_growth(target, "unload the oldest of 1,000", crowds[1].unload, crowds[0].unload, 0);
	show_growth(target, "unload the oldest of 4,000", crowds[2].unload, crowds[0].unload, 0);
	free(copies.image);
}
