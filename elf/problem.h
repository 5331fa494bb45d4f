/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fill in struct elf_problem. */
#ifndef RING3_ELF_PROBLEM_H
#define RING3_ELF_PROBLEM_H

#include "elf/elf_view.h"

/*
 * Set message (format and what follows) and advice, if problem is not NULL;
 * returns error, for `return elf_refuse(problem, -ENOEXEC, ...)`.
 */
__attribute__((format(printf, 4, 5))) int elf_refuse(struct elf_problem *problem, int error,
						     const char *advice, const char *format, ...);

/* The same where Linux logs nothing. */
int elf_refuse_silently(struct elf_problem *problem, int error, const char *advice);

#endif
