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

# The names of functions that the public headers declare.
declared() {
	cat "$here"/../../include/ring3/*.h | sed 's://.*::' | tr '\n' ' ' | sed 's:/\*[^*]*\*\+\([^/*][^*]*\*\+\)*/::g' |
		grep -o '\br3_[a-z_]*(' | tr -d '(' | sort -u
}

the_libraries_show_what_the_headers_declare_only() {
	declared >declared
	[ "$(wc -l <declared)" -gt 10 ] || fail "no functions found in the headers"
	nm -g --defined-only "${LIBRING3_STATIC:?}" | awk 'NF == 3 { print $3 }' | sort -u >out
	diff declared out >err || fail "libring3.a shows other names"
	nm -D --defined-only "${LIBRING3_SHARED:?}" | awk '{ print $3 }' | sort -u >out
	diff declared out >err || fail "libring3.so shows other names"
}

# A program that has names of its own which are also used inside.
program() {
	cat >program.c <<-EOF
		#include <stdio.h>
		#include <ring3/ring3.h>
		int page_alloc(void), module_find(void), report(void), read_file(void);
		int page_alloc(void) { return 1; }
		int module_find(void) { return 2; }
		int report(void) { return 3; }
		int read_file(void) { return 4; }
		int main(int argc, char **argv)
		{
			struct r3_box_options options = {.size = sizeof(options)};
			struct r3_box *box;
			uint64_t sum = 0;

			if (r3_box_new(&box, &options) || r3_module_load(box, argv[1], "base=40", 0, NULL) ||
			    r3_call(box, r3_symbol(box, "low_add"), &sum, 1, 2UL)) {
				fprintf(stderr, "%s\n", r3_error());
				return 1;
			}
			printf("%d, and its own %d\n", (int)sum,
			       page_alloc() + module_find() + report() + read_file());
			r3_box_free(box);
			return 0;
		}
	EOF
	cc -Wall -Werror -I "$here/../../include" -o program program.c "$@" \
		-lz -llzma -lzstd -lZydis -pthread 2>err || fail "program does not link with $*"
	status 0 ./program low.ko
	out_has '^42, and its own 10$'
}

a_program_may_use_names_of_the_inside() {
	build low
	program "${LIBRING3_STATIC:?}"
	program "${LIBRING3_SHARED:?}" -Wl,-rpath,"$(dirname "$LIBRING3_SHARED")"
}

run_case "$1"
