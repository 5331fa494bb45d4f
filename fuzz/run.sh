#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Fuzz the loader for SECONDS, with seeds from this build's modules and, if
# given, from the *.ko below MODULES_DIR. Fails on any finding.
set -eu

usage="usage: $0 SECONDS [MODULES_DIR]   (RING3_FUZZ_BUILD: build folder, default build-fuzz)"
seconds=${1:?$usage}
modules=${2:-}
fuzzer=load_fuzzer
target=fuzz-build
# shellcheck source=fuzz/lib.sh
. "$(dirname "$0")/lib.sh"

fixtures=${RING3_FIXTURES:-${XDG_CACHE_HOME:-$HOME/.cache}/ring3-fixtures}
release=
[ ! -e "$fixtures/releases" ] || release=$(sed -n 's/^RELEASE_6_1=//p' "$fixtures/releases")

# Small modules are mutated faster; a few hundred are enough to begin with.
corpus=$build/corpus
{
	find "$build" -name '*.ko' -size -64k
	[ -z "$modules" ] || find "$modules" -name '*.ko' -size -48k | sort | awk 'NR % 17 == 1'
} | seed
if [ -z "$release" ]; then
	fuzz "$seconds" builtin
	exit
fi
fuzz $((seconds - seconds / 2)) builtin

# Debian's modules on their own release: what the runtime patches in them before they run.
corpus=$build/corpus-$release
find "$fixtures/lib/modules/$release/kernel/lib" "$fixtures/lib/modules/$release/kernel/crypto" \
	-name '*.ko' -size -48k | sort | awk 'NR % 5 == 1' | seed
export RING3_FUZZ_TARGET="$release" RING3_FUZZ_FIXTURES="$fixtures"
log=$build/fuzz-prepare.log
# compile what the seeds need, once
"$build/fuzz/load_fuzzer" -detect_leaks=0 -timeout=600 -runs=0 "$corpus"/seed-* >"$log" 2>&1 ||
	fail "the seeds of $release cannot be loaded"
export RING3_FUZZ_OFFLINE=1
fuzz $((seconds / 2)) "$release"
