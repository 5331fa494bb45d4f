#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Programs in a box: ring3 exec, shell, and run with a command.
. "$(dirname "$0")/lib.sh"

quietly() {
	"$RING3" exec --loglevel 0 --console "$work/console" "$@"
}

# A program that checks a rule as a client: it must hold, and leave nothing.
holds() {
	quietly -- "$@" >out 2>err || fail 'the rule does not hold'
	grep -q '^ring3: clean' console || fail 'something is left'
}

kmods_tools_work_in_a_box() {
	need_clients
	need insmod
	build greets low middle
	cat >script <<-'END'
		insmod greets.ko count=3 'whom="my friend"' && echo loaded
		lsmod
		insmod greets.ko
		insmod low.ko
		insmod middle.ko
		lsmod | tail -n +2
		rmmod low
		rmmod middle low greets && echo unloaded
		rmmod greets
		lsmod
	END
	quietly -- sh script >out 2>&1 || true
	cat >wanted <<-'END'
		loaded
		Module                  Size  Used by
		greets                 16384  0
		insmod: ERROR: could not insert module greets.ko: File exists
		middle                 16384  0
		low                    16384  1 middle
		greets                 16384  0
		rmmod: ERROR: Module low is in use by: middle
		unloaded
		rmmod: ERROR: Module greets is not currently loaded
		Module                  Size  Used by
	END
	diff wanted out >&2 || fail 'the transcript differs'
	grep -q '^ring3: clean: 3 modules loaded and unloaded' console || fail 'the report counts them'
}

busyboxs_tools_work_in_a_box() {
	need_clients
	need busybox
	build greets low middle
	cat >script <<-'END'
		busybox insmod greets.ko count=3 && echo loaded
		busybox insmod greets.ko
		busybox insmod low.ko
		busybox insmod middle.ko
		busybox lsmod | tail -n +2
		busybox rmmod low
		busybox rmmod middle low greets && echo unloaded
		busybox lsmod | tail -n +2
	END
	quietly -- busybox sh script >out 2>&1 || true
	cat >wanted <<-'END'
		loaded
		insmod: can't insert 'greets.ko': File exists
		middle                 16384  0
		low                    16384  1 middle
		greets                 16384  0
		rmmod: can't unload module 'low': Resource temporarily unavailable
		unloaded
	END
	sed -i 's/ *$//' out
	diff wanted out >&2 || fail 'the transcript differs'
}

modprobe_takes_modules_and_dependencies_from_modules_dir() {
	need_clients
	need modprobe
	build low middle high
	make_tree
	cat >script <<-'END'
		ls "/lib/modules/$(uname -r)"
		modprobe high && lsmod | tail -n +2
		modprobe --show-depends high
		modinfo -F depends high
		modprobe -r high
		modprobe no_such_module
	END
	quietly --modules-dir "$dir" -- sh script >out 2>&1 || true
	out_has '^middle +16384 +1 high$'
	out_has "^insmod /lib/modules/$release/high.ko"
	out_has '^middle,low$'
	out_has "^modprobe: FATAL: Module no_such_module not found in directory /lib/modules/$release$"
}

without_unloading_programs_see_no_reference_counts() {
	need_clients
	need insmod
	build low
	quietly --no-unload -- sh -c 'insmod low.ko; cat /sys/module/low/initstate; cat /proc/modules
		ls /sys/module/low | grep refcnt; rmmod low' >out 2>err && fail 'rmmod has ended with status 0'
	out_has '^live$'
	out_has '^low 16384 - - Live 0x'
	out_lacks '^refcnt'
	err_has '^rmmod: ERROR: Module unloading is not supported$'
	grep -q '^ring3: clean: 1 module loaded, 1 left, since this box never unloads' console ||
		fail 'the report does not tell what stays'
}

modules_disabled_keeps_what_is_loaded() {
	need_clients
	need insmod
	build low middle
	status 0 quietly -- sh -c 'insmod low.ko; insmod middle.ko; echo 1 >/proc/sys/kernel/modules_disabled
		! rmmod middle'
	grep -q '^ring3: clean: 2 modules loaded, 2 left, since kernel.modules_disabled is set' console ||
		fail 'the report does not tell what stays'
}

