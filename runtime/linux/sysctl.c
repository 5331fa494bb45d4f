// SPDX-License-Identifier: GPL-2.0-or-later
/* The bounds that tables of sysctls point to. */
#include <linux/limits.h>
#include <linux/sysctl.h>

const int sysctl_vals[] = {0, 1, 2, 3, 4, 100, 200, 1000, 3000, INT_MAX, 65535, -1};
const unsigned long sysctl_long_vals[] = {0, 1, LONG_MAX};
