/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_PRANDOM_H
#define _LINUX_PRANDOM_H

#include <linux/random.h>
#include <linux/types.h>

/* A generator whose sequence the seed decides. */
struct rnd_state {
	__u32 s1, s2, s3, s4;
};
u32 prandom_u32_state(struct rnd_state *state);
void prandom_bytes_state(struct rnd_state *state, void *buf, size_t nbytes);
static inline u32 __seed(u32 x, u32 m)
{
	return x < m ? x + m : x;
}
static inline void prandom_seed_state(struct rnd_state *state, u64 seed)
{
	u32 i = ((seed >> 32) ^ (seed << 10) ^ seed) & 0xffffffffUL;

	state->s1 = __seed(i, 2U);
	state->s2 = __seed(i, 8U);
	state->s3 = __seed(i, 16U);
	state->s4 = __seed(i, 128U);
}
#define prandom_bytes(buf, nbytes) get_random_bytes(buf, nbytes)

#endif
