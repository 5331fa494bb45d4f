// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * /dev/kmsg: the log by records, as devkmsg_*() of kernel/printk/printk.c. The
 * file is a regular one here, so the kernel keeps its position and tells us of
 * lseek() only in part: SEEK_DATA as such, SEEK_END as a question for the
 * attributes, SEEK_SET 0 by the next read's being at 0. All of them leave the
 * position at 0 and move the reader's sequence number, which is what counts.
 * Who waits for a record is answered later, so that no thread waits with it.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include "box/clock.h"
#include "box/cmdline.h"
#include "box/log.h"
#include "files/internal.h"

#define RECORD_MAX         8192 /* CONSOLE_EXT_LOG_MAX: four times the text and more */
#define WRITE_MAX          992  /* LOG_LINE_MAX */
#define WRITE_MAX_6_4      1024 /* PRINTKRB_RECORD_MAX, from 6.4 on */
#define LOG_USER_FACILITY  1

/* DEFAULT_RATELIMIT_INTERVAL and _BURST */
#define RATELIMIT_INTERVAL (5 * 1000000000UL)
#define RATELIMIT_BURST    10

const char *const devkmsg_names[NR_DEVKMSG] = {
	[DEVKMSG_RATELIMIT] = "ratelimit",
	[DEVKMSG_ON] = "on",
	[DEVKMSG_OFF] = "off",
};

struct reader {
	struct reader *next, **link;
	uint64_t sequence;
	off_t position; /* where the kernel has the file, as far as we know */
	struct fuse_pollhandle *poll;
	uint64_t limit_begin; /* of the interval for writes; 0: none yet */
	unsigned int printed, missed;
	char writer[CALLER_COMM_SIZE]; /* whose lines were left out */
};

struct waiter {
	struct waiter *next;
	fuse_req_t request;
	struct reader *reader;
	size_t size;
};

struct kmsg {
	struct r3_box *box;
	pthread_mutex_t lock;
	struct reader *readers;
	struct waiter *waiters;
	struct log_watch watch;
	bool stopping, running;
	size_t write_max;
	pthread_t thread;
};

/* ---- reading ---- */

/* Bytes of length, what is not printable as \xHH, and a newline; what is written there. */
static size_t escape(char *out, const char *text, size_t length)
{
	size_t written = 0;

	for (size_t i = 0; i < length; i++) {
		unsigned char c = text[i];

		if (c < ' ' || c >= 127 || c == '\\')
			written += sprintf(out + written, "\\x%02x", c);
		else
			out[written++] = c;
	}
	out[written++] = '\n';
	return written;
}

/* msg_add_dict_text() */
static size_t format_property(char *out, const char *key, const char *value)
{
	size_t length = *value ? sprintf(out, " %s=", key) : 0;

	return length ? length + escape(out + length, value, strlen(value)) : 0;
}

/* info_print_ext_header() and msg_print_ext_body() */
static size_t format_record(const struct log_record *record, char out[RECORD_MAX])
{
	size_t length = sprintf(
		out, "%u,%lu,%lu,%c;", (unsigned int)(record->facility << 3 | record->level),
		(unsigned long)record->sequence, (unsigned long)(record->time_ns / 1000),
		record->continues ? 'c' : '-');

	length += escape(out + length, record->text, record->length);
	length += format_property(out + length, "SUBSYSTEM", record->subsystem);
	return length + format_property(out + length, "DEVICE", record->device);
}

/* The reader's next record; it is skipped when it does not fit. */
static ssize_t next_record(struct kmsg *kmsg, struct reader *reader, char *out, size_t size)
{
	char text[LOG_RECORD_MAX], formatted[RECORD_MAX];
	struct log_record record;
	size_t length;
	int error = log_read_record(kmsg->box, &reader->sequence, &record, text);

	if (error)
		return error;
	length = format_record(&record, formatted);
	if (length > size)
		return -EINVAL;
	memcpy(out, formatted, length);
	return length;
}

/* Answer with the next record, unless there is none: then false. */
static bool answer(struct kmsg *kmsg, struct reader *reader, fuse_req_t request, size_t size)
{
	char record[RECORD_MAX];
	ssize_t length = next_record(kmsg, reader, record, size);

	if (length == -EAGAIN)
		return false;
	if (length < 0) {
		fuse_reply_err(request, (int)-length);
		return true;
	}
	reader->position += length;
	fuse_reply_buf(request, record, length);
	return true;
}

