/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The old name of linux/slab.h, which sources of the time still include. */
#include <linux/slab.h>
