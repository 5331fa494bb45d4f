/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Until the random numbers are good, 6.1 asks a workqueue to make the key of
 * %p later. A box has good ones from the start: the workqueue stays out.
 */
#include <linux/random.h>
#include <linux/workqueue.h>
#define system_unbound_wq ((struct workqueue_struct *)NULL)
