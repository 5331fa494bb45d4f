#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# ring3-modpost beside Linux's own, of both releases, on the same input.
. "$(dirname "$0")/lib.sh"

modpost=${RING3_MODPOST:?the program ring3-modpost}

# use 6.1|6.12: $linux is that release's modpost, $options what its Kbuild always passes
use() {
	need_fixtures
	case $1 in
	6.1) release=$RELEASE_6_1 linux=$fixtures/usr/lib/linux-kbuild-6.1 options=() ;;
	6.12) release=$RELEASE_6_12 linux=$fixtures/usr/lib/linux-kbuild-${RELEASE_6_12%-amd64} options=(-M) ;;
	esac
	linux=$linux/scripts/mod/modpost.real-lsb-64
	[ -x "$linux" ] || skip "no modpost of Linux $1 in $fixtures"
	headers=$fixtures/usr/src/linux-headers-$release
}

# compile NAME [OPTION]...: C from standard input, with what Linux's headers make of exports
compile() {
	local name=$1 style=
	shift
	[ ${#options[@]} = 0 ] || style=-DNOTES
	{
		cat <<-'MACROS'
			#define INFO(tag, n, text) static const char info_##tag##n[] \
				__attribute__((section(".modinfo"), used)) = #tag "=" text;
			#define GPL INFO(license, 0, "GPL") INFO(description, 0, "a test")
			#ifdef NOTES
			#define EXPORT_TO(sym, kind, ns) asm(".section .export_symbol,\"a\"\n__export_symbol_" #sym \
				": .asciz \"" kind "\"\n.asciz \"" ns "\"\n.balign 8\n.quad " #sym "\n.previous");
			#else
			#define SUFFIX_GPL "_gpl"
			#define SUFFIX_ ""
			#define EXPORT_TO(sym, kind, ns) extern __typeof__(sym) sym; \
				asm(".section __ksymtab_strings,\"a\"\n__kstrtab_" #sym ": .asciz \"" #sym \
				"\"\n__kstrtabns_" #sym ": .asciz \"" ns "\"\n.previous\n.ifc \"" kind \
				"\",\"GPL\"\n.section \"___ksymtab_gpl+" #sym "\", \"a\"\n.else\n.section \"___ksymtab+" \
				#sym "\", \"a\"\n.endif\n__ksymtab_" #sym ": .long " #sym " - .\n.previous");
			#endif
			#define EXPORT(sym) EXPORT_TO(sym, "", "")
			#define EXPORT_GPL(sym) EXPORT_TO(sym, "GPL", "")
			#define IN(name) __attribute__((section(name), noinline, used))
			#define TABLE(bus, ids) extern __typeof__(ids) __mod_##bus##__##ids##_device_table \
				__attribute__((alias(#ids)));
		MACROS
		cat
	} >"$name.c"
	"${CC:-gcc}" -O1 -fcommon -fno-pic -ffreestanding -w $style "$@" -c -o "$name.o" "$name.c" ||
		fail "cc $name.c"
	echo "$name.o" >"$name.mod"
	printf 'cmd_%s.o := cc\n\n' "$name" >".$name.o.cmd"
}

# What matters of a NAME.mod.c: all but how headers are included. A 6.12 kernel's
# vermagic and retpoline are in another file, or left out by #if.
facts() {
	grep -E '^(SYMBOL_CRC|KSYMTAB|	\{ |MODULE_ALIAS|MODULE_INFO|	\.init|	\.exit|static const)' |
		if [ ${#options[@]} = 0 ]; then cat; else grep -Ev 'vermagic|retpoline'; fi
}

# same ARGUMENT...: both programs leave the same status, the same words and the same files.
# What Linux gives up at, ours goes on from; it tells all undefined symbols.
same() {
	local status_linux=0 status_ours=0 file
	rm -rf linux ours ./*.mod.c .vmlinux.export.c symvers nsdeps
	mkdir linux ours
	"$linux" "${options[@]}" "$@" 2>linux.err || status_linux=$?
	move_results linux
	"$modpost" "${options[@]}" "$@" 2>ours.err || status_ours=$?
	move_results ours
	diff -u linux.err ours.err >out || fail "words: modpost $*"
	[ "$status_linux" = "$status_ours" ] || fail "modpost $*: status $status_ours, Linux's is $status_linux"
	[ "$status_linux" = 0 ] || return 0
	diff <(cd linux && find . -type f | sort) <(cd ours && find . -type f | sort) >out ||
		fail "files: modpost $*"
	(cd linux && find . -name '*.c') >sources
	while read -r file; do
		diff <(facts <"linux/$file") <(facts <"ours/$file") >out || fail "$file: modpost $*"
	done <sources
	for file in symvers nsdeps; do
		[ ! -e "linux/$file" ] || diff "linux/$file" "ours/$file" >out || fail "$file: modpost $*"
	done
}

move_results() {
	find . -maxdepth 1 \( -name '*.mod.c' -o -name .vmlinux.export.c -o -name symvers -o -name nsdeps \) \
		-exec mv -t "$1" {} +
}

# said TEXT: the last of same's runs was about it
said() {
	grep -Fq -- "$1" linux.err || fail "Linux did not say '$1'"
}

mistakes_read_alike() {
	use "$1"
	printf '0x12345678\tk\tvmlinux\tEXPORT_SYMBOL\t\n0x00000001\tns\tdrivers/lib/some-lib\tEXPORT_SYMBOL_GPL\tSPACE\n' >kernel
	printf '0x00000000\tzero\tvmlinux\tEXPORT_SYMBOL\t\n0x87654321\tmodule_layout\tvmlinux\tEXPORT_SYMBOL\t\n' >>kernel
	local base=(-e -i kernel -o symvers)

	compile lacks <<<'GPL int a(void); int b(void); int c(void) __attribute__((weak)); int k(void);
		int f(void) { return a() + b() + c() + k(); }'
	same "${base[@]}" lacks.o
	said '"a" [lacks.ko] undefined!'
	same "${base[@]}" -w -m lacks.o
	compile bare <<<'int f(void) { return 1; }'
	same "${base[@]}" bare.o
	said 'missing MODULE_LICENSE() in bare.o'
	compile mute <<<'INFO(license, 0, "GPL")'
	same "${base[@]}" -W mute.o
	compile closed <<<'INFO(license, 0, "GPL") INFO(license, 1, "Proprietary") int ns(void); int g(void) { return ns(); }'
	same "${base[@]}" closed.o
	said "GPL-incompatible module closed.ko uses GPL-only symbol 'ns'"
	said 'module closed uses symbol ns from namespace SPACE'
	compile spaces <<<'GPL INFO(import_ns, 0, "OTHER") int ns(void); int g(void) { return ns(); }'
	same "${base[@]}" -N -d nsdeps spaces.o
	said 'WARNING: modpost: module spaces uses symbol ns'
	[ "$(cat ours/nsdeps)" = 'spaces.ko: SPACE' ] || fail "nsdeps"
	compile takes <<<'GPL INFO(import_ns, 0, "OTHER") INFO(import_ns, 1, "SPACE") int ns(void); int k(void); int zero(void);
		int g(void) { return ns() + k() + zero(); }'
	same "${base[@]}" -m -d nsdeps takes.o
	local name
	name=$(printf 'n%.0s' {1..56})
	compile "$name" <<<'GPL'
	same "${base[@]}" "$name.o"
	said 'module name is too long'
	compile common <<<'GPL int shared_by_accident;'
	same "${base[@]}" common.o
	said '"shared_by_accident" [common] is COMMON symbol'
	same "${base[@]}" -n nowhere.o common.o
	said 'nowhere.o: No such file or directory (ignored)'
	same "${base[@]}" common
	said 'common: filename must be suffixed with .o'
	compile strays <<<'GPL asm(".section strays; .byte 1; .previous");'
	same "${base[@]}" strays.o
	said 'strays'
}

mistakes_read_as_with_linux_6_1() {
	mistakes_read_alike 6.1
}

mistakes_read_as_with_linux_6_12() {
	mistakes_read_alike 6.12
}

exports_are_alike() {
	use "$1"
	local name long
	long=$(printf 's%.0s' {1..60})
	printf '0x12345678\tk\tvmlinux\tEXPORT_SYMBOL\t\n0x87654321\tmodule_layout\tvmlinux\tEXPORT_SYMBOL\t\n' >kernel
	local base=(-i kernel -o symvers -m)
	compile gives <<-'C'
		GPL int z; EXPORT(z) int f(void) { return 1; } EXPORT_GPL(f)
		int b(void) { return 1; } EXPORT_TO(b, "GPL", "SPACE") int a = 1; EXPORT_TO(a, "", "SPACE")
		int init_module(void) { return 0; } void cleanup_module(void) {}
		static int s; int *g(void) { static int s; s++; return &s; }
	C
	printf '#SYMVER f 0x0badcafe\n#SYMVER a 0x00000010\n#SYMVER gone 0x1\n#SYMVER z zero\n#SYMVER b 0x12 34\n' >>.gives.o.cmd
	compile takes <<<'GPL INFO(import_ns, 0, "SPACE") extern int z, a; int f(void); int b(void); int g(void) { return z + f() + b() + a; }'
	same "${base[@]}" -e gives.o takes.o
	said 'EXPORT symbol "z" [gives.ko] version generation failed'
	said '"z" [takes.ko] has no CRC!'
	same "${base[@]}" takes.o gives.o # in the kernel's tree
	grep -q 'intree' ours/takes.mod.c || fail "intree"
	compile again <<<'GPL int f(void) { return 1; } EXPORT(f) int k; EXPORT(k)'
	same "${base[@]}" -e gives.o again.o
	said "again: 'k' exported twice. Previous export was in vmlinux"
	same "${base[@]}" gives.o again.o
	said "again: 'f' exported twice. Previous export was in gives.ko"
	compile claims <<<'GPL int f(void); EXPORT(f) int g(void) { return f(); }'
	same "${base[@]}" -e claims.o
	said '"f" [claims.ko] was exported without definition'
	compile longs <<<"GPL int $long(void); int f(void) { return $long(); }"
	printf '0x00000001\t%s\tvmlinux\tEXPORT_SYMBOL\t\n' "$long" >>kernel
	same "${base[@]}" -e longs.o
	said "too long symbol \"$long\" [longs.ko]"
	mkdir -p drivers/staging tools/testing
	for name in drivers/staging/s tools/testing/t; do
		cp gives.o "$name.o"
		echo gives.o >"$name.mod"
		"$linux" "${options[@]}" -i kernel "$name.o"
		facts <"$name.mod.c" >expected
		"$modpost" "${options[@]}" -i kernel "$name.o"
		diff expected <(facts <"$name.mod.c") >out || fail "$name.mod.c"
	done
	grep -q 'MODULE_INFO(staging, "Y")' drivers/staging/s.mod.c || fail "staging"
	# The kernel's own object, and a module that uses it.
	compile vmlinux <<<'int k(void) { return 1; } EXPORT(k) int module_layout; EXPORT(module_layout) int unused; EXPORT_GPL(unused)'
	compile user <<<'GPL int k(void); int f(void) { return k(); }'
	echo vmlinux.o >.vmlinux.objs
	printf '#SYMVER k 0xabcdef01\n' >>.vmlinux.o.cmd
	same -m -o symvers user.o vmlinux.o
	said 'EXPORT symbol "module_layout" [vmlinux] version generation failed'
	grep -q '^SYMBOL_CRC(k, 0xabcdef01, "");' ours/.vmlinux.export.c || fail "versions of the kernel"
	grep -q '^0xabcdef01	k	vmlinux	EXPORT_SYMBOL	$' ours/symvers || fail "Module.symvers of the kernel"
}

exports_are_read_as_by_linux_6_1() {
	exports_are_alike 6.1
}

exports_are_read_as_by_linux_6_12() {
	exports_are_alike 6.12
	compile bad <<-'C'
		GPL static int local __attribute__((used)); EXPORT(local) int f; EXPORT_TO(f, "BSD", "")
		int g; asm(".section .export_symbol,\"a\"\n__export_symbol_h: .asciz \"\"\n.asciz \"\"\n.balign 8\n.quad g\n"
			"strange: .asciz \"\"\n.asciz \"\"\n.balign 8\n.quad g\n.previous");
	C
	same -e -o symvers bad.o
	said "bad: local symbol 'local' was exported"
	said "bad: unknown license 'BSD' was specified for 'f'"
	said "references 'g', but it does not seem to be an export symbol"
	said ".export_symbol section contains strange symbol 'strange'"
	compile mixes <<<'GPL IN(".init.text") int early(void) { return 1; } EXPORT(early) IN(".exit.data") int late = 1; EXPORT(late)'
	same -e -o symvers mixes.o
	said 'EXPORT_SYMBOL used for init symbol'
	# What no module needs is left out, unless it is listed.
	compile vmlinux <<<'int a; EXPORT(a) int b; EXPORT(b) int c(void) { return 1; } EXPORT_GPL(c)'
	compile user <<<'GPL int c(void); int f(void) { return c(); }'
	echo b >kept
	same -t -o symvers user.o vmlinux.o
	same -t -u kept -o symvers user.o vmlinux.o
	[ "$(cut -f 2 ours/symvers | tr '\n' ' ')" = 'b c ' ] || fail "trimmed: $(cat ours/symvers)"
}

# all.s: every pair of kinds of sections, from names that are let through and from others.
all_references() {
	local from to name i=0 n=0
	local sections=(.text .text.hot .ref.text .head.text .data .data.rel .rodata .init.text .init.data .init.rodata
		.exit.text .exit.data .meminit.text .meminit.data .memexit.text .pci_fixup_final other)
	# Linux since 6.5 knows no such sections; ours does, for the SDK.
	[ ${#options[@]} != 0 ] || sections+=(___ksymtab+x)
	echo '.section .modinfo,"a"; .asciz "license=GPL"; .asciz "description=x"'
	for to in "${sections[@]}"; do
		echo ".section \"$to\",\"aw$([[ $to != *text* ]] || echo x)\""
		echo ".Lbase_$i: .zero 8; to_$i: .zero 64"
		i=$((i + 1))
	done
	for from in "${sections[@]}"; do
		echo ".section \"$from\",\"aw$([[ $from != *text* ]] || echo x)\""
		for name in plain@ x@_ops x@_probe x@_probe_one x@_console x@_template x@_timer x@_sht x@driver \
			__param_x@ __param_ops_x@ x@.constprop.0 .Lx@ static@.123 L0x@; do
			echo "${name/@/$n}: twin$n:"
			n=$((n + 1))
			for ((to = 0; to < i; to++)); do
				echo ".quad to_$to, .Lbase_$to + 8, .Lbase_$to + 3, .Lbase_$to + 40"
			done
		done
	done
}

mismatches_are_alike() {
	use "$1"
	all_references >all.s
	gcc -c -o all.o all.s || fail "as"
	echo all.o >all.mod
	: >.all.o.cmd
	same -e -o symvers all.o
	[ "$(grep -c 'section mismatch' linux.err)" -gt 500 ] || fail "Linux found few: $(grep -c 'section mismatch' linux.err)"
	same -e -W -o symvers all.o
	same -e -E -o symvers all.o
	said 'ERROR: modpost: Section mismatches detected.'
	exception_tables_alike
}

exception_tables_alike() {
	compile tables <<-'C'
		GPL asm(".section __ex_table,\"a\"\n.long text - ., odd - ., data - .\n.previous\n"
			"text: nop\n.section .odd.text,\"ax\"\n.zero 100\nodd: nop\n.section .data\ndata: .long 1\n.previous");
	C
	same -e -o symvers tables.o
	said "references non-executable section '.data'"
	said 'OTHER_TEXT_SECTIONS'
	compile patched <<<'GPL asm(".section __ex_table,\"a\"\nx: .long new - .\n.section .altinstr_replacement,\"ax\"\nnew: nop\n.previous");'
	same -e -o symvers patched.o
	said 'which is black-listed'
}

references_between_sections_are_judged_as_by_linux_6_1() {
	mismatches_are_alike 6.1
}

references_between_sections_are_judged_as_by_linux_6_12() {
	mismatches_are_alike 6.12
}

device_tables_are_checked_as_by_linux() {
	local version
	for version in 6.1 6.12; do
		use $version
		compile open <<<'GPL const int ids[2] = {1, 2}; TABLE(virtio, ids)'
		same -e -o symvers open.o
		said 'struct virtio_device_id is not terminated with a NULL entry!'
		compile torn <<<'GPL const int ids[3] = {1, 2}; TABLE(virtio, ids)'
		same -e -o symvers torn.o
		said 'is not a modulo of the size of section'
		compile odd <<<'GPL const long ids[4] = {1}; TABLE(nosuchbus, ids)'
		same -e -o symvers odd.o
		compile fine <<<'GPL const int ids[4] = {1, -1}; TABLE(virtio, ids) int none[8] __attribute__((section(".bss"))); TABLE(virtio, none)'
		same -e -o symvers fine.o
		[ "$(grep -c MODULE_ALIAS ours/fine.mod.c)" -gt 0 ] || fail "aliases"
	done
}

# Debian's modules, as if they were to be linked: tables, imports and references of the real ones.
# RELEASE N: one of so many; $RING3_MODPOST_EVERY=1 takes all.
debians_are_alike() {
	use "$1"
	local module name every=${RING3_MODPOST_EVERY:-$2}
	(cd "$fixtures/lib/modules/$release/kernel" && find . -name '*.ko*') | LC_ALL=C sort | awk "NR % $every == 0" >chosen
	while read -r module; do
		name=${module#./}
		name=${name%.xz}
		name=${name%.ko}
		mkdir -p "${name%/*}"
		: >"$name.mod"
		case $module in
		*.xz) xz -dc "$fixtures/lib/modules/$release/kernel/$module" >"$name.o" ;;
		*) ln -s "$fixtures/lib/modules/$release/kernel/$module" "$name.o" ;;
		esac
		echo "$name.o"
	done <chosen >list
	for program in linux ours; do
		if [ $program = linux ]; then set -- "$linux"; else set -- "$modpost"; fi
		"$@" "${options[@]}" -e -m -a -w -N -d nsdeps -i "$headers/Module.symvers" -T list -o symvers \
			2>$program.err || fail "$*"
		find . -name '*.mod.c' | LC_ALL=C sort | tee $program.sources | xargs cat | facts >$program.facts
		xargs rm <$program.sources
		cat nsdeps >>$program.facts
	done
	diff linux.err ours.err >out || fail "words"
	diff linux.facts ours.facts >out || fail "aliases, versions or dependencies"
	[ "$(wc -l <ours.sources)" = "$(wc -l <list)" ] || fail "not every module was done"
	[ "$(grep -c MODULE_ALIAS linux.facts)" -gt 500 ] || fail "there were few aliases"
}

modules_of_debians_6_1_get_the_same_aliases_and_versions() {
	debians_are_alike 6.1 5
}

modules_of_debians_6_12_get_the_same_aliases_and_versions() {
	debians_are_alike 6.12 20
}

# By a file of its own: where objcopy fails, it removes what it was to write, be it /dev/stdout.
section() {
	local file
	file=$(mktemp -p "$work")
	objcopy -O binary --only-section="$2" --set-section-flags "$2=alloc" "$1" "$file"
	cat "$file"
}

# ELFNOTE's names have the number of a line of the .mod.c.
symbols() {
	nm -a "$1" | grep -v '\.mod\.c$' | sed 's/_note_[0-9]*$/_note/' | LC_ALL=C sort
}

# Kbuild builds the modules of tests/modules/modpost twice: every section is the same.
kbuilds_are_alike() {
	use "$1"
	local name program section
	mkdir source
	cp "$modules"/modpost/* source
	for program in linux ring3; do
		status 0 "$RING3" build --kernel "$release" --headers "$fixtures" --modpost $program -W -v -o $program source
		sed "s,$work/$program,,g" err >$program.said
		cp out $program.out
	done
	grep -q 'MODPOST=/' ring3.out || fail "Kbuild was not told of our modpost"
	grep -q 'MODPOST=/' linux.out && fail "Linux's modpost was not used"
	grep -q 'Written by ring3-modpost' ring3/.ring3/*/exporter.mod.c || fail "our modpost was not used"
	diff linux.said ring3.said >out || fail "words"
	for name in exporter import-er device-tables; do
		readelf -SW "linux/$name.ko" | sed -n 's/^ *\[ *[0-9]*\] \([^ ]*\) .*/\1/p' | grep -v '^NULL' >sections
		[ "$(wc -l <sections)" -gt 15 ] || fail "sections of $name.ko"
		while read -r section; do
			case $section in
			# the names of files in here, the sum of all, tables of numbers of symbols
			.debug* | .rela.debug* | .note.gnu.build-id | .symtab | .strtab | .shstrtab) continue ;;
			esac
			cmp <(section "linux/$name.ko" "$section") <(section "ring3/$name.ko" "$section") >out 2>&1 ||
				fail "$section of $name.ko"
		done <sections
		diff <(modinfo "linux/$name.ko" | grep -v ^filename) <(modinfo "ring3/$name.ko" | grep -v ^filename) >out ||
			fail "modinfo $name.ko"
		diff <(symbols "linux/$name.ko") <(symbols "ring3/$name.ko") >out ||
			fail "symbols of $name.ko"
	done
	[ "$(modinfo -F alias ring3/device-tables.ko | wc -l)" -gt 100 ] || fail "aliases"
	[ "$(modinfo -F srcversion ring3/exporter.ko | wc -c)" = 24 ] || fail "srcversion"
	[ "$(modinfo -F vermagic ring3/exporter.ko | wc -l)" = 1 ] || fail "vermagic"
	diff <(sed 's,\t[^\t]*/,\t,' linux/Module.symvers) <(sed 's,\t[^\t]*/,\t,' ring3/Module.symvers) >out ||
		fail "Module.symvers"
}

modules_of_kbuild_6_1_equal_those_with_linuxs_modpost() {
	kbuilds_are_alike 6.1
}

modules_of_kbuild_6_12_equal_those_with_linuxs_modpost() {
	kbuilds_are_alike 6.12
}

# Everything of one build that modpost wrote.
keep_kernel() {
	local file
	(cd kernel && find . -name '*.mod.c') | LC_ALL=C sort >"$1.files"
	while read -r file; do
		echo "$file"
		facts <"kernel/$file"
	done <"$1.files" >"$1.facts"
	cat kernel/Module.symvers >>"$1.facts"
	grep -v '^$' kernel/.vmlinux.export.c >>"$1.facts"
}

# Linux's own sources, once with each modpost: what it writes into vmlinux and the modules.
kernels_are_alike() {
	local short=$1
	[ -n "${RING3_MODPOST_KERNEL:-}" ] ||
		skip "it builds a kernel for minutes, and takes flex, bison, bc and libelf-dev: RING3_MODPOST_KERNEL=1 runs it"
	use "$short"
	need flex
	need bison
	need bc
	mkdir source kernel
	tar -C source --strip-components=1 -xJf "$fixtures/usr/src/linux-source-$short.tar.xz"
	make -s -C source O="$work/kernel" tinyconfig >out 2>&1 || fail 'tinyconfig'
	source/scripts/config --file kernel/.config -e 64BIT -e PRINTK -e MODULES -e MODVERSIONS -e MODULE_UNLOAD \
		-e BLOCK -e CRYPTO -m CRYPTO_SHA256 -m LIBCRC32C -m CRC_ITU_T -m EXT4_FS -m VFAT_FS -m NLS_UTF8 -e PCI -m INPUT
	make -s -C source O="$work/kernel" olddefconfig >out 2>&1 || fail 'olddefconfig'
	make -s -C source -j "$(nproc)" O="$work/kernel" vmlinux modules >linux.said 2>&1 || fail 'with modpost of Linux'
	keep_kernel linux
	[ "$(wc -l <linux.files)" -gt 12 ] || fail 'few modules'
	[ "$(grep -c EXPORT_SYMBOL linux.facts)" -gt 2000 ] || fail 'few exports'
	make -s -C source -j "$(nproc)" O="$work/kernel" MODPOST="$modpost" vmlinux modules >ring3.said 2>&1 || fail 'with ours'
	keep_kernel ring3
	grep -q 'Written by ring3-modpost' kernel/fs/ext4/ext4.mod.c || fail 'our modpost was not used'
	diff linux.facts ring3.facts >out || fail 'exports, versions, aliases or dependencies'
	diff <(grep 'modpost' linux.said) <(grep modpost ring3.said) >out || fail 'words'
}

a_whole_kernel_of_6_1_is_built_alike() {
	kernels_are_alike 6.1
}

a_whole_kernel_of_6_12_is_built_alike() {
	kernels_are_alike 6.12
}

run_case "$1"
