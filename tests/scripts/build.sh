#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# ring3 build: sources to modules, with the SDK's steps or a release's Kbuild.
. "$(dirname "$0")/lib.sh"

# The sources of tests/modules/modpost in DIR, without their Kbuild file.
sources() {
	mkdir -p "$1"
	cp "$modules"/modpost/{exporter.c,exporter.h,import-er.c} "$1"
}

built() {
	[ -f "$1" ] || fail "$1 was not built"
}
# Every name in DIR, hidden ones too.
names() {
	find "$1" -mindepth 1 -maxdepth 1 -printf '%f\n' | LC_ALL=C sort | tr '\n' ' '
}
has() {
	grep -Eq -- "$2" "$1" || fail "no line of $1 matches '$2'"
}

a_file_becomes_a_module_beside_it() {
	sources dir
	status 0 "$RING3" build dir/exporter.c
	built dir/exporter.ko
	out_has '^  CC \[M\]  dir/.*exporter.o$'
	out_has '^  MODPOST dir/.*Module.symvers$'
	built dir/Module.symvers
	out_has '^  CC \[M\]  dir/.*exporter.mod.o$'
	out_has '^  LD \[M\]  dir/exporter.ko$'
	[ "$(names dir)" = ".ring3 Module.symvers exporter.c exporter.h exporter.ko import-er.c " ] ||
		fail "the directory is littered: $(names dir)"
	[ "$(modinfo -F name dir/exporter.ko)" = exporter ] || fail "name"
	[ "$(modinfo -F version dir/exporter.ko)" = '1.2"x' ] || fail "version"
	[ -n "$(modinfo -F vermagic dir/exporter.ko)" ] || fail "vermagic"
	[ -n "$(modinfo -F srcversion dir/exporter.ko)" ] || fail "srcversion"
}

verbose_shows_each_command_as_it_is_run() {
	sources dir
	status 0 "$RING3" build -v dir/exporter.c
	grep -v '^$' out >commands
	[ "$(wc -l <commands)" = 4 ] || fail "there are not four commands"
	rm dir/exporter.ko
	bash -e commands || fail "the commands cannot be run by hand"
	built dir/exporter.ko
}

several_modules_of_a_kbuild_file_share_their_exports() {
	sources dir
	echo 'obj-m := exporter.o import-er.o' >dir/Kbuild
	status 0 "$RING3" build dir
	[ "$(modinfo -F depends dir/import-er.ko)" = exporter ] || fail "depends"
	[ "$(modinfo -F name dir/import-er.ko)" = import_er ] || fail "name"
	has dir/Module.symvers '^0x[0-9a-f]{8}	exporter_gpl	.*exporter	EXPORT_SYMBOL_GPL	$'
	has dir/Module.symvers 'exporter_namespaced	.*	EXPORT_SYMBOL	EXPORTER$'
}

the_kbuild_half_of_a_makefile_is_read_as_make_does() {
	sources dir
	mkdir dir/parts
	echo 'int part(void); int part(void) { return WANTED; }' >dir/parts/part.c
	printf '#include <linux/module.h>\nMODULE_LICENSE("GPL");\nint part(void);\nstatic int __init f(void) { return part() - ONLY_HERE; }\nmodule_init(f);\n' >dir/main.c
	cat >dir/Makefile <<-'MAKEFILE'
		ifneq ($(KERNELRELEASE),)
		obj-m += whole.o
		whole-y := main.o
		whole-$(CONFIG_MODULES) += parts/part.o
		ccflags-y := -DWANTED=$(words one two) -I$(src)
		CFLAGS_main.o := -DONLY_HERE=2
		CFLAGS_REMOVE_main.o := -Wall
		else
		all: ; $(error the outer half is not for us)
		endif
	MAKEFILE
	status 0 "$RING3" build -v dir
	built dir/whole.ko
	out_has 'gcc .* -DWANTED=2 .* -o dir/.*/parts/part.o dir/parts/part.c$'
	out_has 'gcc .* -DONLY_HERE=2 .*main.c$'
	! grep 'main.c$' out | grep -q -- ' -Wall ' || fail "-Wall was to be removed for main.o"
	out_has '^ld .* -r -o dir/.*/whole.o dir/.*/main.o dir/.*/parts/part.o$'
}

directories_below_are_built_too() {
	sources dir/lib
	mv dir/lib/import-er.c dir/user.c
	sed -i 's,"exporter.h","lib/exporter.h",' dir/user.c
	echo 'obj-m := exporter.o' >dir/lib/Makefile
	printf 'obj-m := user.o lib/\n' >dir/Kbuild
	status 0 "$RING3" build dir
	built dir/lib/exporter.ko
	[ "$(modinfo -F depends dir/user.ko)" = exporter ] || fail "depends"
}

