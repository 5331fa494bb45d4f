/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _ASM_BYTEORDER_H
#define _ASM_BYTEORDER_H

#include <linux/swab.h>
#include <linux/types.h>

#define cpu_to_le16(x)         ((__le16)(u16)(x))
#define cpu_to_le32(x)         ((__le32)(u32)(x))
#define cpu_to_le64(x)         ((__le64)(u64)(x))
#define le16_to_cpu(x)         ((u16)(__le16)(x))
#define le32_to_cpu(x)         ((u32)(__le32)(x))
#define le64_to_cpu(x)         ((u64)(__le64)(x))
#define cpu_to_be16(x)         ((__be16)swab16((u16)(x)))
#define cpu_to_be32(x)         ((__be32)swab32((u32)(x)))
#define cpu_to_be64(x)         ((__be64)swab64((u64)(x)))
#define be16_to_cpu(x)         swab16((u16)(x))
#define be32_to_cpu(x)         swab32((u32)(x))
#define be64_to_cpu(x)         swab64((u64)(x))
#define le16_to_cpup(p)        le16_to_cpu(*(p))
#define le32_to_cpup(p)        le32_to_cpu(*(p))
#define le64_to_cpup(p)        le64_to_cpu(*(p))
#define be16_to_cpup(p)        be16_to_cpu(*(p))
#define be32_to_cpup(p)        be32_to_cpu(*(p))
#define be64_to_cpup(p)        be64_to_cpu(*(p))
#define __constant_cpu_to_le16 cpu_to_le16
#define __constant_cpu_to_le32 cpu_to_le32
#define __constant_cpu_to_be16 cpu_to_be16
#define __constant_cpu_to_be32 cpu_to_be32
#define htons(x)               cpu_to_be16(x)
#define htonl(x)               cpu_to_be32(x)
#define ntohs(x)               be16_to_cpu(x)
#define ntohl(x)               be32_to_cpu(x)

#endif
