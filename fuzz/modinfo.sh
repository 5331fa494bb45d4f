#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Fuzz modinfo for SECONDS, with seeds from Debian's modules, which are signed,
# and from this build's programs. Fails on any finding.
set -eu

seconds=${1:?usage: $0 SECONDS   (RING3_FUZZ_BUILD: build folder, default build-fuzz)}
fuzzer=modinfo_fuzzer
target=fuzz/modinfo_fuzzer
# shellcheck source=fuzz/lib.sh
. "$(dirname "$0")/lib.sh"

corpus=$build/corpus-modinfo
fixtures=${RING3_FIXTURES:-${XDG_CACHE_HOME:-$HOME/.cache}/ring3-fixtures}
{
	find "$build/fuzz" -name '*.o' -size -64k
	[ ! -e "$fixtures/lib/modules" ] ||
		find "$fixtures/lib/modules" -name '*.ko*' -size -32k | sort | awk 'NR % 40 == 1'
} | seed
fuzz "$seconds" modinfo
