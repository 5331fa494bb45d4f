// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include "elf/elf_view.h"
#include "forms.h"

#define FIRST_TABLE 65536 /* a power of two */

static void *must(void *memory)
{
	if (!memory)
		abort();
	return memory;
}

static void clear_value(struct form *form, unsigned int offset, unsigned int bits)
{
	memset(form->bytes + offset, 0, bits / 8);
}

static void without_values(struct form *form, const ZydisDecodedInstruction *instruction)
{
	clear_value(form, instruction->raw.disp.offset, instruction->raw.disp.size);
	for (int i = 0; i < 2; i++)
		clear_value(form, instruction->raw.imm[i].offset, instruction->raw.imm[i].size);
}

static uint64_t hash_key(const struct form *key)
{
	uint64_t halves[2] = {0, 0};

	memcpy(halves, key, sizeof(*key));
	halves[0] = (halves[0] ^ halves[1] * 0x9e3779b97f4a7c15) * 0xff51afd7ed558ccd;
	return halves[0] ^ halves[0] >> 32;
}

static void form_key(const struct form *form, struct form *key)
{
	struct form_decoded decoded;

	*key = *form;
	form_decode(form->bytes, form->length, &decoded);
	without_values(key, &decoded.instruction);
}

uint64_t form_hash(const struct form *form)
{
	struct form key;

	form_key(form, &key);
	return hash_key(&key);
}

void form_decode(const uint8_t *bytes, size_t length, struct form_decoded *decoded)
{
	ZydisDecoder decoder;

	ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
	if (!ZYAN_SUCCESS(ZydisDecoderDecodeFull(&decoder, bytes, length, &decoded->instruction,
						 decoded->operands)))
		abort();
}

/* The slot of the table where the key is, or belongs. */
static uint32_t *find(struct forms *forms, const struct form *key)
{
	size_t at = hash_key(key) & (forms->table_size - 1);

	for (;; at = (at + 1) & (forms->table_size - 1)) {
		struct form other;

		if (!forms->table[at])
			return &forms->table[at];
		form_key(&forms->list[forms->table[at] - 1], &other);
		if (!memcmp(&other, key, sizeof(other)))
			return &forms->table[at];
	}
}

static void grow(struct forms *forms)
{
	forms->table_size = forms->table_size ? 2 * forms->table_size : FIRST_TABLE;
	forms->room = forms->table_size / 2;
	free(forms->table);
	forms->table = must(calloc(forms->table_size, sizeof(*forms->table)));
	forms->list = must(realloc(forms->list, forms->room * sizeof(*forms->list)));
	for (size_t i = 0; i < forms->count; i++) {
		struct form key;

		form_key(&forms->list[i], &key);
		*find(forms, &key) = i + 1;
	}
}

static void add(struct forms *forms, const uint8_t *code,
		const ZydisDecodedInstruction *instruction)
{
	struct form form = {.length = instruction->length}, key;
	uint32_t *place;

	memcpy(form.bytes, code, instruction->length);
	key = form;
	without_values(&key, instruction);
	if (forms->count == forms->room)
		grow(forms);
	place = find(forms, &key);
	if (!*place) {
		forms->list[forms->count++] = form;
		forms->met = forms->count;
		*place = forms->count;
	}
}

void forms_collect_code(struct forms *forms, const void *start, size_t size)
{
	ZydisDecodedInstruction instruction;
	const uint8_t *code = start;
	ZydisDecoder decoder;

	ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
	while (size && ZYAN_SUCCESS(ZydisDecoderDecodeInstruction(&decoder, NULL, code, size,
								  &instruction))) {
		add(forms, code, &instruction);
		forms->instructions++;
		code += instruction.length;
		size -= instruction.length;
	}
}

int forms_collect(struct forms *forms, const char *path)
{
	struct module_image image;
	struct elf_view view;
	int error = image_read_file(&image, path, NULL);

	if (error)
		return error;
	error = elf_open(&view, image.data, image.size, NULL);
	for (size_t i = 0; !error && i < view.nr_symbols; i++) {
		const Elf64_Sym *symbol = &view.symbols[i];
		const Elf64_Shdr *section;

		if (ELF64_ST_TYPE(symbol->st_info) != STT_FUNC || !symbol->st_shndx ||
		    symbol->st_shndx >= view.nr_sections)
			continue;
		section = &view.sections[symbol->st_shndx];
		if (!(section->sh_flags & SHF_EXECINSTR) || section->sh_type != SHT_PROGBITS ||
		    symbol->st_value > section->sh_size ||
		    symbol->st_size > section->sh_size - symbol->st_value)
			continue;
		forms_collect_code(forms, view.data + section->sh_offset + symbol->st_value,
				   symbol->st_size);
	}
	image_release(&image);
	return error;
}

struct ranked {
	struct form form;
	unsigned int mnemonic, rank; /* how many of the mnemonic come before it */
	uint64_t hash;
};

static int by_mnemonic(const void *left, const void *right)
{
	const struct ranked *a = left, *b = right;

	if (a->mnemonic != b->mnemonic)
		return a->mnemonic < b->mnemonic ? -1 : 1;
	return a->hash < b->hash ? -1 : a->hash > b->hash;
}

static int by_rank(const void *left, const void *right)
{
	const struct ranked *a = left, *b = right;

	if (a->rank != b->rank)
		return a->rank < b->rank ? -1 : 1;
	return by_mnemonic(left, right);
}

void forms_keep(struct forms *forms, size_t first, size_t count)
{
	struct ranked *all = must(calloc(forms->count + 1, sizeof(*all)));

	for (size_t i = 0; i < forms->count; i++) {
		struct form_decoded decoded;

		form_decode(forms->list[i].bytes, forms->list[i].length, &decoded);
		all[i] = (struct ranked){
			.form = forms->list[i],
			.mnemonic = decoded.instruction.mnemonic,
			.hash = i < first ? 0 : form_hash(&forms->list[i]),
		};
	}
	qsort(all, forms->count, sizeof(*all), by_mnemonic);
	for (size_t i = 1; i < forms->count; i++)
		all[i].rank = all[i].mnemonic == all[i - 1].mnemonic && all[i].hash
				      ? all[i - 1].rank + 1
				      : 0;
	qsort(all, forms->count, sizeof(*all), by_rank);
	if (forms->count > count)
		forms->count = count;
	for (size_t i = 0; i < forms->count; i++)
		forms->list[i] = all[i].form;
	free(all);
	free(forms->table); /* nothing is added after this */
	forms->table = NULL;
}

void forms_free(struct forms *forms)
{
	free(forms->list);
	free(forms->table);
	*forms = (struct forms){.list = NULL};
}
