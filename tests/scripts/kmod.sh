#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# ring3-kmod, tool by tool, beside Debian's kmod.
. "$(dirname "$0")/tools.sh"

# Every field.
modinfo_of_every_module_is_kmods() {
	need_fixtures
	both_tools
	find -L "$fixtures/lib/modules/$RELEASE_6_1/" "$fixtures/lib/modules/$RELEASE_6_12/" -name '*.ko*' | sort >list
	[ "$(wc -l <list)" = $((4023 + 4230)) ] || fail 'these are not all modules'
	xargs theirs/modinfo <list >wanted &
	xargs ours/modinfo <list >found || fail 'modinfo fails'
	wait $! || fail "kmod's modinfo fails"
	cmp wanted found || fail 'the fields differ'
}

modinfo_finds_names_and_aliases_as_kmod() {
	local directory option
	need_fixtures
	both_tools
	known_tree
	xargs -d '\n' theirs/modinfo -F filename -b tree -k "$RELEASE_6_1" <names >wanted 2>/dev/null || true
	[ "$(wc -l <wanted)" -gt 150 ] || fail 'too little is found'
	for option in -n -p -Fdepends; do
		same xargs -d '\n' -a names modinfo "$option" -b tree -k "$RELEASE_6_1"
		same xargs -d '\n' -a names modinfo -m "$option" -b tree -k "$RELEASE_6_1"
	done
	same modinfo -b tree -k "$RELEASE_6_1" ext4 crc32c usbcore loop nosuch
	same modinfo -b nowhere ext4
	same modinfo -k 0.0.1 ext4
	rm "$directory/modules.builtin.modinfo"
	same modinfo -b tree -k "$RELEASE_6_1" unix ext4
}

# They are loaded when they are needed, and may be missing then.
modinfo_tells_which_library_it_lacks() {
	local good
	need_fixtures
	need xz
	both_tools
	good=$(find -L "$fixtures/lib/modules/$RELEASE_6_1/" -name crc-itu-t.ko)
	xz -c "$good" >packed.ko.xz
	mkdir broken
	touch broken/libcrypto.so.3 broken/liblzma.so.5
	LD_LIBRARY_PATH=broken ours/modinfo "$good" "$good" >found 2>errors || fail 'a file that needs no library is refused'
	printf 'modinfo: WARNING: signatures cannot be read without libcrypto.so.3\n' | cmp - errors ||
		fail 'it is not told once that there are no signatures'
	grep -q '^license: ' found || fail 'the other fields are missing'
	! grep -q '^signer' found || fail 'there is a signer'
	! LD_LIBRARY_PATH=broken ours/modinfo packed.ko.xz 2>errors || fail 'a file that cannot be expanded is shown'
	grep -q 'Can not access a needed shared library' errors || fail 'it is not told why'
}

# signed FILE DIGEST TYPE SIGNER-LENGTH: greets.ko with a signature as Linux 3.7 appended it.
signed() {
	{
		cat greets.ko
		printf 'me, the signer\1\2\377\5\6\7\10\11\12'
		printf '\1\'"$2"'\'"$3"'\'"$4"'\3\0\0\0\0\0\0\6~Module signature appended~\n'
	} >"$1"
}

modinfo_shows_signatures_of_each_kind_as_kmod() {
	local field file
	need_fixtures
	both_tools
	build greets
	cp "$(find -L "$fixtures/lib/modules/$RELEASE_6_1/" -name crc-itu-t.ko)" pkcs7.ko
	signed sha1.ko 2 1 16
	signed sha256.ko 4 1 16
	signed pgp.ko 0 0 16
	signed digest.ko 77 1 16 # none of these is a signature
	signed type.ko 2 7 16
	sed 's/appended~$/appendix~/' sha1.ko >marker.ko
	signed nomessage.ko 4 2 16
	for file in *.ko; do
		for field in signer sig_key sig_hashalgo sig_id signature; do
			same modinfo -F $field "$file"
		done
		same modinfo "$file"
	done
	status 0 ours/modinfo sha1.ko
	out_has '^signer: *me, the signer$'
	out_has '^sig_key: *01:02:FF$'
	out_has '^sig_hashalgo: *sha1$'
}

