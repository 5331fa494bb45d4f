// SPDX-License-Identifier: GPL-2.0-or-later
/* syslog(2): the box's log, in the order of do_syslog() in kernel/printk/printk.c. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "box/console.h"
#include "box/log.h"
#include "syscall/client.h"

#define POLL_NS     20000000L
#define PREFIX_SIZE 48
#define BUFFER_SIZE (1 << 18) /* what SYSLOG_ACTION_SIZE_BUFFER says */

enum {
	ACTION_CLOSE,
	ACTION_OPEN,
	ACTION_READ,
	ACTION_READ_ALL,
	ACTION_READ_CLEAR,
	ACTION_CLEAR,
	ACTION_CONSOLE_OFF,
	ACTION_CONSOLE_ON,
	ACTION_CONSOLE_LEVEL,
	ACTION_SIZE_UNREAD,
	ACTION_SIZE_BUFFER,
};

struct text {
	char *data;
	size_t size, room;
	size_t limit; /* for ACTION_READ: no record that would go beyond */
	uint64_t next;
};

static int append(struct text *text, const char *data, size_t size)
{
	if (text->room - text->size < size) {
		size_t room = (text->room + size) * 2;
		char *grown = realloc(text->data, room);

		if (!grown)
			return -ENOMEM;
		text->data = grown;
		text->room = room;
	}
	memcpy(text->data + text->size, data, size);
	text->size += size;
	return 0;
}

/* record_print_text(): every line of it has the prefix. 1: full. */
static int add_record(void *context, const struct log_record *record)
{
	struct text *text = context;
	const size_t before = text->size;
	const char *line = record->text, *end = record->text + record->length;
	char prefix[PREFIX_SIZE];
	int length = snprintf(prefix, sizeof(prefix), "<%d>[%5lu.%06lu] ",
			      record->facility << 3 | record->level,
			      (unsigned long)(record->time_ns / 1000000000UL),
			      (unsigned long)(record->time_ns / 1000 % 1000000));
	int error = 0;

	while (!error && line <= end) {
		const char *newline = memchr(line, '\n', end - line);
		size_t size = (newline ? newline : end) - line;

		error = append(text, prefix, length);
		if (!error)
			error = append(text, line, size);
		if (!error)
			error = append(text, "\n", 1);
		line += size + 1;
	}
	if (!error && text->limit && text->size > text->limit)
		error = 1;
	if (error)
		text->size = before;
	else
		text->next = record->sequence + 1;
	return error;
}

/* The last lines that fit. */
static long read_all(struct client *client, uint64_t buffer, size_t size, bool clear)
{
	struct r3_box *box = client->box;
	struct text text = {0};
	uint64_t sequence = log_cleared(box);
	size_t skip = 0;
	long result = log_each(box, &sequence, add_record, &text);

	while (!result && text.size - skip > size) {
		const char *end = memchr(text.data + skip, '\n', text.size - skip);

		skip = end + 1 - text.data;
	}
	if (!result && text.size > skip)
		result = client_write(client, buffer, text.data + skip, text.size - skip);
	if (!result)
		result = text.size - skip;
	if (result >= 0 && clear)
		log_clear(box);
	free(text.data);
	return result;
}

/* New records, each handed out once, to whoever asks first. */
static long read_new(struct client *client, uint64_t buffer, size_t size)
{
	const struct timespec pause = {.tv_nsec = POLL_NS};
	struct r3_box *box = client->box;
	struct text text = {.limit = size};
	long result = 0;

	while (!text.size) {
		uint64_t first = log_unread(box), sequence = first;

		result = log_each(box, &sequence, add_record, &text);
		if (result < 0)
			break;
		if (result && !text.size) { /* not even one record fits */
			free(text.data);
			return 0;
		}
		if (text.size && !log_take(box, first, text.next))
			text.size = 0;
		if (text.size)
			break;
		if (client_signal_pending(client))
			return -ERESTARTSYS;
		nanosleep(&pause, NULL);
	}
	if (result >= 0)
		result = client_write(client, buffer, text.data, text.size);
	if (!result)
		result = text.size;
	free(text.data);
	return result;
}

static long size_unread(struct client *client)
{
	struct text text = {0};
	uint64_t sequence = log_unread(client->box);
	long result = log_each(client->box, &sequence, add_record, &text);

	free(text.data);
	return result ? result : (long)text.size;
}

/* check_syslog_permissions() */
static bool is_allowed(struct client *client, int action)
{
	if (!client->box->sysctls.dmesg_restrict &&
	    (action == ACTION_READ_ALL || action == ACTION_SIZE_BUFFER))
		return true;
	return client_capable(client, CAP_SYSLOG) || client_capable(client, CAP_SYS_ADMIN);
}

long serve_syslog(struct client *client)
{
	const uint64_t *arguments = (const uint64_t *)client->notification.data.args;
	int action = arguments[0], length = arguments[2];
	struct r3_box *box = client->box;

	if (!is_allowed(client, action))
		return -EPERM;
	switch (action) {
	case ACTION_CLOSE:
	case ACTION_OPEN:
		return 0;
	case ACTION_READ:
	case ACTION_READ_ALL:
	case ACTION_READ_CLEAR:
		if (!arguments[1] || length < 0)
			return -EINVAL;
		if (!length)
			return 0;
		return action == ACTION_READ ? read_new(client, arguments[1], length)
					     : read_all(client, arguments[1], length,
							action == ACTION_READ_CLEAR);
	case ACTION_CLEAR:
		log_clear(box);
		return 0;
	case ACTION_CONSOLE_OFF:
		console_silence(box);
		return 0;
	case ACTION_CONSOLE_ON:
		console_restore(box);
		return 0;
	case ACTION_CONSOLE_LEVEL:
		if (length < 1 || length > 8)
			return -EINVAL;
		console_change(box, length);
		return 0;
	case ACTION_SIZE_UNREAD:
		return size_unread(client);
	case ACTION_SIZE_BUFFER:
		return BUFFER_SIZE;
	}
	return -EINVAL;
}
