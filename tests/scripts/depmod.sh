#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# depmod beside Debian's. $RING3_KMOD is the program. What kmod leaves to the
# order of a directory or of a hash table is compared sorted; weak dependencies
# are newer than Debian's kmod.
# shellcheck source=tests/scripts/lib.sh
. "$(dirname "$0")/lib.sh"

export RING3_DEPMOD_CACHE=
PATH=$PATH:/sbin:/usr/sbin
version=1.0.0
tree=$work/tree/lib/modules/$version
mkdir "$work/bin"
ln -s "$RING3_KMOD" "$work/bin/depmod"
theirs=$(command -v depmod || true)

ours() {
	"$work/bin/depmod" "$@"
}

# module FILE "EXPORTS" "IMPORTS" [INFO]...: an object with what depmod reads of one.
module() {
	local file=$1 exports=$2 imports=$3 symbol info
	shift 3
	mkdir -p "$(dirname "$file")"
	{
		echo .text
		for symbol in $imports; do
			echo ".global $symbol; .quad $symbol"
		done
		for symbol in $exports; do
			echo ".section __ksymtab_strings,\"aMS\",@progbits,1; .asciz \"$symbol\""
		done
		echo '.section .modinfo,"a"'
		for info in "$@"; do
			echo ".asciz \"$info\""
		done
	} | cc -c -x assembler -o "$file" -
}

# One of each kind; in_order says where each has its line.
make_modules() {
	module "$tree/kernel/a.ko" fa fb 'alias=pci:v*' 'softdep=pre: x-y'
	module "$tree/kernel/b.ko" fb '' alias=char-major-10-200 alias=devname:net/tun
	module "$tree/kernel/d-e.ko" fd 'fa unknown' alias=devname:nothing 'alias=x-y[a-z]-x'
	module "$tree/kernel/sub/u.ko" '' fs 'alias=un[closed' 'weakdep=a b'
	module "$tree/updates/s.ko" 'fs fd' fb 'alias=x-y[a-z]-x' alias=block-major-7-0 alias=twice alias=twice
	module "$tree/kernel/s.ko" 'fs fd' ''
	printf '%s\n' kernel/d-e.ko kernel/none.ko kernel/sub/u.ko kernel/a.ko kernel/b.ko kernel/s.ko \
		updates/s.ko >"$tree/modules.order"
	printf '%s\n' kernel/x/built-in.ko '' kernel/y.ko.gz 9p/z.ko /abs.ko _u.ko kernel/.ko kernel/ kernel/y.ko \
		'kernel/a b.ko' noslash.ko >"$tree/modules.builtin"
	printf '%s\0' 'built_in.alias=foo-b*' 'y.alias=a-b[c' 'y.alias=q[a-b]-c' 'z.file=f' odd .alias=e p.alias= \
		q.alias r=alias '' 'u-v.alias=a=b.c' w.x.alias=k twice.alias=t twice.alias=t >"$tree/modules.builtin.modinfo"
	printf 'last.alias=without-end' >>"$tree/modules.builtin.modinfo"
}

# Both with these arguments: the same status, output and errors.
compare() {
	local wanted=0 got=0
	"$theirs" "$@" >their-out 2>their-err || wanted=$?
	ours "$@" >our-out 2>our-err || got=$?
	[ "$wanted" = "$got" ] || fail "depmod $*: status $got, not $wanted"
	diff their-err our-err >out || fail "depmod $*: the errors differ"
	sed '/^# Weak/d; /^weakdep/d' our-out | sort | diff <(sort their-out) - >out ||
		fail "depmod $*: the output differs"
}

# compare_files TREE RELEASE: what both write there.
compare_files() {
	local dir=$1/lib/modules/$2 file
	rm -rf kept
	mkdir kept
	"$theirs" -b "$1" "$2" 2>their-err
	for file in "$dir"/modules.{dep,alias,softdep,symbols,devname}* "$dir"/modules.builtin*.bin; do
		mv "$file" kept
	done
	ours -b "$1" "$2" 2>our-err
	diff their-err our-err >out || fail 'the errors differ'
	for file in kept/*; do
		case $file in
		*/modules.symbols) diff <(sort "$file") <(sort "$dir/modules.symbols") >out ;;
		*) cmp "$file" "$dir/${file#kept/}" >out ;;
		esac || fail "$file differs"
	done
	[ "$(find kept -type f | wc -l)" = 10 ] || fail 'files of depmod are missing'
}

