#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# ring3 probe, and the files of kprobes in a box of the builtin target.
# shellcheck disable=SC2016 # specs have dollars of their own
. "$(dirname "$0")/lib.sh"

# The samples ledger and teller into $work.
build_samples() {
	"$RING3" build -w -o "$work" "$here/../../samples/ledger.c" "$here/../../samples/teller.c" \
		>"$work/build.log" 2>&1 || fail 'ring3 build'
}

build_probee() {
	"$RING3" build -w -o "$work" "$modules/transcripts/probee.c" "$modules/transcripts/prober.c" \
		>"$work/build.log" 2>&1 || fail 'ring3 build'
}

each_hit_is_told_with_task_place_and_arguments() {
	need_clients
	build_samples
	status 0 "$RING3" probe 'p:post ledger:ledger_post amount=$arg2:s64 owner=+16($arg1):string $comm' \
		'r:posted ledger:ledger_post error=$retval:s32' -- \
		sh -c 'insmod ledger.ko; insmod teller.ko; rmmod teller; rmmod ledger'
	err_has '^\[ *[0-9]+\.[0-9]{6}\] insmod-[0-9]+ \[00[01]\] post: \(ledger_post\+0x0/0x[0-9a-f]+ \[ledger\]\) amount=100 owner="ada" arg3="insmod"$'
	err_has ' post: .* amount=-30 owner="ada"'
	err_has ' posted: \(teller_init\+0x[0-9a-f]+/0x[0-9a-f]+ \[teller\] <- ledger_post\) error=0$'
	err_has ' posted: \(teller_serve\+0x.* <- ledger_post\) error=-122$'
	[ "$(grep -c ' post: ' err)" = 3 ] || fail 'there are other hits'
	err_has '^ring3: clean: 2 modules loaded and unloaded'
}

a_probe_waits_for_its_module_and_is_there_before_init() {
	need_clients
	build_probee
	status 0 "$RING3" probe 'p:early probee:probee_early %di:s32' 'p:add probee:probee_add %di:s32' \
		-- sh -c 'insmod probee.ko; rmmod probee; insmod probee.ko; rmmod probee'
	[ "$(grep -c ' early: (probee_early+0x0/0x[0-9a-f]* \[probee\]) arg1=1$' err)" = 2 ] ||
		fail 'init is not seen each time'
	[ "$(grep -c ' add: ' err)" = 4 ] || fail 'init and exit are not seen each time'
	status 0 "$RING3" probe 'p probee:probee_add' -- insmod probee.ko
	err_has 'rmmod|ring3.* p_probee_probee_add_0: ' # unloaded at the end
	status 1 "$RING3" probe 'p probee:probee_add' 'p probee:no_such_function' -- insmod probee.ko
	err_has '^ring3: p probee:no_such_function: never planted'
	err_has 'trace_kprobe: Failed to re-register probe p_probee_no_such_function_0 on probee: -2$'
	status 1 "$RING3" probe 'p probee:probee_add' -- true
	err_has '^ring3: p probee:probee_add: never planted'
}

counts_are_a_table_at_the_end() {
	need_clients
	build_probee
	status 0 "$RING3" probe -c 'p:add probee:probee_add' 'r1:down probee:probee_down' -- \
		sh -c 'insmod probee.ko; echo >/sys/module/probee/parameters/call'
	err_has '^PROBE +HITS +MISSED$'
	err_has '^add +5 +0$'
	err_has '^down +1 +3$' # it calls itself three times
	! grep -q ' add: ' err || fail 'hits are told as well'
}

json_has_every_hit_and_the_counts() {
	need_clients
	build_samples
	status 0 "$RING3" probe --json 'p:post ledger:ledger_post amount=$arg2:s64 owner=+16($arg1):string' \
		'r ledger:ledger_post' -- sh -c 'insmod ledger.ko; insmod teller.ko'
	json_has '.clean and (.hits | length) == 6'
	json_has '[.hits[] | select(.probe == "post") | .arguments.amount] == ["100", "-30", "-1000"]'
	json_has '.hits[0] | .arguments.owner == "\"ada\"" and .comm == "insmod" and .cpu >= 0 and .pid > 0'
	json_has '.hits[0].text | test("^post: \\(ledger_post\\+0x0/0x[0-9a-f]+ \\[ledger\\]\\) amount=100 owner=\"ada\"$")'
	json_has '.hits[1].return_address | test("^0x[0-9a-f]+$")'
	json_has '.probes[0] == {"spec": "p:post ledger:ledger_post amount=$arg2:s64 owner=+16($arg1):string",
		"name": "post", "hits": 3, "missed": 0, "planted": 1}'
	json_has '.probes[1].name == "r_ledger_ledger_post_0" and .probes[1].hits == 3'
}

a_bad_spec_is_wrong_usage() {
	status 2 "$RING3" probe 'p:x func a=%foo' -- true
	diff err - <<-'END' >&2 || fail 'the place is not marked'
		ring3 probe: Invalid register name
		  p:x func a=%foo
		             ^
		Try 'ring3 probe --help'.
	END
	status 2 "$RING3" probe 'q func' -- true
	status 2 "$RING3" probe 'r func+4' -- true
	status 2 "$RING3" probe -- true
	status 2 "$RING3" probe 'p func'
	err_has "which command, after '--'"
	status 2 "$RING3" probe --name box 'p func' -- true
}

