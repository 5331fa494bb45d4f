#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# ring3-modpost: from NAME.o to NAME.mod.c, with Linux's rules and words.
. "$(dirname "$0")/lib.sh"

modpost=${RING3_MODPOST:?the program ring3-modpost}

# compile NAME [OPTION]...: C from standard input, after a few macros of what modpost looks for
compile() {
	local name=$1
	shift
	{
		cat <<-'MACROS'
			#define INFO(tag, text) static const char info_##tag[] \
				__attribute__((section(".modinfo"), used)) = #tag "=" text;
			#define EXPORT_TO(sym, kind, ns) extern __typeof__(sym) sym; \
				asm(".section __ksymtab_strings,\"a\"\n__kstrtab_" #sym ": .asciz \"" #sym \
				"\"\n__kstrtabns_" #sym ": .asciz \"" ns "\"\n.previous\n.section \"___ksymtab" kind \
				"+" #sym "\", \"a\"\n__ksymtab_" #sym ": .long " #sym " - .\n.previous");
			#define EXPORT(sym) EXPORT_TO(sym, "", "")
			#define EXPORT_GPL(sym) EXPORT_TO(sym, "_gpl", "")
			#define INIT __attribute__((section(".init.text"), noinline))
		MACROS
		cat
	} >"$name.c"
	"${CC:-gcc}" -O1 -fcommon -fno-pic -ffreestanding -w "$@" -c -o "$name.o" "$name.c" ||
		fail "cc $name.c"
}

wrote() {
	[ -f "$1" ] || fail "$1 was not written"
}
unwritten() {
	[ ! -e "$1" ] || fail "$1 was written in spite of errors"
}
has() {
	grep -Eq -- "$2" "$1" || fail "no line of $1 matches '$2'"
}

an_undefined_symbol_is_an_error_and_nothing_is_written() {
	compile lacks <<<'INFO(license, "GPL") int nobody(void); int nor_that(void);
		int f(void) { return nobody() + nor_that(); }'
	status 1 "$modpost" -M -e -o Module.symvers lacks.o
	err_has '^ERROR: modpost: "nobody" \[lacks.ko\] undefined!$'
	err_has '^ERROR: modpost: "nor_that" \[lacks.ko\] undefined!$'
	unwritten lacks.mod.c
	unwritten Module.symvers
}

with_w_an_undefined_symbol_is_a_warning() {
	compile lacks <<<'INFO(license, "GPL") int nobody(void); int f(void) { return nobody(); }'
	status 0 "$modpost" -M -e -w lacks.o
	err_has '^WARNING: modpost: "nobody" \[lacks.ko\] undefined!$'
	wrote lacks.mod.c
}

a_weak_undefined_symbol_is_fine() {
	compile weak <<<'INFO(license, "GPL") int maybe(void) __attribute__((weak));
		int f(void) { return maybe ? maybe() : 0; }'
	status 0 "$modpost" -M -e weak.o
	[ ! -s err ] || fail "it complained"
}

a_module_needs_a_license() {
	compile bare <<<'int f(void) { return 1; }'
	status 1 "$modpost" -M -e bare.o
	err_has '^ERROR: modpost: missing MODULE_LICENSE\(\) in bare.o$'
}

a_gpl_only_symbol_is_not_for_closed_modules() {
	compile gives <<<'INFO(license, "GPL") int f(void) { return 1; } EXPORT_GPL(f)'
	compile closed <<<'INFO(license, "Proprietary") int f(void); int g(void) { return f(); }'
	status 1 "$modpost" -M -e gives.o closed.o
	err_has "^ERROR: modpost: GPL-incompatible module closed.ko uses GPL-only symbol 'f'\$"
}

a_namespace_has_to_be_imported() {
	compile gives <<<'INFO(license, "GPL") int f(void) { return 1; } EXPORT_TO(f, "", "SPACE")'
	compile takes <<<'INFO(license, "GPL") int f(void); int g(void) { return f(); }'
	compile imports <<<'INFO(license, "GPL") INFO(import_ns, "SPACE") int f(void);
		int g(void) { return f(); }'
	status 1 "$modpost" -M -e gives.o takes.o
	err_has 'ERROR: modpost: module takes uses symbol f from namespace SPACE, but does not import it.'
	status 0 "$modpost" -M -e -N gives.o takes.o
	err_has 'WARNING: modpost: module takes uses symbol f from namespace SPACE'
	status 0 "$modpost" -M -e gives.o imports.o
}

what_the_kernel_exports_cannot_be_exported_again() {
	printf '0x00000000\tf\tvmlinux\tEXPORT_SYMBOL\t\n' >kernel
	compile gives <<<'INFO(license, "GPL") int f(void) { return 1; } EXPORT(f)'
	status 1 "$modpost" -M -e -i kernel gives.o
	err_has "^ERROR: modpost: gives: 'f' exported twice. Previous export was in vmlinux\$"
}

modules_may_export_the_same_symbol_as_alternatives() {
	compile one <<<'INFO(license, "GPL") int f(void) { return 1; } EXPORT(f)'
	compile two <<<'INFO(license, "GPL") int f(void) { return 2; } EXPORT(f)'
	status 0 "$modpost" -M -e one.o two.o
	status 1 "$modpost" -M one.o two.o # in the kernel's own tree they may not
	err_has "two: 'f' exported twice. Previous export was in one.ko"
}

a_name_of_56_characters_is_too_long() {
	local name
	name=$(printf 'n%.0s' {1..56})
	compile "$name" <<<'INFO(license, "GPL")'
	status 1 "$modpost" -M -e "$name.o"
	err_has "^ERROR: modpost: module name is too long \[$name.ko\]\$"
	mv "$name.o" "${name#n}.o"
	status 0 "$modpost" -M -e "${name#n}.o"
}

a_common_symbol_is_warned_about() {
	compile common <<<'INFO(license, "GPL") int shared_by_accident;'
	status 0 "$modpost" -M -e common.o
	err_has '^WARNING: modpost: "shared_by_accident" \[common\] is COMMON symbol$'
}

code_that_stays_must_not_use_code_that_goes() {
	compile mixes <<<'INFO(license, "GPL") INIT int early(void) { asm(""); return 1; }
		int late(void) { return early() + 1; }'
	status 0 "$modpost" -M -e mixes.o
	err_has '^WARNING: modpost: mixes: section mismatch in reference: late\+0x[0-9a-f]+ \(section: .text\) -> early \(section: .init.text\)$'
	status 1 "$modpost" -M -e -E mixes.o
	err_has '^ERROR: modpost: Section mismatches detected.$'
}

an_exported_init_function_is_warned_about() {
	compile mixes <<<'INFO(license, "GPL") INIT int early(void) { return 1; } EXPORT(early)'
	status 0 "$modpost" -M -e mixes.o
	err_has '^WARNING: modpost: mixes: early: EXPORT_SYMBOL used for init symbol. Remove __init or EXPORT_SYMBOL.$'
}

an_export_without_a_definition_is_an_error() {
	compile claims <<<'INFO(license, "GPL") int f(void); EXPORT(f)'
	status 1 "$modpost" -M -e claims.o
	err_has '"f" \[claims.ko\] was exported without definition'
}

depends_names_the_modules_in_order_of_use_but_not_the_kernel() {
	printf '0x00000000\tk\tvmlinux\tEXPORT_SYMBOL\t\n0x00000000\ts\tdrivers/some-lib\tEXPORT_SYMBOL\t\n' >kernel
	compile gives <<<'INFO(license, "GPL") int f(void) { return 1; } EXPORT(f) int g; EXPORT(g)'
	compile takes <<<'INFO(license, "GPL") int f(void); int k(void); int s(void); extern int g;
		int h(void) { return s() + k() + f() + g; }'
	status 0 "$modpost" -M -e -i kernel gives.o takes.o
	has takes.mod.c '^MODULE_INFO\(depends, "some-lib,gives"\);$'
	has gives.mod.c '^MODULE_INFO\(depends, ""\);$'
}

exports_are_listed_as_in_a_kernel_tree() {
	compile gives <<<'INFO(license, "GPL") int f(void) { return 1; } EXPORT(f)
		int g(void) { return 1; } EXPORT_TO(g, "_gpl", "SPACE")'
	status 0 "$modpost" -M -e -o Module.symvers gives.o
	printf '0x00000000\tf\tgives\tEXPORT_SYMBOL\t\n0x00000000\tg\tgives\tEXPORT_SYMBOL_GPL\tSPACE\n' |
		diff - Module.symvers || fail "Module.symvers"
}

the_kernels_own_exports_are_read_from_its_objects() {
	compile runtime <<<'int f(void); int k(void) { return f(); } EXPORT(k)'
	status 0 "$modpost" --symvers-from -o kernel runtime.o
	[ ! -s err ] || fail "a kernel needs no license and no definitions"
	printf '0x00000000\tk\tvmlinux\tEXPORT_SYMBOL\t\n' | diff - kernel || fail "kernel"
	unwritten vmlinux.mod.c
}

init_and_exit_are_set_only_if_the_module_has_them() {
	compile both <<<'INFO(license, "GPL") int init_module(void) { return 0; } void cleanup_module(void) {}'
	compile none <<<'INFO(license, "GPL") int f(void) { return 0; }'
	status 0 "$modpost" -M -e both.o none.o
	has both.mod.c '\.init = init_module,'
	has both.mod.c '\.exit = cleanup_module,'
	! grep -Eq 'init_module|cleanup_module' none.mod.c || fail "none has neither"
}

export_notes_of_newer_kernels_become_table_entries() {
	compile notes <<<'INFO(license, "GPL") int f(void) { return 1; } int data = 1;
		asm(".section .export_symbol,\"a\"\n__export_symbol_f: .asciz \"GPL\"\n.asciz \"SPACE\"\n"
		".balign 8\n.quad f\n__export_symbol_data: .asciz \"\"\n.asciz \"\"\n.balign 8\n"
		".quad data\n.previous");'
	status 0 "$modpost" -M -e -o Module.symvers notes.o
	has notes.mod.c '^KSYMTAB_FUNC\(f, "_gpl", "SPACE"\);$'
	has notes.mod.c '^KSYMTAB_DATA\(data, "", ""\);$'
	has Module.symvers '^0x00000000	f	notes	EXPORT_SYMBOL_GPL	SPACE$'
	rm notes.mod.c
	status 0 "$modpost" -e notes.o # Linux 6.5 has notes, too, and its Kbuild does not say -M
	has notes.mod.c '^KSYMTAB_FUNC\(f, "_gpl", "SPACE"\);$'
}

versions_of_exports_are_recorded_and_missing_ones_warned_about() {
	printf '0x12345678\tk\tvmlinux\tEXPORT_SYMBOL\t\n0x87654321\tmodule_layout\tvmlinux\tEXPORT_SYMBOL\t\n0x00000000\tl\tvmlinux\tEXPORT_SYMBOL\t\n' >kernel
	compile gives <<<'INFO(license, "GPL") int m; EXPORT(m) int n; EXPORT(n)'
	compile takes <<<'INFO(license, "GPL") int k(void); int l(void); extern int m, n;
		int f(void) { return k() + l() + m + n; }'
	printf 'gives.o\n' >gives.mod
	printf 'cmd_gives.o := cc\n\n#SYMVER n 0x000000ab\n' >.gives.o.cmd
	status 0 "$modpost" -M -e -m -i kernel -o symvers gives.o takes.o
	has takes.mod.c '^	\{ 0x12345678, "k" \},$'
	has takes.mod.c '^	\{        0, "l" \},$' # of a kernel that was built without versions
	has takes.mod.c '^	\{     0xab, "n" \},$'
	has takes.mod.c '^	\{ 0x87654321, "module_layout" \},$'
	has symvers '^0x000000ab	n	gives	'
	err_has '^WARNING: modpost: EXPORT symbol "m" \[gives.ko\] version generation failed'
	err_has '^WARNING: modpost: "m" \[takes.ko\] has no CRC!$'
}

# The version of f in a module of the C from standard input, compiled with these options.
version() {
	compile versioned -gdwarf-4 "$@"
	"$modpost" -M -e -m --type-versions -w -o symvers versioned.o 2>err || fail "modpost"
	awk '$2 == "f" { print $1 }' symvers
}

without_genksyms_a_version_follows_the_type() {
	local code='INFO(license, "GPL") typedef LONG number;
		struct part { int a; number b; }; struct hidden; struct other { int OTHER; } other;
		struct whole { struct whole *next; union { struct part *part; char text[SIZE]; };
			unsigned flag : 3; enum { ONE = 1, TWO } e; };
		int f(struct whole *ARGUMENT, const struct hidden *, ...) { return 0; } EXPORT(f)'
	local plain=(-DLONG=long -DSIZE=8 -DOTHER=x -DARGUMENT=y) first
	first=$(version "${plain[@]}" <<<"$code")
	[ "$first" != 0x00000000 ] || fail "there is no version"
	[ "$(version "${plain[@]}" -O2 <<<"$code")" = "$first" ] || fail "code counts"
	[ "$(version "${plain[@]}" -UOTHER -DOTHER=z <<<"$code")" = "$first" ] || fail "others count"
	[ "$(version "${plain[@]}" -UARGUMENT -DARGUMENT=z <<<"$code")" = "$first" ] ||
		fail "a parameter's name counts"
	[ "$(version "${plain[@]}" -ULONG -DLONG=int <<<"$code")" != "$first" ] ||
		fail "a member's type does not count"
	[ "$(version "${plain[@]}" -USIZE -DSIZE=9 <<<"$code")" != "$first" ] ||
		fail "a size does not count"
	if command -v clang >/dev/null; then
		[ "$(CC=clang version "${plain[@]}" <<<"$code")" = "$first" ] || fail "compilers count"
	fi
}

versions_without_type_are_of_the_name_or_not_at_all() {
	local code='INFO(license, "GPL") asm(".globl f\nf: ret"); int f(void); EXPORT(f) int g;'
	compile plain <<<"$code"
	status 0 "$modpost" -M -e -m --type-versions -w -o symvers plain.o
	err_has 'WARNING: modpost: EXPORT symbol "f" \[plain.ko\] version generation failed'
	# CRC-32 of the letter f, as zlib counts it
	[ "$(version <<<"$code")" = 0x76d32be0 ] || fail "version of f"
}

the_kernels_own_versions_are_written_as_c() {
	compile runtime -gdwarf-4 <<<'int f(void) { return 1; } EXPORT_GPL(f) int g; EXPORT(g)'
	status 0 "$modpost" --symvers-from -m -o kernel --export-source export.c runtime.o
	has export.c '^SYMBOL_CRC\(f, 0x[0-9a-f]{8}, "_gpl"\);$'
	has export.c '^SYMBOL_CRC\(g, 0x[0-9a-f]{8}, ""\);$'
	grep -q "^$(sed -n 's/^SYMBOL_CRC(g, \(0x[0-9a-f]*\),.*/\1/p' export.c)	g	" kernel || fail "kernel"
}

a_device_table_without_aliases_is_told_by_extra_warnings() {
	compile odd <<<'INFO(license, "GPL") const long ids[4] = {0};
		extern __typeof__(ids) __mod_nosuchbus__ids_device_table __attribute__((alias("ids")));'
	status 0 "$modpost" -M -e odd.o
	[ ! -s err ] || fail "it complained, where Linux says nothing"
	status 0 "$modpost" -M -e -W odd.o
	err_has 'odd: there are no aliases for MODULE_DEVICE_TABLE of type nosuchbus$'
}

a_device_table_ends_in_an_empty_entry_and_holds_whole_ones() {
	local table='extern __typeof__(ids) __mod_virtio__ids_device_table __attribute__((alias("ids")));'
	compile open <<<"INFO(license, \"GPL\") const int ids[2] = {1, 2}; $table"
	compile torn <<<"INFO(license, \"GPL\") const int ids[3] = {1, 2}; $table"
	compile fine <<<"INFO(license, \"GPL\") const int ids[4] = {1, -1}; $table"
	compile zero <<<"INFO(license, \"GPL\") int ids[4] __attribute__((section(\".bss\"))); $table"
	status 1 "$modpost" -M -e open.o
	err_has 'open: struct virtio_device_id is not terminated with a NULL entry!'
	status 1 "$modpost" -M -e torn.o
	err_has 'torn: sizeof\(struct virtio_device_id\)=8 is not a modulo of the size'
	status 0 "$modpost" -M -e fine.o zero.o
	has fine.mod.c '^MODULE_ALIAS\("virtio:d00000001v\*"\);$'
}

damaged_input_is_refused_with_a_reason() {
	compile fine <<<'INFO(license, "GPL")'
	head -c 100 fine.o >torn.o
	status 1 "$modpost" -M -e torn.o
	err_has 'ERROR: modpost: torn.o: not a relocatable object of x86-64'
	status 1 "$modpost" -M -e nowhere.o
	err_has 'nowhere.o: No such file or directory'
	echo 'no tabs here' >kernel
	status 1 "$modpost" -M -e -i kernel fine.o
	err_has 'parse error in symbol dump file kernel, line 1'
	status 2 "$modpost"
}

a_symvers_of_very_many_modules_is_read_at_once() {
	compile fine <<<'INFO(license, "GPL") int s59999(void); int f(void) { return s59999(); }'
	awk 'BEGIN { for (i = 0; i < 60000; i++) printf "0x%08x\ts%d\tm/m%d\tEXPORT_SYMBOL\t\n", i, i, i }' >kernel
	status 0 timeout 20 "$modpost" -M -e -i kernel fine.o # Linux's takes half a minute
	has fine.mod.c '^MODULE_INFO\(depends, "m59999"\);$'
}

an_unchanged_mod_c_is_left_alone() {
	compile fine <<<'INFO(license, "GPL")'
	status 0 "$modpost" -M -e fine.o
	touch -d @1 fine.mod.c
	status 0 "$modpost" -M -e fine.o
	[ "$(stat -c %Y fine.mod.c)" = 1 ] || fail "fine.mod.c was written again"
}

run_case "$1"