# A tree that is Debian's, but for the files that depmod makes; $3...: of these folders only.
link_debian() {
	local from=$fixtures/lib/modules/$1 to=$2/lib/modules/$1 folder
	shift 2
	mkdir -p "$to/kernel"
	cp "$from"/modules.{order,builtin,builtin.modinfo} "$to"
	for folder in "${@:-.}"; do
		cp -r --symbolic-link "$from/kernel/$folder" "$to/kernel/"
	done
}

need_theirs() {
	[ -n "$theirs" ] || skip 'kmod is not installed'
}

files_of_debian_6_1_are_those_of_kmod() {
	need_theirs
	need_fixtures
	link_debian 6.1.0-56-amd64 debian
	compare_files debian 6.1.0-56-amd64
	[ "$(wc -l <debian/lib/modules/6.1.0-56-amd64/modules.dep)" = 4023 ] || fail 'modules are missing'
}

# Compressed modules.
files_of_debian_6_12_are_those_of_kmod() {
	local release=6.12.117+deb12-amd64
	need_theirs
	need_fixtures
	link_debian $release debian
	compare_files debian $release
	[ "$(wc -l <debian/lib/modules/$release/modules.dep)" = 4230 ] || fail 'modules are missing'
}

# Both modprobes, on the indexes of both depmods.
either_modprobe_answers_from_the_indexes_of_both() {
	local release=6.1.0-56-amd64 dir name whose option
	need_theirs
	need modprobe
	need_fixtures
	link_debian $release debian crypto fs lib
	dir=debian/lib/modules/$release
	{
		find "$dir/kernel" -name '*.ko' -printf '%f\n' | sed 's/\.ko$//'
		printf '%s\n' crypto-crc32c fs-xfs fs-nfs4 symbol:jbd2_journal_start absent symbol:absent
	} >names
	[ "$(wc -l <names)" -gt 250 ] || fail 'these are too few names'
	ln -s "$RING3_KMOD" "$work/bin/modprobe"
	answers() { # MODPROBE OPTION WHERE
		xargs "$1" -C /dev/null -d debian -S $release -a "$2" <names >"$3" 2>"$3.err" || true
	}
	for whose in theirs ours; do
		rm -f "$dir"/modules.{dep,alias,symbols,softdep}* "$dir"/modules.builtin*.bin
		"${!whose:-ours}" -b debian $release
		for option in -R -D; do
			answers modprobe $option their$option.$whose
			answers "$work/bin/modprobe" $option our$option.$whose
		done
	done
	for name in our-R.ours our-R.theirs their-R.ours; do
		diff their-R.theirs $name >out || fail "$name: other modules are found"
	done
	# Of what kmod leaves out, its second softdep line, more is in ours.
	for name in our-D their-D; do
		diff $name.theirs $name.ours >out || fail "$name: other modules are needed"
		diff $name.theirs.err $name.ours.err >out || fail "$name: the errors differ"
	done
	diff <(sort our-D.ours) <(sort their-D.ours) | grep '^>' >out && fail 'modules are missing'
	[ "$(grep -c '^insmod ' their-D.ours)" -gt 400 ] || fail 'modprobe answers nothing'
}

every_option_says_what_kmod_says() {
	need_theirs
	make_modules
	printf 'ff T __ksymtab_unknown\nff T other\nx\n' >System.map
	printf '0x1234\tunknown\tvmlinux\tEXPORT_SYMBOL\nshort\n' >symvers
	for options in -n '-n -w' '-n -v' '-n -q -u -r --quiet --root' '-n -e' '-n -e -E symvers' '-n -E symvers' \
		'-n -e -F System.map' '-n -e -F System.map -E symvers' '-n -P f' '-n -E none' '-P ab' -V \
		'-n -C none'; do
		[ "$options" = -V ] && continue # the versions differ
		# shellcheck disable=SC2086
		compare -b tree $options $version
	done
	compare
	compare 1.
	compare none.ko
	compare $version relative.ko
	compare $version /none.ko
	compare -A $version
	compare -n -b tree $version "$tree/kernel/a.ko" "$tree/kernel/b.ko"
	compare -n -a -b tree $version "$tree/kernel/a.ko"
	compare -A -n -b tree $version
	compare -A -b nowhere $version "$tree/kernel/a.ko"
	compare -n -b tree $version "$tree/kernel"
	compare -n -b tree $version /etc/passwd
	status 1 ours -n -b tree $version "$tree/kernel/a.ko" "$tree/kernel/a.ko"
	err_has '^depmod: FATAL: could not add module .*/kernel/a.ko: File exists$'
	compare_files tree $version
	printf '0xzz\tfoo\tvmlinux\tE\n' >symvers
	status 0 ours -n -E symvers -b tree $version # kmod adds an error of something else
	err_has '^depmod: ERROR: symvers:1 Invalid symbol version 0xzz: Invalid argument$'
}

