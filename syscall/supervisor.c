// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Threads that serve clients. They wait for the system calls of all filters
 * together, and one is woken for each; it starts another when nobody would be
 * left to wait, so that any number may be under way. None ends before all do,
 * since each has a place in the box.
 */
#include <errno.h>
#include <linux/audit.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "box/requests.h"
#include "scheme24/scheme24.h"
#include "syscall/client.h"
#include "syscall/supervisor.h"

/* The caller's CPU serves it, since it only waits; Linux 6.6. */
#ifndef SECCOMP_IOCTL_NOTIF_SET_FLAGS
#define SECCOMP_IOCTL_NOTIF_SET_FLAGS      _IOW('!', 4, uint64_t)
#define SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP (1UL << 0)
#endif

#define MAX_WORKERS 2048 /* as many calls under way; further ones wait their turn */
#define STACK_SIZE  (1UL << 20)

struct worker {
	struct worker *next;
	struct supervisor *supervisor;
	pthread_t thread;
};

/* One filter's. Closed when nobody serves a call of it any more. */
struct listener {
	struct listener *next, **link; /* supervisor->listeners */
	int fd;
	unsigned int references; /* its being listened at, and each call that is served */
	void (*gone)(void *context);
	void *context;
};

struct supervisor {
	struct r3_box *box;
	struct requests calls;
	struct user_namespace user_namespace;
	struct file_load *file_loads; /* module_lock() */
	pthread_mutex_t lock;         /* what follows */
	struct listener *listeners;
	struct worker *workers;
	unsigned int nr_workers, nr_idle;
	bool stopping;
};

static long serve(struct client *client)
{
	if (box_is_24(client->box) && client->notification.data.nr != SYS_syslog &&
	    client->notification.data.nr != SYS_uname)
		return serve_module24(client);
	switch (client->notification.data.nr) {
	case SYS_init_module:
		return serve_init_module(client);
	case SYS_finit_module:
		return serve_finit_module(client);
	case SYS_delete_module:
		return serve_delete_module(client);
	case SYS_syslog:
		return serve_syslog(client);
	case SYS_uname:
		return serve_uname(client);
	}
	return -ENOSYS; /* of 2.4, as all kernels since */
}

/* Of i386 and x32 the filter hands over these two only. */
static long serve_foreign(struct client *client)
{
	return filter_is_syslog(&client->notification.data) ? serve_syslog(client)
							    : serve_uname(client);
}

static void answer(struct client *client)
{
	const struct seccomp_data *data = &client->notification.data;
	struct seccomp_notif_resp response = {.id = client->notification.id};
	bool native = data->arch == AUDIT_ARCH_X86_64 && !(data->nr & __X32_SYSCALL_BIT);
	long result;
	int fatal;

	box_take_oops(client->box); /* what this thread did for another client */
	result = native ? serve(client) : serve_foreign(client);
	fatal = box_take_oops(client->box);
	if (fatal) {
		client_kill(client, fatal);
		result = -EINTR;
	}
	if (result < 0)
		response.error = result;
	else
		response.val = result;
	/* ENOENT: the client is dead, so nobody waits. */
	while (ioctl(client->listener, SECCOMP_IOCTL_NOTIF_SEND, &response) && errno == EINTR)
		;
}

/* Under the lock. */
static void listener_put(struct listener *listener)
{
	if (--listener->references)
		return;
	close(listener->fd);
	free(listener);
}

/* Under the lock. */
static void listener_unlink(struct listener *listener)
{
	*listener->link = listener->next;
	if (listener->next)
		listener->next->link = listener->link;
	listener_put(listener);
}

/* Nobody has its filter any more. */
static void listener_drop(struct supervisor *supervisor, struct listener *listener)
{
	void (*gone)(void *context) = listener->gone;
	void *context = listener->context;

	requests_remove(&supervisor->calls, listener->fd);
	pthread_mutex_lock(&supervisor->lock);
	listener_unlink(listener);
	pthread_mutex_unlock(&supervisor->lock);
	if (gone)
		gone(context);
}

/* A call, if it still waits: then its listener is held. */
static bool take_call(struct supervisor *supervisor, struct listener *listener,
		      struct client *client)
{
	*client = (struct client){.box = supervisor->box,
				  .listener = listener->fd,
				  .user_namespace = supervisor->user_namespace,
				  .file_loads = &supervisor->file_loads};
	/* ENOENT: the caller was killed meanwhile */
	if (ioctl(listener->fd, SECCOMP_IOCTL_NOTIF_RECV, &client->notification))
		return false;
	pthread_mutex_lock(&supervisor->lock);
	listener->references++;
	pthread_mutex_unlock(&supervisor->lock);
	return true;
}

