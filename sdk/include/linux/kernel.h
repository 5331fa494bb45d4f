/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_KERNEL_H
#define _LINUX_KERNEL_H

#include <asm/byteorder.h>
#include <linux/align.h>
#include <linux/bitops.h>
#include <linux/build_bug.h>
#include <linux/compiler.h>
#include <linux/container_of.h>
#include <linux/kstrtox.h>
#include <linux/limits.h>
#include <linux/linkage.h>
#include <linux/log2.h>
#include <linux/math.h>
#include <linux/minmax.h>
#include <linux/panic.h>
#include <linux/printk.h>
#include <linux/stdarg.h>
#include <linux/stddef.h>
#include <linux/typecheck.h>
#include <linux/types.h>

#define STACK_MAGIC                0xdeadbeef
#define REPEAT_BYTE(x)             ((~0ul / 0xff) * (x))
#define READ                       0
#define WRITE                      1
#define ARRAY_SIZE(arr)            (sizeof(arr) / sizeof((arr)[0]) + __must_be_array(arr))
#define PTR_IF(condition, pointer) ((condition) ? (pointer) : NULL)
#define u64_to_user_ptr(x)         ((void __user *)(uintptr_t)(x))
#define upper_32_bits(n)           ((u32)(((n) >> 16) >> 16))
#define lower_32_bits(n)           ((u32)((n)&0xffffffff))
#define upper_16_bits(n)           ((u16)((n) >> 16))
#define lower_16_bits(n)           ((u16)((n)&0xffff))
#define _RET_IP_                   (unsigned long)__builtin_return_address(0)
#define _THIS_IP_                                                                                  \
	({                                                                                         \
		__label__ __here;                                                                  \
	__here:                                                                                    \
		(unsigned long)&&__here;                                                           \
	})

void __might_sleep(const char *file, int line);
int __cond_resched(void);
#define might_sleep()                                                                              \
	do {                                                                                       \
		__might_sleep(__FILE__, __LINE__);                                                 \
	} while (0)
#define might_sleep_if(condition)                                                                  \
	do {                                                                                       \
		if (condition)                                                                     \
			might_sleep();                                                             \
	} while (0)
#define might_resched() ((void)0)
#define cant_sleep()    ((void)0)
#define might_fault()   might_sleep()

__printf(2, 3) int sprintf(char *buf, const char *fmt, ...);
__printf(2, 0) int vsprintf(char *buf, const char *fmt, va_list args);
__printf(3, 4) int snprintf(char *buf, size_t size, const char *fmt, ...);
__printf(3, 0) int vsnprintf(char *buf, size_t size, const char *fmt, va_list args);
__printf(3, 4) int scnprintf(char *buf, size_t size, const char *fmt, ...);
__printf(3, 0) int vscnprintf(char *buf, size_t size, const char *fmt, va_list args);
__printf(2, 3) __malloc char *kasprintf(gfp_t gfp, const char *fmt, ...);
__printf(2, 0) __malloc char *kvasprintf(gfp_t gfp, const char *fmt, va_list args);
__scanf(2, 3) int sscanf(const char *buf, const char *fmt, ...);
__scanf(2, 0) int vsscanf(const char *buf, const char *fmt, va_list args);

int get_option(char **str, int *pint);
char *get_options(const char *str, int nints, int *ints);
unsigned long long memparse(const char *ptr, char **retptr);
bool parse_option_str(const char *str, const char *option);

int kernel_text_address(unsigned long addr);
int __kernel_text_address(unsigned long addr);
int core_kernel_text(unsigned long addr);

extern const char hex_asc[];
#define hex_asc_lo(x) hex_asc[((x)&0x0f)]
#define hex_asc_hi(x) hex_asc[((x)&0xf0) >> 4]
extern const char hex_asc_upper[];
#define hex_asc_upper_lo(x) hex_asc_upper[((x)&0x0f)]
#define hex_asc_upper_hi(x) hex_asc_upper[((x)&0xf0) >> 4]
static inline char *hex_byte_pack(char *buf, u8 byte)
{
	*buf++ = hex_asc_hi(byte);
	*buf++ = hex_asc_lo(byte);
	return buf;
}
int hex_to_bin(unsigned char ch);
int __must_check hex2bin(u8 *dst, const char *src, size_t count);
char *bin2hex(char *dst, const void *src, size_t count);

enum system_states {
	SYSTEM_BOOTING,
	SYSTEM_SCHEDULING,
	SYSTEM_FREEING_INITMEM,
	SYSTEM_RUNNING,
	SYSTEM_HALT,
	SYSTEM_POWER_OFF,
	SYSTEM_RESTART,
	SYSTEM_SUSPEND,
};
extern enum system_states system_state;

#define trace_printk(fmt, ...) __no_trace_printk(fmt, ##__VA_ARGS__)
static inline __printf(1, 2) int __no_trace_printk(const char *fmt, ...)
{
	return 0;
}

#define __COUNT_ARGS(_0, _1, _2, _3, _4, _5, _6, _7, _8, _9, _10, _11, _12, n, x...) n
#define COUNT_ARGS(x...)                                                             __COUNT_ARGS(, ##x, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0)
#define __CONCAT(a, b)                                                               a##b
#define CONCATENATE(a, b)                                                            __CONCAT(a, b)

/* Readable by all who may write, nothing for others to write. */
#define VERIFY_OCTAL_PERMISSIONS(perms)                                                            \
	(BUILD_BUG_ON_ZERO((perms) < 0) + BUILD_BUG_ON_ZERO((perms) > 0777) +                      \
	 BUILD_BUG_ON_ZERO((((perms) >> 6) & 4) < (((perms) >> 3) & 4)) +                          \
	 BUILD_BUG_ON_ZERO((((perms) >> 3) & 4) < ((perms)&4)) +                                   \
	 BUILD_BUG_ON_ZERO((((perms) >> 6) & 2) < (((perms) >> 3) & 2)) +                          \
	 BUILD_BUG_ON_ZERO((perms)&2) + (perms))

#endif