# CRCs of __versions beside those of a Module.symvers, one of which is another.
versions_of_symbols_are_compared_as_by_kmod() {
	local file
	need_theirs
	need modprobe
	need_fixtures
	link_debian 6.1.0-56-amd64 debian fs/fat
	sed -i 's,kernel/fs/,kernel/,' debian/lib/modules/6.1.0-56-amd64/modules.order
	for file in debian/lib/modules/6.1.0-56-amd64/kernel/fat/*.ko; do
		modprobe --dump-modversions "$file"
	done | sort -u | awk -v OFS='\t' '!/fat_/ { print (/\tprintk/ ? "0x1" : $1), $2, "vmlinux", "EXPORT_SYMBOL" }' >symvers
	[ "$(wc -l <symvers)" -gt 100 ] || fail 'these are too few symbols'
	compare -n -e -E symvers -b debian 6.1.0-56-amd64
	sed -i 's/^0x[^\t]*\t\(mutex_lock\|module_layout\)\t/0x12\t\1\t/' symvers
	compare -n -e -E symvers -b debian 6.1.0-56-amd64
	[ "$(grep -c 'disagrees about version of symbol m' our-err)" -ge 3 ] || fail 'no version is another'
}

# Exports by name and by CRC, imports, versions, in both byte orders and word sizes.
modules_of_other_machines_are_read_as_by_kmod() {
	local target name
	need_theirs
	need clang
	cat >exports.c <<-'END'
		static const char strings[] __attribute__((section("__ksymtab_strings"), used)) = "named";
		static const char info[] __attribute__((section(".modinfo"), used)) = "alias=x-y\0softdep=pre: a";
	END
	cat >imports.c <<-'END'
		extern int named(void), weak(void) __attribute__((weak)), unknown(void);
		int all(void) { return named() + weak() + unknown(); }
		__asm__(".globl __crc_summed\n__crc_summed = 0x12345678\n");
		struct { unsigned long crc; char name[64 - sizeof(long)]; } versions[]
			__attribute__((section("__versions"), used)) = {{0x111, "named"}, {0x222, "module_layout"}};
	END
	echo 'extern int summed(void); int call(void) { return summed(); }' >calls.c
	printf '0x112\tmodule_layout\tvmlinux\tE\n' >symvers
	for target in i686-linux-gnu s390x-linux-gnu mips-linux-gnu powerpc64le-linux-gnu; do
		rm -rf tree
		mkdir -p "$tree"
		for name in exports imports calls; do
			clang --target="$target" -O1 -w -c $name.c -o "$tree/$name.ko" 2>/dev/null || continue 2
			echo $name.ko >>"$tree/modules.order"
		done
		: >"$tree/modules.builtin"
		printf 'm.alias=b\0' >"$tree/modules.builtin.modinfo"
		compare_files tree $version
		compare -n -v -e -E symvers -b tree $version
		[ "$(grep -c 'needs "' our-out)" = 2 ] || fail "$target: dependencies are missing"
	done
	[ -e our-out ] || skip 'clang makes objects of no other machine'
}

# PowerPC's functions have a dot before their name; -P leaves out one character more.
special_symbols_are_those_of_kmod() {
	need_theirs
	local options
	module "$tree/a.ko" 'dotted _pa' ''
	module "$tree/b.ko" '' '.dotted .TOC. .none __this_module _GLOBAL_OFFSET_TABLE_ pa _pb ___this_module'
	printf '%s.ko\n' a b >"$tree/modules.order"
	printf 'ff T __ksymtab_pb\n' >System.map
	for options in -n '-n -P _' '-n -P .' '-n -v'; do
		# shellcheck disable=SC2086
		compare $options -e -F System.map -b tree $version
	done
	grep -q 'b.ko needs "dotted"' our-out || fail 'the dot hides a symbol'
}

missing_and_damaged_files_are_told_as_kmod_tells() {
	need_theirs
	make_modules
	echo junk >"$tree/kernel/junk.ko"
	: >"$tree/kernel/empty.ko"
	printf 'kernel/junk.ko\nkernel/empty.ko\nkernel/d-e.ko' >>"$tree/modules.order"
	compare -n -b tree $version
	mkfifo "$tree/kernel/pipe.ko"
	echo 'more junk' >"$tree/kernel/text.ko"
	head -c 60 "$tree/kernel/a.ko" >"$tree/kernel/short.ko"
	printf '\177ELF\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0' >"$tree/kernel/kind.ko"
	printf '\nkernel/text.ko\nkernel/short.ko\nkernel/kind.ko\n' >>"$tree/modules.order"
	compare_files tree $version
	rm "$tree"/modules.{builtin,builtin.modinfo}
	compare_files tree $version
}

one_cycle_is_told_as_kmod_tells_it() {
	need_theirs
	module "$tree/a.ko" fa fb
	module "$tree/b.ko" fb fc
	module "$tree/c.ko" fc fa
	module "$tree/d.ko" fd fa
	printf '%s.ko\n' d b a c >"$tree/modules.order"
	compare -n -b tree $version
	status 1 ours -b tree $version
	err_has '^depmod: ERROR: Cycle detected: b -> c -> a -> b$'
	err_has '^depmod: ERROR: Found 3 modules in dependency cycles!$'
	[ ! -e "$tree/modules.dep" ] || fail 'files were written'
	module "$tree/b.ko" fb ''
	module "$tree/d.ko" fd fd
	compare -n -b tree $version
	grep -q 'Cycle detected: d -> d$' our-err || fail 'a module that needs itself is no cycle'
}

# kmod takes all memory here.
cycles_that_share_modules_are_told_and_end() {
	module "$tree/a.ko" fa 'fb fc'
	module "$tree/b.ko" fb 'fc fa'
	module "$tree/c.ko" fc 'fa fx fe'
	module "$tree/d.ko" fd fe
	module "$tree/e.ko" fe fd
	module "$tree/x.ko" fx ''
	printf '%s.ko\n' a b c d e x >"$tree/modules.order"
	status 1 ours -b tree $version
	err_has '^depmod: ERROR: Cycle detected: a -> b -> a$'
	err_has '^depmod: ERROR: Cycle detected: d -> e -> d$'
	err_has '^depmod: ERROR: Found 5 modules in dependency cycles!$'
}

links_that_lead_in_circles_are_left() {
	make_modules
	ours -n -b tree $version >wanted 2>/dev/null
	ln -s ../kernel "$tree/kernel/again"
	ln -s .. "$tree/kernel/sub/up"
	ln -s ../.. "$tree/kernel/sub/top"
	status 0 timeout 20 "$work/bin/depmod" -n -b tree $version
	cmp wanted out || fail 'links change the result'
}

depmod_d_chooses_among_modules_as_kmod_does() {
	need_theirs
	local dir
	for dir in extra kernel updates ../../../../external; do
		module "$tree/$dir/m.ko" "m" '' "alias=in-$dir"
	done
	# of two with equal rights kmod takes the one that readdir() tells first: n is in one folder only
	module "$tree/kernel/deep/down/n.ko" n m
	printf '%s\n' kernel/m.ko extra/m.ko kernel/deep/down/n.ko updates/m.ko \
		>"$tree/modules.order"
	mkdir -p conf other
	try() {
		printf '%s\n' "$@" >conf/a.conf
		compare -n -b tree -C conf $version
	}
	try ''
	try 'search extra updates built-in'
	try 'search built-in extra updates'
	try 'search extra' 'search updates kernel'
	# shellcheck disable=SC1003
	try 'search \' '  kernel' '# a comment' ' # not one'
	try 'override m * kernel' "override n 1[.]0 kernel/deep/down" 'override n 2.0 extra'
	try "external * $work/external" 'search external updates extra kernel'
	try "external 2.* $work/external" 'search external updates extra kernel'
	try 'exclude updates deep' 'search kernel'
	try 'exclude n.ko deep/down n' 'search extra'
	try 'exclude kerne ernel .ko' 'search extra'
	try 'override m * extra' 'override m * kernel'
	try 'override m * kernel' 'override m * extra'
	try "external * $work/nowhere" "external * $work/external" 'search external'
	mkdir -p elsewhere
	cp "$work/external/m.ko" elsewhere
	try 'external * elsewhere' 'search external'
	try "external * $work/external" "external * elsewhere" 'search external'
	try "external * $work/elsewhere" "external * $work/external" 'search external'
	try 'nonsense' 'override m' 'external' 'external *' 'search' 'exclude' 'include x' 'make_map_files'
	echo 'search extra' >other/a.conf
	echo 'search kernel' >other/b.conf
	echo 'nonsense' >other/c.text
	mkdir other/d.conf
	compare -n -b tree -C conf -C other $version
	status 0 ours -n -b tree -C conf/a.conf $version # kmod crashes on a file that is no directory
	err_has "conf/a.conf:1: ignoring bad line starting with 'nonsense'"
}

weak_dependencies_get_a_file_of_their_own() {
	make_modules
	status 0 ours -b tree $version
	[ "$(cat "$tree/modules.weakdep")" = \
		"$(printf '# Weak dependencies extracted from modules themselves.\nweakdep u a b')" ] ||
		fail 'modules.weakdep is wrong'
}

json_has_what_the_files_have() {
	need jq
	make_modules
	status 0 ours --json -b tree $version
	[ ! -e "$tree/modules.dep" ] || fail 'files were written'
	json_has '.release == "1.0.0" and (.modules | length) == 5'
	json_has '.modules[0] == {name: "d_e", file: "kernel/d-e.ko", needs: ["a"],
		load_first: ["kernel/b.ko", "kernel/a.ko"], softdeps: [], weakdeps: [],
		aliases: ["devname:nothing", "x-y[a-z]-x"]}'
	json_has '.modules[] | select(.name == "u") | .weakdeps == ["a b"]'
	jq -r '.modules[] | .file + ":" + ([.load_first | reverse[] | " " + .] | add // "")' out >lines
	ours -n -b tree $version 2>/dev/null | grep '^[a-z/-]*.ko:' | diff - lines >out ||
		fail 'the dependencies are not those of modules.dep'
	# any bytes: a blank in a file's name, quotes, control characters, what is not UTF-8
	module "$tree/kernel/b c.ko" fz fb 'alias=a\\\"\001\177\377\n'
	module "$tree/kernel/$(printf 'f\377\"').ko" '' fz
	status 0 ours --json -b tree $version
	json_has '.modules[] | select(.file == "kernel/b c.ko") | .load_first == ["kernel/b.ko"] and
		.aliases == ["a\\\"\u0001\u007f\\xff\n"]'
	json_has '.modules[] | select(.file == "kernel/f\\xff\".ko") |
		.load_first == ["kernel/b.ko", "kernel/b c.ko"]'
}

moduledir_and_outdir_are_where_they_say() {
	make_modules
	mv tree/lib/modules tree/mods
	status 0 ours -b tree -m /mods -o there/below $version
	[ -s there/below/mods/$version/modules.dep.bin ] || fail 'there is nothing in the output directory'
	[ ! -e tree/mods/$version/modules.dep ] || fail 'files are in the base directory'
	: >file
	status 1 ours -b tree -m mods -o file $version
	err_has "^depmod: FATAL: could not create directory $work/file/mods/$version: Not a directory$"
}

a_preloaded_library_shows_it_another_root() {
	make_modules
	ours -b tree $version 2>/dev/null
	cp -r tree wanted
	rm "$tree"/modules.{dep,alias,symbols,softdep,weakdep,devname}* "$tree"/modules.builtin*.bin
	status 0 env FAKE_ROOT="$work/tree" FAKE_RELEASE=$version LD_PRELOAD="$FAKE_ROOT_LIBRARY" "$work/bin/depmod"
	diff -r wanted tree >out || fail 'the files are others'
}

quick_does_nothing_until_something_is_newer() {
	make_modules
	find tree -exec touch -d '2 hours ago' {} +
	status 0 ours -b tree $version
	find "$tree" -name 'modules.*' -exec touch -d '1 hour ago' {} +
	echo kernel/kept.ko: >"$tree/modules.dep"
	touch -d '1 hour ago' "$tree/modules.dep"
	status 0 ours -A -b tree $version
	[ "$(cat "$tree/modules.dep")" = kernel/kept.ko: ] || fail 'the files were made again'
	touch "$tree/kernel/sub/u.ko"
	status 0 ours -A -b tree $version
	grep -q u.ko "$tree/modules.dep" || fail 'a newer module went unnoticed'
	rm "$tree/kernel/sub/u.ko"
	touch -d '1 minute' "$tree/kernel/sub" # newer than modules.dep, however coarse times are
	status 0 ours -A -b tree $version
	! grep -q u.ko "$tree/modules.dep" || fail 'a removed module went unnoticed'

	# Modules in the directory itself, and in external ones.
	module "$tree/top.ko" '' ''
	module out-there/o.ko '' ''
	echo "external * $work/out-there" >c.conf
	find tree out-there -exec touch -d '2 hours ago' {} +
	quick() {
		status 0 ours -A -b tree -C c.conf $version
		sed 's/:.*//' "$tree/modules.dep"
		touch -d "$1" "$tree/modules.dep"
	}
	ours -b tree -C c.conf $version
	[ "$(quick '1 hour ago' | grep -c 'top.ko\|o.ko')" = 2 ] || fail 'modules are missing'
	rm "$tree/top.ko"
	! quick '1 hour ago' | grep top.ko || fail 'a module that was removed from the directory itself went unnoticed'
	cp out-there/o.ko out-there/p.ko
	quick '1 minute' | grep -q p.ko || fail 'a new external module went unnoticed'
	rm -r out-there
	! quick '1 hour ago' | grep out-there || fail 'an external directory that was removed went unnoticed'
	sed -i 's/a.ko:/kept.ko:/' "$tree/modules.dep"
	quick now | grep -q kept.ko || fail 'the files were made again'
}

