#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# ring3 check: would it load? Nothing is run.
. "$(dirname "$0")/lib.sh"

a_loadable_module_ends_with_0() {
	build greets
	status 0 "$RING3" check greets.ko
	out_has '^greets.ko: would load$'
	out_has '^  target      builtin$'
	out_has '^  vermagic    .*: matches$'
	out_has '^  signature   none$'
	out_lacks 'greets: hello'
}

every_missing_import_is_named_in_one_pass() {
	build lacks
	status 1 "$RING3" check lacks.ko
	out_has '^lacks.ko: would not load$'
	out_has '^  missing     2 that this kernel does not export:$'
	out_has '^ +nobody_has_this nor_that$'
	out_lacks 'maybe_this'
}

dependencies_of_dependencies_are_followed() {
	build low middle high
	status 0 "$RING3" check high.ko
	out_has '  depends     on middle: .*middle.ko'
	rm low.ko
	status 1 "$RING3" check high.ko
	out_has '  depends     on low: not found'
	out_has '  depends     on middle: .*would not load'
}

a_gpl_only_import_of_a_closed_module_is_named() {
	build closed
	build low
	# modpost refuses to write this dependency: put it where the description stood
	sed -i 's/description=needs low/depends=low\x00author=xx/' closed.ko
	status 1 "$RING3" check --json closed.ko
	status 1 "$RING3" check closed.ko
	out_has 'missing     1 that are exported for GPL-compatible modules only:'
	out_has '  license     Proprietary: not GPL-compatible'
}

verbose_names_every_exporter() {
	build low middle
	status 0 "$RING3" check -v middle.ko
	out_has '^ +low_add from module low$'
	out_has '^ +_printk from the kernel$'
}

several_modules_are_judged_in_order() {
	build greets lacks
	echo text >text.ko
	status 1 "$RING3" check greets.ko lacks.ko text.ko nowhere.ko
	in_order '^greets.ko: would load' '^lacks.ko: would not load'
	out_has '^text.ko: would not load: Invalid module format'
	out_has '^nowhere.ko: would not load: No such file or directory'
}

json_says_the_same() {
	build low middle high lacks
	rm low.ko
	status 1 "$RING3" check --json high.ko lacks.ko
	json_has '.all_load == false'
	json_has '.modules[0].depends | map(select(.name == "low"))[0].verdict == "not-found"'
	json_has '.modules[1].missing | map(.name) | sort == ["nobody_has_this", "nor_that"]'
	json_has '.modules[1].missing | all(.state == "not-exported")'
}

debian_modules_are_judged_against_their_release() {
	need_fixtures
	local module=$fixtures/lib/modules/$RELEASE_6_1/kernel/lib/crc-itu-t.ko
	status 0 "$RING3" check "$module"
	out_has "^  target      $RELEASE_6_1\$"
	out_has '^  signature   PKCS#7, not checked'
}

wrong_usage_ends_with_2() {
	status 2 "$RING3" check
	status 2 "$RING3" check --no-such-option x.ko
	status 0 "$RING3" check --help
}

run_case "$1"
