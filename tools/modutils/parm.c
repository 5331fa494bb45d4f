// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include "tools/modutils/parameters.h"

void parm_parse(const char *text, struct parm *parm)
{
	char *end = (char *)text;

	*parm = (struct parm){.min = 1, .max = 1};
	if (isdigit((unsigned char)*text)) {
		parm->min = parm->max = strtoul(text, &end, 10);
		if (*end == '-')
			parm->max = strtoul(end + 1, &end, 10);
	}
	parm->type = *end;
	if (*end)
		end++;
	if (parm->type == 'c' && isdigit((unsigned char)*end))
		parm->size = strtoul(end, &end, 10);
	parm->rest = end;
}

size_t parm_is(const char *string)
{
	size_t length = strcspn(string, "=");

	if (strncmp(string, "parm_", 5) || length <= 5 || !strncmp(string, "parm_desc_", 10))
		return 0;
	return length - 5;
}
