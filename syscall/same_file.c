// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Since Linux 6.5 a file is loaded by one finit_module() at a time: who calls
 * it meanwhile waits, and gets the first's result, whatever it asked for
 * (idempotent_init_module() of kernel/module/main.c).
 */
#include <errno.h>
#include <sys/stat.h>
#include "loader/loader.h"
#include "syscall/client.h"

#define WAIT 100 /* milliseconds, until a box that stops is noticed */

/* A call under way, on the stack of its thread; all of a box in a list, under module_lock(). */
struct file_load {
	struct file_load *next;
	dev_t dev;
	ino_t ino;
	bool complete;
	long result;
};

static bool is_same_file(const struct file_load *a, const struct file_load *b)
{
	return a->dev == b->dev && a->ino == b->ino;
}

/* Under the lock. Is nobody else loading the file? */
static bool begin(struct file_load **loads, struct file_load *load)
{
	bool first = true;

	for (const struct file_load *other = *loads; other; other = other->next)
		first = first && !is_same_file(other, load);
	load->next = *loads;
	*loads = load;
	return first;
}

/* Everybody's result is the first's. */
static void complete(struct file_load **link, const struct file_load *first, long result)
{
	const struct file_load file = *first;

	while (*link) {
		struct file_load *load = *link;

		if (!is_same_file(load, &file)) {
			link = &load->next;
			continue;
		}
		*link = load->next;
		load->result = result;
		load->complete = true;
	}
}

static void withdraw(struct file_load **link, struct file_load *load)
{
	while (*link != load)
		link = &(*link)->next;
	*link = load->next;
}

/* Until the first is through, or a signal comes for the client. */
static void wait_for_first(struct client *client, struct file_load *load)
{
	struct r3_box *box = client->box;

	module_interruptible(client_signal_pending, client);
	while (!load->complete) {
		bool go_on = module_wait_change(box, WAIT) && !box->stopping;

		if (go_on || load->complete)
			continue;
		withdraw(client->file_loads, load);
		load->result = -EINTR;
		break;
	}
	module_interruptible(NULL, NULL);
}

long load_file_once(struct client *client, int fd, long (*load_file)(struct client *, int))
{
	struct r3_box *box = client->box;
	struct file_load load = {0};
	struct stat status;
	bool first;

	if (fstat(fd, &status))
		return -errno;
	load.dev = status.st_dev;
	load.ino = status.st_ino;
	if (box_enter(box))
		return -EIO;
	module_lock(box);
	first = begin(client->file_loads, &load);
	if (!first)
		wait_for_first(client, &load);
	module_unlock(box);
	box_leave(box);
	if (!first)
		return load.result;
	load.result = load_file(client, fd);
	module_lock(box);
	/* An oops has ended the first: nobody tells those who wait, until a signal does. */
	if (load.result == -R3_EOOPS)
		withdraw(client->file_loads, &load);
	else
		complete(client->file_loads, &load, load.result);
	pthread_cond_broadcast(&box->module_wait);
	module_unlock(box);
	return load.result;
}