# Headers, sections and compression that are wrong; $1 is a good module.
bad_files() {
	cp "$1" good.ko
	objcopy -R .modinfo good.ko nomodinfo.ko
	head -c 100 good.ko >short.ko
	head -c -3000 good.ko >cut.ko
	echo 'no module' >text.ko
	: >empty.ko
	mkdir directory.ko
	xz -k good.ko
	head -c 300 good.ko.xz >cut.ko.xz
	printf 'parm=nocolon\0novalue\0parmtype=a:int\0parm=a:first\0=\0parm=a:second\0' >modinfo.bin
	objcopy --update-section .modinfo=modinfo.bin good.ko strange.ko
	printf 'fifteen_letters=1\0sixteen_letters_=2\0a_key_that_is_longer_than_that=3\0alias=without-end' >modinfo.bin
	objcopy --update-section .modinfo=modinfo.bin good.ko long.ko
	head -c 5 good.ko >5.ko
	head -c 6 good.ko >6.ko
	head -c 60 good.ko >60.ko
	{
		head -c 4 good.ko
		head -c 4000 /dev/zero
	} >kind.ko
}

modinfo_refuses_bad_files_as_kmod() {
	local file
	need_fixtures
	need objcopy
	need xz
	both_tools
	bad_files "$(find -L "$fixtures/lib/modules/$RELEASE_6_1/" -name crc-itu-t.ko)"
	for file in good.ko ./good.ko good.ko.xz nomodinfo.ko short.ko cut.ko text.ko empty.ko directory.ko \
		cut.ko.xz strange.ko long.ko 5.ko 6.ko 60.ko kind.ko nosuch.ko; do
		same modinfo "$file"
		same modinfo -F filename "$file"
		same modinfo -F signer "$file"
	done
	same modinfo good.ko nosuch.ko good.ko
	same modinfo
	same modinfo -x
	same modinfo --field
}

# kmod's modinfo aborts on it.
a_wrong_name_table_is_refused() {
	need_fixtures
	both_tools
	cp "$(find -L "$fixtures/lib/modules/$RELEASE_6_1/" -name crc-itu-t.ko)" bad.ko
	printf '\377\177' | dd of=bad.ko bs=1 seek=62 conv=notrunc 2>/dev/null
	status 1 ours/modinfo bad.ko
	err_has "^modinfo: ERROR: could not get modinfo from 'bad': Invalid argument$"
}

modinfo_reads_modules_of_other_machines() {
	local target
	need clang
	both_tools
	echo 'static const char a[] __attribute__((section(".modinfo"), used)) = "license=GPL\0alias=x";' >foreign.c
	for target in i686-linux-gnu s390x-linux-gnu mips-linux-gnu aarch64-linux-gnu; do
		clang --target="$target" -c foreign.c -o "$target.ko" 2>/dev/null || continue
		same modinfo "$target.ko"
		grep -q '^license: *GPL$' ours.out || fail "nothing is read of $target"
		: >read-one
	done
	[ -e read-one ] || skip 'clang makes objects of no other machine'
}

very_many_fields_are_shown_at_once() {
	build greets
	awk 'BEGIN { for (i = 0; i < 60000; i++) printf "parm=p%d:text%cparmtype=p%d:int%ck%d=v%c", i, 0, i, 0, i, 0 }' \
		>modinfo.bin
	objcopy --update-section .modinfo=modinfo.bin greets.ko
	status 0 timeout 10 "$RING3_KMOD" modinfo -p greets.ko # kmod's takes half a minute
	[ "$(sort -u out | wc -l)" = 60000 ] || fail 'there are not as many'
	out_has '^p59999:text \(int\)$'
	status 0 timeout 10 "$RING3_KMOD" modinfo --json greets.ko
	[ "$(jq '.[0].parameters | length' out)" = 60000 ] || fail 'parameters in JSON'
	[ "$(jq '.[0].fields.k59999[0]' out)" = '"v"' ] || fail 'fields in JSON'
}