# The sums of the files that depmod makes.
sums() {
	(cd "$tree" && sha256sum modules.{dep,alias,symbols}{,.bin} modules.{softdep,weakdep,devname} \
		modules.builtin{,.alias}.bin)
}

# Files are as they were, and nothing is left beside them.
stays_old() {
	sums | diff "$work/old" - >"$work/out" || fail "$1: files changed"
	! find "$tree" -name 'modules.*.[0-9]*' | grep . >"$work/out" || fail "$1: temporary files are left"
}

# Old files, and a tree for which new ones would differ in every byte that counts.
make_old() {
	make_modules
	ours -b tree $version 2>/dev/null
	sums >"$work/old"
	local i
	for i in $(seq 20); do
		module "$tree/kernel/new$i.ko" "new$i" fa "alias=new-$i" "softdep=pre: x$i" "weakdep=y$i"
	done
}

a_file_size_limit_leaves_the_old_files_whole() {
	local blocks
	make_old
	for blocks in 0 1; do
		status 1 bash -o pipefail -c "{ ulimit -f $blocks; '$work/bin/depmod' -b tree $version; } 2>&1 | cat"
		out_has 'The old one stays: File too large'
		stays_old "a limit of $blocks KiB"
	done
}

a_full_disk_leaves_the_old_files_whole() {
	make_old
	# shellcheck disable=SC2016
	unshare -m true 2>/dev/null || skip 'no file system can be mounted here'
	mkdir small
	cp -r tree kept
	status 0 unshare -m bash -c "
		mount -t tmpfs -o size=256k none small && cp -r kept small/tree || exit 9
		head -c 1M /dev/zero >small/fill 2>/dev/null
		'$work/bin/depmod' -b small/tree $version 2>err2; echo \$?
		grep -c 'The old one stays: No space left on device' err2
		diff -r kept small/tree && echo same"
	[ "$(head -1 out)" = 1 ] || fail 'a full disk is no error'
	out_has '^same$'
}

