/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * With CONFIG_SYSFS, kernel/workqueue.c starts by registering a bus for
 * /sys/devices/virtual/workqueue, which draws in all of the driver core before
 * the first module is loaded. A box offers no such attributes.
 */
#include <linux/module.h>
#include <linux/device.h>
#include <linux/kthread.h>
#include <linux/workqueue.h>
#include <linux/sched/isolation.h>
#include <linux/mm.h>
#include <linux/syscalls.h>
#undef CONFIG_SYSFS
#define workqueue_sysfs_register(wq) ((void)(wq), 0)