a_tree_that_depmod_has_not_read_is_told() {
	need_clients
	need modprobe
	build low
	make_tree
	rm "$dir"/modules.*
	status 1 quietly --modules-dir "$dir" -- modprobe low
	err_has "^ring3: $dir has no modules.dep: modprobe will find nothing there"
	status 0 quietly -- true
	[ ! -s err ] || fail 'it is said of a folder that nobody named'
}

request_module_runs_the_boxs_modprobe() {
	need_clients
	need modprobe
	build_life life_request life_noinit
	make_tree
	quietly --modules-dir "$dir" -- sh -c \
		'modprobe life_request; dmesg | grep found; lsmod; rmmod life_noinit life_request' >out 2>&1
	out_has 'life_request: found 0, missing 256$'
	out_has '^life_noinit '
	# shellcheck disable=SC2016 # the program expands it
	printf '#!/bin/sh\necho "$@" >>%s/asked\n' "$work" >fake
	chmod 755 fake
	# shellcheck disable=SC2016 # the box's shell expands it
	quietly --modules-dir "$dir" -- sh -c 'echo "$PWD/fake" >/proc/sys/kernel/modprobe
		insmod life_request.ko; rmmod life_request' >out 2>&1
	grep -qx -- '-q -- life_no_such_module' asked || fail 'the program in modprobe was not run'
}

# crc-itu-t on Debian's release $1, where lsmod shows size $2.
on_debians() {
	need_clients
	cat >script <<-'END'
		uname -r; uname -v
		modprobe crc-itu-t && lsmod | grep crc_itu_t
		cat /sys/module/crc_itu_t/initstate
		modprobe -r crc-itu-t && ! grep crc_itu_t /proc/modules
	END
	release=$1
	mkdir -p "tree/lib/modules/$release/kernel/lib"
	cp "$fixtures/lib/modules/$release/kernel/lib/"crc-itu-t.ko* "tree/lib/modules/$release/kernel/lib"
	PATH=$PATH:/sbin:/usr/sbin depmod -b tree "$release" 2>/dev/null
	status 0 "$RING3" exec -k "$release" --headers "$fixtures" --source "$fixtures/usr/src" \
		--modules-dir tree -- sh script
	[ "$(head -1 out)" = "$release" ] || fail 'uname tells something else'
	out_has "^crc_itu_t +$2 +0\$"
	out_has '^live$'
	out_has "^#1 SMP PREEMPT_DYNAMIC Debian ${release%%[-.+]*}\.[0-9]"
}

# Sizes are those that lsmod shows on these kernels.
debians_module_loads_on_its_own_kernel_6_1() {
	need_fixtures
	on_debians "$RELEASE_6_1" 16384
}

debians_module_loads_on_its_own_kernel_6_12() {
	need_fixtures
	on_debians "$RELEASE_6_12" 12288
}

every_system_call_gives_linuxs_errno() {
	need_clients
	build low middle permanent clings
	"$RING3" build -w -o "$work" "$modules"/transcripts/waits{,_user}.c >build.log 2>&1 ||
		fail 'ring3 build waits'
	quietly -- "$MODULE_CALLS" "$work" box >out 2>err || fail 'a rule does not hold'
	out_lacks FAILED
}

the_commands_status_wins_if_it_is_not_0() {
	need_clients
	build greets clings
	status 7 "$RING3" exec -- sh -c 'exit 7'
	status 143 "$RING3" exec -- sh -c 'kill -TERM $$'
	status 127 "$RING3" exec -- no-such-command
	status 0 "$RING3" run greets.ko -- true
	err_has 'ring3: clean: 1 module loaded and unloaded'
	status 0 "$RING3" run greets.ko -- rmmod greets
	err_has 'ring3: clean: 1 module loaded and unloaded'
	status 3 "$RING3" run greets.ko -- sh -c 'exit 3'
	status 1 "$RING3" run clings.ko -- true
	status 1 "$RING3" exec -- insmod clings.ko
	err_has '^  clings: not unloaded: it is in use$'
	status 2 "$RING3" exec
	status 2 "$RING3" run greets.ko --
}