# Sums in $work/old and $work/new: each file is as it was, or as it is to be. Prints how many are new.
old_or_new() {
	sums >"$work/now" || fail 'a file is missing'
	! grep -vxF -f "$work/old" "$work/now" | grep -vxF -f "$work/new" >"$work/out" ||
		fail 'a file is neither old nor new'
	grep -cvxF -f "$work/old" "$work/now" || true
}

# make_old, and in new the sums of what takes the place of these files.
make_both() {
	make_old
	cp -r tree kept
	ours -b tree $version 2>/dev/null
	sums >"$work/new"
	renew
}

renew() {
	rm -r tree
	cp -r kept tree
}

a_kill_at_any_moment_leaves_each_file_old_or_new() {
	local i pid got killed=0
	make_both
	for i in $(seq 30); do
		"$work/bin/depmod" -b tree $version 2>/dev/null &
		pid=$!
		sleep "0.00$((i % 10))$((i / 10))"
		kill -9 $pid 2>/dev/null || true
		got=0
		wait $pid 2>/dev/null || got=$?
		[ $got != 137 ] || killed=$((killed + 1))
		got=$(old_or_new)
		[ "$got" = 0 ] || renew
	done
	[ $killed -gt 0 ] || fail 'depmod was never killed'
}

# The moments that no clock hits: every write, sync and rename.
a_kill_at_any_step_leaves_each_file_old_or_new() {
	local step number got
	need strace
	make_both
	for step in write fsync renameat; do
		for number in 1 2 6 11; do
			[ $step = renameat ] || [ $number = 1 ] || continue # each thread counts its own
			renew
			got=0
			strace -f -o trace -e trace=$step -e inject=$step:signal=KILL:when=$number \
				"$work/bin/depmod" -b tree $version 2>/dev/null || got=$?
			[ $got = 137 ] || fail "depmod was not killed at $step $number"
			got=$(old_or_new)
			[ $step = renameat ] || [ "$got" = 0 ] || fail "files were replaced before all were written"
			[ $step != renameat ] || [ "$got" -lt $number ] || fail "$got files are new at rename $number"
		done
	done
	[ "$got" -gt 0 ] || fail 'no file is new before the last rename'
}

