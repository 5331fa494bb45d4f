/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Images as insmod of Linux 2.4 hands them over, put together by hand. */
#ifndef RING3_IMAGE24_H
#define RING3_IMAGE24_H

#include <stddef.h>
#include <stdint.h>
#include <ring3/scheme24.h>

#define IMAGE24_SIZE 8192
#define IMAGE24_DEPS 4

/* What is in it has its place for good; the address of a part is image24_at(). */
struct image24 {
	struct r3_24_module module;
	uint64_t optional[16]; /* of a struct module that is larger than ours */
	char name[64];
	char text[2][64];              /* logged by init and by cleanup */
	uint8_t init[64], cleanup[64]; /* code */
	uint8_t other[64];
	struct r3_24_symbol symbols[2];
	struct r3_24_ref deps[IMAGE24_DEPS];
	struct r3_24_exception fixups[2];
	char symbol_names[2][64];
	uint8_t rest[6144];
};
_Static_assert(sizeof(struct image24) <= IMAGE24_SIZE, "it fits");

/* What a module may run. */
#define CODE_RETURN(value)                                                                         \
	0xb8, (value)&0xff, (value) >> 8 & 0xff, (value) >> 16 & 0xff, (value) >> 24 & 0xff, 0xc3
#define CODE_OOPS 0x0f, 0x0b

/* An image that is as it has to be, of a module that was created at address; init returns 0. */
void image24_make(struct image24 *image, const char *name, uint64_t address);
#define image24_at(image, member)                                                                  \
	((image)->module.name - offsetof(struct image24, name) + offsetof(struct image24, member))
/* Code that logs "<6>" and this text, and returns 0; printk is the address of _printk. */
void image24_log(struct image24 *image, unsigned int which, const char *text, uint64_t printk);
/* init calls this function with that number, and returns 0. */
void image24_call(struct image24 *image, uint64_t function, uint32_t number);
void image24_export(struct image24 *image, const char *name, uint64_t value);
void image24_depend(struct image24 *image, uint64_t module);

#endif
