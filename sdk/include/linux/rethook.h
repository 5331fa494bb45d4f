/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_RETHOOK_H
#define _LINUX_RETHOOK_H

#include <linux/llist.h>
#include <linux/types.h>

/* A function that was entered and will return through a trampoline. */
struct rethook {
	void *data; /* the kretprobe */
};
struct rethook_node {
	struct llist_node llist; /* of the task, the innermost first */
	struct rethook *rethook;
	unsigned long ret_addr;
	unsigned long frame;
};

#endif
