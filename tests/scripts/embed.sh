#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# libring3 from C: the documented example, docs/examples/crc.c.
. "$(dirname "$0")/lib.sh"

example=${RING3_EXAMPLE:?the program example-crc}

# The check value of CRC-16/XMODEM-like ITU-T over "123456789" with initial value 0.
the_example_calls_a_function_of_debians_6_1_module() {
	need_fixtures
	status 0 "$example" "$RELEASE_6_1" "$fixtures/lib/modules/$RELEASE_6_1/kernel/lib/crc-itu-t.ko"
	out_has '^crc_itu_t of "123456789" is 0x31c3$'
}

the_example_calls_a_function_of_debians_6_12_module() {
	need_fixtures
	local module=("$fixtures/lib/modules/$RELEASE_6_12/kernel/lib/"crc-itu-t.ko*)
	status 0 "$example" "$RELEASE_6_12" "${module[0]}" "$fixtures" "$fixtures/usr/src"
	out_has '^crc_itu_t of "123456789" is 0x31c3$'
}

what_fails_is_a_sentence() {
	status 1 "$example" 9.9.9-none nowhere.ko
	err_has '^no box: .*linux-headers-9.9.9-none'
}

run_case "$1"
