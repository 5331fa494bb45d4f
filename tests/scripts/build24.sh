#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# ring3 build --scheme 2.4: what the object has that insmod of Linux 2.4 is given.
. "$(dirname "$0")/lib.sh"

kernel_symvers=
sources=$modules/scheme24

# Build modules of tests/modules/scheme24 into $work, or fail: [OPTION... --] NAME...
build24() {
	local options=() files=() name
	while [ "$1" != -- ]; do
		options+=("$1")
		shift
	done
	shift
	for name in "$@"; do
		files+=("$sources/$name.c")
	done
	status 0 "$RING3" build --scheme 2.4 -o . "${options[@]}" "${files[@]}"
}

built() {
	[ -f "$1" ] || fail "$1 was not built"
}
# Strings of a section, one a line.
strings_of() { # SECTION OBJECT
	objcopy -O binary --only-section="$1" --set-section-flags "$1=alloc" "$2" section
	tr '\0' '\n' <section
}
has_string() { # SECTION OBJECT PATTERN
	strings_of "$1" "$2" | grep -Eqx -- "$3" || fail "no string of $1 of $2 is '$3'"
}
undefined() {
	nm -u "$1" | awk '{ print $2 }'
}
# What the builtin kernel exports, with versions.
kernel_symvers() {
	kernel_symvers=$(dirname "$RING3")/runtime/Module.symvers
	[ -f "$kernel_symvers" ] || kernel_symvers=$(dirname "$RING3")/../runtime/Module.symvers
	built "$kernel_symvers"
}
version_of() { # SYMBOL SYMVERS
	awk -v symbol="$1" '$2 == symbol { print substr($1, 3) }' "$2"
}
# A module of one line of C, refused with a line that matches.
refused() { # PATTERN CODE
	printf '#include <linux/module.h>\nMODULE_LICENSE("GPL");\n%s\n' "$2" >refused.c
	status 1 "$RING3" build --scheme 2.4 refused.c
	err_has "$1"
	[ ! -e refused.o ] || fail "it was linked all the same"
}

a_file_becomes_an_object_beside_it() {
	mkdir dir
	cp "$sources"/parameters.c dir
	status 0 "$RING3" build --scheme 2.4 dir/parameters.c
	readelf -h dir/parameters.o | grep -q 'REL (Relocatable' || fail "it is no relocatable object"
	[ "$(find dir -mindepth 1 -maxdepth 1 -printf '%f\n' | LC_ALL=C sort | tr '\n' ' ')" = \
		".ring3 Module.symvers parameters.c parameters.o " ] || fail "the directory is littered"
}

modinfo_is_what_insmod_asks_for() {
	build24 -- parameters
	has_string .modinfo parameters.o 'kernel_version=2\.4\.37-ring3'
	has_string .modinfo parameters.o 'using_checksums=1'
	has_string .modinfo parameters.o 'parm_number=1-3i'
	has_string .modinfo parameters.o 'parm_desc_number=some numbers'
	has_string .modinfo parameters.o 'parm_text=s'
	has_string .modinfo parameters.o 'author=nobody'
	has_string .modinfo parameters.o 'description=parameters that nobody writes'
	has_string .modinfo parameters.o 'device=one'
	has_string .modinfo parameters.o 'license=GPL'
	[ "$(strings_of .modinfo parameters.o | grep -c '^kernel_version=')" = 1 ] ||
		fail "kernel_version is not there once"
	! strings_of .modinfo parameters.o | grep -E '^(vermagic|depends|name)=' ||
		fail "something of Linux 2.6 is there"
}

variables_of_parameters_are_symbols_that_are_read() {
	build24 -- parameters
	nm parameters.o | grep -q ' d number$' || fail "the variable has no symbol"
	readelf -rW parameters.o | grep -E '\.data|\.bss' >/dev/null ||
		fail "the compiler took the variables for constants"
	nm parameters.o | grep -q ' __module_pci_device_table$' || fail "no name for the device table"
	nm parameters.o | grep -q ' __module_pci_device_size$' || fail "no name for an entry's size"
}

imports_carry_the_versions_of_the_kernel() {
	kernel_symvers
	build24 -- importer exporter
	undefined importer.o | grep -qx "_printk_R$(version_of _printk "$kernel_symvers")" ||
		fail "printk has not the kernel's version: $(undefined importer.o)"
	undefined importer.o | grep -qx "exporter_gpl_R$(version_of exporter_gpl Module.symvers)" ||
		fail "exporter_gpl has not the exporter's version"
	undefined importer.o | grep -qx exporter_plain || fail "EXPORT_SYMBOL_NOVERS has a version"
	[ "$(undefined exporter.o)" = '' ] || fail "the exporter misses $(undefined exporter.o)"
}

