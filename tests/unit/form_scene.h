/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where an instruction of any form runs by itself: registers and memory such
 * that it does not fault, and comes back whichever way it goes.
 */
#ifndef RING3_FORM_SCENE_H
#define RING3_FORM_SCENE_H

#include "../modules/probes/probe_cells.h"
#include "forms.h"

/* Where things lie in the box. */
struct form_places {
	uint64_t memory, percpu, stack; /* percpu: as code has it, relative to GS */
};

struct form_patch { /* a word of memory that is not left to chance */
	uint64_t address, value;
};

struct form_scene {
	uint64_t registers[NR_REGISTERS];
	uint64_t flags;
	struct form_patch patches[2];
	unsigned int nr_patches;
};

/* Why it cannot run by itself, NULL: it can. A few words, the same for many. */
const char *form_refuse(const struct form *form);
/* Its bytes for a cell at address: what it refers to by distance is where it should be. */
const char *form_place(const struct form *form, uint64_t cell, const struct form_places *places,
		       uint8_t code[FORM_MAX]);
/* The machine before it runs: each variant another. code: as placed. NULL or why there is none. */
const char *form_prepare(const struct form_decoded *decoded, uint64_t cell,
			 const struct form_places *places, uint64_t seed, struct form_scene *scene);
/* splitmix64: the next number of a sequence. */
uint64_t form_random(uint64_t *state);

#endif
