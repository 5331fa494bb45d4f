/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_MODULEPARAM_H
#define _LINUX_MODULEPARAM_H

#include <linux/export.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/stringify.h>

#ifdef MODULE
#define MODULE_PARAM_PREFIX
#define __MODULE_INFO_PREFIX
#else
#define MODULE_PARAM_PREFIX  KBUILD_MODNAME "."
#define __MODULE_INFO_PREFIX KBUILD_MODNAME "."
#endif

#define MAX_PARAM_PREFIX_LEN (64 - sizeof(unsigned long))

/* "tag=info" in .modinfo, without gaps. */
#define __MODULE_INFO(tag, name, info)                                                             \
	static const char __UNIQUE_ID(name)[] __used __section(".modinfo") __aligned(1) =          \
		__MODULE_INFO_PREFIX __stringify(tag) "=" info
#define __MODULE_PARM_TYPE(name, _type) __MODULE_INFO(parmtype, name##type, #name ":" _type)
#define MODULE_PARM_DESC(_parm, desc)   __MODULE_INFO(parm, _parm, #_parm ":" desc)

struct module;
struct kernel_param;

/* kernel_param_ops.flags: the parameter may come without a value, then set() gets NULL. */
enum { KERNEL_PARAM_OPS_FL_NOARG = (1 << 0) };

struct kernel_param_ops {
	unsigned int flags;
	int (*set)(const char *val, const struct kernel_param *kp);
	int (*get)(char *buffer, const struct kernel_param *kp); /* buffer: 4096 bytes */
	void (*free)(void *arg);
};

/* kernel_param.flags */
enum {
	KERNEL_PARAM_FL_UNSAFE = (1 << 0),
	KERNEL_PARAM_FL_HWPARAM = (1 << 1),
};

struct kernel_param {
	const char *name;
	struct module *mod;
	const struct kernel_param_ops *ops;
	const u16 perm;
	s8 level;
	u8 flags;
	union {
		void *arg;
		const struct kparam_string *str;
		const struct kparam_array *arr;
	};
};

struct kparam_string {
	unsigned int maxlen;
	char *string;
};

struct kparam_array {
	unsigned int max;
	unsigned int elemsize;
	unsigned int *num;
	const struct kernel_param_ops *ops;
	void *elem;
};

#define __module_param_call(prefix, name, ops, arg, perm, level, flags)                            \
	static_assert(sizeof("" prefix) - 1 <= MAX_PARAM_PREFIX_LEN);                              \
	static const char __param_str_##name[] = prefix #name;                                     \
	static struct kernel_param const __param_##name __used __section("__param")                \
		__aligned(__alignof__(struct kernel_param)) = {__param_str_##name,                 \
							       THIS_MODULE,                        \
							       ops,                                \
							       VERIFY_OCTAL_PERMISSIONS(perm),     \
							       level,                              \
							       flags,                              \
							       {arg}}

#define module_param_cb(name, ops, arg, perm)                                                      \
	__module_param_call(MODULE_PARAM_PREFIX, name, ops, arg, perm, -1, 0)
#define module_param_cb_unsafe(name, ops, arg, perm)                                               \
	__module_param_call(MODULE_PARAM_PREFIX, name, ops, arg, perm, -1, KERNEL_PARAM_FL_UNSAFE)
