# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
# For the scripts beside it: a build with clang's fuzzer in $build, and what
# they do with it. $fuzzer is the program's name, $target what ninja builds, in words.
source=$(cd "$(dirname "$0")/.." && pwd)
build=${RING3_FUZZ_BUILD:-$source/build-fuzz}
clang=${CLANG:-clang}

command -v "$clang" >/dev/null || {
	echo "$0: fuzzing needs clang (Debian: apt-get install clang)" >&2
	exit 2
}

# One of them builds at a time.
mkdir -p "$build"
exec 9>"$build.lock"
flock 9
if [ ! -e "$build/build.ninja" ]; then
	CC=$clang meson setup "$build" "$source" --buildtype=debugoptimized \
		-Db_sanitize=address,undefined -Db_lundef=false \
		-Dc_args="-fsanitize=fuzzer-no-link -fno-sanitize-recover=undefined -DFUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION" \
		>"$build.log" 2>&1 || { cat "$build.log" >&2; exit 2; }
fi
# shellcheck disable=SC2086 # words
ninja -C "$build" $target >"$build.log" 2>&1 || { tail -50 "$build.log" >&2; exit 2; }
exec 9>&-

mkdir -p "$build/findings"
# detect_leaks: a refused load must give back all that it took
export ASAN_OPTIONS="detect_leaks=1:allocator_may_return_null=1:${ASAN_OPTIONS:-}"
export UBSAN_OPTIONS="print_stacktrace=1:${UBSAN_OPTIONS:-}"

fail() { # MESSAGE
	tail -60 "$log" >&2
	echo "$0: $1; see $build/findings and $log" >&2
	exit 1
}

# Names of modules on standard input become seeds in $corpus.
seed() {
	mkdir -p "$corpus"
	while read -r module; do
		cp "$module" "$corpus/seed-$(cksum <"$module" | tr -d ' ')"
	done
	[ -n "$(ls "$corpus")" ] || { echo "$0: no seeds" >&2; exit 2; }
}

# Fuzz for SECONDS on the target NAME.
fuzz() {
	log=$build/fuzz-$2.log
	# libFuzzer's own search for leaks, after each input, would take most of the time;
	# the sanitizer's, at the end, finds the same ones
	"$build/fuzz/$fuzzer" -detect_leaks=0 -max_total_time="$1" -max_len=65536 \
		-timeout=20 -rss_limit_mb=4096 -print_final_stats=1 -mutate_depth=2 \
		-dict="$source/fuzz/load.dict" -artifact_prefix="$build/findings/" \
		"$corpus" >"$log" 2>&1 || fail "a finding on $2"
	inputs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
	[ "${inputs:-0}" -gt 0 ] || { echo "$0: no input was tried on $2" >&2; exit 1; }
	depth=$(sed -n 's/^depth: //p' "$log")
	echo "$fuzzer: $2: $inputs inputs in $1 s ($depth), $(ls "$corpus" | wc -l) in the corpus, nothing found"
}