/* The listener of the next call; NULL: there will be none. */
static struct listener *receive(struct supervisor *supervisor, struct client *client)
{
	for (;;) {
		struct listener *listener;
		void *source;
		bool got;

		switch (requests_wait(&supervisor->calls, &source)) {
		case REQUESTS_STOPPED:
			return NULL;
		case REQUESTS_ENDED:
			listener_drop(supervisor, source);
			continue;
		case REQUESTS_COME:
			break;
		}
		listener = source;
		got = take_call(supervisor, listener, client);
		requests_next(&supervisor->calls, listener->fd, listener);
		if (got)
			return listener;
	}
}

static void *work(void *argument);

/* Under the lock. */
static int add_worker(struct supervisor *supervisor)
{
	struct worker *worker = calloc(1, sizeof(*worker));
	pthread_attr_t attributes;
	sigset_t all, old;
	int error;

	if (!worker)
		return -ENOMEM;
	worker->supervisor = supervisor;
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, STACK_SIZE);
	/* What people send to the command is for its main thread. */
	sigemptyset(&all);
	sigaddset(&all, SIGINT);
	sigaddset(&all, SIGTERM);
	sigaddset(&all, SIGHUP);
	sigaddset(&all, SIGCHLD);
	pthread_sigmask(SIG_BLOCK, &all, &old);
	error = pthread_create(&worker->thread, &attributes, work, worker);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	pthread_attr_destroy(&attributes);
	if (error) {
		free(worker);
		return -error;
	}
	worker->next = supervisor->workers;
	supervisor->workers = worker;
	supervisor->nr_workers++;
	return 0;
}

static void *work(void *argument)
{
	struct worker *worker = argument;
	struct supervisor *supervisor = worker->supervisor;
	struct listener *listener;
	struct client client;

	for (;;) {
		pthread_mutex_lock(&supervisor->lock);
		supervisor->nr_idle++;
		pthread_mutex_unlock(&supervisor->lock);
		listener = receive(supervisor, &client);
		pthread_mutex_lock(&supervisor->lock);
		supervisor->nr_idle--;
		if (listener && !supervisor->nr_idle && !supervisor->stopping &&
		    supervisor->nr_workers < MAX_WORKERS)
			add_worker(supervisor);
		pthread_mutex_unlock(&supervisor->lock);
		if (!listener)
			return NULL;
		answer(&client);
		pthread_mutex_lock(&supervisor->lock);
		listener_put(listener);
		pthread_mutex_unlock(&supervisor->lock);
	}
}

int supervisor_start(struct supervisor **result, struct r3_box *box, pid_t init)
{
	struct supervisor *supervisor = malloc(sizeof(*supervisor));
	int error;

	if (!supervisor)
		return -ENOMEM;
	*supervisor = (struct supervisor){.box = box, .lock = PTHREAD_MUTEX_INITIALIZER};
	error = caller_namespace(init, &supervisor->user_namespace);
	if (error)
		goto free_supervisor;
	error = requests_open(&supervisor->calls);
	if (error)
		goto free_supervisor;
	pthread_mutex_lock(&supervisor->lock);
	error = add_worker(supervisor);
	pthread_mutex_unlock(&supervisor->lock);
	if (error)
		goto close_requests;
	*result = supervisor;
	return 0;

close_requests:
	requests_close(&supervisor->calls);
free_supervisor:
	free(supervisor);
	return error;
}

/* Descriptors come from clients: what is no listener would always be readable, or never. */
static bool is_listener(int fd)
{
	uint64_t no_id = 0;

	return ioctl(fd, SECCOMP_IOCTL_NOTIF_ID_VALID, &no_id) && errno == ENOENT;
}

int supervisor_add(struct supervisor *supervisor, int fd, void (*gone)(void *context),
		   void *context)
{
	bool good = is_listener(fd);
	struct listener *listener = good ? malloc(sizeof(*listener)) : NULL;
	int error;

	if (!listener) {
		close(fd);
		return good ? -ENOMEM : -EINVAL;
	}
	*listener = (struct listener){.fd = fd, .references = 1, .gone = gone, .context = context};
	/* An older kernel does without. */
	ioctl(fd, SECCOMP_IOCTL_NOTIF_SET_FLAGS, SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP);
	pthread_mutex_lock(&supervisor->lock);
	listener->next = supervisor->listeners;
	listener->link = &supervisor->listeners;
	if (listener->next)
		listener->next->link = &listener->next;
	supervisor->listeners = listener;
	error = requests_add(&supervisor->calls, fd, listener);
	if (error)
		listener_unlink(listener);
	pthread_mutex_unlock(&supervisor->lock);
	return error;
}

void supervisor_stop(struct supervisor *supervisor)
{
	if (!supervisor)
		return;
	pthread_mutex_lock(&supervisor->lock);
	supervisor->stopping = true;
	pthread_mutex_unlock(&supervisor->lock);
	requests_stop(&supervisor->calls);
	while (supervisor->workers) {
		struct worker *worker = supervisor->workers;

		pthread_join(worker->thread, NULL);
		supervisor->workers = worker->next;
		free(worker);
	}
	while (supervisor->listeners)
		listener_unlink(supervisor->listeners);
	requests_close(&supervisor->calls);
	free(supervisor);
}
