/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_PARAM_H
#define _LINUX_PARAM_H

#define HZ      CONFIG_HZ
#define USER_HZ 100

#endif
