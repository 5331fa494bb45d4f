// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * request_module() of kernel code: modprobe, as a client of the box; without any,
 * what it would do, from the box's modules directory: the file or the alias of
 * that name, dependencies first.
 */
#include <errno.h>
#include <string.h>
#include <sys/wait.h>
#include "box/sched.h"
#include "loader/internal.h"
#include "loader/module_catalogue.h"
#include "loader/request.h"

#define MAX_DEPTH  32
#define NOT_FOUND  (1 << 8) /* modprobe's exit status 1, as wait() gives it */
#define NO_PROGRAM 127      /* what a shell says, too */

static int load_with_dependencies(struct r3_box *box, const char *name, size_t length,
				  unsigned int depth);

static int load_dependencies(struct r3_box *box, const struct module_image *image,
			     unsigned int depth)
{
	struct elf_problem problem;
	struct elf_view view;
	const char *names;
	int error = elf_open(&view, image->data, image->size, &problem);

	if (error)
		return error;
	names = elf_modinfo(&view, "depends");
	while (names && *names && !error) {
		size_t length = strcspn(names, ",");

		error = load_with_dependencies(box, names, length, depth + 1);
		names += length + (names[length] == ',');
	}
	return error;
}

struct request {
	struct r3_box *box;
	unsigned int depth;
};

static int load_file(void *context, const char *path)
{
	const struct request *request = context;
	struct module_image image;
	int error = image_read_file(&image, path, NULL);

	if (error)
		return error;
	error = load_dependencies(request->box, &image, request->depth);
	if (!error)
		error = load_module(request->box, &image, "", 0, NULL);
	image_release(&image);
	return error == -EEXIST ? 0 : error;
}

static int load_with_dependencies(struct r3_box *box, const char *name, size_t length,
				  unsigned int depth)
{
	struct request request = {box, depth};

	if (depth > MAX_DEPTH)
		return -ELOOP;
	return module_catalogue_find(box, name, length, load_file, &request);
}

static int load_from_tree(struct r3_box *box, const char *name)
{
	int error;

	/* What 2.4's modprobe does, nobody does here. */
	if (!box->options.modules_dir || box->options.flags & R3_BOX_SCHEME_2_4)
		return NOT_FOUND;
	error = load_with_dependencies(box, name, strlen(name), 0);
	trace_event(box, R3_TRACE_STATE, name, "request_module",
		    error ? strerror(-error) : "loaded", 0, 0, "request_module(%s): %s", name,
		    error ? strerror(-error) : "loaded");
	return error ? NOT_FOUND : 0;
}

/* call_modprobe() of kernel/module/kmod.c; 2.4 asks for modules that may go again by themselves. */
static int run_modprobe(struct r3_box *box, const char *name, int wait)
{
	char path[sizeof(box->sysctls.modprobe_path)];
	const char *const today[] = {path, "-q", "--", name, NULL};
	const char *const argv24[] = {path, "-s", "-k", "--", name, NULL};
	bool is_24 = box->options.flags & R3_BOX_SCHEME_2_4;
	int status = 0, error;

	pthread_mutex_lock(&box->sysctls.lock);
	memcpy(path, box->sysctls.modprobe_path, sizeof(path));
	pthread_mutex_unlock(&box->sysctls.lock);
	if (!*path)
		return -ENOENT;
	error = box->user_mode.run(box->user_mode.context, is_24 ? argv24 : today,
				   wait ? &status : NULL);
	if (!error && WIFEXITED(status) && WEXITSTATUS(status) == NO_PROGRAM)
		error = -ENOENT;
	trace_event(box, R3_TRACE_STATE, name, "request_module", path, 0, status,
		    "request_module(%s): %s ended with status %d", name, path, status >> 8);
	return error ? error : status;
}

/* In the box's user space if it has one, which loads by system calls; else here. */
int request_module(struct r3_box *box, const char *name, int wait)
{
	struct thread *thread = thread_current();
	int result = 0;
	bool inside;

	vcpu_release(thread);
	pthread_rwlock_rdlock(&box->user_mode.lock);
	inside = box->user_mode.run;
	if (inside)
		result = run_modprobe(box, name, wait);
	pthread_rwlock_unlock(&box->user_mode.lock);
	vcpu_acquire(thread);
	return inside ? result : load_from_tree(box, name);
}