output_is_the_commands_and_the_log_goes_elsewhere() {
	need_clients
	build greets
	status 0 "$RING3" run greets.ko count=2 -- cat /sys/module/greets/parameters/count
	[ "$(cat out)" = 2 ] || fail 'there is more than the command wrote'
	err_has 'greets: hello world, 2 times'
	status 0 "$RING3" run --console log greets.ko -- true
	[ ! -s err ] || fail 'the log is on stderr'
	grep -q 'greets: hello' log || fail 'the log is not in its file'
}

an_oops_ends_the_client_by_the_signal_of_linux() {
	need_clients
	"$RING3" build -w -o "$work" "$modules/faults/faults.c" >build.log 2>&1 || fail 'ring3 build faults'
	for kind in null-read:137 bug:139 divide:139; do
		status 1 "$RING3" exec -- sh -c "ulimit -c unlimited; insmod faults.ko kind=${kind%:*}
			echo \"insmod ended with \$?\"; ls core* 2>/dev/null || :"
		out_has "^insmod ended with ${kind#*:}\$"
		out_lacks '^core'
		# a handler does not save it
		status 1 "$RING3" exec -- sh -c "trap '' SEGV; insmod faults.ko kind=${kind%:*}
			echo \"insmod ended with \$?\""
		out_has '^insmod ended with 13(7|9)$'
	done
}

an_init_may_return_any_errno_without_an_oops() {
	need_clients
	build_life life_return
	# 131 is the highest but two that has a name; 4096 is what ring3.h calls an oops
	status 0 "$RING3" exec -- sh -c 'for ret in -131 -4096; do
		insmod life_return.ko ret=$ret; echo "insmod ended with $?"; lsmod | tail -n +2; done'
	[ "$(sort -u out)" = 'insmod ended with 1' ] || fail 'insmod was killed, or the module stays'
	err_has 'could not insert module life_return.ko: State not recoverable'
}

an_oops_in_init_kills_the_client_only() {
	need_clients
	build oopses low
	status 1 "$RING3" exec -- sh -c 'insmod oopses.ko; echo "insmod ended with $?"
		lsmod; rmmod oopses; insmod low.ko && rmmod low && echo goes on'
	out_has '^insmod ended with 137$'
	out_has '^oopses +[0-9]+ +1$'
	out_has '^goes on$'
	err_has 'rmmod: ERROR: .*oopses.* (busy|in use|[Bb]usy)'
}

the_console_shows_what_is_below_its_level() {
	need_clients
	build greets
	cat >script <<-'END'
		greet() { insmod greets.ko whom="$1" && rmmod greets; }
		greet first
		dmesg -n 4; greet second
		dmesg -D; dmesg -E; greet second
		dmesg -n 8; dmesg -D; greet second
		dmesg -E; greet third
		echo 1 >/proc/sys/kernel/printk; greet fourth
		dmesg | grep -c 'greets: hello'
	END
	status 0 "$RING3" exec --console console -- sh script
	[ "$(cat out)" = 6 ] || fail 'the log has not all of them'
	[ "$(sed -n 's/.*greets: hello \([a-z]*\),.*/\1/p' console)" = "$(printf 'first\nthird')" ] ||
		fail 'the console shows others'
	status 0 "$RING3" exec --loglevel 4 --cmdline 'quiet loglevel=7' --console console -- \
		cat /proc/sys/kernel/printk /proc/cmdline
	out_has '^4	4	1	7$'
	out_has '^quiet loglevel=7 loglevel=4$'
}

current_is_the_client_and_a_record_may_have_lines() {
	need_clients
	"$RING3" build -w -o "$work" "$modules/files/files_log.c" >build.log 2>&1 || fail 'ring3 build'
	# shellcheck disable=SC2016 # the box's shell expands it
	quietly -- sh -c 'insmod files_log.ko; rmmod files_log; dmesg >kmsg; dmesg -S >syslog
		dmesg -c >read; dmesg -S | wc -l' >out 2>err || fail 'a program has failed'
	[ "$(cat out)" = 0 ] || fail 'dmesg -c has not cleared the log'
	cmp kmsg read >&2 || fail 'dmesg -c shows something else'
	mv syslog out
	out_has '^\[ +[0-9.]+\] files_log: loaded by insmod$'
	out_has '^\[ +[0-9.]+\] files_log: unloaded by rmmod$'
	out_has '^\[ +[0-9.]+\] files_log: in pieces$'
	# syslog(2) gives each line its time, dmesg indents those of /dev/kmsg
	out_has '^\[ +[0-9.]+\] lines$'
	mv kmsg out
	out_has '^ +lines$'
}

