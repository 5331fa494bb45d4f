// SPDX-License-Identifier: GPL-2.0-or-later
/* Random numbers: the host's. They are good from the start, and need no help from drivers. */
#include <linux/hw_random.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/notifier.h>
#include <linux/random.h>
#include <linux/string.h>
#include "machine.h"

void get_random_bytes(void *buf, size_t len)
{
	u8 chunk[256];

	/* The host writes to this stack only; a bad pointer faults here. */
	while (len) {
		size_t step = min(len, sizeof(chunk));

		r3hc_random(chunk, step);
		memcpy(buf, chunk, step);
		buf += step;
		len -= step;
	}
}

#define GET_RANDOM(type)                                                                           \
	type get_random_##type(void)                                                               \
	{                                                                                          \
		type value;                                                                        \
                                                                                                   \
		r3hc_random(&value, sizeof(value));                                                \
		return value;                                                                      \
	}
GET_RANDOM(u8)
GET_RANDOM(u16)
GET_RANDOM(u32)
GET_RANDOM(u64)

/* Unbiased: the products whose low half falls into the uneven rest are drawn again. */
u32 __get_random_u32_below(u32 ceil)
{
	u32 rest;
	u64 product;

	if (!ceil)
		return get_random_u32();
	rest = -ceil % ceil;
	do
		product = (u64)ceil * get_random_u32();
	while ((u32)product < rest);
	return product >> 32;
}

bool rng_is_initialized(void)
{
	return true;
}

int wait_for_random_bytes(void)
{
	return 0;
}

#ifdef R3_EXECUTE_WITH_RNG
int execute_with_initialized_rng(struct notifier_block *nb)
{
	nb->notifier_call(nb, 0, NULL);
	return 0;
}
#endif

/* What drivers know of chance is not needed. */
void add_device_randomness(const void *buf, size_t len)
{
}

void add_input_randomness(unsigned int type, unsigned int code, unsigned int value)
{
}

void add_interrupt_randomness(int irq)
{
}

void add_hwgenerator_randomness(R3_ADD_HWGENERATOR_ARGS)
{
}
