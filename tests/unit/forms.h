/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The forms of instructions that modules have. Two instructions are of one form
 * if they are the same but for the values of displacements and immediates.
 */
#ifndef RING3_FORMS_H
#define RING3_FORMS_H

#include <stdint.h>
#include <stddef.h>
#include <Zydis/Zydis.h>

#define FORM_MAX 15 /* bytes of an instruction */

struct form {
	uint8_t bytes[FORM_MAX]; /* as first seen */
	uint8_t length;
};

struct forms {
	struct form *list; /* in the order in which they were met */
	size_t count, room;
	uint32_t *table; /* of indices + 1, by hash of what makes a form */
	size_t table_size;
	size_t instructions; /* looked at */
	size_t met;          /* as count, before some were dropped */
};

/* Every instruction of every function of a module. 0 or -errno of reading it. */
int forms_collect(struct forms *forms, const char *path);
/* The same of code that is here. */
void forms_collect_code(struct forms *forms, const void *code, size_t size);
/*
 * Keep count of them: the first ones, then as many kinds of instruction as
 * there are, then as many forms of each as there is room for.
 */
void forms_keep(struct forms *forms, size_t first, size_t count);
void forms_free(struct forms *forms);
/* What makes the form: its bytes without the values. */
uint64_t form_hash(const struct form *form);

struct form_decoded {
	ZydisDecodedInstruction instruction;
	ZydisDecodedOperand operands[ZYDIS_MAX_OPERAND_COUNT];
};
/* Of bytes that were decoded before: cannot fail. */
void form_decode(const uint8_t *bytes, size_t length, struct form_decoded *decoded);

#endif
