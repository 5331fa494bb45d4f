#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Probes on the instructions of Debian's modules, and on functions that are called all the time.
# RING3_PROBES_ALL=1: on every form of instruction that these have, on a Linux target as well.
. "$(dirname "$0")/lib.sh"

# Modules of every kind of code: compiled, by hand, with vectors.
sources_of() {
	find "$fixtures/lib/modules/$1/kernel"/{crypto,arch,lib,fs/ext4,fs/btrfs,drivers/gpu/drm/amd/amdgpu} \
		-name '*.ko*' | LC_ALL=C sort
}

# DIRECTORY TARGET: probe_cells.ko there holds the instructions.
forms() {
	mapfile -t sources < <(sources_of "$RELEASE_6_1"; sources_of "$RELEASE_6_12")
	"${PROBE_FORMS_TEST:?}" "$1" "$2" "$fixtures" "$fixtures/usr/src" "${sources[@]}" >out 2>err \
		</dev/null || fail "on $2, probes change what instructions do"
	grep -a 'forms in' out
}

build_probes() {
	local sources
	mapfile -t sources < <(printf "$modules/probes/%s.c\n" "$@")
	"$RING3" build --kernel "$RELEASE_6_1" --headers "$fixtures" -O built "${sources[@]}" >out 2>&1 ||
		fail "ring3 build $*"
}

instructions_of_each_form_run_the_same_with_a_probe() {
	need_fixtures
	forms "$(dirname "${PROBE_CELLS:?}")" builtin
	[ -n "${RING3_PROBES_ALL:-}" ] || return 0
	build_probes probe_cells
	forms built "$RELEASE_6_1"
}

debians_own_modules_compute_the_same_with_probes_everywhere() {
	need_fixtures
	build_probes probe_everywhere
	PROBE_EVERYWHERE=$work/built/probe_everywhere.ko "${DEBIAN_TEST:?}" \
		"$fixtures/lib/modules/$RELEASE_6_1" "$RELEASE_6_1" "$fixtures" "$fixtures/usr/src" \
		>out 2>err </dev/null || fail "probes change what modules compute"
	grep -a 'instructions' out
}

probes_under_load_lose_no_hit_on_6_1() {
	need_fixtures
	build_probes probe_stress probe_crowd
	"${PROBE_STRESS_TEST:?}" built "$RELEASE_6_1" "$fixtures" "$fixtures/usr/src" >out 2>err \
		</dev/null || fail "probes under load"
}

run_case "$1"
