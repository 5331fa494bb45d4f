/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_TIME_H
#define _LINUX_TIME_H

#include <linux/time64.h>

struct tm {
	int tm_sec;
	int tm_min;
	int tm_hour;
	int tm_mday;
	int tm_mon;
	long tm_year;
	int tm_wday;
	int tm_yday;
};
void time64_to_tm(time64_t totalsecs, int offset, struct tm *result);

#endif