exports_are_named_as_their_macros_say() {
	build24 -- exporter
	[ "$(strings_of .kstrtab exporter.o | LC_ALL=C sort | tr '\n' ' ')" = "$(
		echo "GPLONLY_exporter_gpl_R$(version_of exporter_gpl Module.symvers)" \
			"exporter_hidden_R$(version_of exporter_hidden Module.symvers)" exporter_plain \
			"exporter_versioned_R$(version_of exporter_versioned Module.symvers)" ''
	)" ] || fail "exports: $(strings_of .kstrtab exporter.o)"
	# Two addresses each, which insmod relocates.
	readelf -SW exporter.o | grep -Eq ' __ksymtab +PROGBITS +0+ [0-9a-f]+ 000040 ' ||
		fail "the table has not four entries"
	[ "$(version_of exporter_plain Module.symvers)" = 00000000 ] || fail "NOVERS has a version"
	grep -Eq '^0x[0-9a-f]{8}	exporter_gpl	.*exporter	EXPORT_SYMBOL_GPL	$' Module.symvers ||
		fail "Module.symvers does not say that it is GPL-only"
}

an_empty_table_exports_nothing_and_none_everything() {
	build24 -- parameters importer exporter
	readelf -SW parameters.o | grep -Eq ' __ksymtab +PROGBITS +0+ [0-9a-f]+ 000000 ' ||
		fail "EXPORT_NO_SYMBOLS left no empty table"
	! readelf -SW importer.o | grep -q ' __ksymtab ' || fail "there is a table without an export"
	grep -q '^0x00000000	importer_global	.*importer	EXPORT_SYMBOL	$' Module.symvers ||
		fail "what insmod would export is not listed"
	! grep -q exporter_private Module.symvers || fail "what is not in the table is listed"
	! grep -q init_module Module.symvers || fail "init_module is listed"
}

without_versions_names_are_plain() {
	build24 --no-versions -- importer exporter
	[ "$(undefined importer.o | LC_ALL=C sort | tr '\n' ' ')" = \
		"_printk exporter_gpl exporter_plain exporter_versioned " ] ||
		fail "imports: $(undefined importer.o)"
	has_string .kstrtab exporter.o GPLONLY_exporter_gpl
	has_string .kstrtab exporter.o exporter_versioned
	! strings_of .modinfo importer.o | grep using_checksums || fail "it says it has versions"
	has_string .modinfo importer.o 'kernel_version=2\.4\.37-ring3'
}

only_relocations_of_the_time_occur() {
	local cc module
	for cc in gcc clang; do
		command -v $cc >/dev/null || continue
		CC=$cc build24 -- exporter importer parameters user_memory
		for module in exporter importer parameters user_memory; do
			readelf -rW $module.o | grep -oE 'R_X86_64_[A-Z0-9]+' | sort -u >types
			! grep -vxE 'R_X86_64_(64|32|32S|PC32)' types || fail "$cc: $(cat types)"
			! readelf -SW $module.o |
				grep -E 'GROUP|INIT_ARRAY|X86_64_UNWIND|LLVM|\.note|__mcount_loc|\.init\.' ||
				fail "$cc: a section that insmod cannot take, or that is Linux 2.6's"
		done
	done
}

a_relocation_that_insmod_lacks_is_refused() {
	refused 'relocation of type 24 .* insmod of Linux 2.4' \
		'asm(".data; .quad there - .; .text"); extern int there(void); EXPORT_SYMBOL(there); int there(void) { return 0; }'
	refused 'section .init_array of type 0xe' \
		'static void __attribute__((constructor)) first(void) { barrier(); }'
}

# The structures are those of include/ring3/scheme24.h, which the kernel's half reads.
structures_are_those_of_the_kernels_half() {
	build24 -- offsets
	objcopy -O binary --only-section=.offsets --set-section-flags .offsets=alloc offsets.o section
	cat >expected.c <<-'C'
		#include <stddef.h>
		#include <stdio.h>
		#include <ring3/scheme24.h>
		#define AT(field) offsetof(struct r3_24_module, field)
		int main(void)
		{
			const unsigned long offsets[] = {
				AT(size_of_struct), AT(next), AT(name), AT(size), AT(usecount), AT(flags),
				AT(nsyms), AT(ndeps), AT(syms), AT(deps), AT(refs), AT(init), AT(cleanup),
				AT(ex_table_start), AT(ex_table_end), AT(persist_start), AT(persist_end),
				AT(can_unload), AT(runsize), AT(kallsyms_start), AT(kallsyms_end),
				AT(archdata_start), AT(archdata_end), AT(kernel_data),
				sizeof(struct r3_24_module), sizeof(struct r3_24_symbol),
				offsetof(struct r3_24_symbol, name), sizeof(struct r3_24_ref),
				offsetof(struct r3_24_ref, ref), offsetof(struct r3_24_ref, next_ref),
				sizeof(struct r3_24_exception), offsetof(struct r3_24_exception, fixup),
				R3_24_RUNNING, R3_24_DELETED, R3_24_AUTOCLEAN, R3_24_VISITED,
				R3_24_USED_ONCE, R3_24_JUST_FREED, R3_24_INITIALIZING,
			};
			fwrite(offsets, sizeof(offsets), 1, stdout);
			return 0;
		}
	C
	gcc -I "$here/../../include" -o expected expected.c
	./expected >wanted
	cmp section wanted || fail "the SDK and the kernel's half differ"
	# And these are Linux 2.4's on x86-64: init, the end of what must be there, all.
	[ "$(od -An -tu8 -j88 -N8 section | tr -d ' ') $(od -An -tu8 -j120 -N8 section |
		tr -d ' ') $(od -An -tu8 -j192 -N8 section | tr -d ' ')" = '80 112 184' ] ||
		fail "struct module is not Linux 2.4's"
}

