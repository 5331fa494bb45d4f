#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Boxes that stay: ring3 boot, exec --name, shell --name, list and stop.
. "$(dirname "$0")/lib.sh"

# The boxes of a case are its own, and end with it.
export XDG_RUNTIME_DIR=$work
trap 'end_boxes; rm -rf "$work"' EXIT

pids() {
	"$RING3" list --json | jq '.boxes[].pid'
}

end_boxes() {
	local pid
	for pid in $(pids); do
		kill -9 "$pid"
	done
}

pid_of() {
	"$RING3" list --json | jq --arg name "$1" '.boxes[] | select(.name == $name).pid'
}

boot() {
	"$RING3" boot --name "$@" >"$work/boot.out" 2>"$work/boot.err" ||
		fail "ring3 boot --name $*: $(cat "$work/boot.err")"
}

within() {
	"$RING3" exec --name "$@"
}

# soon COMMAND...: it must succeed within half a minute.
soon() {
	for _ in $(seq 600); do
		"$@" >/dev/null 2>&1 && return
		sleep 0.05
	done
	fail "never: $*"
}

listed_clients() {
	[ "$("$RING3" list --json | jq ".boxes[] | select(.name == \"$1\").clients")" = "$2" ]
}

has_no_box() {
	! within box -- true 2>"$work/err" && grep -qx "ring3: there is no box 'box'" "$work/err"
}

lists_nothing() {
	[ "$("$RING3" list | wc -l)" = 1 ] # the heading
}

is_gone() {
	# nobody may care for orphans here: then it is a zombie
	! grep -Eq '^State:\s+[^ZX]' "/proc/$1/status" 2>/dev/null
}

children() {
	{ cat /proc/[0-9]*/stat 2>/dev/null || true; } | sed -nE "s/^([0-9]+) \(.*\) . $1 .*/\1/p"
}

a_box_stays_from_boot_to_stop() {
	need_clients
	build low middle
	status 0 "$RING3" boot --name one
	out_has "^ring3: box 'one': 6\..*-ring3, pid [0-9]+, log in $work/ring3/one.log\$"
	status 0 within one -- insmod low.ko
	status 0 within one -- insmod middle.ko
	status 0 within one -- lsmod
	out_has '^low +[0-9]+ +1 middle$'
	status 0 within one -- uname -r
	out_has '^6\..*-ring3$'
	status 0 "$RING3" list
	out_has '^NAME +RELEASE +PID +MODULES +CLIENTS +SINCE$'
	out_has '^one +6\..*-ring3 +[0-9]+ +2 +0  20[0-9-]+ [0-9:]+$'
	status 0 "$RING3" stop one
	out_has '^ring3: clean: 2 modules loaded and unloaded'
	status 0 "$RING3" list
	out_lacks one
	status 1 "$RING3" stop one
}

two_boxes_have_nothing_in_common() {
	need_clients
	build low greets
	boot one low.ko
	boot two greets.ko count=2
	within one -- lsmod >one
	within two -- lsmod >two
	grep -q '^low ' one && grep -q '^greets ' two || fail 'a module is not in its box'
	! grep -q '^greets ' one && ! grep -q '^low ' two || fail 'a module is in the other box'
	[ "$(within two -- cat /sys/module/greets/parameters/count)" = 2 ] || fail 'the parameter'
	"$RING3" stop one >/dev/null
	status 0 within two -- rmmod greets
	status 0 "$RING3" stop two
	out_has '^ring3: clean: 1 module '
}

a_command_is_its_callers_in_all_but_the_kernel() {
	need_clients
	boot box
	status 3 within box -- sh -c 'exit 3'
	status 143 within box -- sh -c 'kill -TERM $$'
	status 127 within box -- no-such-command
	err_has '^ring3: no-such-command: No such file or directory$'
	status 0 within box -- pwd
	[ "$(cat out)" = "$work" ] || fail 'it runs in another directory'
	# shellcheck disable=SC2016 # the box's shell expands it
	[ "$(WORD='a word' within box -- sh -c 'echo "$WORD"')" = 'a word' ] || fail 'its environment'
	[ "$(within box -- cat <<<'from here')" = 'from here' ] || fail 'its input'
	within box -- sh -c 'echo there >&7' 7>seven
	[ "$(cat seven)" = there ] || fail 'a descriptor'
	"$RING3" exec --name box -- sh -c 'trap "echo caught; exit 5" TERM; echo >ready; while :; do sleep 0.1; done' >out &
	caller=$!
	soon test -e ready
	kill -TERM "$caller"
	wait "$caller" && fail 'status 0' || [ $? = 5 ] || fail "status $?"
	out_has '^caught$'
	"$RING3" exec --name box -- sleep 4713.25 &
	caller=$!
	soon listed_clients box 1
	kill -9 "$caller"
	soon listed_clients box 0
}

a_shell_in_it_has_a_terminal_and_jobs() {
	need_clients
	need script
	boot box
	printf 'tty; echo $-; sleep 0.1 & jobs; wait\nlsmod | wc -l\nexit 4\n' |
		SHELL=/bin/bash script -qec "'$RING3' shell --name box -- --norc --noediting" /dev/null >out 2>err &&
		fail 'status 0'
	tr -d '\r' <out >plain && mv plain out
	out_has '(^|[#$] )/dev/pts/[0-9]+$'
	out_has '^[a-zA-Z]*m[a-zA-Z]*$' # set -m
	out_has '^\[1\]\+ +Running +sleep'
	out_has '(^|[#$] )1$' # lsmod's heading
	out_lacks 'no job control'
}

a_command_in_it_can_be_stopped_and_go_on() {
	need_clients
	need script
	boot box
	cat >jobs <<-'END'
		set -m
		"$RING3" exec --name box -- sh -c 'echo >ready; read -r _ <go; echo went on' &
		while ! test -e ready; do sleep 0.05; done
		kill -TSTP %1
		while ! jobs | grep -q Stopped; do sleep 0.05; done
		jobs
		(sleep 0.2; echo >go) &
		fg %1
		echo "status $?"
		"$RING3" exec --name box -- sh -c 'kill -STOP $$; echo woke up' &
		while ! jobs | grep -q Stopped; do sleep 0.05; done
		fg
		echo "status $?"
	END
	mkfifo go
	timeout 20 script -qec 'bash --norc jobs' /dev/null >out 2>err </dev/null
	tr -d '\r' <out >plain && mv plain out
	out_has '^\[1\]\+ +Stopped'
	out_has '^went on$'
	out_has '^woke up$'
	[ "$(grep -c '^status 0$' out)" = 2 ] || fail 'their status'
}

bad_uses_are_told_so_and_what_to_do() {
	need_clients
	build greets
	boot taken
	status 1 "$RING3" boot --name taken
	err_has "^ring3: there is a box 'taken' already$"
	err_has "^       'ring3 stop taken' ends it$"
	for name in '' a/b .hidden -dash ../up 'a b' "$(printf 'x%.0s' $(seq 65))"; do
		status 2 "$RING3" boot "--name=$name"
		err_has 'is no name for a box'
		err_has "^Try 'ring3 boot --help'\.$"
	done
	boot "$(printf 'x%.0s' $(seq 64))"
	for command in 'exec --name none -- true' 'shell --name none' 'stop none' 'stop ../taken'; do
		# shellcheck disable=SC2086 # words
		status 1 "$RING3" $command
		err_has "^ring3: there is no box '(none|\.\./taken)'$"
		err_has "^       'ring3 list' tells"
	done
	status 2 "$RING3" boot
	status 2 "$RING3" boot --name new greets.ko -- true
	err_has "^ring3 boot: it runs no command: that is for 'ring3 exec --name'$"
	status 2 "$RING3" exec --name taken
	status 2 "$RING3" exec --name taken --cpus 1 -- true
	err_has "other options are for 'ring3 boot'"
	status 2 "$RING3" stop
	status 2 "$RING3" stop taken taken
	status 2 "$RING3" list taken
	status 1 within taken -- "$RING3" exec --name taken -- true
	err_has "^ring3: this is the box 'taken' already: run the command as it is$"
	boot other
	status 1 within other -- "$RING3" exec --name taken -- true
	err_has "^ring3: the box 'taken' cannot be entered from here"
}

what_fails_at_boot_leaves_no_box() {
	need_clients
	build low middle
	status 1 "$RING3" boot --name box missing.ko
	err_has '^ring3: .*missing.ko'
	mv low.ko elsewhere
	status 1 "$RING3" boot --name box middle.ko
	err_has '^ring3: could not insert module middle.ko: Unknown symbol in module$'
	status 1 "$RING3" boot --name box -k 9.9.9-none
	err_has '^ring3: no box for 9.9.9-none: '
	status 0 "$RING3" list --json
	json_has '.boxes == []'
	boot box
}

a_box_that_was_killed_takes_its_commands_along() {
	need_clients
	boot box
	"$RING3" exec --name box -- sleep 47$$.25 2>err &
	caller=$!
	soon listed_clients box 1
	kill -9 "$(pid_of box)"
	wait "$caller" && fail 'status 0' || [ $? = 137 ] || fail "status $?"
	err_has "^ring3: the box 'box' has been stopped$"
	! grep -lsz "47$$.25" /proc/[0-9]*/cmdline || fail 'the command lives on'
	[ -S ring3/box.sock ] || fail 'the socket has gone by itself'
	# Its other threads end a moment after the one that its commands depend on.
	soon has_no_box
	[ ! -e ring3/box.sock ] || fail 'a socket of nobody stays'
	boot box
	kill -9 "$(pid_of box)"
	soon lists_nothing
	boot box
	status 0 "$RING3" stop box
}

nobody_else_can_reach_a_box() {
	need_clients
	boot box
	[ "$(stat -c %a ring3)" = 700 ] || fail "the folder's mode"
	[ "$(stat -c %a ring3/box.sock)" = 600 ] || fail "the socket's mode"
	chmod 755 ring3
	status 1 within box -- true
	err_has "^ring3: $work/ring3, where boxes are found, must be yours and of mode 0700$"
	chmod 700 ring3
	mkdir other
	mv ring3 hidden && ln -s hidden ring3
	status 1 "$RING3" boot --name two
	err_has 'is no folder that can be used: Not a directory'
	rm ring3 && mv hidden ring3
	[ "$(id -u)" = 0 ] || skip 'only root can try as another user'
	need setpriv
	chmod 755 "$work" ring3
	chmod 666 ring3/box.sock
	status 0 setpriv --reuid 65534 --clear-groups "$DOOR_KNOCK" "$work/ring3/box.sock" enter
	out_has "^message it is another user's$"
	# and the other way round: root does not take it for a box of its own
	mkdir -m 700 theirs && chown 65534 theirs
	XDG_RUNTIME_DIR=$work/theirs status 1 within box -- true
	err_has "there is no box 'box'"
	chmod 700 ring3
	status 0 within box -- true
}

callers_who_misbehave_cost_others_nothing() {
	need_clients
	boot box
	pid=$(pid_of box)
	within box -- true
	# shellcheck disable=SC2012 # numbers
	before=$(ls "/proc/$pid/fd" | wc -l)
	"$DOOR_KNOCK" ring3/box.sock silence >silent &
	silent=$!
	status 0 "$DOOR_KNOCK" ring3/box.sock rubbish
	out_has '^closed$'
	status 0 "$DOOR_KNOCK" ring3/box.sock version
	out_has '^magic it speaks version [0-9]+, and this ring3 version [0-9]+$'
	status 0 "$DOOR_KNOCK" ring3/box.sock wish
	out_has '^message the box does not know what is wanted of it$'
	for _ in $(seq 20); do # and leaves without having entered
		status 0 "$DOOR_KNOCK" ring3/box.sock enter
		out_has '^message 6\..*-ring3$'
	done
	status 0 "$DOOR_KNOCK" ring3/box.sock listener
	[ "$(grep -c '^closed$' out)" = 30 ] || fail 'not every message of a wrong type ends it'
	out_has '^message the box cannot serve the system calls of a client$'
	many=()
	for _ in $(seq 70); do # more than are waited for at once
		"$DOOR_KNOCK" ring3/box.sock silence >/dev/null &
		many+=($!)
	done
	kill -9 "${many[@]}" # a TERM could still find the shell that forked, and its trap
	status 0 within box -- true
	wait "$silent"
	grep -qx closed silent || fail 'who says nothing is let stand for ever'
	soon listed_clients box 0
	# shellcheck disable=SC2012
	[ "$(ls "/proc/$pid/fd" | wc -l)" -le "$before" ] || fail 'descriptors are left'
	status 0 "$RING3" stop box
}

two_hundred_commands_leave_nothing_in_the_box() {
	need_clients
	build low
	boot box
	pid=$(pid_of box)
	within box -- sh -c 'insmod low.ko; rmmod low'
	soon listed_clients box 0
	# shellcheck disable=SC2012 # numbers
	before=$(ls "/proc/$pid/fd" | wc -l)
	for _ in $(seq 100); do
		within box -- insmod low.ko
		within box -- rmmod low
	done
	soon listed_clients box 0
	# shellcheck disable=SC2012
	after=$(ls "/proc/$pid/fd" | wc -l)
	[ "$after" -le "$before" ] || fail "$before descriptors became $after"
	threads=("/proc/$pid/task/"*)
	[ "${#threads[@]}" -lt 20 ] || fail "${#threads[@]} threads"
	status 0 "$RING3" stop box
	out_has '^ring3: clean: 101 modules '
}

many_commands_run_at_once() {
	need_clients
	build low
	boot box
	for _ in $(seq 30); do
		within box -- sh -c 'until test -e go; do sleep 0.05; done
			for i in 1 2 3; do insmod low.ko; rmmod low; done' 2>/dev/null &
	done
	soon listed_clients box 30
	touch go
	wait
	status 0 within box -- sh -c 'insmod low.ko && rmmod low'
	status 0 "$RING3" stop box
}

stop_ends_what_is_in_the_middle_of_an_init() {
	need_clients
	build_life life_slow
	boot box
	within box -- insmod life_slow.ko ms=1500 2>err &
	caller=$!
	soon listed_clients box 1
	soon within box -- grep -q life_slow /proc/modules
	status 0 "$RING3" stop box
	out_has '^ring3: clean: 1 module '
	wait "$caller" && fail 'status 0' || [ $? = 137 ] || fail "status $?"
}

a_caller_that_is_stopped_does_not_hold_up_the_end() {
	need_clients
	boot box
	"$RING3" exec --name box -- sleep 4715.25 2>/dev/null &
	caller=$!
	soon listed_clients box 1
	kill -STOP "$caller"
	pid=$(pid_of box)
	status 0 timeout 20 "$RING3" stop box
	soon is_gone "$pid"
	kill -CONT "$caller"
	wait "$caller" && fail 'status 0' || [ $? = 137 ] || fail "status $?"
}

stop_tells_what_is_left_as_run_does() {
	need_clients
	build clings greets
	boot box clings.ko
	within box -- insmod clings.ko 2>err && fail 'it is loaded twice'
	status 1 "$RING3" stop box
	out_has '^ring3: not clean:$'
	out_has '^  clings: not unloaded: Module is in use$'
	"$RING3" run greets.ko >alone
	boot box greets.ko
	status 0 "$RING3" stop box
	[ "$(cat out)" = "$(tail -1 alone)" ] || fail 'the report is worded otherwise'
	boot box greets.ko
	status 0 within box -- rmmod greets
	status 0 "$RING3" stop box
	out_has '^ring3: clean: 1 module '
}

a_signal_stops_it_in_order() {
	need_clients
	build greets
	for signal in TERM INT HUP; do
		boot box greets.ko
		pid=$(pid_of box)
		kill -"$signal" "$pid"
		soon is_gone "$pid"
		[ ! -e ring3/box.sock ] || fail 'the socket is left'
		grep -q 'greets: goodbye' ring3/box.log || fail 'exit has not run'
		grep -q '^ring3: clean: 1 module' ring3/box.log || fail 'there is no report'
	done
}

the_box_keeps_nothing_of_its_caller() {
	need_clients
	exec 7>seven
	said=$("$RING3" boot --name box <<<'input') # ends only if its output has ended
	exec 7>&-
	case $said in *"log in $work/ring3/box.log") ;; *) fail "it said $said" ;; esac
	pid=$(pid_of box)
	[ "$(readlink "/proc/$pid/cwd")" = / ] || fail 'it keeps the directory'
	grep -Eq "^$pid \(.*\) . [0-9]+ $pid $pid " "/proc/$pid/stat" || fail 'it is no session of its own'
	first=$(children "$pid")
	init=$(children "$first")
	[ "$(cat "/proc/$init/comm")" = ring3-init ] || fail 'the init is not found'
	for process in "$pid" "$first" "$init"; do
		readlink "/proc/$process/fd/"* >fds || true
		! grep -Eq 'pipe:|pts|seven|/out$' fds || fail "$process keeps $(grep -E 'pipe:|pts|seven|/out$' fds)"
	done
}