only_what_changed_is_built_again() {
	sources dir
	echo 'obj-m := exporter.o import-er.o' >dir/Kbuild
	status 0 "$RING3" build dir
	status 0 "$RING3" build dir
	out_has "^'dir/exporter.ko' is up to date.$"
	out_lacks 'CC'
	touch dir/import-er.c
	status 0 "$RING3" build dir
	out_has 'CC \[M\] .*import-er.o$'
	out_has 'LD \[M\] .*import-er.ko$'
	out_lacks 'exporter.o$|exporter.ko$'
	touch dir/exporter.h
	status 0 "$RING3" build dir
	out_has 'CC \[M\] .*exporter.o$'
	out_has 'CC \[M\] .*import-er.o$'
	status 0 "$RING3" build -DNEW_FLAG dir
	out_has 'CC \[M\] .*exporter.o$'
}

results_go_where_o_says() {
	sources dir
	status 0 "$RING3" build -o deep/out dir/exporter.c
	built deep/out/exporter.ko
	built deep/out/Module.symvers
	[ -z "$(find dir -newer deep)" ] || fail "something was written beside the source"
}

exports_of_other_builds_are_named_with_symvers() {
	sources dir
	status 0 "$RING3" build -o one dir/exporter.c
	status 1 "$RING3" build -o two dir/import-er.c
	err_has 'ERROR: modpost: "exporter_gpl" \[.*import-er.ko\] undefined!'
	[ ! -e two/import-er.ko ] || fail "it was linked all the same"
	status 0 "$RING3" build -o two --symvers one/Module.symvers dir/import-er.c
	[ "$(modinfo -F depends two/import-er.ko)" = exporter ] || fail "depends"
	rm -r two
	status 0 env KBUILD_EXTRA_SYMBOLS=one/Module.symvers "$RING3" build -o two dir/import-er.c
	status 0 "$RING3" build -w -o three dir/import-er.c
	err_has 'WARNING: modpost: "exporter_gpl"'
}

an_undefined_symbol_of_the_builtin_kernel_is_an_error() {
	printf '#include <linux/module.h>\nMODULE_LICENSE("GPL");\nint nobody_has_this(void);\nint f(void) { return nobody_has_this(); }\n' >lacks.c
	status 1 "$RING3" build lacks.c
	err_has '^ERROR: modpost: "nobody_has_this" \[.*lacks.ko\] undefined!$'
	! grep -q printk err || fail "what the builtin kernel exports is unknown"
}

names_with_blanks_are_no_obstacle() {
	sources 'a, b'
	status 0 "$RING3" build 'a, b/exporter.c'
	[ ! -s err ] || fail "it complained"
	[ -n "$(modinfo -F srcversion 'a, b/exporter.ko')" ] || fail "srcversion"
	touch 'a, b/exporter.h'
	status 0 "$RING3" build 'a, b/exporter.c'
	out_has 'CC \[M\] .*exporter.o$'
	status 1 "$RING3" build 'a, b' # but make reads no such directory
	err_has 'cannot contain spaces'
}

clang_builds_modules_that_run_too() {
	need clang
	sources dir
	status 0 env CC=clang "$RING3" build -v dir/exporter.c
	out_has '^clang '
	status 0 "$RING3" run dir/exporter.ko
}

a_module_built_against_another_type_of_an_export_is_refused() {
	sources dir
	echo 'obj-m := exporter.o import-er.o' >dir/Kbuild
	status 0 "$RING3" build dir
	status 0 "$RING3" run dir/exporter.ko + dir/import-er.ko
	mv dir/import-er.ko .
	sed -i 's/exporter_gpl(int a)/exporter_gpl(long a)/' dir/exporter.[ch]
	status 0 "$RING3" build dir
	status 1 "$RING3" run dir/exporter.ko + import-er.ko
	out_has 'import_er: disagrees about version of symbol exporter_gpl$'
	status 0 "$RING3" run dir/exporter.ko + dir/import-er.ko
}

an_error_of_the_compiler_ends_the_build() {
	echo 'this is no C' >broken.c
	status 1 "$RING3" build broken.c
	err_has 'broken.c:1:'
	err_has '^ring3 build: \*\*\* \[.*broken.o\] Error 1$'
	sources dir
	status 1 "$RING3" build -j8 broken.c dir/exporter.c
	[ ! -e exporter.ko ] || fail "it went on"
}

