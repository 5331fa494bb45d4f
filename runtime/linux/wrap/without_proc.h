/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * For members whose initcalls make a file in /proc and nothing else of it.
 * What has a place in its layout for /proc is included first.
 */
#include <linux/module.h>
#include <linux/device.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/mm.h>
#include <linux/proc_fs.h>
#include <linux/sched/signal.h>
#include <linux/seq_file.h>
#undef CONFIG_PROC_FS
