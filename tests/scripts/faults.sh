#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Faults of modules: what is logged, line by line as Linux 6.1 logs it, and
# that the box lives on. Every case runs on the built-in target, and on Linux's
# where its headers are installed.
. "$(dirname "$0")/lib.sh"

# The log without its times; what varies from run to run is masked.
mask() {
	sed -E -e 's/^\[ *[0-9]+\.[0-9]+\] //' \
		-e 's/^Code:( [0-9a-f]{2}){42} <[0-9a-f]{2}>( [0-9a-f]{2}){21}$/Code: 42 <BYTE> 21/' \
		-e '/^(R..|R[0-9]+|FS|RSP):/s/[0-9a-f]{16}/ADDRESS/g' \
		-e '/^CR2: .*CR3/s/[0-9a-f]{16}/ADDRESS/g' \
		-e 's/EFLAGS: [0-9a-f]{8}/EFLAGS: FLAGS/' \
		-e 's/\+0x[0-9a-f]+\/0x[0-9a-f]+/+OFFSET/g' \
		-e 's/^CPU: [0-9]+ (UID: 0 )?PID: [0-9]+ Comm: [^ ]+/CPU: N \1PID: N Comm: NAME/' \
		-e 's/CPU: [0-9]+ PID: [0-9]+ at .*:[0-9]+/CPU: N PID: N at FILE:LINE/'
}

# What the box logged from the line that matches $1 to the one that matches $2.
report() {
	grep '^\[ *[0-9]' "$work/out" | mask | sed -n "/$1/,/$2/p"
}

linux_release() {
	local release
	for release in 6.1.0-*-amd64 6.12.*-amd64; do
		[ -d "/usr/src/linux-headers-$release" ] && echo "$release" && return
	done
	for release in /usr/src/linux-headers-*-amd64; do
		case $release in
		*-rt-* | *-cloud-*) ;;
		*/linux-headers-6.1.*) echo "${release#/usr/src/linux-headers-}" && return ;;
		esac
	done
	return 1
}

# Build the modules named for the target $1: "builtin" or a release.
build_for() {
	local target=$1 name sources=()
	shift
	for name in "$@"; do
		sources+=("$modules/faults/$name.c")
	done
	[ "$target" = builtin ] || set -- --kernel "$target"
	[ "$target" = builtin ] && set --
	"$RING3" build -w "$@" -o "$work" "${sources[@]}" >"$work/build.log" 2>&1 || {
		cat "$work/build.log" >&2
		fail "ring3 build for $target"
	}
}

# each_target FUNCTION MODULE...: build the modules for each target and run the checks.
each_target() {
	local checks=$1 release
	shift
	build_for builtin "$@"
	"$checks" builtin
	if release=$(linux_release); then
		build_for "$release" "$@"
		"$checks" "$release"
	fi
}

run_fault() {
	status 1 "$RING3" run faults.ko "$@"
}

# The lines of a report below its first ones, of a module in init.
body_of_report() {
	cat <<END
RIP: 0010:$1+OFFSET [faults]
Code: 42 <BYTE> 21
RSP: 0018:ADDRESS EFLAGS: FLAGS
RAX: ADDRESS RBX: ADDRESS RCX: ADDRESS
RDX: ADDRESS RSI: ADDRESS RDI: ADDRESS
RBP: ADDRESS R08: ADDRESS R09: ADDRESS
R10: ADDRESS R11: ADDRESS R12: ADDRESS
R13: ADDRESS R14: ADDRESS R15: ADDRESS
FS:  ADDRESS(0000) GS:ADDRESS(0000) knlGS:ADDRESS
CS:  0010 DS: 0000 ES: 0000 CR0: 0000000080050033
CR2: ADDRESS CR3: ADDRESS CR4: ADDRESS
END
}

expect_report() {
	report "$1" "$2" | sed -e '/<TASK>/,/<\/TASK>/{/TASK>/!d}' >got
	diff -u wanted got >&2 || fail "the report is not as Linux's"
}