what_cannot_be_built_is_named() {
	mkdir empty
	status 1 "$RING3" build empty
	err_has 'neither Kbuild nor Makefile in empty'
	echo 'obj-m := absent.o' >empty/Kbuild
	status 1 "$RING3" build empty
	err_has "No rule to make target 'absent.o'"
	echo 'all: ; echo hello' >empty/Kbuild
	status 1 "$RING3" build empty
	err_has 'names no module \(obj-m\)'
	echo 'syntax error' >empty/Kbuild
	status 1 "$RING3" build empty
	err_has 'empty/Kbuild cannot be read'
	printf 'obj-m := self.o\nself-y := self.o other.o\n' >empty/Kbuild
	touch empty/self.c empty/other.c
	status 1 "$RING3" build empty
	err_has 'self.o is made of itself'
	status 1 "$RING3" build nowhere.c
	err_has 'nowhere.c: No such file or directory'
	status 2 "$RING3" build
	status 2 "$RING3" build -j none empty
	status 2 "$RING3" build -k 6.1.0 --modpost theirs empty
	err_has 'modpost theirs: ring3 or linux\?'
	status 2 "$RING3" build --modpost ring3 empty
	err_has 'in the Kbuild of which --kernel\?'
}

many_files_make_one_module_by_name() {
	printf '#include <linux/module.h>\nMODULE_LICENSE("GPL");\nint b(void);\nint a(void) { return b(); }\n' >a.c
	echo 'int b(void); int b(void) { return 1; }' >b.c
	status 0 "$RING3" build --name=a-b a.c b.c
	built a-b.ko
	[ "$(modinfo -F name a-b.ko)" = a_b ] || fail "name"
}

clean_removes_what_was_built() {
	sources dir
	status 0 "$RING3" build dir/exporter.c
	status 0 "$RING3" build --clean dir/exporter.c
	[ "$(names dir)" = "exporter.c exporter.h import-er.c " ] || fail "$(names dir)"
}

a_module_of_several_files_gets_the_sources_sum_of_kbuild() {
	headers61
	sources dir
	status 0 "$RING3" build -o sdk dir/exporter.c
	status 0 "$RING3" build -o kbuild --kernel "$release" dir/exporter.c
	[ "$(modinfo -F srcversion sdk/exporter.ko)" = "$(modinfo -F srcversion kbuild/exporter.ko)" ] ||
		fail "srcversion"
}

# Installed headers of a 6.1 kernel: $release.
headers61() {
	local candidate
	release=
	for candidate in /usr/src/linux-headers-6.1.*-amd64; do
		[ -f "$candidate/Module.symvers" ] && release=${candidate#/usr/src/linux-headers-}
	done
	[ -n "$release" ] || skip "no headers of Linux 6.1 are installed"
}

a_release_is_built_for_by_its_kbuild_without_litter() {
	headers61
	sources dir
	echo 'obj-m := exporter.o import-er.o' >dir/Kbuild
	status 0 "$RING3" build --kernel "$release" dir
	[ "$(modinfo -F depends dir/import-er.ko)" = exporter ] || fail "depends"
	modinfo -F vermagic dir/exporter.ko | grep -q "^$release " || fail "vermagic"
	[ "$(names dir)" = ".ring3 Kbuild Module.symvers exporter.c exporter.h exporter.ko import-er.c import-er.ko " ] ||
		fail "the directory is littered: $(names dir)"
	[ ! -s err ] || fail "it complained"
	status 0 "$RING3" build --kernel "$release" -v dir
	out_has '^make .* -C .* M=.* modules$'
	status 0 "$RING3" build --kernel "$release" --clean dir
	[ "$(names dir)" = "Kbuild exporter.c exporter.h import-er.c " ] || fail "$(names dir)"
}

files_are_built_for_a_release_too() {
	headers61
	sources dir
	status 0 "$RING3" build -k "$release" -o one dir/exporter.c
	status 0 "$RING3" build -k "$release" -o two --symvers one/Module.symvers -DNEEDLESS="a b" dir/import-er.c
	[ "$(modinfo -F depends two/import-er.ko)" = exporter ] || fail "depends"
	status 1 "$RING3" build -k "$release" -o three dir/import-er.c
	err_has 'ERROR: modpost: "exporter_gpl" .* undefined!'
	err_has '^ring3 build: \*\*\* '
	status 1 "$RING3" build -k "$release" --modpost ring3 -o three dir/import-er.c
	err_has 'ERROR: modpost: "exporter_gpl" .* undefined!'
	err_has '^ring3 build: \*\*\* '
}

headers_need_not_be_installed() {
	need_fixtures
	sources dir
	echo 'obj-m := exporter.o import-er.o' >dir/Kbuild
	status 0 "$RING3" build -k "$RELEASE_6_12" \
		--headers "$fixtures/usr/src/linux-headers-$RELEASE_6_12" dir
	[ "$(modinfo -F depends dir/import-er.ko)" = exporter ] || fail "depends"
	modinfo -F vermagic dir/exporter.ko | grep -Fq "$RELEASE_6_12 " || fail "vermagic"
}

missing_headers_name_their_package() {
	sources dir
	status 1 "$RING3" build -k 6.9.9-none-amd64 dir/exporter.c
	err_has 'install the package linux-headers-6.9.9-none-amd64'
	status 1 "$RING3" build -k 6.9.9-none-amd64 --headers /nowhere dir/exporter.c
	err_has 'no kernel headers in /nowhere'
}

run_case "$1"
