/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_INSTRUMENTATION_H
#define _LINUX_INSTRUMENTATION_H

#define instrumentation_begin() ((void)0)
#define instrumentation_end()   ((void)0)

#endif