/* Poll handles are good for one wake-up. */
static bool notify_polls(struct kmsg *kmsg)
{
	bool waiting = false;

	for (struct reader *reader = kmsg->readers; reader; reader = reader->next) {
		if (!reader->poll)
			continue;
		if (reader->sequence >= log_next(kmsg->box)) {
			waiting = true;
			continue;
		}
		fuse_lowlevel_notify_poll(reader->poll);
		fuse_pollhandle_destroy(reader->poll);
		reader->poll = NULL;
	}
	return waiting;
}

/* Under the lock: who waits gets what there is, and we get told of what comes. */
static void serve(struct kmsg *kmsg)
{
	uint64_t seen;
	bool waiting;

	do {
		struct waiter **link = &kmsg->waiters, *waiter;

		seen = log_next(kmsg->box);
		while ((waiter = *link)) {
			if (!answer(kmsg, waiter->reader, waiter->request, waiter->size)) {
				link = &waiter->next;
				continue;
			}
			*link = waiter->next;
			free(waiter);
		}
		waiting = notify_polls(kmsg);
	} while ((waiting || kmsg->waiters) && log_await(kmsg->box, &kmsg->watch, seen));
}

/* Under the lock. True: the request waited, and does so no more. */
static bool forget_waiter(struct kmsg *kmsg, fuse_req_t request)
{
	for (struct waiter **link = &kmsg->waiters, *waiter; (waiter = *link);
	     link = &waiter->next) {
		if (waiter->request != request)
			continue;
		*link = waiter->next;
		free(waiter);
		return true;
	}
	return false;
}

static void interrupted(fuse_req_t request, void *data)
{
	struct kmsg *kmsg = data;

	pthread_mutex_lock(&kmsg->lock);
	if (forget_waiter(kmsg, request))
		fuse_reply_err(request, EINTR);
	pthread_mutex_unlock(&kmsg->lock);
}

static void wait_for_record(struct kmsg *kmsg, struct reader *reader, fuse_req_t request,
			    size_t size)
{
	struct waiter *waiter = malloc(sizeof(*waiter));

	if (!waiter) {
		fuse_reply_err(request, ENOMEM);
		return;
	}
	*waiter = (struct waiter){.request = request, .reader = reader, .size = size};
	/* It may call us back at once, so before the request is on the list and may be answered. */
	fuse_req_interrupt_func(request, interrupted, kmsg);
	pthread_mutex_lock(&kmsg->lock);
	waiter->next = kmsg->waiters;
	kmsg->waiters = waiter;
	if ((kmsg->stopping || fuse_req_interrupted(request)) && forget_waiter(kmsg, request))
		fuse_reply_err(request, EINTR);
	else
		serve(kmsg);
	pthread_mutex_unlock(&kmsg->lock);
}

static void kmsg_read(struct handle *handle, fuse_req_t request, size_t size, off_t offset,
		      int flags)
{
	struct kmsg *kmsg = handle->files->kmsg;
	struct reader *reader = handle->data;
	bool answered = true;

	pthread_mutex_lock(&kmsg->lock);
	if (offset && offset != reader->position) {
		fuse_reply_err(request, ESPIPE); /* lseek() could not say so */
	} else {
		if (offset != reader->position)
			reader->sequence = log_first(kmsg->box);
		reader->position = offset;
		answered = answer(kmsg, reader, request, size);
	}
	pthread_mutex_unlock(&kmsg->lock);
	if (answered)
		return;
	if (flags & O_NONBLOCK)
		fuse_reply_err(request, EAGAIN);
	else
		wait_for_record(kmsg, reader, request, size);
}

static int kmsg_seek(struct handle *handle, off_t offset, int whence)
{
	struct kmsg *kmsg = handle->files->kmsg;
	struct reader *reader = handle->data;

	if (offset)
		return -ESPIPE;
	if (whence != SEEK_DATA && whence != SEEK_END)
		return -EINVAL;
	pthread_mutex_lock(&kmsg->lock);
	reader->sequence = whence == SEEK_DATA ? log_cleared(kmsg->box) : log_next(kmsg->box);
	reader->position = 0;
	pthread_mutex_unlock(&kmsg->lock);
	return 0;
}

