// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Threads that serve clients. They wait for system calls together, and one is
 * woken for each; it starts another when nobody would be left to wait, so that
 * any number may be under way.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "box/requests.h"
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

struct supervisor {
	struct r3_box *box;
	int listener;
	struct requests calls;
	dev_t user_namespace_dev;
	ino_t user_namespace;
	pthread_mutex_t lock; /* what follows */
	struct worker *workers;
	unsigned int nr_workers, nr_idle;
	bool stopping;
};

static long serve(struct client *client)
{
	switch (client->notification.data.nr) {
	case SYS_init_module:
		return serve_init_module(client);
	case SYS_finit_module:
		return serve_finit_module(client);
	case SYS_delete_module:
		return serve_delete_module(client);
	case SYS_syslog:
		return serve_syslog(client);
	}
	return serve_uname(client);
}

/* i386 and x32 hand over these two only, under numbers of their own. */
static long serve_foreign(struct client *client)
{
	const struct seccomp_data *data = &client->notification.data;
	const int i386_syslog = 103;

	if (data->nr == i386_syslog || data->nr == (0x40000000 | SYS_syslog))
		return serve_syslog(client);
	return serve_uname(client);
}

static void answer(struct client *client)
{
	const struct seccomp_data *data = &client->notification.data;
	struct seccomp_notif_resp response = {.id = client->notification.id};
	bool native = data->arch == 0xc000003e && !(data->nr & 0x40000000);
	long result = native ? serve(client) : serve_foreign(client);

	if (result == -R3_EOOPS) {
		/* As if the kernel had ended the process in the middle of its call. */
		client_kill(client, SIGKILL);
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

/* The next call; false: there will be none. */
static bool receive(struct supervisor *supervisor, struct client *client)
{
	bool got = false;

	while (!got) {
		if (!requests_wait(&supervisor->calls))
			return false;
		*client = (struct client){.box = supervisor->box,
					  .listener = supervisor->listener,
					  .user_namespace_dev = supervisor->user_namespace_dev,
					  .user_namespace = supervisor->user_namespace};
		/* ENOENT: the caller was killed meanwhile */
		got = !ioctl(supervisor->listener, SECCOMP_IOCTL_NOTIF_RECV, &client->notification);
		requests_next(&supervisor->calls);
	}
	return true;
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
	struct client client;
	bool got = true;

	while (got) {
		pthread_mutex_lock(&supervisor->lock);
		supervisor->nr_idle++;
		pthread_mutex_unlock(&supervisor->lock);
		got = receive(supervisor, &client);
		pthread_mutex_lock(&supervisor->lock);
		supervisor->nr_idle--;
		if (got && !supervisor->nr_idle && !supervisor->stopping &&
		    supervisor->nr_workers < MAX_WORKERS)
			add_worker(supervisor);
		pthread_mutex_unlock(&supervisor->lock);
		if (got)
			answer(&client);
	}
	return NULL;
}

int supervisor_start(struct supervisor **result, struct r3_box *box, int listener, pid_t init)
{
	struct supervisor *supervisor = calloc(1, sizeof(*supervisor));
	struct stat namespace;
	char path[64];
	int error = -ENOMEM;

	if (!supervisor)
		goto close_listener;
	*supervisor = (struct supervisor){
		.box = box, .listener = listener, .lock = PTHREAD_MUTEX_INITIALIZER};
	snprintf(path, sizeof(path), "/proc/%d/ns/user", init);
	error = stat(path, &namespace) ? -errno : 0;
	if (error)
		goto free_supervisor;
	supervisor->user_namespace_dev = namespace.st_dev;
	supervisor->user_namespace = namespace.st_ino;
	error = requests_open(&supervisor->calls, listener);
	if (error)
		goto free_supervisor;
	/* An older kernel does without. */
	ioctl(listener, SECCOMP_IOCTL_NOTIF_SET_FLAGS, SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP);
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
close_listener:
	close(listener);
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
	requests_close(&supervisor->calls);
	close(supervisor->listener);
	free(supervisor);
}
