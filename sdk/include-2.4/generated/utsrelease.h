/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _GENERATED_UTSRELEASE_H
#define _GENERATED_UTSRELEASE_H

/* What uname -r says in a box of the 2.4 scheme: insmod compares. */
#define UTS_RELEASE "2.4.37-ring3"

#endif
