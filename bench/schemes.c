// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One module in both schemes: loaded and unloaded by turns in two boxes, and
 * how much of that time was the tool's and how much the box's. In the 2.4
 * scheme the tool is insmod's linker, with the box's calls in place of system
 * calls; in today's it only reads the file.
 * argv: bench_0000.ko, bench_0000.o
 */
#include <stdio.h>
#include <stdlib.h>
#include <ring3/scheme24.h>
#include "elf/image.h"
#include "measure.h"
#include "tools/modutils/modutils.h"

#define ROUNDS 2000
#define NAME   "bench_0000"

/* Of one round, in seconds. */
struct share {
	double all, box;
};

struct kernel {
	struct r3_box *box;
	const struct insert *insert;
	double spent; /* in its calls */
};

static long create(void *context, const char *name, size_t size)
{
	struct kernel *kernel = context;
	double start = now();
	uint64_t address;
	int error = r3_create_module(kernel->box, name, size, &address);

	kernel->spent += now() - start;
	return error ? error : (long)address;
}

static int init(void *context, const char *name, const void *image)
{
	struct kernel *kernel = context;
	double start = now();
	int error = r3_init_module(kernel->box, name, image, kernel->insert->size);

	kernel->spent += now() - start;
	return error;
}

static int query(void *context, const char *name, int which, void *buffer, size_t size,
		 size_t *result)
{
	struct kernel *kernel = context;
	double start = now();
	int error = r3_query_module(kernel->box, name, which, buffer, size, result);

	kernel->spent += now() - start;
	return error;
}

static int delete_module(void *context, const char *name)
{
	struct kernel *kernel = context;
	double start = now();
	int error = r3_delete_module(kernel->box, name);

	kernel->spent += now() - start;
	return error;
}

static struct share by_insmod(struct r3_box *box, const char *path)
{
	struct messages messages = {.from = path, .out = stdout, .err = stderr};
	struct insert insert = {.path = path, .name = NAME, .release = r3_box_release(box)};
	struct kernel kernel = {.box = box, .insert = &insert};
	const struct module_calls calls = {&kernel, create, init, delete_module, query, NULL};
	double start = now();
	struct module_image image;

	if (image_read_file(&image, path, NULL) ||
	    insert_object(&calls, &insert, &image, &messages) || delete_module(&kernel, NAME))
		die(path);
	image_release(&image);
	return (struct share){now() - start, kernel.spent};
}

static struct share by_kernel(struct r3_box *box, const char *path)
{
	double start = now(), middle;
	struct module_image image;

	if (image_read_file(&image, path, NULL))
		die(path);
	middle = now();
	if (r3_module_load_buffer(box, image.data, image.size, "", 0, NULL) ||
	    r3_module_unload(box, NAME, 0))
		die(path);
	image_release(&image);
	return (struct share){now() - start, now() - middle};
}

static struct r3_box *boot(unsigned int flags)
{
	const struct r3_box_options options = {.size = sizeof(options), .flags = flags};
	struct r3_box *box;

	if (r3_box_new(&box, &options))
		die("box");
	return box;
}

static struct share medians(struct share *shares)
{
	static double all[ROUNDS], box[ROUNDS];

	for (unsigned int i = 0; i < ROUNDS; i++) {
		all[i] = shares[i].all;
		box[i] = shares[i].box;
	}
	return (struct share){median(all, ROUNDS), median(box, ROUNDS)};
}

static void show_share(const char *what, const struct share *share)
{
	show(&(struct figure){what, "all of it", (share->all - share->box) * 1e6, share->all * 1e6,
			      "us", 100 * (share->all - share->box) / share->all, "%.0f %%", 0});
}

int main(int argc, char **argv)
{
	static struct share old[ROUNDS], today[ROUNDS];
	struct r3_box *box24, *box26;
	struct share of24, of26;

	if (argc != 3) {
		fprintf(stderr, "usage: bench_schemes BENCH_0000.ko BENCH_0000.o\n");
		return 2;
	}
	box26 = boot(0);
	box24 = boot(R3_BOX_SCHEME_2_4);
	for (unsigned int i = 0; i < ROUNDS; i++) {
		today[i] = by_kernel(box26, argv[1]);
		old[i] = by_insmod(box24, argv[2]);
	}
	of24 = medians(old);
	of26 = medians(today);
	show(&(struct figure){"load + unload, 2.4 scheme", "2.6 scheme", of24.all * 1e6,
			      of26.all * 1e6, "us", of24.all / of26.all, "ratio %.2f", 0});
	show_share("the tool's share of it, 2.4 scheme", &of24);
	show_share("the tool's share of it, 2.6 scheme", &of26);
	r3_box_free(box24);
	r3_box_free(box26);
	return missed() != 0;
}
