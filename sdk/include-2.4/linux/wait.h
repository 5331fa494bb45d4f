/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _RING3_24_WAIT_H
#define _RING3_24_WAIT_H

/* Linux 2.4's sleep_on(). Whoever wakes before it sleeps is not noticed: that is how it was. */
#include_next <linux/wait.h>

static inline long __sleep_on(wait_queue_head_t *queue, int state, long timeout)
{
	DEFINE_WAIT(wait);

	prepare_to_wait(queue, &wait, state);
	timeout = schedule_timeout(timeout);
	finish_wait(queue, &wait);
	return timeout;
}
#define sleep_on(queue)                  ((void)__sleep_on(queue, TASK_UNINTERRUPTIBLE, MAX_SCHEDULE_TIMEOUT))
#define sleep_on_timeout(queue, timeout) __sleep_on(queue, TASK_UNINTERRUPTIBLE, timeout)
#define interruptible_sleep_on(queue)                                                              \
	((void)__sleep_on(queue, TASK_INTERRUPTIBLE, MAX_SCHEDULE_TIMEOUT))
#define interruptible_sleep_on_timeout(queue, timeout)                                             \
	__sleep_on(queue, TASK_INTERRUPTIBLE, timeout)

#endif