uname_and_dmesg_are_the_boxs() {
	need_clients
	build greets
	# shellcheck disable=SC2016 # the box's shell expands it
	status 0 "$RING3" run greets.ko -- sh -c 'uname -r; dmesg; dmesg -S | wc -l; dmesg -C; dmesg -S | wc -l'
	out_has '^6\..*-ring3$'
	out_has '\] greets: hello world, 1 times$'
	[ "$(tail -1 out)" = 0 ] || fail 'dmesg -C has not cleared the log'
	[ "$(tail -2 out | head -1)" -gt 5 ] || fail 'syslog(2) has no lines'
}

strace_in_a_box_shows_real_calls() {
	need_clients
	need strace
	build low
	quietly -- strace -f -e trace=finit_module,delete_module sh -c 'insmod low.ko; rmmod low' >out 2>&1
	out_has 'finit_module\([0-9]+, "", 0\) += 0$'
	out_has 'delete_module\("low", O_NONBLOCK\) += 0$'
}

many_clients_load_the_same_module_at_once() {
	need_clients
	build low
	# shellcheck disable=SC2016 # the box's shell expands it
	status 0 "$RING3" exec --console console -- sh -c '
		for i in $(seq 40); do
			(for j in 1 2 3 4 5; do insmod low.ko; rmmod low; done) 2>/dev/null &
		done
		wait; lsmod | tail -n +2; insmod low.ko && rmmod low'
	out_lacks .
	[ "$(grep -c 'low: init' console)" = "$(grep -c 'low: exit' console)" ] ||
		fail 'not every init has its exit'
}

a_shell_in_a_box_is_interactive() {
	need_clients
	need script
	printf 'lsmod | wc -l\nexit 4\n' |
		SHELL=/bin/sh script -qec "'$RING3' shell --loglevel 0" /dev/null >out 2>err && fail 'status 0'
	tr -d '\r' <out >plain && mv plain out
	out_has '1$'
}

clients_killed_at_any_moment_leave_nothing_half_loaded() {
	need_clients
	build greets
	holds "$MODULE_KILLED" greets.ko greets 200
	out_has '^200 killed$'
}

stopped_clients_hold_up_nobody_else() {
	need_clients
	build low
	build_life life_slow
	holds "$MODULE_STOPPED" life_slow.ko life_slow low.ko low 50
	out_has '^51 stopped$'
}

a_thousand_clients_may_load_the_same_module_at_once() {
	need_clients
	build_life life_slow
	holds "$MODULE_CROWD" life_slow.ko life_slow 1000
	out_has '^1 loaded, 999 were told$'
}

# A minute with RING3_STRESS=60.
readers_see_one_state_while_modules_come_and_go() {
	need_clients
	need insmod
	build low greets
	build_life life_base life_hold
	holds "$MODULE_READERS" "${RING3_STRESS:-3}" low.ko greets.ko life_base.ko life_hold.ko
	[ "$(grep -c ' times$' out)" = 4 ] || fail 'not all have loaded'
}

# Resident kilobytes of process $1.
resident() {
	sed -n 's/^Rss: *\([0-9]*\) kB$/\1/p' "/proc/$1/smaps_rollup"
}

