#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Debian's other configurations of each release: cloud, and rt (PREEMPT_RT, where
# spinlocks sleep and softirqs are threads). The same modules do the same there.
# Each compiles a kernel of its own for minutes, so that only the one that differs
# most is tried, and all four with RING3_FLAVOURS=all.
. "$(dirname "$0")/lib.sh"

build_for() { # RELEASE DIRECTORY SOURCES
	"$RING3" build --kernel "$1" --headers "$fixtures" -o "$2" "$3" >"$work/out" 2>&1 ||
		fail "ring3 build --kernel $1 $3"
}

# clean [OPTION...] MODULE...: they run, say nothing of a fault, and leave nothing.
clean() {
	status 0 "$RING3" run --headers "$fixtures" --source "$fixtures/usr/src" "$@"
	out_lacks 'WARNING|BUG|Oops|cut here'
	out_has '^ring3: clean: '
}

lives() { # RELEASE
	build_for "$1" "$work/$1/life" "$modules/life"
	status 0 "${LIFE_TEST:?}" "$work/$1/life" "$1" "$fixtures" "$fixtures/usr/src"
}

machines() { # RELEASE
	local file
	build_for "$1" "$work/$1/machine" "$modules/machine"
	for file in "$work/$1"/machine/*.ko; do
		clean "$file"
		out_has ': ok$'
	done
}

faults() { # RELEASE
	local kind
	build_for "$1" "$work/$1/faults" "$modules/faults/fault_callback.c"
	for kind in timer hrtimer tasklet rcu ipi; do
		status 1 "$RING3" run --headers "$fixtures" --source "$fixtures/usr/src" \
			"$work/$1/faults/fault_callback.ko" kind=$kind
		out_has '1 bad and 1 good$'
		out_has 'preemptible, interrupts on$'
		out_has 'and 1 after it$'
	done
}

samples() { # RELEASE
	local folder=$work/$1/samples
	build_for "$1" "$folder" "$here/../../samples"
	clean "$folder/hello.ko" whom=flavours
	out_has 'flavours'
	clean "$folder/params.ko" an_int=7
	clean "$folder/ledger.ko" + "$folder/teller.ko" customers=ada,bob
	clean "$folder/locks.ko"
	clean "$folder/threads.ko"
}

everything_on() { # RELEASE
	[ -d "$fixtures/usr/src/linux-headers-$1" ] || skip "no headers of $1 in $fixtures"
	lives "$1"
	machines "$1"
	samples "$1"
	faults "$1"
}

all_wanted() {
	[ "${RING3_FLAVOURS:-}" = all ]
}

# FLAVOUR
on_both() {
	everything_on "${RELEASE_6_1%-amd64}-$1-amd64"
	everything_on "${RELEASE_6_12%-amd64}-$1-amd64"
}

modules_run_on_the_rt_kernel() {
	need_fixtures
	if all_wanted; then
		on_both rt
	else
		everything_on "${RELEASE_6_1%-amd64}-rt-amd64"
	fi
}

modules_run_on_the_cloud_kernel() {
	need_fixtures
	all_wanted || skip "it compiles a kernel of its own for minutes: RING3_FLAVOURS=all runs it"
	on_both cloud
}

run_case "$1"
