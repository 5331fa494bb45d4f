/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_CONST_H
#define _LINUX_CONST_H

#ifdef __ASSEMBLY__
#define _AC(x, suffix) x
#define _AT(type, x)   x
#else
#define __AC(x, suffix) (x##suffix)
#define _AC(x, suffix)  __AC(x, suffix)
#define _AT(type, x)    ((type)(x))
#endif
#define _UL(x)            _AC(x, UL)
#define _ULL(x)           _AC(x, ULL)
#define UL(x)             _UL(x)
#define ULL(x)            _ULL(x)
#define _BITUL(x)         (_UL(1) << (x))
#define _BITULL(x)        (_ULL(1) << (x))
/* 0 if x is an integer constant expression, whatever its value (the type of ?: tells). */
#define __is_constexpr(x) (sizeof(int) == sizeof(*(8 ? ((void *)((long)(x)*0l)) : (int *)8)))

#endif
