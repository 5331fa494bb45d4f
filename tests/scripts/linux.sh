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
	passes "${DEBIAN_TEST:?}" "$1" "$fixtures/lib/modules/$1" "$fixtures" "$fixtures/usr/src"
}

lives() {
	mkdir "$work/life"
	"$RING3" build --kernel "$1" --headers "$fixtures" -O "$work/life" "$modules/life" \
		>"$work/out" 2>&1 || fail "ring3 build --kernel $1"
	passes "${LIFE_TEST:?}" "$work/life" "$1" "$fixtures" "$fixtures/usr/src"
}

files() {
	mkdir "$work/source"
	cp "$modules"/life/*.c "$modules"/files/*.c "$work/source"
	cat "$modules/life/Kbuild" "$modules/files/Kbuild" | sed 's/:=/+=/' >"$work/source/Kbuild"
	"$RING3" build --kernel "$1" --headers "$fixtures" -O "$work/files" "$work/source" \
		>"$work/out" 2>&1 || fail "ring3 build --kernel $1"
	passes "${FILES_TEST:?}" "$work/files" "$1" "$fixtures" "$fixtures/usr/src"
}

memory() {
	mkdir "$work/memory"
	"$RING3" build --kernel "$1" --headers "$fixtures" -O "$work/memory" "$modules/memory" \
		>"$work/out" 2>&1 || fail "ring3 build --kernel $1"
	passes "${MEMORY_TEST:?}" "$work/memory" "$1" "$fixtures" "$fixtures/usr/src"
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
	lives "$RELEASE_6_1"
}

modules_live_by_linuxs_rules_on_6_12() {
	need_fixtures
	lives "$RELEASE_6_12"
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
	memory "$RELEASE_6_1"
}

memory_is_kept_and_checked_as_linux_does_on_6_12() {
	need_fixtures
	memory "$RELEASE_6_12"
}

run_case "$1"
