// SPDX-License-Identifier: GPL-2.0-or-later
/* What loading a module says of the kernel's state from then on. */
#include <errno.h>
#include <string.h>
#include "tools/modutils/link.h"

static void taint(struct link *link, unsigned int bit, bool *is_first, const char *why,
		  const char *license)
{
	const struct module_calls *calls = link->calls;

	tell_warning(link->messages, "Warning: loading %s will taint the kernel: %s%s",
		     link->messages->from, why, license);
	if (*is_first)
		tell(link->messages, "  See %s for information about tainted modules",
		     "http://www.tux.org/lkml/#export-tainted");
	*is_first = false;
	if (calls->taint && !link->insert->is_dry)
		calls->taint(calls->context, bit);
}

void check_taint(struct link *link)
{
	const struct module_calls *calls = link->calls;
	/* a kernel that does not keep it, and a module of its time: no warning */
	bool keeps = !calls->taint || calls->taint(calls->context, 0) != -ENOENT;
	bool is_first = true;
	const char *license;

	if (!object_is_gpl(&link->object, &license)) {
		if (license)
			taint(link, TAINT_PROPRIETARY, &is_first, "non-GPL license - ", license);
		else if (keeps)
			taint(link, TAINT_PROPRIETARY, &is_first, "no license", "");
	}
	if (link->insert->is_forced)
		taint(link, TAINT_FORCED, &is_first, "forced load", "");
}