static void kmsg_poll(struct handle *handle, fuse_req_t request, struct fuse_pollhandle *poll)
{
	struct kmsg *kmsg = handle->files->kmsg;
	struct reader *reader = handle->data;
	unsigned int events = 0;

	pthread_mutex_lock(&kmsg->lock);
	if (poll && reader->poll)
		fuse_pollhandle_destroy(reader->poll);
	if (poll)
		reader->poll = poll;
	if (reader->sequence < log_next(kmsg->box))
		events = POLLIN | POLLRDNORM;
	if (reader->sequence < log_first(kmsg->box))
		events |= POLLERR | POLLPRI;
	fuse_reply_poll(request, events);
	if (!events && poll)
		serve(kmsg);
	pthread_mutex_unlock(&kmsg->lock);
}

/* ---- writing ---- */

/* ___ratelimit(), each opening on its own. */
static bool may_write(struct kmsg *kmsg, struct reader *reader, fuse_req_t request)
{
	uint64_t now = clock_now();

	if (kmsg->box->sysctls.devkmsg == DEVKMSG_ON)
		return true;
	if (!reader->limit_begin || now - reader->limit_begin > RATELIMIT_INTERVAL) {
		reader->limit_begin = now;
		reader->printed = 0;
	}
	if (reader->printed < RATELIMIT_BURST) {
		reader->printed++;
		return true;
	}
	if (!reader->missed++ && !caller_comm(fuse_req_ctx(request)->pid, reader->writer))
		strcpy(reader->writer, "?");
	return false;
}

/* "<N>text": level and facility; a facility of 0 is the kernel's alone. */
static const char *parse_prefix(const char *line, int *level, int *facility)
{
	unsigned int number;
	char *end;

	if (*line != '<')
		return line;
	number = isdigit((unsigned char)line[1]) ? strtoul(line + 1, &end, 10) : 0;
	if (!isdigit((unsigned char)line[1]))
		end = (char *)line + 1;
	if (*end != '>')
		return line;
	*level = number & 7;
	if (number >> 3)
		*facility = number >> 3;
	return end + 1;
}

static ssize_t kmsg_write(struct handle *handle, fuse_req_t request, const char *data, size_t size,
			  off_t offset)
{
	struct kmsg *kmsg = handle->files->kmsg;
	struct reader *reader = handle->data;
	int level = kmsg->box->console_levels[1], facility = LOG_USER_FACILITY;
	char line[WRITE_MAX_6_4 + 1];
	const char *text;
	size_t length;
	bool may;

	if (size > kmsg->write_max)
		return -EINVAL;
	if (kmsg->box->sysctls.devkmsg == DEVKMSG_OFF)
		return size;
	pthread_mutex_lock(&kmsg->lock);
	reader->position = offset + size; /* the kernel moves it, as in any file */
	may = may_write(kmsg, reader, request);
	pthread_mutex_unlock(&kmsg->lock);
	if (!may)
		return size;
	memcpy(line, data, size);
	line[size] = '\0';
	text = parse_prefix(line, &level, &facility);
	length = strlen(text);
	if (length && text[length - 1] == '\n')
		length--;
	log_store_user(kmsg->box, facility, level, text, length);
	return size;
}

/* ---- opening and closing ---- */

/* check_syslog_permissions(): restricted reading takes CAP_SYSLOG, or CAP_SYS_ADMIN of old. */
static bool may_read(struct kmsg *kmsg, fuse_req_t request)
{
	return !kmsg->box->sysctls.dmesg_restrict || request_capable(request, CAP_SYSLOG) ||
	       request_capable(request, CAP_SYS_ADMIN);
}

static int kmsg_open(struct handle *handle, fuse_req_t request, int flags)
{
	struct kmsg *kmsg = handle->files->kmsg;
	struct reader *reader;

	if (kmsg->box->sysctls.devkmsg == DEVKMSG_OFF)
		return -EPERM;
	if ((flags & O_ACCMODE) != O_WRONLY && !may_read(kmsg, request))
		return -EPERM;
	reader = calloc(1, sizeof(*reader));
	if (!reader)
		return -ENOMEM;
	pthread_mutex_lock(&kmsg->lock);
	reader->sequence = log_first(kmsg->box);
	reader->next = kmsg->readers;
	reader->link = &kmsg->readers;
	if (reader->next)
		reader->next->link = &reader->next;
	kmsg->readers = reader;
	pthread_mutex_unlock(&kmsg->lock);
	handle->data = reader;
	return 0;
}

