/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_LOCKDEP_H
#define _LINUX_LOCKDEP_H

#include <linux/types.h>

/* There is no lock validator. */
struct lock_class_key {
};
struct lockdep_map {
};
#define lockdep_init_map(lock, name, key, sub)      ((void)(key))
#define lockdep_set_class(lock, key)                ((void)(key))
#define lockdep_set_class_and_name(lock, key, name) ((void)(key))
#define lockdep_set_novalidate_class(lock)          ((void)0)
#define lockdep_assert_held(l)                      ((void)(l))
#define lockdep_assert_held_write(l)                ((void)(l))
#define lockdep_assert_held_read(l)                 ((void)(l))
#define lockdep_assert_irqs_disabled()              ((void)0)
#define lockdep_assert_irqs_enabled()               ((void)0)
#define lockdep_is_held(l)                          1
#define lockdep_register_key(key)                   ((void)(key))
#define lockdep_unregister_key(key)                 ((void)(key))
#define lock_acquire(...)                           ((void)0)
#define lock_release(...)                           ((void)0)
#define DEFINE_WAIT_OVERRIDE_MAP(name, type)
#define SINGLE_DEPTH_NESTING 1

#endif
