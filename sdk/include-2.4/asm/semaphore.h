/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _ASM_SEMAPHORE_H
#define _ASM_SEMAPHORE_H

/* Linux 2.4's names for a semaphore that is a lock. */
#include <linux/semaphore.h>

#define DECLARE_MUTEX(name)        struct semaphore name = __SEMAPHORE_INITIALIZER(name, 1)
#define DECLARE_MUTEX_LOCKED(name) struct semaphore name = __SEMAPHORE_INITIALIZER(name, 0)
#define init_MUTEX(sem)            sema_init(sem, 1)
#define init_MUTEX_LOCKED(sem)     sema_init(sem, 0)

#endif
