#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Linux's own tests, unmodified, from the release's source package
# (tests/kernel-tests/list): they say in a box what they say on Linux.
. "$(dirname "$0")/lib.sh"

list=$here/../kernel-tests/list

# Of the sources, what the tests include from beside them comes along.
unpack() { # VERSION
	tar -C "$work" --strip-components=1 -xJf "$fixtures/usr/src/linux-source-$1.tar.xz" --wildcards \
		'*/lib/*.c' '*/lib/*.h' '*/samples/k*' '*/kernel/locking/*' '*/kernel/time/*' \
		'*/tools/testing/selftests/kselftest_module.h'
}

# One Kbuild folder for each folder of Linux's that has some of them.
arrange() {
	local name folder rest
	while read -r name folder rest; do
		[[ $name != \#* && -f $work/$folder/$name.c ]] || continue
		mkdir -p "$work/tests/$folder"
		cp "$work/$folder/$name.c" "$work/tests/$folder"
		cp "$work/$folder"/*.h "$work/tests/$folder" 2>/dev/null || true
		echo "obj-m += $name.o" >>"$work/tests/$folder/Kbuild"
	done <"$list"
	mkdir -p "$work/tests/tools/testing"
	cp -r "$work/tools/testing/selftests" "$work/tests/tools/testing"
	# as lib/Makefile has it
	echo 'CFLAGS_test_fpu.o += -mhard-float -msse -msse2 -mpreferred-stack-boundary=4' \
		'-isystem $(shell $(CC) -print-file-name=include)' >>"$work/tests/lib/Kbuild"
	[ ! -f "$work/lib/test_fpu_impl.c" ] || sed -i '/test_fpu.o/d; /CFLAGS_test_fpu/d' "$work/tests/lib/Kbuild"
}

says_what_it_says_on_linux() { # NAME RESULT LINE RELEASE VERSION
	local name=$1 result=$2 line=$3 refused
	"$RING3" run --loglevel 8 --memory 512M --headers "$fixtures" --source "$fixtures/usr/src" \
		--modules-dir "$work/built" "$work/built/$name.ko" >"$work/out" 2>"$work/err" </dev/null || true
	case $result in
	EAGAIN) refused='not loaded: Resource temporarily unavailable' ;;
	EINVAL) refused='not loaded: Invalid parameters' ;;
	*) refused= ;;
	esac
	if [ -n "$refused" ]; then
		grep -q "$refused" "$work/out" || return 1
	else
		! grep -q 'not loaded\|not tried' "$work/out" || return 1
	fi
	! grep -Eq 'Oops|BUG:|self-detected|FAIL' "$work/out" || return 1
	grep -Eq -- "$line" "$work/out"
}

pass() { # RELEASE VERSION AT_LEAST
	local name folder result line failed=() count=0
	unpack "$2"
	arrange
	while read -r folder; do
		"$RING3" build -w --kernel "$1" --headers "$fixtures" -O "$work/built" "$folder" >"$work/out" 2>&1 ||
			fail "ring3 build --kernel $1 $folder"
	done < <(find "$work/tests" -name Kbuild -printf '%h\n' | sort)
	while read -r name folder result line; do
		[[ $name != \#* && -f $work/built/$name.ko ]] || continue
		count=$((count + 1))
		says_what_it_says_on_linux "$name" "$result" "$line" || {
			failed+=("$name")
			tail -n 30 "$work/out" "$work/err" >&2
		}
	done <"$list"
	echo "$count of Linux's own tests ran on $1"
	[ ${#failed[@]} = 0 ] || fail "these do not say what they say on Linux: ${failed[*]}"
	[ $count -ge "$3" ] || fail "only $count tests, not $3"
}

linuxs_own_tests_pass_on_6_1() {
	need_fixtures
	pass "$RELEASE_6_1" 6.1 39
}

linuxs_own_tests_pass_on_6_12() {
	need_fixtures
	pass "$RELEASE_6_12" 6.12 30
}

run_case "$1"
