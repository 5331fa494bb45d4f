#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# ring3 run: what a user sees and which status it ends with.
. "$(dirname "$0")/lib.sh"

a_clean_module_ends_with_0() {
	build greets
	status 0 "$RING3" run greets.ko
	out_has 'ring3: clean: 1 module loaded and unloaded'
}

the_log_looks_like_dmesg() {
	build greets
	status 0 "$RING3" run greets.ko
	out_has '^\[ {4}[0-9]\.[0-9]{6}\] greets: hello world, 1 times$'
	in_order 'greets: level 0' 'greets: goodbye'
	out_lacks $'\033'
}

loglevel_hides_lower_levels() {
	build greets
	status 0 "$RING3" run --loglevel 4 greets.ko
	out_has 'greets: level 3'
	out_lacks 'greets: level 4'
	status 2 "$RING3" run --loglevel 9 greets.ko
}

the_log_is_coloured_on_a_terminal_only() {
	need script
	build greets
	TERM=xterm NO_COLOR='' script -qec "'$RING3' run greets.ko" /dev/null </dev/null >out 2>err
	out_has $'\033\\[31mgreets: level 3'
	TERM=xterm NO_COLOR=1 script -qec "'$RING3' run greets.ko" /dev/null </dev/null >out 2>err
	out_lacks $'\033\\[31m'
}

parameters_reach_the_module() {
	build greets
	status 0 "$RING3" run greets.ko count=7 whom=moon
	out_has 'greets: hello moon, 7 times'
	status 0 "$RING3" run greets.ko 'whom=my friend'
	out_has 'greets: hello my friend, 1 times'
}

a_bad_parameter_is_refused_as_insmod_words_it() {
	build greets
	status 1 "$RING3" run greets.ko count=many
	err_has '^ring3: could not insert module greets.ko: Invalid parameters$'
	err_has 'its parameters are: (count whom|whom count)$'
	out_has "greets: .many. invalid for parameter .count."
}

dependencies_beside_the_module_are_loaded_first() {
	build low middle high
	status 0 "$RING3" run high.ko
	in_order 'low: init' 'middle: init'
	in_order 'middle: init' 'high: init 1 2'
	in_order 'high: exit' 'middle: exit'
	in_order 'middle: exit' 'low: exit'
	[ "$(grep -c 'low: init' out)" = 1 ] || fail 'low was not loaded once'
	out_has 'clean: 3 modules'
}

dependencies_are_found_under_modules_dir() {
	build low middle high
	mkdir -p tree/kernel/deep
	mv low.ko middle.ko tree/kernel/deep
	xz tree/kernel/deep/low.ko
	zstd -q --rm tree/kernel/deep/middle.ko
	status 1 "$RING3" run high.ko
	err_has 'high depends on middle'
	status 0 "$RING3" run --modules-dir tree high.ko
	out_has 'high: init 1 2'
}

a_dependency_named_on_the_line_keeps_its_parameters() {
	build low middle high
	status 0 "$RING3" run high.ko + low.ko base=5
	out_has 'high: init 6 12'
	[ "$(grep -c 'low: init' out)" = 1 ] || fail 'low was not loaded once'
}

a_module_that_is_not_there_is_named() {
	status 1 "$RING3" run nowhere.ko
	err_has '^ring3: could not load module nowhere.ko: No such file or directory$'
}

a_file_that_is_no_module_is_refused() {
	echo 'not a module, but long enough to hold the header of one; so it is read further' >text.ko
	status 1 "$RING3" run text.ko
	err_has '^ring3: could not insert module text.ko: Invalid module format$'
}

a_missing_symbol_is_named() {
	build lacks
	status 1 "$RING3" run lacks.ko
	out_has 'lacks: Unknown symbol nobody_has_this \(err -2\)'
	out_has 'lacks: Unknown symbol nor_that \(err -2\)'
	err_has '^ring3: could not insert module lacks.ko: Unknown symbol in module$'
	err_has 'ring3 check lacks.ko'
}

