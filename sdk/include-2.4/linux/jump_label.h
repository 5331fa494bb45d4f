/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _RING3_24_JUMP_LABEL_H
#define _RING3_24_JUMP_LABEL_H

/* Nobody patches the code of a module of Linux 2.4: its static keys are variables. */
#include_next <linux/jump_label.h>

#undef static_branch_likely
#undef static_branch_unlikely
#undef static_key_false
#undef static_key_true
#define static_branch_likely(x)   likely(static_key_enabled(&(x)->key))
#define static_branch_unlikely(x) unlikely(static_key_enabled(&(x)->key))
#define static_key_false(key)     unlikely(static_key_enabled(key))
#define static_key_true(key)      likely(static_key_enabled(key))

#endif
