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
#undef proc_create_seq
#define proc_create_seq(name, mode, parent, operations) ((struct proc_dir_entry *)NULL)
#define remove_proc_entry(name, parent)                 ((void)(name))
