/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RING3_KMOD_INSERT_ERROR_H
#define RING3_KMOD_INSERT_ERROR_H

/* What kmod says of -error after a load; what it means here, as a sentence. */
const char *insert_error(int error);

#endif
