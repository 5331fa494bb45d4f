/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Without CONFIG_NET, lib/kobject_uevent.c makes an event's environment and
 * sends it nowhere by itself; every header is included before that is said.
 */
#include <linux/kobject.h>
#include <linux/module.h>
#include <linux/skbuff.h>
#include <linux/netlink.h>
#include <linux/socket.h>
#include <linux/user_namespace.h>
#include <net/sock.h>
#include <net/netlink.h>
#include <net/net_namespace.h>
#undef CONFIG_NET
