#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What the SDK of the 2.4 scheme has for modules, in a box.
. "$(dirname "$0")/lib.sh"

PATH=$(dirname "$RING3"):$PATH
export RING3_KMOD

# Build modules of tests/modules/scheme24 into $work.
build24() {
	local name files=()
	for name in "$@"; do
		files+=("$modules/scheme24/$name.c")
	done
	"$RING3" build --scheme 2.4 -o . "${files[@]}" >build.log 2>&1 || {
		cat build.log >&2
		fail "ring3 build --scheme 2.4 $*"
	}
}
# What a shell in a box of that scheme did; the log goes to ./log.
session() {
	need_clients
	cat >commands
	"$RING3" exec --scheme 2.4 --console log -- sh commands >out 2>err
}
logged() {
	grep -Eq "^\[ *[0-9.]+\] $1\$" log || fail "no line of the log is '$1': $(cat log)"
}

faults_at_user_addresses_are_looked_up_in_the_modules_table() {
	local size
	build24 user_memory
	status 0 "$RING3" run --scheme 2.4 user_memory.o
	for size in 1 2 4 8; do
		out_has "user_memory: $size bytes: 0 0, -2, -14 -14, 0$"
	done
	out_has 'user_memory: -14 -14, 0$'
}

parameters_that_nobody_else_writes_have_the_values_given() {
	build24 parameters
	status 0 "$RING3" run --scheme 2.4 parameters.o
	out_has 'parameters: 42 0 none$'
	status 0 "$RING3" run --scheme 2.4 parameters.o number=1,2,3 text=given
	out_has 'parameters: 1 3 given$'
}

exports_of_every_kind_are_found_by_another_module() {
	build24 exporter importer
	status 0 "$RING3" run --scheme 2.4 exporter.o + importer.o
	out_has 'importer: 2 0 1$'
	"$RING3" build --scheme 2.4 --no-versions -o plain "$modules"/scheme24/{exporter,importer}.c \
		>build.log 2>&1 || fail 'build --no-versions'
	status 0 "$RING3" run --scheme 2.4 plain/exporter.o + plain/importer.o
	out_has 'importer: 2 0 1$'
}

a_kernel_thread_keeps_its_module_in_use() {
	build24 threads
	session <<-'END' || fail "the session: $(cat err)"
		ring3 insmod threads.o rounds=200
		cat /proc/modules
		ring3 rmmod threads && echo 'it went'
		for i in $(seq 100); do
			ring3 rmmod threads 2>/dev/null && exit
			sleep 0.1
		done
		echo 'it did not go'
	END
	out_has '^threads +[0-9]+ +1$'
	out_lacks 'it '
	logged 'threads: 200 rounds, in use: 1'
	logged 'threads: 200, in use: 0'
}

a_module_decides_itself_when_it_may_go() {
	build24 decides
	session <<-'END' || fail "the session: $(cat err)"
		ring3 insmod decides.o
		cat /proc/modules
		ring3 rmmod decides && echo 'it went'
		ring3 rmmod decides && echo 'it went'
		ring3 rmmod decides || echo 'it did not go'
	END
	out_has '^decides +[0-9]+ +-1 \(unused\)$'
	out_lacks 'it '
	logged 'decides: asked, 2 left'
	logged 'decides: asked, 0 left'
}

complaints_name_the_place_in_the_source() {
	build24 decides
	session <<-'END' || true
		ring3 insmod decides.o refusals=0 wrong=1 && ring3 rmmod decides
		ring3 insmod decides.o wrong=2
	END
	logged 'WARNING: at .*decides.c:[0-9]+ decides_init\(\)'
	logged 'kernel BUG at .*decides.c:[0-9]+!'
	logged 'invalid opcode: 0000 \[#1\] .*'
}

run_case "$1"
