/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_SEQLOCK_H
#define _LINUX_SEQLOCK_H

#include <linux/spinlock.h>

typedef struct seqcount {
	unsigned int sequence;
} seqcount_t;
#define SEQCNT_ZERO(name)                                                                          \
	{                                                                                          \
		0                                                                                  \
	}
#define seqcount_init(s) ((s)->sequence = 0)
static inline unsigned int read_seqcount_begin(const seqcount_t *s)
{
	unsigned int sequence;

	while ((sequence = smp_load_acquire(&s->sequence)) & 1)
		cpu_relax();
	return sequence;
}
static inline int read_seqcount_retry(const seqcount_t *s, unsigned int start)
{
	smp_rmb();
	return READ_ONCE(s->sequence) != start;
}
static inline void write_seqcount_begin(seqcount_t *s)
{
	WRITE_ONCE(s->sequence, s->sequence + 1);
	smp_wmb();
}
static inline void write_seqcount_end(seqcount_t *s)
{
	smp_wmb();
	WRITE_ONCE(s->sequence, s->sequence + 1);
}
typedef struct {
	seqcount_t seqcount;
	spinlock_t lock;
} seqlock_t;
#define __SEQLOCK_UNLOCKED(name)                                                                   \
	{                                                                                          \
		.seqcount = {0}, .lock = __SPIN_LOCK_UNLOCKED(name)                                \
	}
#define DEFINE_SEQLOCK(name) seqlock_t name = __SEQLOCK_UNLOCKED(name)
#define seqlock_init(sl)                                                                           \
	do {                                                                                       \
		seqcount_init(&(sl)->seqcount);                                                    \
		spin_lock_init(&(sl)->lock);                                                       \
	} while (0)
static inline unsigned int read_seqbegin(const seqlock_t *sl)
{
	return read_seqcount_begin(&sl->seqcount);
}
static inline unsigned int read_seqretry(const seqlock_t *sl, unsigned int start)
{
	return read_seqcount_retry(&sl->seqcount, start);
}
static inline void write_seqlock(seqlock_t *sl)
{
	spin_lock(&sl->lock);
	write_seqcount_begin(&sl->seqcount);
}
static inline void write_sequnlock(seqlock_t *sl)
{
	write_seqcount_end(&sl->seqcount);
	spin_unlock(&sl->lock);
}

#endif
