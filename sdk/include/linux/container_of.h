/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_CONTAINER_OF_H
#define _LINUX_CONTAINER_OF_H

#include <linux/build_bug.h>
#include <linux/stddef.h>

#define container_of(pointer, type, member)                                                        \
	({                                                                                         \
		void *__member = (void *)(pointer);                                                \
		static_assert(__same_type(*(pointer), ((type *)0)->member) ||                      \
				      __same_type(*(pointer), void),                               \
			      "pointer type mismatch in container_of()");                          \
		((type *)(__member - offsetof(type, member)));                                     \
	})
#define container_of_safe(pointer, type, member)                                                   \
	({                                                                                         \
		typeof(pointer) __safe = (pointer);                                                \
		IS_ERR_OR_NULL(__safe) ? (type *)__safe : container_of(__safe, type, member);      \
	})

#endif
