/* SPDX-License-Identifier: LGPL-2.1-or-later */
#error "linux/moduleparam.h is Linux 2.6's: in the 2.4 scheme a parameter is MODULE_PARM(variable, \"type\") of linux/module.h"
