#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The machine under Linux's own code: threads, interrupts, time, RCU and what
# waits. Each module of tests/modules/machine checks in init what it promises,
# says "ok" if all of it holds, and leaves nothing behind.
. "$(dirname "$0")/lib.sh"

releases() {
	need_fixtures
	echo "$RELEASE_6_1" "$RELEASE_6_12"
}

# keeps MODULE: its promise holds on every release, however many vCPUs there are.
keeps() {
	local name=$1 release cpus
	for release in $(releases); do
		"$RING3" build --kernel "$release" --headers "$fixtures" -o "$work/$release" \
			"$modules/machine/$name.c" >"$work/out" 2>&1 || fail "ring3 build --kernel $release"
		for cpus in 1 2 4; do
			status 0 "$RING3" run --headers "$fixtures" --source "$fixtures/usr/src" \
				--cpus "$cpus" "$work/$release/$name.ko"
			out_has " $name: ok\$"
			out_lacks 'WARNING|BUG|Oops|cut here'
			out_has '^ring3: clean: 1 module loaded and unloaded'
		done
	done
}

kthreads_run_at_once_and_return_their_result_when_stopped() {
	keeps machine_kthread
}

wait_queues_time_out_and_locks_exclude_under_contention() {
	keeps machine_wait
}

timers_fire_when_due_and_sleeps_last_long_enough() {
	keeps machine_timer
}

interrupts_come_where_they_are_on_and_only_there() {
	keeps machine_irq
}

tasklets_and_cross_calls_run_where_and_when_they_should() {
	keeps machine_softirq
}

grace_periods_wait_for_readers_of_every_kind() {
	keeps machine_rcu
}

work_runs_in_workers_on_the_cpu_asked_for() {
	keeps machine_work
}

threads_go_where_a_new_affinity_sends_them() {
	keeps machine_affinity
}

vector_registers_keep_their_values_over_calls() {
	keeps machine_vector
}

run_case "$1"
