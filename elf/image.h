/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The steps of image.c. */
#ifndef RING3_ELF_IMAGE_H
#define RING3_ELF_IMAGE_H

#include "elf/elf_view.h"

/* compress.c: told by the content, never by the file's name. */
enum image_compression image_compression_of(const uint8_t *data, size_t size);
/*
 * Expand data into *out (malloc'ed). -EINVAL: it does not decompress, -EFBIG:
 * it would expand beyond limit, found out before as much is allocated. -ELIBACC:
 * the library that could expand it is not there.
 */
int image_decompress(enum image_compression compression, const uint8_t *data, size_t size,
		     size_t limit, uint8_t **out, size_t *out_size, struct elf_problem *problem);

/* signature.c: split the appended signature off image->data. */
void image_split_signature(struct module_image *image);

#endif
