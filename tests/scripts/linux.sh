#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Linux targets: Debian's own modules, and ours built by each release's Kbuild.
. "$(dirname "$0")/lib.sh"

# every rule of a cmocka program is one of its cases; its output says which failed
passes() {
	"$@" >"$work/out" 2>"$work/err" </dev/null || fail "$*"
	grep -a 'has no\|charsets' "$work/out" || true
}

debian() {
	passes "${DEBIAN_TEST:?}" "$fixtures/lib/modules/$1" "$1" "$fixtures" "$fixtures/usr/src"
}

# PROGRAM RELEASE SOURCES: a program whose rules take modules that Kbuild has built.
rules_of() {
	"$RING3" build --kernel "$2" --headers "$fixtures" -O "$work/built" "$3" >"$work/out" 2>&1 ||
		fail "ring3 build --kernel $2"
	passes "$1" "$work/built" "$2" "$fixtures" "$fixtures/usr/src"
}

files() {
	mkdir "$work/source"
	cp "$modules"/life/*.c "$modules"/files/*.c "$work/source"
	cat "$modules/life/Kbuild" "$modules/files/Kbuild" | sed 's/:=/+=/' >"$work/source/Kbuild"
	rules_of "${FILES_TEST:?}" "$1" "$work/source"
}

debians_own_modules_of_6_1_compute_what_they_should() {
	need_fixtures
	debian "$RELEASE_6_1"
}

debians_own_modules_of_6_12_compute_what_they_should() {
	need_fixtures
	debian "$RELEASE_6_12"
}

modules_live_by_linuxs_rules_on_6_1() {
	need_fixtures
	rules_of "${LIFE_TEST:?}" "$RELEASE_6_1" "$modules/life"
}

modules_live_by_linuxs_rules_on_6_12() {
	need_fixtures
	rules_of "${LIFE_TEST:?}" "$RELEASE_6_12" "$modules/life"
}

files_show_what_linux_shows_on_6_1() {
	need_fixtures
	files "$RELEASE_6_1"
}

files_show_what_linux_shows_on_6_12() {
	need_fixtures
	files "$RELEASE_6_12"
}

memory_is_kept_and_checked_as_linux_does_on_6_1() {
	need_fixtures
	rules_of "${MEMORY_TEST:?}" "$RELEASE_6_1" "$modules/memory"
}

memory_is_kept_and_checked_as_linux_does_on_6_12() {
	need_fixtures
	rules_of "${MEMORY_TEST:?}" "$RELEASE_6_12" "$modules/memory"
}

kprobes_keep_linuxs_rules_on_6_1() {
	need_fixtures
	rules_of "${KPROBE_TEST:?}" "$RELEASE_6_1" "$modules/probes"
}

kprobes_keep_linuxs_rules_on_6_12() {
	need_fixtures
	rules_of "${KPROBE_TEST:?}" "$RELEASE_6_12" "$modules/probes"
}

run_case "$1"
