#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Fuzz the reader of modules.*.bin for SECONDS, with indexes of this machine's
# modules, and of made-up ones, as seeds. Fails on any finding.
set -eu

seconds=${1:?usage: $0 SECONDS   (RING3_FUZZ_BUILD: build folder, default build-fuzz)}
fuzzer=index_fuzzer
target='fuzz/index_fuzzer tools/kmod/ring3-kmod'
# shellcheck source=fuzz/lib.sh
. "$(dirname "$0")/lib.sh"

corpus=$build/corpus-index
tree=$build/index-tree/lib/modules/1.0
mkdir -p "$tree/kernel"
# Modules of this build: objects whose .modinfo says what indexes are made of.
i=0
while [ $i -lt 8 ]; do
	i=$((i + 1))
	printf '.section .modinfo,"a"; .asciz "alias=pci:v%dd*sv[0-%d]*"; .asciz "alias=fs-x%d"\n.section __ksymtab_strings,"a"; .asciz "ext%d"\n' \
		$i $i $i $i | "$clang" -c -x assembler -o "$tree/kernel/m$i.ko" -
	echo "kernel/m$i.ko"
done >"$tree/modules.builtin"
"$build/tools/kmod/ring3-kmod" depmod -b "$build/index-tree" 1.0 2>"$build/index-tree/log"
find "$tree" "/lib/modules" -name 'modules.*.bin' -size -64k | seed
fuzz "$seconds" indexes
