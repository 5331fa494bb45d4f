/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _ASM_UNALIGNED_H
#define _ASM_UNALIGNED_H

#include <asm/byteorder.h>
#include <linux/compiler.h>

#define __unaligned_type(type)                                                                     \
	struct {                                                                                   \
		type x;                                                                            \
	} __packed
#define get_unaligned(p) (((const __unaligned_type(typeof(*(p))) *)(p))->x)
#define put_unaligned(value, p)                                                                    \
	do {                                                                                       \
		((__unaligned_type(typeof(*(p))) *)(p))->x = (value);                              \
	} while (0)
#define get_unaligned_le16(p)    le16_to_cpu(get_unaligned((const u16 *)(p)))
#define get_unaligned_le32(p)    le32_to_cpu(get_unaligned((const u32 *)(p)))
#define get_unaligned_le64(p)    le64_to_cpu(get_unaligned((const u64 *)(p)))
#define get_unaligned_be16(p)    be16_to_cpu(get_unaligned((const u16 *)(p)))
#define get_unaligned_be32(p)    be32_to_cpu(get_unaligned((const u32 *)(p)))
#define get_unaligned_be64(p)    be64_to_cpu(get_unaligned((const u64 *)(p)))
#define put_unaligned_le16(v, p) put_unaligned(cpu_to_le16(v), (u16 *)(p))
#define put_unaligned_le32(v, p) put_unaligned(cpu_to_le32(v), (u32 *)(p))
#define put_unaligned_le64(v, p) put_unaligned(cpu_to_le64(v), (u64 *)(p))
#define put_unaligned_be16(v, p) put_unaligned(cpu_to_be16(v), (u16 *)(p))
#define put_unaligned_be32(v, p) put_unaligned(cpu_to_be32(v), (u32 *)(p))
#define put_unaligned_be64(v, p) put_unaligned(cpu_to_be64(v), (u64 *)(p))

#endif
