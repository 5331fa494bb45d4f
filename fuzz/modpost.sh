#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Fuzz what modpost reads for SECONDS: objects, with their debugging information,
# Module.symvers, .cmd and .mod files and sources. Fails on any finding.
set -eu

seconds=${1:?usage: $0 SECONDS   (RING3_FUZZ_BUILD: build folder, default build-fuzz)}
fuzzer=modpost_fuzzer
target=fuzz/modpost_fuzzer
# shellcheck source=fuzz/lib.sh
. "$(dirname "$0")/lib.sh"

corpus=$build/corpus-modpost
seeds=$build/modpost-seeds
mkdir -p "$seeds"
i=0
for options in -gdwarf-4 '-gdwarf-5 -O2' '-gdwarf-4 -O1 -fdebug-types-section' -g0; do
	i=$((i + 1))
	# shellcheck disable=SC2086 # words
	"$clang" $options -w -ffreestanding -fno-pic -fcommon -c -o "$seeds/$i.o" "$source/fuzz/modpost_seed.c"
done
# a text's first byte is its file: see the fuzzer
printf '\000''0x12345678\ttaken\tvmlinux\tEXPORT_SYMBOL\t\n0x1\tspaced\tlib/x\tEXPORT_SYMBOL_GPL\tSPACE\n' >"$seeds/symvers"
# shellcheck disable=SC2016 # it is make's
printf '\001''source_m.o := m.c\n\ndeps_m.o := \\\n  $(wildcard x) \\\n  m.h \\\n\n#SYMVER new_way 0x00000011\n' >"$seeds/cmd"
printf '\002''m.o\nsub/n.o\nlib.a\n' >"$seeds/mod"
printf '\003''int x; /* y */ char *s = "z"; \\\n' >"$seeds/source"
find "$seeds" -type f | seed
export RING3_FUZZ_OBJECT="$seeds/1.o"
fuzz "$seconds" modpost
