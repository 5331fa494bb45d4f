#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Probes on the instructions of Debian's modules. RING3_PROBES_ALL=1: on every form that they have.
. "$(dirname "$0")/lib.sh"

# Modules of every kind of code: compiled, by hand, with vectors.
sources_of() {
	find "$fixtures/lib/modules/$1/kernel"/{crypto,arch,lib,fs/ext4,fs/btrfs,drivers/gpu/drm/amd/amdgpu} \
		-name '*.ko*' | LC_ALL=C sort
}

instructions_of_each_form_run_the_same_with_a_probe() {
	need_fixtures
	mapfile -t sources < <(sources_of "$RELEASE_6_1"; sources_of "$RELEASE_6_12")
	"${PROBE_FORMS_TEST:?}" "${PROBE_CELLS:?}" "${sources[@]}" >out 2>err </dev/null ||
		fail "probes change what instructions do"
	grep -a 'forms in' out
}

debians_own_modules_compute_the_same_with_probes_everywhere() {
	need_fixtures
	"$RING3" build --kernel "$RELEASE_6_1" --headers "$fixtures" -O built \
		"$modules/probes/probe_everywhere.c" >out 2>&1 || fail "ring3 build"
	PROBE_EVERYWHERE=$work/built/probe_everywhere.ko "${DEBIAN_TEST:?}" \
		"$fixtures/lib/modules/$RELEASE_6_1" "$RELEASE_6_1" "$fixtures" "$fixtures/usr/src" \
		>out 2>err </dev/null || fail "probes change what modules compute"
	grep -a 'instructions' out
}

run_case "$1"
