/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sources of Linux 2.4 begin with it; here every compilation has the configuration anyway. */
#include <linux/kconfig.h>