# Changed with the same size and time: only the time that nobody can set tells.
the_cache_never_changes_the_result() {
	make_modules
	mkdir cache
	export RING3_DEPMOD_CACHE=$work/cache
	sleep 4.5 # until the files' times have settled
	ours -b tree $version 2>err1
	[ "$(find cache -type f | wc -l)" = 1 ] || fail 'there is no cache'
	ours -b tree $version 2>err2
	cmp err1 err2 || fail 'the errors differ with the cache'
	RING3_DEPMOD_CACHE='' ours -n -b tree $version >full 2>/dev/null
	ours -n -b tree $version 2>/dev/null | diff full - >out || fail 'the output differs with the cache'

	cp -p "$tree/kernel/a.ko" kept
	printf w | dd of="$tree/kernel/a.ko" bs=1 conv=notrunc status=none \
		seek="$(($(grep -abo 'pci:v\*' "$tree/kernel/a.ko" | cut -d: -f1) + 4))"
	touch -r kept "$tree/kernel/a.ko"
	ours -n -b tree $version >out 2>/dev/null
	out_has '^alias pci:w\* a$'

	# A module that went away, and a cache that is damaged.
	rm "$tree/kernel/b.ko"
	printf X | dd of="$(echo cache/*)" bs=1 seek=300 conv=notrunc 2>/dev/null
	RING3_DEPMOD_CACHE='' ours -n -b tree $version >full 2>/dev/null
	ours -n -b tree $version 2>/dev/null | diff full - >out || fail 'a damaged cache was believed'
}

the_cache_spares_reading_what_is_unchanged() {
	need strace
	make_modules
	mkdir cache
	export RING3_DEPMOD_CACHE=$work/cache
	sleep 4.5
	ours -b tree $version 2>/dev/null
	touch "$tree/kernel/a.ko"
	strace -f -e trace=openat -o trace "$work/bin/depmod" -b tree $version 2>/dev/null
	[ "$(grep -c '[a-z]\.ko"' trace)" = 1 ] || fail 'more than the changed module was read'
	grep -q '/a\.ko"' trace || fail 'the changed module was not read'
}

run_case "$1"