what_only_linux_26_has_is_an_error_that_says_so() {
	refused "module_param\(\) is Linux 2.6.?'s: in the 2.4 scheme it is MODULE_PARM" \
		'static int x; module_param(x, int, 0);'
	refused "try_module_get\(\) is Linux 2.6's: .* try_inc_mod_count" \
		'int f(void); int f(void) { return try_module_get(THIS_MODULE); }'
	refused "linux/moduleparam.h is Linux 2.6's" '#include <linux/moduleparam.h>'
	refused "MODULE_ALIAS\(\) is Linux 2.6.?'s" 'MODULE_ALIAS("x");'
	refused "no per-CPU section: use alloc_percpu" \
		'#include <linux/percpu.h>
		static DEFINE_PER_CPU(int, x); int f(void); int f(void) { return this_cpu_read(x); }'
	refused "call to .?symbol_get.*|symbol_get\(\) is Linux 2.6's" \
		'int g(void); void *f(void); void *f(void) { return symbol_get(g); }'
}

a_parameter_without_a_variable_is_an_error() {
	refused "there.? undeclared|undeclared identifier 'there'" 'MODULE_PARM(there, "i");'
	refused "the parameter 'there' is no variable of the module" \
		'extern int there; MODULE_PARM(there, "i");'
}

# As they stood in books of that time, with everything that had to be defined first.
sources_of_the_time_compile_without_a_warning() {
	cat >old.c <<-'C'
		#define MODULE
		#define __KERNEL__
		#define EXPORT_SYMTAB
		#if defined(CONFIG_MODVERSIONS) && !defined(MODVERSIONS)
		#define MODVERSIONS
		#endif
		#ifdef MODVERSIONS
		#include <linux/modversions.h>
		#endif
		#include <linux/module.h>
		#include <linux/kernel.h>

		static int level = 1, several[4];
		MODULE_PARM (level, "i");
		MODULE_PARM(several, "2-" __MODULE_STRING(4) "i");
		MODULE_PARM_DESC(several, "two to \"four\"");
		static int shared(void)
		{
			return level;
		}
		EXPORT_SYMBOL(shared);
		int init_module()
		{
			printk(KERN_ALERT "%d %d\n", level, several[3]);
			return 0;
		}
		void cleanup_module()
		{
		}
		MODULE_LICENSE("GPL");
	C
	status 0 "$RING3" build --scheme 2.4 old.c
	[ ! -s err ] || fail "it complained"
	has_string .modinfo old.o 'parm_several=2-4i'
	has_string .modinfo old.o 'parm_desc_several=two to "four"'
}

symbols_are_checked_as_modpost_does() {
	refused 'ERROR: modpost: "nobody_has_this" \[.*refused.o\] undefined!' \
		'int nobody_has_this(void); int f(void); int f(void) { return nobody_has_this(); }'
	build24 -- exporter
	cp "$sources"/exporter.h .
	sed 's/"GPL"/"Proprietary"/' "$sources/importer.c" >thief.c
	status 1 "$RING3" build --scheme 2.4 --symvers Module.symvers thief.c
	err_has "ERROR: modpost: GPL-incompatible module thief.o uses GPL-only symbol 'exporter_gpl'"
}

a_missing_licence_is_insmods_affair() {
	echo '#include <linux/module.h>
		int init_module(void) { return 0; }
		void cleanup_module(void) {}' >free.c
	status 0 "$RING3" build --scheme 2.4 free.c
	err_has 'WARNING: modpost: missing MODULE_LICENSE\(\) in '
	nm free.o | grep -q ' T init_module$' || fail "init_module"
	nm free.o | grep -q ' T cleanup_module$' || fail "cleanup_module"
}