modinfo_ends_each_field_with_a_nul() {
	both_tools
	build greets
	ours/modinfo -0 greets.ko >fields
	[ "$(tail -c 1 fields | od -An -tx1)" = ' 00' ] || fail 'the last field has no end'
	tr '\0\n' '\n ' <fields >out
	! grep -vE '^[a-z_]+=' out || fail 'a field does not begin with its name'
	out_has "^filename=$work/greets.ko$"
	out_has '^parm=count:how often \(int\)$'
	out_has '^license=GPL$'
	ours/modinfo -0 -F parm greets.ko | tr '\0' '\n' >out
	out_has '^count:how often \(int\)$'
}

modinfo_and_lsmod_write_json() {
	need_fixtures
	need jq
	both_tools
	fake
	build greets
	status 0 ours/modinfo --json greets.ko "$(find -L "$fixtures/lib/modules/$RELEASE_6_1/" -name dm-mod.ko)"
	json_has 'length == 2 and .[0].filename == "'"$work"'/greets.ko" and .[0].name == "greets"'
	json_has '.[0].parameters | map(select(.name == "count"))
		== [{"name": "count", "type": "int", "description": "how often"}]'
	json_has '.[1].name == "dm_mod" and .[1].fields.alias[0] == "devname:mapper/control"'
	json_has '.[1].signature | .type == "PKCS#7" and .digest == "sha256" and (.value | length) == 512 * 3 - 1'
	json_has '.[0].signature == null'
	printf 'alias=q"b\\c\1\177\377\0k"\377=v\0parm=\377:\n\0depends=\377,x\0' >modinfo.bin
	objcopy --update-section .modinfo=modinfo.bin greets.ko odd.ko
	status 0 ours/modinfo --json odd.ko
	json_has '.[0] | .fields.alias == ["q\"b\\c\u0001\u007f\\xff"] and .fields["k\"\\xff"] == ["v"] and
		.parameters == [{"name": "\\xff", "description": "\n"}] and .depends == ["\\xff", "x"]'
	loaded base 2 one two
	loaded one 0
	status 0 ./fake ours/lsmod --json
	json_has '. == [
		{"name": "base", "size": 16384, "references": 2, "state": "Live", "used_by": .[0].used_by},
		{"name": "one", "size": 16384, "references": 0, "state": "Live", "used_by": []}]'
	json_has '.[0].used_by | sort == ["one", "two"]'
}

lsmod_and_rmmod_are_kmods_in_any_state() {
	local name
	both_tools
	fake
	loaded base 2 one two
	loaded one 0
	loaded busy 3
	loaded going 0
	loaded coming 0
	loaded uncounted 0
	echo going >root/sys/module/going/initstate
	rm root/sys/module/coming/initstate root/sys/module/uncounted/refcnt
	mkdir root/sys/module/built_in
	same_calls lsmod
	same_calls kmod list
	same_calls rmmod base one busy
	for name in going coming uncounted nosuch one.ko no-such; do
		same_calls rmmod "$name"
		same_calls rmmod -f "$name"
	done
	grep -q "delete_module no_such 0xa00" calls || fail 'the call was not seen'
	same_calls rmmod
	echo built_in.ko >root/lib/modules/1.2.3/modules.builtin
	: >root/lib/modules/1.2.3/modules.order
	depmod -b root 1.2.3
	same_calls rmmod built-in one
}

insmod_calls_the_kernel_as_kmod() {
	local file
	need_fixtures
	need xz
	both_tools
	fake
	cp "$(find -L "$fixtures/lib/modules/$RELEASE_6_1/" -name crc-itu-t.ko)" good.ko
	xz -k good.ko
	echo text >text.ko
	: >empty.ko
	same_calls insmod good.ko
	same_calls insmod good.ko a=1 b 'c="d e"'
	same_calls insmod -f good.ko.xz a=1
	same_calls insmod good.ko.xz
	grep -q '^init_module .* bytes' calls || fail 'the call was not seen'
	export FAKE_NO_FINIT=1
	same_calls insmod good.ko a=1
	same_calls insmod -f good.ko
	same_calls insmod -f text.ko
	unset FAKE_NO_FINIT
	for file in text.ko empty.ko . nosuch.ko -; do
		same_calls insmod "$file"
	done
	same_calls insmod
	same_calls insmod -x
	same_calls rmmod -x
}

