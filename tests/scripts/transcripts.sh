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
	make_tools
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
		"$transcripts"/{kmod,modinfo,params,refused,modprobe,busybox,log,proc,kprobes,calls,tools}.sh
	grep -qx '0 failed' said/linux || fail "module_calls fails on the real kernel"
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
