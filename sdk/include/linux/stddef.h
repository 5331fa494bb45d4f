/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_STDDEF_H
#define _LINUX_STDDEF_H

#ifndef NULL
#define NULL ((void *)0)
#endif

#ifndef __ASSEMBLY__
enum { false = 0, true = 1 };

#undef offsetof
#define offsetof(type, member)     __builtin_offsetof(type, member)
#define sizeof_field(type, member) sizeof((((type *)0)->member))
#define offsetofend(type, member)  (offsetof(type, member) + sizeof_field(type, member))
#define struct_group(name, members...)                                                             \
	union {                                                                                    \
		struct {                                                                           \
			members                                                                    \
		};                                                                                 \
		struct {                                                                           \
			members                                                                    \
		} name;                                                                            \
	}
#define DECLARE_FLEX_ARRAY(type, name)                                                             \
	struct {                                                                                   \
		struct {                                                                           \
		} __empty_##name;                                                                  \
		type name[];                                                                       \
	}
#endif

#endif
