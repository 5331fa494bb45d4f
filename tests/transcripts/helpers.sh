# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What the lines of a transcript's script may use besides programs.

# shellcheck disable=SC2034 # of the scripts
newline='
'

# module_files NAME: everything in /sys/module/NAME: modes, links, checksums of notes, contents.
module_files() {
	(
		cd "/sys/module/$1" || exit
		find . -printf '%M %p %l\n' | sort -k 2
		cksum notes/*
		grep -r --exclude-dir=notes '' . 2>&1 | sort
	)
}

# symbols_of NAME: its lines of /proc/kallsyms without addresses.
symbols_of() {
	grep "\[$1\]$" /proc/kallsyms | sed 's/^[0-9a-f]*/ADDRESS/' | sort
}

# until_state MODULE STATE: wait until it is in its init ("coming") or exit ("going").
until_state() {
	until grep -qsx "$2" "/sys/module/$1/initstate"; do
		busybox usleep 20000
	done
}

# until_unused MODULE: who registers with crypto is held for a moment, by who tests it.
until_unused() {
	until grep -qsx 0 "/sys/module/$1/refcnt"; do
		busybox usleep 20000
	done
}

# written PARAMETER-FILE VALUE: write the value, tell errors, show what is there now.
written() {
	status=0
	printf '%s' "$2" >"$1" || status=$?
	cat "$1"
	return "$status"
}

# bytes_at FILE OFFSET ESCAPES: write over some bytes of a file.
bytes_at() {
	# shellcheck disable=SC2059 # the format is the bytes
	printf "$3" | dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}

# retag FILE OLD NEW: write NEW over OLD in a module's text, with null bytes up to OLD's length.
retag() {
	new=$3
	missing=$((${#2} - ${#3}))
	while [ "$missing" -gt 0 ]; do
		new="$new\\x00"
		missing=$((missing - 1))
	done
	sed -i "s/$2/$new/" "$1"
}