# kmod 34's rule; 30 does not know it
insmod_hands_over_what_the_kernel_expands() {
	need xz
	both_tools
	fake
	build greets
	xz -k --check=crc32 greets.ko
	xz -c greets.ko >crc64.ko.xz # the kernel refuses it, kmod 34's insmod then, too
	mkdir -p root/sys/module
	echo xz >root/sys/module/compression
	./fake ours/insmod greets.ko.xz a=1
	./fake ours/insmod -f greets.ko.xz
	./fake ours/insmod crc64.ko.xz
	echo zstd >root/sys/module/compression
	./fake ours/insmod greets.ko.xz
	printf '%s\n' "finit_module 'a=1' 0x4" "finit_module '' 0x7" >wanted
	head -2 calls | diff wanted - >&2 || fail 'the flags are wrong'
	[ "$(grep -Ec "^init_module $(stat -c %s greets.ko) bytes" calls)" = 2 ] || fail 'it is not expanded'
}

every_errno_is_told_as_kmod_does() {
	local number
	both_tools
	fake
	build greets
	loaded one 0
	# the numbers of every error that a load or an unload is known to have
	for number in 1 2 3 4 5 6 8 11 12 14 16 17 19 22 26 27 28 38 74 75 80 95 126 127 129; do
		export FAKE_ERRNO=$number
		same_calls insmod greets.ko
		same_calls rmmod one
	done
}

static_nodes_are_printed_as_by_kmod() {
	local format whose
	both_tools
	fake
	same_calls kmod static-nodes
	cat >root/lib/modules/1.2.3/modules.devname <<-'END'
		# comment
		fuse fuse c10:229
		loop  loop-control	c10:237
		snd_seq snd/seq c116:1
		wrong line
		odd odd q1:2

		last sd/a b8:0
	END
	for format in human tmpfiles devname; do
		same_calls kmod static-nodes -f "$format"
	done
	same_calls kmod static-nodes
	for whose in theirs ours; do
		PATH=$work/$whose:$PATH ./fake kmod static-nodes --format=tmpfiles -o "$whose.made/below/file" 2>/dev/null || true
	done
	cmp theirs.made/below/file ours.made/below/file || fail 'the files differ'
	same_calls kmod static-nodes -x
	same_calls kmod -x
}

# Every load and unload of this script must end as with kmod, word for word but for the hints.
insmod_and_rmmod_are_kmods_in_a_box() {
	need_clients
	need xz
	both_tools
	build greets fails lacks clings permanent low middle high
	xz -k greets.ko
	: >empty.ko
	cat >script <<-'END'
		s() {
			"$@"
			echo "$* ended with $?"
		}
		s insmod greets.ko count=3 'whom="my friend"'
		s lsmod
		s insmod greets.ko
		s insmod high.ko
		s insmod low.ko
		s insmod middle.ko
		s insmod high.ko
		s lsmod
		s rmmod low
		s rmmod middle low
		s rmmod high middle low greets
		s insmod fails.ko
		s insmod lacks.ko
		s insmod clings.ko
		s rmmod clings
		s insmod permanent.ko
		s rmmod permanent
		s rmmod nosuch
		s insmod script
		s insmod .
		s insmod empty.ko
		s insmod greets.ko count=banana
		s insmod greets.ko.xz nosuch=1
		s rmmod greets.ko
		s insmod -f greets.ko
		s rmmod greets.ko
		s kmod list
	END
	same_in_a_box
	grep -q '^rmmod high middle low greets ended with 0' ours.out || fail 'nothing was loaded'
}