both_names_stand_for_the_init_of_a_module() {
	build24 -- parameters
	[ "$(nm parameters.o | awk '$3 == "init_module" || $3 == "parameters_init" { print $1 }' |
		sort -u | wc -l)" = 1 ] || fail "init_module is not parameters_init"
	nm parameters.o | grep -q ' T cleanup_module$' || fail "cleanup_module"
}

directories_and_composites_are_built_from_a_kbuild_file() {
	mkdir -p dir/sub
	cp "$sources"/exporter.[ch] dir/sub
	cp "$sources"/importer.c dir/main.c
	sed -i 's,"exporter.h","sub/exporter.h",' dir/main.c
	printf '#define __NO_VERSION__\n#include <linux/module.h>\nint helper(void);\nint helper(void) { return HELP; }\n' >dir/help.c
	echo 'obj-m := exporter.o' >dir/sub/Kbuild
	printf 'obj-m := whole.o sub/\nwhole-y := main.o help.o\nccflags-y := -DHELP=1\n' >dir/Kbuild
	status 0 "$RING3" build --scheme 2.4 dir
	built dir/whole.o
	built dir/sub/exporter.o
	nm dir/whole.o | grep -q ' T helper$' || fail "a part is missing"
	[ "$(strings_of .modinfo dir/whole.o | grep -c '^kernel_version=')" = 1 ] ||
		fail "kernel_version is not there once"
	status 0 "$RING3" build --scheme 2.4 -DHELP=1 --name=other -o named dir/main.c dir/help.c \
		--symvers dir/Module.symvers
	built named/other.o
	undefined named/other.o | grep -q '^exporter_gpl_R' || fail "--symvers was not read"
	status 0 "$RING3" build --scheme 2.4 --clean dir
	[ "$(find dir -name '*.o' -o -name .ring3 -o -name Module.symvers)" = '' ] ||
		fail "--clean left $(find dir -name '*.o' -o -name .ring3)"
}

only_what_changed_is_built_again() {
	cp "$sources"/{importer,exporter}.[ch] . 2>/dev/null || true
	echo 'obj-m := exporter.o importer.o' >Kbuild
	status 0 "$RING3" build --scheme 2.4 .
	status 0 "$RING3" build --scheme 2.4 .
	out_has "^'exporter.o' is up to date.$"
	out_lacks 'CC|LD|VERSION'
	# Another type of an export is another version: the importer is named anew, not compiled.
	sed -i 's/exporter_gpl(int a)/exporter_gpl(long a)/' exporter.c
	sed -i '/int exporter_gpl/d' exporter.h
	sed -i 's/#include "exporter.h"/&\nint exporter_gpl(int a);/' importer.c
	status 0 "$RING3" build --scheme 2.4 .
	sed -i 's/exporter_gpl(long a)/exporter_gpl(char a)/' exporter.c
	status 0 "$RING3" build --scheme 2.4 .
	out_has 'CC \[M\]  .*exporter.o$'
	out_lacks 'CC \[M\]  .*importer.o$'
	out_has 'VERSION importer.o$'
	undefined importer.o | grep -qx "exporter_gpl_R$(version_of exporter_gpl Module.symvers)" ||
		fail "the importer has the old version"
	status 0 "$RING3" build --scheme 2.4 --no-versions .
	out_lacks 'CC \[M\]  .*/importer.o$'
	undefined importer.o | grep -qx exporter_gpl || fail "the importer has a version"
}

verbose_shows_each_command_as_it_is_run() {
	build24 -v -- parameters
	grep -v '^$' out >commands
	[ "$(wc -l <commands)" = 5 ] || fail "there are not five commands"
	cp parameters.o before.o
	rm parameters.o
	bash -e commands || fail "the commands cannot be run by hand"
	cmp parameters.o before.o || fail "by hand it becomes another object"
}

the_schemes_do_not_disturb_each_other() {
	cp "$here"/../../samples/two-schemes/{Kbuild,tally.c,tally.h,voter.c} .
	status 0 "$RING3" build .
	cp Module.symvers of26
	status 0 "$RING3" build --scheme 2.4 .
	built tally.ko
	built tally.o
	! cmp -s Module.symvers of26 || fail "Module.symvers is still that of Linux 2.6"
	status 0 "$RING3" build .
	out_has "^'tally.ko' is up to date.$"
	cmp Module.symvers of26 || fail "Module.symvers is not that of the last build"
	status 0 "$RING3" build --scheme 2.4 --clean .
	built tally.ko
	[ ! -e tally.o ] || fail "tally.o was not removed"
}

options_that_do_not_fit_are_refused() {
	status 2 "$RING3" build --scheme 2.2 "$sources/parameters.c"
	status 2 "$RING3" build --no-versions "$sources/parameters.c"
	status 2 "$RING3" build --scheme 2.4 --kernel 6.1.0 "$sources/parameters.c"
	err_has 'not Linux 6.1.0'
}

run_case "$1"
