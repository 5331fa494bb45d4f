/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_UUID_H
#define _LINUX_UUID_H

#include <linux/string.h>
#include <linux/types.h>

#define UUID_SIZE       16
#define UUID_STRING_LEN 36

/* guid_t: the first three fields little endian; uuid_t: big endian. */
typedef struct {
	__u8 b[UUID_SIZE];
} guid_t;
typedef struct {
	__u8 b[UUID_SIZE];
} uuid_t;
typedef guid_t uuid_le;

#define __uuid_tail(d0, d1, d2, d3, d4, d5, d6, d7) (d0), (d1), (d2), (d3), (d4), (d5), (d6), (d7)
#define GUID_INIT(a, b, c, d...)                                                                   \
	((guid_t){{(a)&0xff, ((a) >> 8) & 0xff, ((a) >> 16) & 0xff, ((a) >> 24) & 0xff, (b)&0xff,  \
		   ((b) >> 8) & 0xff, (c)&0xff, ((c) >> 8) & 0xff, __uuid_tail(d)}})
#define UUID_INIT(a, b, c, d...)                                                                   \
	((uuid_t){{((a) >> 24) & 0xff, ((a) >> 16) & 0xff, ((a) >> 8) & 0xff, (a)&0xff,            \
		   ((b) >> 8) & 0xff, (b)&0xff, ((c) >> 8) & 0xff, (c)&0xff, __uuid_tail(d)}})
#define UUID_LE(a, b, c, d...) GUID_INIT(a, b, c, d)

static inline bool guid_equal(const guid_t *u1, const guid_t *u2)
{
	return memcmp(u1, u2, sizeof(guid_t)) == 0;
}
static inline bool uuid_equal(const uuid_t *u1, const uuid_t *u2)
{
	return memcmp(u1, u2, sizeof(uuid_t)) == 0;
}

#endif