a_failed_load_says_what_it_was() {
	need_clients
	both_tools
	build greets fails lacks
	printf 'vermagic=1.2.3 SMP \0license=GPL\0name=greets\0' >modinfo.bin
	objcopy --update-section .modinfo=modinfo.bin greets.ko old.ko
	head -c 2000 greets.ko >cut.ko
	cat >script <<-'END'
		insmod lacks.ko
		insmod greets.ko count=banana
		insmod greets.ko count=99999999999
		insmod greets.ko count
		insmod old.ko
		insmod cut.ko
		insmod fails.ko
		insmod greets.ko && insmod greets.ko
		rmmod greets
	END
	PATH=$work/ours:$PATH "$RING3" exec --loglevel 0 --console /dev/null -- sh script >out 2>err || true
	for hint in \
		"the kernel lacks symbols 'nobody_has_this', 'nor_that'; depmod knows no module" \
		"parameter 'count' is of type int, and 'banana' is no such value" \
		"parameter 'count' is of type int, and '99999999999' is no such value" \
		"parameter 'count' needs a value, count=VALUE; it is of type int" \
		"the module was built for kernel '1.2.3 SMP '; this one is [0-9]" \
		'Invalid ELF section header overflow: The file was cut off' \
		"the module's own init function returned this" \
		'a module named greets is loaded already: rmmod greets unloads it'; do
		err_has "^insmod: HINT: .*$hint"
	done
	[ "$(grep -c HINT err)" = "$(grep -c ERROR err)" ] || fail 'not every error has its hint'
}

# with_version FROM TO SYMBOL: the module wants the symbol in a version that nobody has.
with_version() {
	local at
	objcopy --dump-section __versions=versions "$1"
	at=$(grep -abo "$3" versions | cut -d: -f1)
	printf '\1\2\3\4' | dd of=versions bs=1 seek=$((at - 8)) conv=notrunc status=none
	objcopy --update-section __versions=versions "$1" "$2"
}

# The box has neither a Module.symvers nor indexes here, as a kernel without its headers.
symbols_that_stop_a_load_are_named() {
	need_clients
	both_tools
	build greets
	"$RING3" build -w -o "$work" "$modules"/modpost/{exporter,import-er}.c >build.log 2>&1 || fail 'ring3 build'
	LC_ALL=C sed 's/license=GPL/license=BSD/' import-er.ko >closed.ko
	LC_ALL=C sed 's/import_ns=/imported_=/' import-er.ko >spaceless.ko
	with_version import-er.ko foreign.ko exporter_data
	with_version import-er.ko layout.ko module_layout
	cat >script <<-'END'
		insmod import-er.ko
		insmod exporter.ko
		insmod closed.ko
		insmod spaceless.ko
		insmod foreign.ko
		insmod layout.ko
		insmod greets.ko 'count = 3'
		insmod import-er.ko && rmmod import-er exporter && echo went
	END
	PATH=$work/ours:$PATH "$RING3" exec --loglevel 0 --console /dev/null -- sh script >out 2>err || true
	grep HINT err | diff - <(sed 's/^/insmod: HINT: /' <<-'END'
		the kernel lacks symbols 'exporter_data', 'exporter_gpl', 'exporter_namespaced'; depmod knows no module that exports them
		symbol 'exporter_gpl' is for modules under the GPL; the licence of this one is 'BSD'
		the kernel says of import_er: module uses symbol (exporter_namespaced) from namespace EXPORTER, but does not import it.
		the kernel says of import_er: disagrees about version of symbol exporter_data
		the kernel says of import_er: disagrees about version of symbol module_layout
		parameter 'count' needs a value, count=VALUE; it is of type int
	END
	) >&2 || fail 'the hints are others'
	out_has '^went$'
}