a_thousand_loads_leave_no_memory_descriptor_or_process() {
	need_clients
	need insmod
	build_life life_slow # which logs nothing
	mkfifo ready go
	cat >script <<-'END'
		pairs() {
			for i in $(seq "$1"); do insmod life_slow.ko && rmmod life_slow || echo failed >&2; done
			set -- /proc/[0-9]* # by the shell itself, or those who count are counted
			echo $# >processes
			echo >ready; read -r _ <go
		}
		pairs 200
		pairs 800
	END
	# Meson's value would fill each file worker's buffer of 1 MiB, of which little is used.
	MALLOC_PERTURB_=0 "$RING3" exec --loglevel 0 --console console -- sh script 2>err &
	box=$!
	read -r _ <ready
	# shellcheck disable=SC2012 # numbers
	descriptors=$(ls "/proc/$box/fd" | wc -l)
	processes=$(cat processes)
	memory=$(resident "$box")
	echo >go
	read -r _ <ready
	# shellcheck disable=SC2012
	more_descriptors=$(($(ls "/proc/$box/fd" | wc -l) - descriptors))
	more_processes=$(($(cat processes) - processes))
	more_memory=$(($(resident "$box") - memory))
	threads=$(sed -n 's/^Threads:\t//p' "/proc/$box/status")
	echo >go
	wait "$box"
	[ ! -s err ] || fail 'a load or an unload has failed'
	[ "$more_descriptors" -le 2 ] || fail "$more_descriptors descriptors more than $descriptors"
	[ "$more_processes" -le 0 ] || fail "$more_processes processes more than $processes"
	[ "$threads" -lt 40 ] || fail "$threads threads"
	# Another worker's stack and heap are some 200 KiB; 800 loads that leak 1 KiB each are 800.
	[ "$more_memory" -lt 600 ] || fail "$more_memory KiB more than $memory"
}

what_clients_leave_behind_dies_with_the_box() {
	need_clients
	quietly -- sh -c 'setsid sleep 4711.25 & exit 0'
	# grep's status says nothing: processes that end meanwhile are errors.
	grep -lsz 4711.25 /proc/[0-9]*/cmdline >left || true
	[ ! -s left ] || fail 'a process of the box lives on'
	"$RING3" exec -- sleep 4712.25 &
	box=$!
	for _ in $(seq 100); do
		grep -qsz 4712.25 /proc/[0-9]*/cmdline && break
		sleep 0.05
	done
	kill -9 "$box"
	wait "$box" || true
	for _ in $(seq 100); do
		grep -lsz 4712.25 /proc/[0-9]*/cmdline >left || true
		[ -s left ] || break
		sleep 0.05
	done
	[ ! -s left ] || fail 'clients outlive their box'
}

nothing_of_a_box_reaches_the_host() {
	need_clients
	build low
	cat >bogus.c <<-'END'
		#include <errno.h>
		#include <stdio.h>
		#include <sys/syscall.h>
		#include <unistd.h>
		int main(void)
		{
			long result = syscall(SYS_init_module, "bogus", 5, "");
			printf("%ld %d\n", result, errno);
		}
	END
	cc -o bogus bogus.c
	./bogus >before
	cat /proc/mounts >mounts
	{ cat /proc/modules /proc/sys/kernel/tainted || true; } >files 2>&1
	quietly -- sh -c './bogus; insmod low.ko; lsmod' >out
	out_has '^-1 8$' # ENOEXEC
	out_has '^low '
	./bogus | cmp - before || fail "a call outside of the box ends otherwise"
	cmp mounts /proc/mounts || fail 'there is a mount on the host'
	{ cat /proc/modules /proc/sys/kernel/tainted || true; } 2>&1 | cmp - files ||
		fail 'the kernel of the host has changed'
}

a_client_cannot_set_the_hosts_kernel() {
	need_clients
	local settings='dmesg_restrict kptr_restrict modprobe modules_disabled panic printk printk_devkmsg tainted'
	# shellcheck disable=SC2086 # words
	(cd /proc/sys/kernel && grep -s . $settings || true) >before
	# shellcheck disable=SC2016 # the box's shell expands it
	quietly -- sh -c 'cd /proc/sys/kernel; for name in '"$settings"'; do
			(echo 1 >$name) && echo "$name $(cat $name)"; done; true' >out 2>errors
	# what is the box's can be set
	for name in dmesg_restrict kptr_restrict modprobe modules_disabled; do
		out_has "^$name 1\$"
	done
	out_lacks '^panic'
	grep -Eq 'panic: (Read-only file system|Permission denied)' errors || fail 'panic can be written'
	# shellcheck disable=SC2086
	(cd /proc/sys/kernel && grep -s . $settings || true) | cmp - before || fail 'the host has changed'
}

a_box_in_a_box_is_refused() {
	need_clients
	status 1 "$RING3" exec -- "$RING3" exec -- true
	err_has 'this is a client of a box already'
}

run_case "$1"
