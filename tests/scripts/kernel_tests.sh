#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Linux's own tests, unmodified, from the release's source package
# (tests/kernel-tests/list): they say in a box what they say on Linux.
. "$(dirname "$0")/lib.sh"

kernel_tests=$here/../kernel-tests

tests_of() { # VERSION
	sed -n "s/^\[$1\] //p; /^[a-zA-Z]/p" "$kernel_tests/list"
}

# Of the sources, what the tests include from beside them comes along.
unpack() { # VERSION
	tar -C "$work" --strip-components=1 -xJf "$fixtures/usr/src/linux-source-$1.tar.xz" --wildcards \
		'*/lib/*.c' '*/lib/*.h' '*/samples/k*' '*/kernel/locking/*' '*/kernel/time/*' \
		'*/tools/testing/selftests/kselftest_module.h'
}

# KUnit for a kernel that has none, as one more module of lib
arrange_kunit() {
	cp -r "$work/lib/kunit" "$work/tests/lib"
	cp "$kernel_tests/kunit.h" "$work/tests/lib/with_kunit.h"
	cat >>"$work/tests/lib/Kbuild" <<-'END'
		obj-m += kunit.o
		kunit-objs := $(addprefix kunit/,test.o resource.o string-stream.o assert.o try-catch.o executor.o)
		$(addprefix $(obj)/,$(kunit-objs)): ccflags-y += -DKUNIT_CORE -include $(src)/with_kunit.h
		CFLAGS_test_kprobes.o += -DCONFIG_KPROBES_SANITY_TEST_MODULE -include $(src)/with_kunit.h
	END
}

# One Kbuild folder for each folder of Linux's that has some of them.
arrange() { # VERSION
	local name folder rest
	while read -r name folder rest; do
		[ -f "$work/$folder/$name.c" ] || continue
		mkdir -p "$work/tests/$folder"
		cp "$work/$folder/$name.c" "$work/tests/$folder"
		cp "$work/$folder"/*.h "$work/tests/$folder" 2>/dev/null || true
		echo "obj-m += $name.o" >>"$work/tests/$folder/Kbuild"
	done < <(tests_of "$1")
	mkdir -p "$work/tests/tools/testing"
	cp -r "$work/tools/testing/selftests" "$work/tests/tools/testing"
	# as lib/Makefile has it
	echo 'CFLAGS_test_fpu.o += -mhard-float -msse -msse2 -mpreferred-stack-boundary=4' \
		'-isystem $(shell $(CC) -print-file-name=include)' >>"$work/tests/lib/Kbuild"
	if grep -q test_kprobes "$work/tests/lib/Kbuild"; then
		arrange_kunit
	fi
	mkdir "$work/tests/samples/kprobes"
	cp "$work"/samples/kprobes/*.c "$kernel_tests/probed.c" "$work/tests/samples/kprobes"
	echo 'obj-m += kprobe_example.o kretprobe_example.o probed.o' >"$work/tests/samples/kprobes/Kbuild"
	[ ! -f "$work/lib/test_fpu_impl.c" ] || sed -i '/test_fpu.o/d; /CFLAGS_test_fpu/d' "$work/tests/lib/Kbuild"
}

# logs LINES MODULE PARAMETER: with a module that calls the function it is told of, once, it logs
# these lines and no others; P stands for a pointer, N for a number.
logs() {
	status 0 "$RING3" run --headers "$fixtures" --source "$fixtures/usr/src" "$work/built/$2.ko" "$3" \
		+ "$work/built/probed.ko"
	sed -En 's/^\[ *[0-9.]+\] //; s/\b[0-9a-f]{16}\b/P/; s/0x[0-9a-f]{16}/0xP/
		s/(ip = |flags = 0x|returned |took )[0-9a-f]+/\1N/g
		/loading out-of-tree|module verification|^ring3/!p' "$work/out" >"$work/log"
	diff -u <(printf '%s\n' "$1") "$work/log" >&2 || fail "$2 does not log what it logs on Linux"
}

samples_log_alike() {
	logs 'kprobe_init: Planted kprobe at P
handler_pre: <ksize> p->addr = 0xP, ip = N, flags = 0xN
handler_post: <ksize> p->addr = 0xP, flags = 0xN
kprobe_exit: kprobe at P unregistered' kprobe_example symbol=ksize
	logs 'Planted return probe at ksize: P
ksize returned N and took N ns to execute
kretprobe at P unregistered
Missed probing 0 instances of ksize' kretprobe_example func=ksize
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
	arrange "$2"
	while read -r folder; do
		"$RING3" build -w --kernel "$1" --headers "$fixtures" -O "$work/built" "$folder" >"$work/out" 2>&1 ||
			fail "ring3 build --kernel $1 $folder"
	done < <(find "$work/tests" -name Kbuild -printf '%h\n' | sort)
	while read -r name folder result line; do
		[ -f "$work/built/$name.ko" ] || continue
		count=$((count + 1))
		says_what_it_says_on_linux "$name" "$result" "$line" || {
			failed+=("$name")
			tail -n 30 "$work/out" "$work/err" >&2
		}
	done < <(tests_of "$2")
	echo "$count of Linux's own tests ran on $1"
	[ ${#failed[@]} = 0 ] || fail "these do not say what they say on Linux: ${failed[*]}"
	[ $count -ge "$3" ] || fail "only $count tests, not $3"
	samples_log_alike
}

linuxs_own_tests_pass_on_6_1() {
	need_fixtures
	pass "$RELEASE_6_1" 6.1 40
}

linuxs_own_tests_pass_on_6_12() {
	need_fixtures
	pass "$RELEASE_6_12" 6.12 30
}

run_case "$1"
