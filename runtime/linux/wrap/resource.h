/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kernel/resource.c without /proc/iomem, /proc/ioports, and without the inode
 * that takes mappings of /dev/mem away from user space.
 */
#include <linux/module.h>
#include <linux/ioport.h>
#include <linux/proc_fs.h>
#include <linux/fs.h>
#include <linux/seq_file.h>
#include <linux/pseudo_fs.h>
#include <linux/mount.h>
#include <linux/device.h>
#include <linux/mm.h>
#include <linux/io.h>
#undef CONFIG_PROC_FS
#undef fs_initcall
#define fs_initcall(function) /* iomem_init_inode() */
