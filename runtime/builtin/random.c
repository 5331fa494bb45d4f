// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Random numbers: xoshiro256**, seeded from the clocks. Good enough to be
 * unpredictable to tests; nothing in a box is a secret to its owner.
 */
#include <linux/bitops.h>
#include <linux/export.h>
#include <linux/prandom.h>
#include <linux/random.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include "builtin.h"

static DEFINE_RAW_SPINLOCK(random_lock);
static u64 state[4];

/* splitmix64 spreads one word over the state. */
static void seed(void)
{
	u64 x = r3hc_clock(R3_CLOCK_REALTIME) ^ (r3hc_clock(R3_CLOCK_THREAD) << 32) ^
		boot_info->memory_base;
	int i;

	for (i = 0; i < 4; i++) {
		u64 z = x += 0x9e3779b97f4a7c15ul;

		z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ul;
		z = (z ^ (z >> 27)) * 0x94d049bb133111ebul;
		state[i] = z ^ (z >> 31);
	}
}

u64 get_random_u64(void)
{
	unsigned long flags;
	u64 result, t;

	raw_spin_lock_irqsave(&random_lock, flags);
	if (!(state[0] | state[1] | state[2] | state[3]))
		seed();
	result = rol64(state[1] * 5, 7) * 9;
	t = state[1] << 17;
	state[2] ^= state[0];
	state[3] ^= state[1];
	state[1] ^= state[2];
	state[0] ^= state[3];
	state[2] ^= t;
	state[3] = rol64(state[3], 45);
	raw_spin_unlock_irqrestore(&random_lock, flags);
	return result;
}
EXPORT_SYMBOL(get_random_u64);

u32 get_random_u32(void)
{
	return get_random_u64() >> 32;
}
EXPORT_SYMBOL(get_random_u32);

u16 get_random_u16(void)
{
	return get_random_u64() >> 48;
}
EXPORT_SYMBOL(get_random_u16);

u8 get_random_u8(void)
{
	return get_random_u64() >> 56;
}
EXPORT_SYMBOL(get_random_u8);

u32 prandom_u32_max(u32 ep_ro)
{
	return (u64)get_random_u32() * ep_ro >> 32;
}
EXPORT_SYMBOL(prandom_u32_max);

void get_random_bytes(void *buf, size_t len)
{
	u64 word;

	for (; len >= sizeof(word); len -= sizeof(word), buf += sizeof(word)) {
		word = get_random_u64();
		memcpy(buf, &word, sizeof(word));
	}
	word = get_random_u64();
	memcpy(buf, &word, len);
}
EXPORT_SYMBOL(get_random_bytes);

/* L'Ecuyer's LFSR113: four shift registers, combined. */
static u32 step(u32 s, int a, int b, u32 mask, int d)
{
	return ((s & mask) << d) ^ (((s << a) ^ s) >> b);
}

u32 prandom_u32_state(struct rnd_state *state)
{
	state->s1 = step(state->s1, 6, 13, 0xfffffffe, 18);
	state->s2 = step(state->s2, 2, 27, 0xfffffff8, 2);
	state->s3 = step(state->s3, 13, 21, 0xfffffff0, 7);
	state->s4 = step(state->s4, 3, 12, 0xffffff80, 13);
	return state->s1 ^ state->s2 ^ state->s3 ^ state->s4;
}
EXPORT_SYMBOL(prandom_u32_state);

void prandom_bytes_state(struct rnd_state *state, void *buf, size_t nbytes)
{
	u8 *to = buf;
	u32 word = 0;

	for (; nbytes; nbytes--, word >>= 8) {
		if (!((to - (u8 *)buf) % 4))
			word = prandom_u32_state(state);
		*to++ = word;
	}
}
EXPORT_SYMBOL(prandom_bytes_state);