# What the kernel has is told by its kallsyms, its Module.symvers and its modules.symbols.
hints_name_exports_versions_and_namespaces() {
	need_fixtures
	need xz
	both_tools
	fake
	cp "$(find -L "$fixtures/lib/modules/$RELEASE_6_1/" -name vfat.ko)" .
	mkdir -p root/lib/modules/1.2.3/build
	nm -u vfat.ko | awk '{ print "0000000000000000 r __ksymtab_" $2 }' | grep -v fat_build_inode >root/proc/kallsyms
	cp "$(find -L "$fixtures/lib/modules/$RELEASE_6_1/" -name fat.ko)" root/lib/modules/1.2.3
	depmod -b root 1.2.3 2>/dev/null
	FAKE_ERRNO=2 status 1 ./fake ours/insmod vfat.ko
	err_has "HINT: the kernel lacks symbol 'fat_build_inode' .of module fat.; load what exports it first, or use modprobe"
	echo '0000000000000000 T fat_build_inode	[fat]' >>root/proc/kallsyms
	FAKE_ERRNO=2 status 1 ./fake ours/insmod vfat.ko
	err_has "HINT: the kernel has symbol 'fat_build_inode', but does not export it to modules"
	echo '0000000000000000 r __ksymtab_fat_build_inode	[fat]' >>root/proc/kallsyms
	printf '0x12345678\tfat_build_inode\tfs/fat/fat\tEXPORT_SYMBOL_GPL\t\n' >root/lib/modules/1.2.3/build/Module.symvers
	printf 'license=Proprietary\0name=vfat\0' >modinfo.bin
	objcopy --update-section .modinfo=modinfo.bin vfat.ko closed.ko
	FAKE_ERRNO=2 status 1 ./fake ours/insmod closed.ko
	err_has "HINT: symbol 'fat_build_inode' is for modules under the GPL; the licence of this one is 'Proprietary'"
	FAKE_ERRNO=2 status 1 ./fake ours/insmod vfat.ko
	err_has "HINT: .*the module's own init function returned this"
	FAKE_ERRNO=22 status 1 ./fake ours/insmod vfat.ko
	err_has "HINT: symbol 'fat_build_inode' has version 0x12345678 in this kernel, and the module was built for 0x"
	printf '%s\tfat_build_inode\tfs/fat/fat\tEXPORT_SYMBOL\tFAT\n' \
		"$(theirs_version vfat.ko fat_build_inode)" >root/lib/modules/1.2.3/build/Module.symvers
	FAKE_ERRNO=22 status 1 ./fake ours/insmod vfat.ko
	err_has "HINT: symbol 'fat_build_inode' is in namespace FAT: the module's source lacks MODULE_IMPORT_NS"
	# the kernel's own exports, and their bounds behind them
	printf '%s r %s\n' 1000 __ksymtab_clear_nlink 1010 __start___ksymtab_gpl 1020 __ksymtab_d_instantiate \
		1030 __stop___ksymtab_gpl >own
	grep -v 'clear_nlink\|d_instantiate$' root/proc/kallsyms >>own
	mv own root/proc/kallsyms
	: >root/lib/modules/1.2.3/build/Module.symvers
	FAKE_ERRNO=2 status 1 ./fake ours/insmod closed.ko
	err_has "HINT: symbol 'd_instantiate' is for modules under the GPL; the licence of this one is 'Proprietary'"
	FAKE_ERRNO=129 status 1 ./fake ours/insmod vfat.ko
	err_has "HINT: the file is not as it was when 'Build time autogenerated kernel key' signed it, or that key is blocked"
	FAKE_ERRNO=126 status 1 ./fake ours/insmod vfat.ko
	err_has "HINT: the kernel does not know, or does not trust, the module's signer 'Build time"
	echo 1 >modules_disabled && mkdir -p root/proc/sys/kernel && mv modules_disabled root/proc/sys/kernel
	FAKE_ERRNO=1 status 1 ./fake ours/insmod vfat.ko
	err_has 'HINT: .*kernel.modules_disabled is 1'
}

# The CRC that a module wants of a symbol, as modprobe tells it.
theirs_version() {
	modprobe --dump-modversions "$1" | awk -v symbol="$2" '$2 == symbol { print $1 }'
}

ring3_runs_the_tools_itself() {
	both_tools
	build greets
	status 0 "$RING3" modinfo -F license greets.ko
	out_has '^GPL$'
	status 1 "$RING3" insmod nosuch.ko
	err_has '^insmod: ERROR: could not load module nosuch.ko: No such file or directory$'
	status 1 "$RING3" rmmod nosuch
	err_has '^rmmod: ERROR: Module nosuch is not currently loaded$'
	status 0 "$RING3_KMOD" modinfo -F license greets.ko
	status 1 "$RING3_KMOD" nosuch
	err_has "^invalid command 'nosuch'$"
}

run_case "$1"