#define module_param_call(name, _set, _get, arg, perm)                                             \
	static const struct kernel_param_ops __param_ops_##name = {                                \
		.flags = 0, .set = _set, .get = _get};                                             \
	__module_param_call(MODULE_PARAM_PREFIX, name, &__param_ops_##name, arg, perm, -1, 0)
#define __level_param_cb(name, ops, arg, perm, level)                                              \
	__module_param_call(MODULE_PARAM_PREFIX, name, ops, arg, perm, level, 0)
#define core_param_cb(name, ops, arg, perm)   __level_param_cb(name, ops, arg, perm, 1)
#define late_param_cb(name, ops, arg, perm)   __level_param_cb(name, ops, arg, perm, 7)

#define module_param(name, type, perm)        module_param_named(name, name, type, perm)
#define module_param_unsafe(name, type, perm) module_param_named_unsafe(name, name, type, perm)
#define module_param_named(name, value, type, perm)                                                \
	param_check_##type(name, &(value));                                                        \
	module_param_cb(name, &param_ops_##type, &value, perm);                                    \
	__MODULE_PARM_TYPE(name, #type)
#define module_param_named_unsafe(name, value, type, perm)                                         \
	param_check_##type(name, &(value));                                                        \
	module_param_cb_unsafe(name, &param_ops_##type, &value, perm);                             \
	__MODULE_PARM_TYPE(name, #type)
#define module_param_string(name, string, len, perm)                                               \
	static const struct kparam_string __param_string_##name = {len, string};                   \
	__module_param_call(MODULE_PARAM_PREFIX, name, &param_ops_string,                          \
			    .str = &__param_string_##name, perm, -1, 0);                           \
	__MODULE_PARM_TYPE(name, "string")
#define module_param_array(name, type, nump, perm)                                                 \
	module_param_array_named(name, name, type, nump, perm)
#define module_param_array_named(name, array, type, nump, perm)                                    \
	param_check_##type(name, &(array)[0]);                                                     \
	static const struct kparam_array __param_arr_##name = {.max = ARRAY_SIZE(array),           \
							       .num = nump,                        \
							       .ops = &param_ops_##type,           \
							       .elemsize = sizeof(array[0]),       \
							       .elem = array};                     \
	__module_param_call(MODULE_PARAM_PREFIX, name, &param_array_ops,                           \
			    .arr = &__param_arr_##name, perm, -1, 0);                              \
	__MODULE_PARM_TYPE(name, "array of " #type)
#ifndef MODULE
#define core_param(name, var, type, perm)                                                          \
	param_check_##type(name, &(var));                                                          \
	__module_param_call("", name, &param_ops_##type, &var, perm, -1, 0)
#endif

enum hwparam_type {
	hwparam_ioport,
	hwparam_iomem,
	hwparam_ioport_or_iomem,
	hwparam_irq,
	hwparam_dma,
	hwparam_dma_addr,
	hwparam_other,
};
#define module_param_hw_named(name, value, type, hwtype, perm)                                     \
	param_check_##type(name, &(value));                                                        \
	__module_param_call(MODULE_PARAM_PREFIX, name, &param_ops_##type, &value, perm, -1,        \
			    KERNEL_PARAM_FL_HWPARAM | (hwparam_##hwtype & 0));                     \
	__MODULE_PARM_TYPE(name, #type)
#define module_param_hw(name, type, hwtype, perm)                                                  \
	module_param_hw_named(name, name, type, hwtype, perm)

void kernel_param_lock(struct module *mod);
void kernel_param_unlock(struct module *mod);
bool parameq(const char *name1, const char *name2);
bool parameqn(const char *name1, const char *name2, size_t n);

#define __param_check(name, p, type)                                                               \
	static inline type __always_unused *__check_##name(void)                                   \
	{                                                                                          \
		return (p);                                                                        \
	}

#define __DECLARE_PARAM_OPS(type)                                                                  \
	extern const struct kernel_param_ops param_ops_##type;                                     \
	int param_set_##type(const char *val, const struct kernel_param *kp);                      \
	int param_get_##type(char *buffer, const struct kernel_param *kp)

__DECLARE_PARAM_OPS(byte);
#define param_check_byte(name, p) __param_check(name, p, unsigned char)
__DECLARE_PARAM_OPS(short);
#define param_check_short(name, p) __param_check(name, p, short)
__DECLARE_PARAM_OPS(ushort);
#define param_check_ushort(name, p) __param_check(name, p, unsigned short)
__DECLARE_PARAM_OPS(int);
#define param_check_int(name, p) __param_check(name, p, int)
__DECLARE_PARAM_OPS(uint);
#define param_check_uint(name, p) __param_check(name, p, unsigned int)
int param_set_uint_minmax(const char *val, const struct kernel_param *kp, unsigned int min,
			  unsigned int max);
__DECLARE_PARAM_OPS(long);
#define param_check_long(name, p) __param_check(name, p, long)
__DECLARE_PARAM_OPS(ulong);
#define param_check_ulong(name, p) __param_check(name, p, unsigned long)
__DECLARE_PARAM_OPS(ullong);
#define param_check_ullong(name, p) __param_check(name, p, unsigned long long)
__DECLARE_PARAM_OPS(hexint);
#define param_check_hexint(name, p) param_check_uint(name, p)
__DECLARE_PARAM_OPS(charp);
void param_free_charp(void *arg);
#define param_check_charp(name, p) __param_check(name, p, char *)
__DECLARE_PARAM_OPS(bool);
#define param_check_bool(name, p) __param_check(name, p, bool)
extern const struct kernel_param_ops param_ops_bool_enable_only;
int param_set_bool_enable_only(const char *val, const struct kernel_param *kp);
#define param_check_bool_enable_only param_check_bool
__DECLARE_PARAM_OPS(invbool);
#define param_check_invbool(name, p) __param_check(name, p, bool)
extern const struct kernel_param_ops param_ops_bint;
int param_set_bint(const char *val, const struct kernel_param *kp);
#define param_get_bint   param_get_int
#define param_check_bint param_check_int
extern const struct kernel_param_ops param_array_ops;
extern const struct kernel_param_ops param_ops_string;
int param_set_copystring(const char *val, const struct kernel_param *kp);
int param_get_string(char *buffer, const struct kernel_param *kp);

#endif
