#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The samples print what they printed on Debian's own kernel (tests/record-samples),
# whether built with the SDK or by a release's Kbuild.
. "$(dirname "$0")/lib.sh"

samples=$here/../../samples
recorded=$here/../samples

# same_logs DIRECTORY [OPTION...]: every line of runs, with the modules in DIRECTORY.
same_logs() {
	local built=$1 line name words=() failed=0
	shift
	while IFS= read -r line <&3; do
		[[ $line != \#* ]] || continue
		name=${line%%:*}
		eval "words=(${line#*: })"
		(cd "$built" && "$RING3" run --loglevel 8 "$@" -- "${words[@]}") </dev/null >all 2>err || true
		sed -n 's/^\[ *[0-9.]*\] //p' all |
			grep -v -e 'taints kernel' -e 'module verification failed' >out || true
		diff -u --label "$name on Linux" "$recorded/$name.txt" --label "$name in a box" out >&2 ||
			failed=1
	done 3<"$recorded/runs"
	[ "$failed" = 0 ] || fail "logs differ"
}

build_samples() { # OPTION...
	"$RING3" build -o "$work/built" "$@" "$samples" >build.log 2>&1 || {
		cat build.log >&2
		fail "ring3 build $*"
	}
}

sdk_samples_print_what_they_print_on_linux() {
	build_samples
	same_logs built
}

sdk_samples_print_the_same_on_one_cpu() {
	build_samples
	same_logs built --cpus 1
}

sdk_samples_print_the_same_on_four_cpus() {
	build_samples
	same_logs built --cpus 4
}

# The sources of a sample name no release: Kbuild takes them as they are.
kbuild_samples() { # RELEASE, version of the sources
	build_samples --kernel "$1" --headers "$fixtures/usr/src/linux-headers-$1"
	same_logs built --headers "$fixtures/usr/src/linux-headers-$1" \
		--source "$fixtures/usr/src/linux-source-$2.tar.xz"
}



kbuild_samples_of_linux_6_1_print_the_same() {
	need_fixtures
	kbuild_samples "$RELEASE_6_1" 6.1
}

kbuild_samples_of_linux_6_12_print_the_same() {
	need_fixtures
	kbuild_samples "$RELEASE_6_12" 6.12
}

run_case "$1"
