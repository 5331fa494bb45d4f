/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_THREADS_H
#define _LINUX_THREADS_H

#define NR_CPUS CONFIG_NR_CPUS

#endif
