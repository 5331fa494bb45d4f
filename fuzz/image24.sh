#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Fuzz what init_module() of the 2.4 scheme demands of an image for SECONDS, with
# images that are as they have to be as seeds. Fails on any finding.
set -eu

seconds=${1:?usage: $0 SECONDS   (RING3_FUZZ_BUILD: build folder, default build-fuzz)}
fuzzer=image24_fuzzer
target=fuzz/image24_fuzzer
# shellcheck source=fuzz/lib.sh
. "$(dirname "$0")/lib.sh"

corpus=$build/corpus-image24
mkdir -p "$build/images24"
# Numbers of 8 bytes each, then a name; pointers are distances.
image() { # FILE SIZE_OF_STRUCT SIZE NSYMS NDEPS SYMS DEPS NAME
	{
		for number in "$2" 0 "$8" "$3" 0 4 $(($4 + ($5 << 32))) "$6" "$7" 0 "$8" "$8" "$8" "$8" \
			0 0 0 0 "$8" "$8" 0 0 0; do
			i=0
			while [ $i -lt 8 ]; do
				# shellcheck disable=SC2059 # the format is the byte
				printf "\\$(printf '%03o' $((number >> (8 * i) & 255)))"
				i=$((i + 1))
			done
		done
		printf 'fuzzed\0\0'
		# a symbol at 192 whose name is at 184, a dependency at 208
		printf '\20\1\0\0\0\0\0\0\270\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0'
		head -c 512 /dev/zero
	} >"$build/images24/$1"
	echo "$build/images24/$1"
}
{
	image plain 184 512 0 0 0 0 184
	image exports 184 512 1 0 192 0 184
	image depends 184 512 0 1 0 208 184
	image both 184 700 1 1 192 208 184
	image small 112 512 1 1 192 208 184
	image large 312 744 0 0 0 0 320
} | seed
fuzz "$seconds" images
