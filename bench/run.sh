#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# run.sh BENCH RING3 HELLO.ko BENCH_0000.ko LIBRARY.so: the benchmarks; those of a
# Linux target when its headers are installed, that of a large module when
# LARGE_MODULE names one (amdgpu.ko, nouveau.ko).
set -eu
bench=$1 ring3=$2 hello=$3 module=$4 library=$5
linux_hello=-
release=$(cd /usr/src && ls -d linux-headers-6.1.0-*-amd64 2>/dev/null | sed 's/linux-headers-//' | grep -v -e cloud -e rt | tail -n 1)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ -n "$release" ]; then
	cp "$(dirname "$0")/bench_hello.c" "$work"
	"$ring3" build --kernel "$release" -O "$work" "$work/bench_hello.c" >&2
	linux_hello=$work/bench_hello.ko
fi
"$bench" "$ring3" "$hello" "$module" "$library" "$linux_hello" ${LARGE_MODULE:+"$LARGE_MODULE"}
