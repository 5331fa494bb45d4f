#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Debian's other configurations of each release: cloud, and rt (PREEMPT_RT, where
# spinlocks sleep and softirqs are threads). The same modules do the same there.
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
	build_for "$1" "$work/life" "$modules/life"
	status 0 "${LIFE_TEST:?}" "$work/life" "$1" "$fixtures" "$fixtures/usr/src"
}

machines() { # RELEASE
	local file
	build_for "$1" "$work/machine" "$modules/machine"
	for file in "$work"/machine/*.ko; do
		clean "$file"
		out_has ': ok$'
	done
}

faults() { # RELEASE
	local kind
	build_for "$1" "$work/faults" "$modules/faults/fault_callback.c"
	for kind in timer hrtimer tasklet rcu ipi; do
		status 1 "$RING3" run --headers "$fixtures" --source "$fixtures/usr/src" \
			"$work/faults/fault_callback.ko" kind=$kind
		out_has '1 bad and 1 good$'
		out_has 'preemptible, interrupts on$'
		out_has 'and 1 after it$'
	done
}

samples() { # RELEASE
	build_for "$1" "$work/samples" "$here/../../samples"
	clean "$work/samples/hello.ko" whom=flavours
	out_has 'flavours'
	clean "$work/samples/params.ko" an_int=7
	clean "$work/samples/ledger.ko" + "$work/samples/teller.ko" customers=ada,bob
	clean "$work/samples/locks.ko"
	clean "$work/samples/threads.ko"
}

everything_on() { # RELEASE
	need_fixtures
	[ -d "$fixtures/usr/src/linux-headers-$1" ] || skip "no headers of $1 in $fixtures"
	lives "$1"
	machines "$1"
	samples "$1"
	faults "$1"
}

modules_run_on_the_cloud_kernel_6_1() {
	need_fixtures
	everything_on "${RELEASE_6_1%-amd64}-cloud-amd64"
}

modules_run_on_the_cloud_kernel_6_12() {
	need_fixtures
	everything_on "${RELEASE_6_12%-amd64}-cloud-amd64"
}

modules_run_on_the_rt_kernel_6_1() {
	need_fixtures
	everything_on "${RELEASE_6_1%-amd64}-rt-amd64"
}

modules_run_on_the_rt_kernel_6_12() {
	need_fixtures
	everything_on "${RELEASE_6_12%-amd64}-rt-amd64"
}

run_case "$1"