static void kmsg_release(struct handle *handle)
{
	struct kmsg *kmsg = handle->files->kmsg;
	struct reader *reader = handle->data;

	pthread_mutex_lock(&kmsg->lock);
	*reader->link = reader->next;
	if (reader->next)
		reader->next->link = reader->link;
	if (reader->poll)
		fuse_pollhandle_destroy(reader->poll);
	pthread_mutex_unlock(&kmsg->lock);
	if (reader->missed)
		box_printk(kmsg->box, 4, "%s: %u output lines suppressed due to ratelimiting",
			   reader->writer, reader->missed);
	free(reader);
}

const struct file_class kmsg_class = {
	.open = kmsg_open,
	.release = kmsg_release,
	.read = kmsg_read,
	.write = kmsg_write,
	.seek = kmsg_seek,
	.poll = kmsg_poll,
};

/* ---- the thread that hears of new records ---- */

static void *listen_to_log(void *data)
{
	struct kmsg *kmsg = data;
	uint64_t count;
	bool stopping = false;

	while (!stopping) {
		if (read(kmsg->watch.event_fd, &count, sizeof(count)) < 0 && errno != EINTR)
			break;
		pthread_mutex_lock(&kmsg->lock);
		stopping = kmsg->stopping;
		if (!stopping)
			serve(kmsg);
		pthread_mutex_unlock(&kmsg->lock);
	}
	return NULL;
}

/* control_devkmsg(): printk.devkmsg= of the command line */
static void set_devkmsg(struct r3_box *box)
{
	const char *value = cmdline_find(box, "printk.devkmsg");

	for (int i = 0; value && i < NR_DEVKMSG; i++)
		if (!strncmp(value, devkmsg_names[i], strlen(devkmsg_names[i])))
			box->sysctls.devkmsg = i;
}

int kmsg_start(struct files *files)
{
	struct kmsg *kmsg = calloc(1, sizeof(*kmsg));

	if (!kmsg)
		return -ENOMEM;
	files->kmsg = kmsg;
	kmsg->box = files->box;
	set_devkmsg(kmsg->box);
	kmsg->write_max = box_release_before(files->box, 6, 4) ? WRITE_MAX : WRITE_MAX_6_4;
	pthread_mutex_init(&kmsg->lock, NULL);
	kmsg->watch.event_fd = eventfd(0, EFD_CLOEXEC);
	if (kmsg->watch.event_fd < 0)
		return r3_fail(-errno, "no eventfd: %s", strerror(errno));
	log_watch(kmsg->box, &kmsg->watch);
	if (pthread_create(&kmsg->thread, NULL, listen_to_log, kmsg))
		return r3_fail(-EAGAIN, "no thread for /dev/kmsg");
	kmsg->running = true;
	return 0;
}

void kmsg_stop(struct files *files)
{
	struct kmsg *kmsg = files->kmsg;
	const uint64_t one = 1;

	if (!kmsg || !kmsg->running)
		return;
	pthread_mutex_lock(&kmsg->lock);
	kmsg->stopping = true;
	while (kmsg->waiters) {
		struct waiter *waiter = kmsg->waiters;

		kmsg->waiters = waiter->next;
		fuse_reply_err(waiter->request, EINTR);
		free(waiter);
	}
	pthread_mutex_unlock(&kmsg->lock);
	if (write(kmsg->watch.event_fd, &one, sizeof(one)) < 0)
		abort(); /* far from full */
	pthread_join(kmsg->thread, NULL);
	kmsg->running = false;
}

void kmsg_free(struct files *files)
{
	struct kmsg *kmsg = files->kmsg;

	if (!kmsg)
		return;
	if (kmsg->watch.event_fd >= 0) {
		log_unwatch(kmsg->box, &kmsg->watch);
		close(kmsg->watch.event_fd);
	}
	pthread_mutex_destroy(&kmsg->lock);
	free(kmsg);
	files->kmsg = NULL;
}
