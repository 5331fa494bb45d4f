/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_UTSRELEASE_H
#define _LINUX_UTSRELEASE_H

#include <generated/utsrelease.h>

#endif
