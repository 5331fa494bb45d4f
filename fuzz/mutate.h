/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Mutations that know what a relocatable object is made of. */
#ifndef RING3_FUZZ_MUTATE_H
#define RING3_FUZZ_MUTATE_H

#include <stddef.h>
#include <stdint.h>

/* libFuzzer's own mutation of bytes. */
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);

/*
 * Change the object of size bytes at data, at most max_size bytes. Most changes
 * leave what Linux's first checks want intact, so that later ones are reached.
 */
size_t mutate_object(uint8_t *data, size_t size, size_t max_size, unsigned int seed);

#endif