what_init_returned_is_told() {
	build fails
	status 1 "$RING3" run fails.ko
	err_has '^ring3: could not insert module fails.ko: No such device$'
	out_has 'fails: not loaded: No such device'
}

memory_that_rcu_frees_after_the_module_is_gone_is_no_leak() {
	local round
	build late
	for round in 1 2 3 4 5; do
		status 0 "$RING3" run late.ko
	done
}

a_leak_is_reported_with_the_function_that_allocated_it() {
	build leaks
	status 1 "$RING3" run leaks.ko
	out_has 'ring3: not clean'
	out_has 'leaks: [0-9]+ bytes in 3 pieces .* never freed, allocated by leaks_allocate\+0x'
}

a_probe_that_stays_is_reported_with_the_function_that_registered_it() {
	build forgets
	status 1 "$RING3" run forgets.ko
	out_has 'forgets: 1 kprobe never unregistered, registered by forgets_register\+0x'
	out_has 'forgets: 1 kretprobe never unregistered, registered by forgets_register\+0x'
	[ "$(grep -c 'forgets: ' out err | awk -F: '{ n += $2 } END { print n }')" -eq 3 ] ||
		fail 'something else was reported'
}

what_a_probe_does_to_the_kernels_own_code_is_told() {
	build forgets
	status 1 "$RING3" run -v forgets.ko
	out_has '^ *probe .*kstrdup\+0x0/0x[0-9a-f]+: detour at 0x[0-9a-f]+, [0-9]+ bytes$'
	out_has '^ *probe .*kstrdup\+0x0/0x[0-9a-f]+: 0f 1f 44 00 00 becomes e8 .*\(call 0x[0-9A-F]+\)$'
}

a_warning_is_not_clean() {
	build warns
	status 1 "$RING3" run warns.ko
	out_has 'WARNING: CPU: [0-9]+ PID: [0-9]+ at '
	out_has 'warns: went on'
	out_has '^  1 warning$'
}

an_oops_is_reported_and_survived() {
	build oopses greets
	status 1 "$RING3" run greets.ko + oopses.ko
	out_has 'BUG: kernel NULL pointer dereference'
	out_has 'oopses_here\+0x'
	out_has 'greets: goodbye'
	out_has '^  1 oops$'
	err_has 'could not insert module oopses.ko: it oopsed'
}

a_module_without_exit_stays() {
	build permanent
	status 1 "$RING3" run permanent.ko
	out_has 'permanent: not unloaded: Device or resource busy'
}

references_left_are_reported() {
	build clings
	status 1 "$RING3" run clings.ko
	out_has 'clings: 1 reference left'
	out_has 'clings: not unloaded: Module is in use'
}

no_unload_refuses_and_is_clean() {
	build permanent greets
	status 0 "$RING3" run --no-unload greets.ko
	out_has 'greets: not unloaded: Function not implemented'
	out_lacks 'greets: goodbye'
}

a_function_can_be_called() {
	build low middle high
	status 0 "$RING3" run --call low_add,-7 --call 'high_length,"four"' high.ko + low.ko base=3
	out_has '^ring3: low_add,-7 returned -4 \(0x(ffffffff)?fffffffc\)$'
	out_has '^ring3: high_length,"four" returned 4 \(0x4\)$'
	status 0 "$RING3" run --json --call low_add,-7 low.ko base=3
	json_has '.calls == [{call: "low_add,-7", error: 0, returned: -4, register: .calls[0].register}]'
	json_has '.calls[0].register | test("fffffffc$")'
	status 1 "$RING3" run --call no_such_function low.ko
	err_has 'could not call no_such_function: no such function'
}

dashes_before_the_module_end_the_options() {
	build greets
	status 0 "$RING3" run --loglevel 8 -- greets.ko count=7
	out_has 'greets: hello world, 7 times'
	mv greets.ko ./-greets.ko
	status 0 "$RING3" run -- -greets.ko count=3
	out_has 'greets: hello world, 3 times'
}