the_log_goes_where_console_says() {
	need_clients
	build greets low
	mkdir sub
	(cd sub && boot box --console mine ../greets.ko && grep -q "log in $work/sub/mine\$" ../boot.out) || fail 'its path'
	grep -q 'greets: hello' sub/mine || fail 'it is not there'
	[ ! -e ring3/box.log ] || fail 'it is beside the socket as well'
	status 0 within box -- dmesg
	out_has 'greets: hello world'
	within box -- insmod low.ko
	grep -q 'low: init' sub/mine || fail 'what comes later is not there'
	"$RING3" stop box >out
	grep -qFx "$(cat out)" sub/mine || fail 'the report is not in the log'
	boot box greets.ko
	boot other
	grep -q 'greets: hello' ring3/box.log || fail 'there is no log beside the socket'
}

kernel_code_finds_modprobe_without_a_client() {
	need_clients
	need modprobe
	build_life life_request life_noinit
	make_tree
	boot box --modules-dir "${dir#"$work"/}" life_request.ko
	grep -q 'life_request: found 0, missing 256$' ring3/box.log || fail 'modprobe was not run'
	status 0 within box -- lsmod
	out_has '^life_noinit '
	status 0 within box -- modprobe -r life_noinit
}

json_says_all_that_is_known() {
	need_clients
	build greets
	boot box greets.ko
	boot two
	status 0 "$RING3" list --json
	json_has '.boxes | length == 2 and ([.[].name] == ["box", "two"])'
	json_has '.boxes[0] | .answers and .modules == 1 and .clients == 0 and (.release | endswith("-ring3"))'
	json_has '.boxes[0] | (.since | fromdate) > 1700000000 and (.log | endswith("/ring3/box.log"))'
	kill -STOP "$(pid_of two)"
	status 0 "$RING3" list --json
	json_has '.boxes[1] | .answers == false and has("release") == false and .pid > 1'
	status 0 "$RING3" list
	out_has '^two +- +[0-9]+ +- +-  does not answer'
	kill -CONT "$(pid_of two)"
	status 0 "$RING3" stop --json box
	json_has '.clean and .modules[0].name == "greets" and .modules[0].unloaded'
	json_has '[.log[].text] | map(select(test("^greets: (hello|goodbye)"))) | length == 2'
	json_has '.report.oopses == 0'
}

a_user_without_privilege_has_boxes_too() {
	need_clients
	need_user
	build greets
	cp "$RING3" ring3 # the build may lie where nobody may look
	cat >life <<-'END'
		./ring3 boot --name box && ./ring3 exec --name box -- sh -c 'id -u; insmod greets.ko; lsmod'
		./ring3 exec --name box -- ./ring3 exec --name box -- true
		./ring3 list; ./ring3 stop box
	END
	XDG_RUNTIME_DIR=$work/home status 0 as_user sh life
	out_has '^0$'
	out_has '^greets '
	out_has '^box +6\..*-ring3 '
	out_has '^ring3: clean: 1 module '
	err_has "^ring3: this is the box 'box' already"
}

run_case "$1"
