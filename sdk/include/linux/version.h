/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_VERSION_H
#define _LINUX_VERSION_H

#include <generated/uapi/linux/version.h>
#include <generated/utsrelease.h>

#endif