what_cannot_be_probed_is_told() {
	need_clients
	build_probee
	status 1 "$RING3" probe 'p:x no_such_function' -- true
	err_has '^ring3: Invalid probed address or symbol$'
	err_has '^  p:x no_such_function$'
	err_has '^      \^$'
	status 1 "$RING3" probe 'p kallsyms_lookup_name+1' -- true
	err_has '^ring3: Probe point is not an instruction boundary$'
	status 1 "$RING3" probe 'p get_kprobe' -- true
	err_has '^ring3: Failed to register probe event: Invalid argument$'
	status 1 "$RING3" probe 'p kallsyms_lookup_name d=@no_such_data' -- true
	err_has '^ring3: There is no such symbol$'
	err_has '^                           \^$'
	status 1 "$RING3" probe 'p:x kallsyms_lookup_name' 'r:x flush_tlb_all' -- true
	err_has '^ring3: Probe type is different from existing probe$'
	status 1 "$RING3" probe 'p:x kallsyms_lookup_name %di' 'p:x flush_tlb_all %di:u8' -- true
	err_has '^ring3: Argument type or name is different from existing probe$'
	status 1 "$RING3" probe 'p:x kallsyms_lookup_name %di' 'p:x kallsyms_lookup_name %di' -- true
	err_has '^ring3: There is already the exact same probe event$'
	status 0 "$RING3" probe 'p:x kallsyms_lookup_name %di' 'p:x kallsyms_lookup_name %si' -- true
}

each_change_of_the_code_is_told() {
	need_clients
	build_probee
	status 0 "$RING3" probe -v 'p probee:probee_add+5' 'p probee:probee_outer' -- \
		sh -c 'insmod probee.ko; until grep -q OPTIMIZED /sys/kernel/debug/kprobes/list; do sleep 0.02; done
			rmmod probee'
	local at='probe +probee_add\+0x5/0x[0-9a-f]+ \[probee\]:'
	err_has "$at 55 is \`push %rbp'\$"
	err_has "$at detour at 0x[0-9a-f]{8}, [0-9]+ bytes\$"
	err_has "$at copied to 0x[0-9a-f]{8}: 55\$"
	err_has "$at 55 becomes cc \(int3\)\$"
	err_has "$at cc [0-9a-f ]{11} becomes e9 [0-9a-f ]{11} \(jmp 0x[0-9a-fA-F]+\)\$"
	err_has "$at e9 [0-9a-f ]{11} becomes 55 [0-9a-f ]{11} \(push %rbp\)\$"
	err_has 'probee_outer\+0x0/.*: 0f 1f 44 00 00 becomes e8 [0-9a-f ]{11} \(call '
}

the_commands_exit_status_is_kept() {
	need_clients
	status 7 "$RING3" probe 'p flush_tlb_all' -- sh -c 'exit 7'
	status 127 "$RING3" probe 'p flush_tlb_all' -- no-such-command
}

an_interrupt_ends_it_cleanly() {
	need_clients
	local got=0
	set -m
	"$RING3" probe -c 'p flush_tlb_all' -- sh -c 'echo >ready; exec sleep 60' >out 2>err &
	until [ -e ready ]; do sleep 0.05; done
	kill -INT -- -$!
	wait $! || got=$?
	[ "$got" = 130 ] || fail "it ended with $got"
	err_has '^p_flush_tlb_all_0 +0 +0$'
	err_has '^ring3: clean: '
}

text_of_a_module_does_not_steer_the_terminal() {
	need_clients
	build_probee
	status 0 "$RING3" probe 'p probee:call text=+0($arg1):string' -- \
		sh -c 'insmod probee.ko; printf "\033[31mred\n" >/sys/module/probee/parameters/call'
	err_has ' text="\\x1b\[31mred\\x0a"$'
}

code_that_a_file_runs_is_its_writers() {
	need_clients
	need busybox
	build_probee
	status 0 "$RING3" probe 'p probee:call $comm' -- \
		sh -c 'insmod probee.ko; echo | busybox tee /sys/module/probee/parameters/call
			echo >/sys/module/probee/parameters/call'
	err_has ' busybox-[0-9]+ .* arg1="busybox"$'
	err_has ' sh-[0-9]+ .* arg1="sh"$'
}

debugfs_lists_probes_and_switches_them() {
	need_clients
	build_probee
	cat >script <<-'END'
		cd /sys/kernel/debug/kprobes
		insmod "$OLDPWD/probee.ko"
		insmod "$OLDPWD/prober.ko"
		order() { busybox echo "$2" >"/sys/module/prober/parameters/$1"; }
		call() { echo >/sys/module/probee/parameters/call; }
		order plant '0 p probee_add 0'
		order plant '1 d probee_outer 0'
		order plant '2 r probee_down 0'
		order plant '3 p probee_add 5'
		until grep -q OPTIMIZED list; do sleep 0.02; done
		sed 's/^[0-9a-f]*/ADDRESS/' list | sort
		echo 0 >/proc/sys/debug/kprobes-optimization
		grep -c OPTIMIZED list
		echo 0 >enabled
		cat enabled
		call
		echo Y >enabled
		cat enabled /proc/sys/debug/kprobes-optimization
		grep probee blacklist | sed 's/0x[0-9a-f]*/ADDRESS/g'
		grep -c kprobe_insn_page /proc/kallsyms
		rmmod prober
		cat list
		rmmod probee
	END
	need busybox
	status 0 "$RING3" exec --console console -- sh script
	cat >wanted <<-'END'
		ADDRESS  k  probee_add+0x0  probee [FTRACE]
		ADDRESS  k  probee_add+0x5  probee [OPTIMIZED]
		ADDRESS  k  probee_outer+0x0  probee [DISABLED][FTRACE]
		ADDRESS  r  probee_down+0x0  probee [FTRACE]
		0
		0
		1
		0
		ADDRESS-ADDRESS	probee_forbidden [probee]
		1
	END
	diff wanted out >&2 || fail 'the files differ'
	! grep -q 'prober: [0-9]: ip' console || fail 'a probe that is off was hit'
}

run_case "$1"
