#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# run.sh BENCH RING3 HELLO.ko BENCH_0000.ko BENCH_PROBES.ko LIBRARY.so CLIENT HELLO_FUSE:
# every figure of docs/bench.md.
# Linux targets and a large module come from the tests' fixtures, else from what
# is installed; what is not there is said and left out. Exit status 1: a goal was missed.
set -eu
bench=$1 ring3=$2 hello=$3 module=$4 probes=$5 library=$6 client=$7 hello_fuse=$8
here=$(cd "$(dirname "$0")" && pwd)
fixtures=${RING3_FIXTURES:-${XDG_CACHE_HOME:-$HOME/.cache}/ring3-fixtures}
targets=(builtin - - "$hello" "$module" "$probes") large=-

# The same modules for a release: compiled now, so that only the runs are measured.
target() {
	local release=$1 headers=$2 source=$3
	mkdir "$work/$release"
	cp "$here"/bench_{hello,0000,probes}.c "$work/$release"
	"$ring3" build --kernel "$release" ${headers:+--headers "$headers"} -O "$work/$release" \
		"$work/$release"/bench_{hello,0000,probes}.c >&2
	targets+=("$release" "${headers:--}" "${source:--}" "$work/$release"/bench_{hello,0000,probes}.ko)
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ -f "$fixtures/releases" ]; then
	. "$fixtures/releases"
	target "$RELEASE_6_1" "$fixtures" "$fixtures/usr/src"
	target "$RELEASE_6_12" "$fixtures" "$fixtures/usr/src"
	large=$fixtures/lib/modules/$RELEASE_6_1/kernel/drivers/gpu/drm/amd/amdgpu/amdgpu.ko
elif [ -d "/lib/modules/$(uname -r)/build" ]; then
	target "$(uname -r)" '' ''
else
	echo 'no Linux target: run tests/get-fixtures, or install the headers of this kernel' >&2
fi
[ -f "$large" ] || large=-
[ "$large" != - ] || echo 'no large module: run tests/get-fixtures' >&2
PATH=$PATH:/usr/sbin:/sbin command -v insmod >/dev/null ||
	echo 'no insmod and rmmod, whose figures are left out: apt-get install kmod' >&2

# User-Mode Linux wants paths without blanks, of programs and of its module.
mkdir "$work/hello" "$work/uml"
if uml=$(command -v linux.uml); then
	cp "$client" "$work/uml/client"
	"$here"/uml_module.sh "${UML_MODULES:-/usr/lib/uml/modules}" "$here/bench_0000.c" \
		"$work/uml/bench_0000.ko"
else
	uml=-
	echo 'no User-Mode Linux, whose figures are left out: apt-get install user-mode-linux' >&2
fi
"$bench" "$ring3" "$library" "$large" "$client" "$hello_fuse" "$work" "$work/uml" "$uml" \
	"${targets[@]}"
