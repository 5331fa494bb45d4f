#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A box and Debian's own kernel in a guest of QEMU say the same to the same programs.
. "$(dirname "$0")/lib.sh"
transcripts=$here/../transcripts

need_guest() {
	need qemu-system-x86_64
	need_fixtures
	need_clients
}

# Our modules, built for release $1, and module_calls, into files/.
make_files() {
	mkdir source
	cp "$modules"/{cli,life,transcripts}/*.c source
	cat "$modules"/{cli,life,transcripts}/Kbuild | sed 's/:=/+=/' >source/Kbuild
	"$RING3" build --kernel "$1" --headers "$fixtures" -O built source >out 2>&1 ||
		fail "ring3 build --kernel $1"
	mkdir files
	cp built/*.ko "${MODULE_CALLS:?}" files
	make_versions "$1"
	make_tools
}

# An exporter and its user by ring3-modpost, and the exporter with another type of one export.
make_versions() {
	mkdir versions
	cp "$modules"/modpost/{exporter.[ch],import-er.c} versions
	sed 's/exporter_gpl(int a)/exporter_gpl(long a)/' versions/exporter.h >versions/changed.h
	sed 's/exporter_gpl(int a)/exporter_gpl(long a)/; s/exporter.h/changed.h/' versions/exporter.c >versions/changed.c
	# of two that export the same, the user is built against the later
	echo 'obj-m := changed.o exporter.o import-er.o' >versions/Kbuild
	"$RING3" build --modpost ring3 --kernel "$1" --headers "$fixtures" -O versioned versions >out 2>&1 ||
		fail "ring3 build --modpost ring3 --kernel $1"
	grep -q 'Written by ring3-modpost' versioned/.ring3/*/import-er.mod.c || fail "our modpost was not used"
	cp versioned/*.ko files
}

# Ours, and the libraries that the guest may not have, into files/tools.
make_tools() {
	local tool
	mkdir files/tools
	cp "${RING3_KMOD:?}" files/tools/ring3-kmod
	for tool in insmod rmmod lsmod modinfo modprobe; do
		ln -s ring3-kmod "files/tools/$tool"
	done
	# It loads them when it meets a compressed module; ring3 is linked to them.
	ldd "$RING3" | sed -n 's/.* => \(\/[^ ]*lib\(z\|lzma\|zstd\)\.so[^ ]*\) .*/\1/p' | xargs cp -L -t files/tools
}

# Some of Debian's modules and of ours, one compressed, into tree/lib/modules/RELEASE.
make_tree() {
	local from=$fixtures/lib/modules/$1
	tree=$work/tree/lib/modules/$1
	mkdir -p "$tree/updates"
	(cd "$from" && cp --parents modules.order modules.builtin modules.builtin.modinfo \
		kernel/lib/{crc*,libcrc32c}.ko* kernel/lib/{lz4,reed_solomon}/*.ko* \
		kernel/crypto/lz4*.ko* kernel/fs/nls/*.ko* "$tree")
	cp files/{low,middle,high,greets}.ko "$tree/updates"
	xz -c files/tagged.ko >"$tree/updates/tagged.ko.xz"
	PATH=$PATH:/sbin:/usr/sbin depmod -b tree "$1"
}

# The scripts stand in one order, in one boot: what taints, or is said once, adds up.
all_scripts() {
	make_files "$1"
	make_tree "$1"
	status 0 "$transcripts/compare" -k "$1" -f files -m "$tree" -o said -t 800 \
		-c 'module_blacklist=leaks modprobe.blacklist=crc16 low.base=5' \
		"$transcripts"/{kmod,modinfo,params,refused,modprobe,busybox,log,proc,kprobes,tools,modpost,calls}.sh
	grep -qx '0 failed' said/linux || fail "module_calls fails on the real kernel"
	grep -q 'import_er: disagrees about version of symbol exporter_gpl$' said/linux ||
		fail "the real kernel takes an export of another version"
	grep -q '^exporter SIZE 1 import_er,' said/linux || fail "the real kernel does not link what we built"
}

a_box_and_linux_6_1_say_the_same() {
	need_guest
	[ "$(id -u)" = 0 ] || skip 'the scripts become another user, which takes root'
	all_scripts "$RELEASE_6_1"
}

a_box_and_linux_6_12_say_the_same() {
	need_guest
	[ "$(id -u)" = 0 ] || skip 'the scripts become another user, which takes root'
	all_scripts "$RELEASE_6_12"
}

a_difference_between_transcripts_is_shown() {
	need_guest
	# A box has no such device: its log is a regular file.
	echo 'stat -c %F /dev/kmsg' >differs.sh
	echo 'echo the same; false' >>differs.sh
	status 1 "$transcripts/compare" differs.sh
	out_has '^-character special file$'
	out_has '^\+regular empty file$'
	out_has '^ the same$'
	out_has '^ \[status 1\]$'
}

a_script_that_hangs_is_ended_and_shown() {
	need_guest
	echo 'sleep 1000' >hangs.sh
	status 2 "$transcripts/compare" -t 20 hangs.sh
	err_has 'the transcript of linux has no end'
	status 2 "$transcripts/compare" no-such-script.sh
	status 2 "$transcripts/compare" -k 1.2.3 hangs.sh
	status 2 "$transcripts/compare"
}

run_case "$1"