a_null_pointer_is_reported_line_by_line_as_linux_6_1_does() {
	local release tainted
	release=$(linux_release) || skip "no headers of a Linux release"
	case $release in 6.1.*) ;; *) skip "no headers of Linux 6.1" ;; esac
	build_for "$release" faults
	run_fault kind=null-write
	tainted=$(grep -o '#1  Debian [^ ]*' out | head -1)
	{
		cat <<END
BUG: kernel NULL pointer dereference, address: 0000000000000008
#PF: supervisor write access in kernel mode
#PF: error_code(0x0002) - not-present page
PGD 0 P4D 0 
Oops: 0002 [#1] PREEMPT SMP NOPTI
CPU: N PID: N Comm: NAME Tainted: G           OE      $release $tainted
Hardware name: ring3
END
		body_of_report null_write
		cat <<END
Call Trace:
 <TASK>
 </TASK>
Modules linked in: faults(OE+)
CR2: 0000000000000008
---[ end trace 0000000000000000 ]---
END
		body_of_report null_write
	} >wanted
	expect_report '^BUG:' '^there is no such line'
	# from the module's own unwind data: who called whom
	printf ' %s+OFFSET [faults]\n' run_kind faults_init >wanted
	report 'Call Trace' '<.TASK>' | sed -n 3,4p | diff -u wanted - >&2 || fail 'the call trace'
}

check_null() {
	run_fault kind=null-write
	out_has 'BUG: kernel NULL pointer dereference, address: 0000000000000008$'
	out_has '#PF: supervisor write access in kernel mode$'
	out_has ' run_kind\+0x[0-9a-f]+/0x[0-9a-f]+ \[faults\]$'
	out_has ' faults_init\+0x[0-9a-f]+/0x[0-9a-f]+ \[faults\]$'
	out_has 'Modules linked in: faults\((O|OE)\+\)$'
	out_lacks 'is survived'
	run_fault kind=null-read
	out_has '#PF: supervisor read access in kernel mode$'
	out_has 'RIP: 0010:null_read\+'
}

a_null_pointer_ends_init_and_is_traced_to_its_callers() {
	each_target check_null faults
}

check_wild() {
	run_fault kind=wild-read
	out_has 'BUG: unable to handle page fault for address: 0000123456789000$'
	out_has '#PF: error_code\(0x0000\) - not-present page$'
	run_fault kind=kernel-half-read
	out_has 'BUG: unable to handle page fault for address: ffff888000000000$'
	out_has '#PF: error_code\(0x0000\) - not-present page$'
	run_fault kind=not-canonical
	out_has 'general protection fault, probably for non-canonical address 0xdead000000000100: 0000'
	run_fault kind=write-constant
	out_has '#PF: supervisor write access in kernel mode$'
	out_has '#PF: error_code\(0x0003\) - permissions violation$'
}

wild_pointers_and_writes_to_read_only_data_are_told_apart() {
	each_target check_wild faults
}

check_jumps() {
	run_fault kind=call-null
	out_has '#PF: supervisor instruction fetch in kernel mode$'
	out_has '#PF: error_code\(0x0010\) - not-present page$'
	out_has 'RIP: 0010:0x0$'
	out_has 'Code: Unable to access opcode bytes at 0xffffffffffffffd6\.$'
	out_has ' call_null\+0x'
	run_fault kind=call-data
	out_has 'kernel tried to execute NX-protected page - exploit attempt'
	out_has ' call_data\+0x'
}

calls_to_nowhere_are_traced_to_their_caller() {
	each_target check_jumps faults
}

check_arithmetic() {
	run_fault kind=divide
	out_has 'divide error: 0000 \[#1\]'
	run_fault kind=ud2
	out_has 'invalid opcode: 0000 \[#1\]'
	run_fault kind=int3
	out_has 'int3: 0000 \[#1\]'
}

division_by_zero_and_bad_instructions_have_their_names() {
	each_target check_arithmetic faults
}

