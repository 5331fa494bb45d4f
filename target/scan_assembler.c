// SPDX-License-Identifier: GPL-2.0-or-later
/* Global symbols of an assembler source. */
#include "target/scan.h"

void scan_assembler(struct scanner *s)
{
	static const char *const prefixes[] = {
		"SYM_FUNC_START", "SYM_FUNC_ALIAS", "SYM_TYPED_FUNC_START",
		"SYM_CODE_START", "SYM_DATA_START", "SYM_DATA",
		"SYM_START",      "ENTRY",          "EXPORT_SYMBOL"};
	struct token token, previous = {0}, name;
	bool wanted = false, data = false;

	for (size_t at = 0; at < s->size;) {
		at = next_token(s->text, at, s->size, &token);
		if (!token.length)
			break;
		if (wanted && token_is(&token, "(")) {
			at = next_token(s->text, at, s->size, &name);
			report(s, "", &name, data ? SCAN_DATA : SCAN_CODE);
		}
		wanted = false;
		for (unsigned int i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
			size_t length = strlen(prefixes[i]);

			wanted |= token.length >= length && !strncmp(token.at, prefixes[i], length);
		}
		/* SYM_FUNC_START_LOCAL and the like are of the file's own */
		wanted &= !memmem(token.at, token.length, "LOCAL", 5);
		data = !strncmp(token.at, "SYM_DATA", 8);
		if (token_is(&previous, "globl") || token_is(&previous, "global"))
			report(s, "", &token, SCAN_CODE);
		previous = token;
	}
}
