// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which global symbols a source file of Linux defines, read from its text: the
 * library has to know before anything is compiled. It may guess too much (the
 * object's symbol table decides in the end), and it knows what macros of the
 * kernel define. Conditionals on CONFIG_ options are decided as the target's
 * configuration says; what cannot be decided counts as compiled.
 */
#include "target/scan.h"

#define MAX_TOKENS 512

static bool is_macro_call(const struct token *tokens, unsigned int count)
{
	if (count < 3 || !token_is(&tokens[1], "(") || !token_is(&tokens[count - 1], ")"))
		return false;
	for (uint32_t i = 0; i < tokens->length; i++) {
		if (islower((unsigned char)tokens->at[i]))
			return false;
	}
	return true;
}

static void scan_definitions(struct scanner *s)
{
	struct token tokens[MAX_TOKENS], token;
	unsigned int count = 0;
	int depth = 0;

	for (size_t at = 0; at < s->size;) {
		at = next_token(s->text, at, s->size, &token);
		if (!token.length)
			break;
		if (token.first_column && depth <= 0 && token_is_word(&token) &&
		    is_macro_call(tokens, count)) {
			declaration(s, tokens, count, false);
			count = 0;
		}
		if (token_is(&token, "{") && depth <= 0) {
			bool initialiser = has_word(tokens, count, "=");
			bool type = count && !token_is(&tokens[count - 1], ")") && !initialiser &&
				    (has_word(tokens, count, "struct") ||
				     has_word(tokens, count, "union") ||
				     has_word(tokens, count, "enum")) &&
				    !has_word(tokens, count, "(");

			at = skip_block(s->text, (size_t)(token.at - s->text), s->size);
			if (!initialiser && !type) {
				declaration(s, tokens, count, true);
				count = 0;
				depth = 0;
				continue;
			}
			token.at = "}";
		}
		depth += token_is(&token, "(") - token_is(&token, ")");
		if (token_is(&token, ";") && depth <= 0) {
			declaration(s, tokens, count, false);
			count = 0;
			depth = 0;
			continue;
		}
		if (count < MAX_TOKENS)
			tokens[count++] = token;
	}
}

void scan_source(char *text, size_t size, bool assembler, const struct config *config,
		 const struct scan_place *place, scan_found found, void *context)
{
	struct scanner scanner = {.text = text,
				  .size = size,
				  .config = config,
				  .found = found,
				  .context = context,
				  .place = place};

	blank_comments(text, size);
	decide_conditionals(&scanner);
	if (assembler)
		scan_assembler(&scanner);
	else
		scan_definitions(&scanner);
}