check_privileged() {
	local pair
	for pair in hlt:hlt cli:cli in:in mov-cr:mov wrmsr:wrmsr; do
		run_fault kind="${pair%:*}"
		out_has "ring3: privileged instruction \`${pair#*:}' at "
		out_has 'general protection fault: 0000 \[#1\]'
	done
}

privileged_instructions_are_named() {
	each_target check_privileged faults
}

check_overflow() {
	run_fault kind=overflow
	out_has 'BUG: TASK stack guard page was hit at [0-9a-f]{16} \(stack is '
	out_has 'stack guard page: 0000 \[#1\]'
	out_has ' recurse\+0x'
}

a_stack_overflow_hits_the_guard_page() {
	each_target check_overflow faults
}

check_bug() {
	run_fault kind=bug
	in_order 'cut here' 'kernel BUG at .*faults.c:[0-9]+!'
	in_order 'kernel BUG at' 'invalid opcode: 0000 \[#1\]'
	out_has 'RIP: 0010:bug\+0x'
}

bug_names_its_line() {
	each_target check_bug faults
}

check_warnings() {
	run_fault kind=warn
	[ "$(grep -c 'cut here' out)" = 2 ] || fail 'not two warnings'
	in_order 'faults: a warning 42' 'WARNING: CPU: '
	out_has 'WARNING: CPU: [0-9]+ PID: [0-9]+ at .*faults.c:[0-9]+ warn\+0x[0-9a-f]+/0x[0-9a-f]+ \[faults\]$'
	in_order 'end trace' 'after the warnings'
	out_has 'warn is survived'
	out_lacks 'Oops|invalid opcode'
	run_fault kind=warn-once
	[ "$(grep -c 'cut here' out)" = 1 ] || fail 'WARN_ON_ONCE warned not once'
	out_has 'warn-once is survived'
}

warnings_are_reported_and_survived() {
	each_target check_warnings faults
}

check_dump() {
	status 0 "$RING3" run faults.ko kind=dump
	in_order 'CPU: [0-9]+ PID' 'Call Trace:'
	out_has '^.{15} dump\+0x[0-9a-f]+/0x[0-9a-f]+ \[faults\]$'
}

dump_stack_shows_the_way_to_it() {
	each_target check_dump faults
}

check_exit() {
	run_fault kind=null-write where=exit
	out_has 'RIP: 0010:null_write\+'
	out_has ' faults_exit\+0x'
	out_has 'Modules linked in: faults\((O|OE)-\)$'
}

an_oops_in_exit_leaves_the_box_alive() {
	each_target check_exit faults
}

check_timer() {
	status 1 "$RING3" run fault_timer.ko
	out_has 'RIP: 0010:bad_function\+0x'
	in_order '<IRQ>' '</IRQ>'
	out_has 'fault_timer: the other timer has fired|the other timer has fired'
}

an_oops_in_a_timer_ends_only_the_interrupt() {
	each_target check_timer fault_timer
}

check_callback() {
	local kind busy
	for kind in timer hrtimer tasklet rcu ipi; do
		for busy in 0 1; do
			status 1 timeout 60 "$RING3" run fault_callback.ko kind=$kind busy=$busy
			[ "$(grep -c '^\[.*BUG: kernel NULL pointer' out)" = 1 ] || fail "$kind: not one oops"
			out_has '1 bad and 1 good$'
			out_has 'preemptible, interrupts on$'
			out_has 'and 1 after it$'
			out_has 'gone$'
		done
	done
}

an_oops_in_a_callback_leaves_all_around_it_as_it_was() {
	each_target check_callback fault_callback
}

check_thread() {
	status 1 "$RING3" run fault_thread.ko
	out_has 'PID: [0-9]+ Comm: fault-thread '
	out_has 'RIP: 0010:thread_function\+0x'
	out_has 'init goes on'
	out_lacks 'is still there'
}

an_oops_in_a_thread_ends_the_thread() {
	each_target check_thread fault_thread
}

run_case "$@"
