#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Fuzz the linker of the 2.4 scheme's insmod for SECONDS, with the objects of
# its unit test as seeds. Fails on any finding.
set -eu

seconds=${1:?usage: $0 SECONDS   (RING3_FUZZ_BUILD: build folder, default build-fuzz)}
fuzzer=insmod_fuzzer
target="fuzz/insmod_fuzzer tests/unit/modutils/plain.o tests/unit/modutils/exports.o
	tests/unit/modutils/versions.o tests/unit/modutils/odd.o tests/unit/modutils/proprietary.o"
# shellcheck source=fuzz/lib.sh
. "$(dirname "$0")/lib.sh"

corpus=$build/corpus-insmod
mkdir -p "$corpus" "$build/insmod-seeds"
# in front of each: eight bytes that choose options and parameters
for object in "$build"/tests/unit/modutils/*.o; do
	{ printf '\0\3\0\0\0\0\0\0' && cat "$object"; } >"$build/insmod-seeds/$(basename "$object")"
done
find "$build/insmod-seeds" -name '*.o' | seed
fuzz "$seconds" insmod