dashes_after_the_module_need_a_command() {
	build greets
	for words in 'greets.ko --' 'greets.ko count=2 --' '-- greets.ko --'; do
		# shellcheck disable=SC2086 # words
		status 2 "$RING3" run $words
		err_has "^ring3 run: which command, after '--'"
		out_lacks .
	done
}

options_may_stand_behind_the_modules() {
	build greets
	status 0 "$RING3" run greets.ko --loglevel 4 count=7
	out_lacks 'greets: hello'
	out_has 'ring3: clean'
	status 2 "$RING3" run greets.ko --cpus --
	err_has '^ring3 run: --cpus takes a number'
}

dashes_in_a_parameter_string_end_the_modules_own() {
	build greets
	status 0 "$RING3" run -- greets.ko count=7 '-- count=8'
	out_has 'greets: hello world, 7 times'
	out_has "greets: parameters 'count=8' after .--' ignored"
}

time_keeps_the_modules_running() {
	build greets
	local start=${EPOCHREALTIME/./}
	status 0 "$RING3" run --time 0.4 greets.ko
	[ $((${EPOCHREALTIME/./} - start)) -ge 400000 ] || fail 'it did not wait'
}

verbose_tells_every_step() {
	build greets
	status 0 "$RING3" run -v greets.ko count=3
	out_has '^  section     greets: .*\.text'
	out_has '^  symbol      greets: .*printk'
	out_has '^  relocation  greets: .*R_X86_64_'
	out_has '^  protect     greets: '
	out_has '^  parameter   greets: .*count'
	out_has '^  init        greets: .*0'
}

json_is_one_document_with_log_and_report() {
	build low leaks
	status 1 "$RING3" run --json low.ko base=2 + leaks.ko
	json_has '.clean == false and .target == "builtin"'
	json_has '.modules | map(.name) == ["low", "leaks"]'
	json_has '.modules[0] | .loaded and .unloaded and .parameters == "base=2"'
	json_has '.log | map(.text) | index("low: init") != null'
	json_has '.report.leaks[0] | .module == "leaks" and .count == 3 and (.function | startswith("leaks_allocate+"))'
	json_has 'has("trace") | not'
	status 0 "$RING3" run --json -v low.ko
	json_has '.clean and (.trace | map(.kind) | index("relocation") != null)'
	json_has '.trace | all(has("module") and has("subject") and has("text"))'
}

no_byte_of_the_log_steers_the_terminal_or_breaks_json() {
	build bytes
	status 0 "$RING3" run bytes.ko
	out_has 'bytes: escape .x1b\[2J quote " backslash . tab'
	out_lacks $'\033'
	status 0 "$RING3" run --json bytes.ko
	json_has '.log | map(.text) | map(select(startswith("bytes: escape"))) | length == 1'
	json_has '.log | map(.text) | index("bytes: latin-1 \\xe9 utf-8 é cut \\xc3") != null'
}

json_tells_failures_too() {
	build fails
	status 1 "$RING3" run --json fails.ko
	json_has '.clean == false and .modules[0].load_result == -19'
	status 1 "$RING3" run --json --kernel 9.9.9-none fails.ko
	json_has '.error != null and .clean == false'
}

wrong_usage_ends_with_2() {
	status 2 "$RING3"
	status 2 "$RING3" frobnicate
	status 2 "$RING3" run
	status 2 "$RING3" run --no-such-option x.ko
	status 2 "$RING3" run --cpus 0 x.ko
	status 2 "$RING3" run --memory lots x.ko
	build greets
	status 2 "$RING3" run greets.ko +
	status 2 "$RING3" run + greets.ko
	status 0 "$RING3" run --help
	out_has '^Usage: ring3 run'
}

a_kernel_without_headers_is_an_error_that_names_the_package() {
	build greets
	status 1 "$RING3" run --kernel 6.1.0-999-amd64 greets.ko
	err_has 'no box for 6.1.0-999-amd64: .*linux-headers-6.1.0-999-amd64'
}

run_case "$1"
