# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# For tests of ring3-kmod beside Debian's kmod. $RING3_KMOD is the program,
# $FAKE_ROOT_LIBRARY what makes both see a root that the test made.
. "$(dirname "$0")/lib.sh"
PATH=$PATH:/usr/sbin:/sbin

# Tools of both kinds by the same names: theirs/modinfo and ours/modinfo.
both_tools() {
	local tool real
	need kmod
	real=$(readlink -f "$(command -v kmod)")
	mkdir theirs ours
	for tool in insmod rmmod lsmod modinfo modprobe kmod; do
		ln -s "$real" "theirs/$tool"
		ln -s "$RING3_KMOD" "ours/$tool"
	done
}

# What becomes of libkmod's own messages, that begin with a place in its source: sed's command.
libkmod_lines='/libkmod-[a-z]*\.c:/d'

# run WHOSE TOOL ARGUMENT...: output in WHOSE.out, .err, .status; lines that only one has are left
# out: our hints, and, unless libkmod_lines says otherwise, what libkmod says.
run() {
	local whose=$1 got=0
	shift
	PATH=$work/$whose:$PATH "$@" >"$whose.out" 2>"$whose.err" </dev/null || got=$?
	echo "$got" >"$whose.status"
	sed -i "/: HINT: /d; $libkmod_lines" "$whose.err"
}

# Both tools must say the same on both channels, and end alike.
same() {
	local what
	run theirs "$@"
	run ours "$@"
	for what in out err status; do
		diff "theirs.$what" "ours.$what" >&2 || fail "'$*' differs from kmod's in its $what"
	done
}

# In a root of the test's own: $work/root, release 1.2.3, see tests/programs/fake_root.c.
fake() {
	mkdir -p root/lib/modules/1.2.3 root/proc root/sys/module
	printf '#!/bin/sh\nFAKE_ROOT=%s FAKE_RELEASE=1.2.3 FAKE_LOG=%s LD_PRELOAD=%s exec "$@"\n' \
		"$work/root" "$work/calls" "$FAKE_ROOT_LIBRARY" >fake
	chmod +x fake
}

# same_calls TOOL ARGUMENT...: the same, in that root, and the same module system calls.
same_calls() {
	local what
	: >calls
	run theirs "$work/fake" "$@"
	mv calls theirs.calls
	: >calls
	run ours "$work/fake" "$@"
	for what in out err status; do
		diff "theirs.$what" "ours.$what" >&2 || fail "'$*' differs from kmod's in its $what"
	done
	diff theirs.calls calls >&2 || fail "'$*' calls the kernel otherwise than kmod"
}

# same_in_a_box [OPTION...]: ./script, in a box of each, says the same, but for our hints.
same_in_a_box() {
	local whose
	for whose in theirs ours; do
		PATH=$work/$whose:$PATH "$RING3" exec --loglevel 0 --console /dev/null "$@" -- sh script \
			>"$whose.out" 2>&1 || true
		sed -i '/: HINT: /d; /libkmod-[a-z]*\.c:/d' "$whose.out"
	done
	diff theirs.out ours.out >&2 || fail 'a line differs'
}

# loaded NAME REFERENCES HOLDER...: a module in that root.
loaded() {
	local directory=root/sys/module/$1 holder
	mkdir -p "$directory/holders"
	echo live >"$directory/initstate"
	echo "$2" >"$directory/refcnt"
	echo 16384 >"$directory/coresize"
	for holder in "${@:3}"; do
		: >"$directory/holders/$holder"
	done
	echo "$1 16384 $2 - Live 0x0" >>root/proc/modules
}

# A tree that Debian's depmod knows, and names and aliases of all kinds that are in it, or are not.
known_tree() {
	directory=tree/lib/modules/$RELEASE_6_1
	mkdir -p "$directory"
	ln -s "$fixtures/lib/modules/$RELEASE_6_1/kernel" "$directory/kernel"
	cp "$fixtures/lib/modules/$RELEASE_6_1"/modules.* "$directory"
	depmod -b tree "$RELEASE_6_1"
	{
		awk -F: 'NR % 40 == 1 { sub(/.*\//, "", $1); sub(/\.ko.*/, "", $1); print $1 }' \
			"$directory/modules.dep"
		awk 'NR % 400 == 2 { gsub(/\*/, "x", $2); print $2 }' "$directory/modules.alias"
		awk 'NR % 500 == 3 { print $2 }' "$directory/modules.symbols"
		awk 'NR % 20 == 1 { sub(/.*\//, ""); sub(/\.ko.*/, ""); print }' "$directory/modules.builtin"
		printf '%s\n' nosuch 'un[matched' 'un]matched' symbol:nosuch fs-ext4 ./ext4 ext4.ko
	} >names
}
