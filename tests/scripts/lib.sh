# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# For the scripts beside it: each holds test cases, functions named after the
# rule they hold, in four words or more (helpers have fewer); meson runs one of
# them by name. $RING3 is the program.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
modules=$here/../modules
fixtures=${RING3_FIXTURES:-${XDG_CACHE_HOME:-$HOME/.cache}/ring3-fixtures}
export NO_COLOR=
unset NO_COLOR

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

fail() {
	echo "FAILED: $1" >&2
	for log in out err; do
		[ -s "$work/$log" ] && sed "s/^/    $log: /" "$work/$log" >&2
	done
	exit 1
}

skip() {
	echo "$1"
	exit 77
}

# Build modules of tests/modules/cli with the SDK into $work.
build() {
	local name sources=()
	for name in "$@"; do
		sources+=("$modules/cli/$name.c")
	done
	"$RING3" build -w -o "$work" "${sources[@]}" >"$work/build.log" 2>&1 || {
		cat "$work/build.log" >&2
		fail "ring3 build $*"
	}
}

# status WANTED COMMAND...: run it with output in $work/out and err, expect that exit status.
status() {
	local wanted=$1 got=0
	shift
	"$@" >"$work/out" 2>"$work/err" </dev/null || got=$?
	[ "$got" = "$wanted" ] || fail "$* ended with status $got, not $wanted"
}

# The pattern (extended regular expression) must match a line of out, or of err.
out_has() {
	grep -Eq -- "$1" "$work/out" || fail "no line of the output matches '$1'"
}
out_lacks() {
	! grep -Eq -- "$1" "$work/out" || fail "a line of the output matches '$1'"
}
err_has() {
	grep -Eq -- "$1" "$work/err" || fail "no line of the errors matches '$1'"
}

# The jq expression must be true of the document in out.
json_has() {
	jq -e "$1" "$work/out" >/dev/null || fail "the JSON does not hold: $1"
}

# A line matching $1 must stand above one matching $2.
in_order() {
	awk -v a="$1" -v b="$2" '$0 ~ a && !first { first = NR } $0 ~ b { last = NR }
		END { exit !(first && last && first < last) }' "$work/out" ||
		fail "'$1' does not come before '$2'"
}

need() {
	command -v "$1" >/dev/null || skip "$1 is not installed"
}

# Boxes whose clients have files need FUSE and user namespaces.
need_clients() {
	"$RING3" exec -- true >/dev/null 2>"$work/clients" ||
		skip "clients cannot run here: $(head -1 "$work/clients")"
}

need_fixtures() {
	[ -f "$fixtures/releases" ] || skip "no Debian kernels in $fixtures: run tests/get-fixtures"
	# shellcheck disable=SC1091
	. "$fixtures/releases"
}

build_life() {
	local name sources=()
	for name in "$@"; do
		sources+=("$modules/life/$name.c")
	done
	"$RING3" build -w -o "$work" "${sources[@]}" >"$work/build.log" 2>&1 || fail "ring3 build $*"
}

# Put the modules of $work into a tree that depmod knows.
make_tree() {
	release=$("$RING3" exec --loglevel 0 --console /dev/null -- uname -r)
	mkdir -p "tree/lib/modules/$release"
	cp ./*.ko "tree/lib/modules/$release"
	PATH=$PATH:/sbin:/usr/sbin depmod -b tree "$release" 2>/dev/null
	dir=$work/tree/lib/modules/$release
}

# as_user COMMAND...: as nobody, without any privilege; $work/home is nobody's own.
need_user() {
	need setpriv
	[ "$(id -u)" = 0 ] || skip 'only root can be another user'
	mkdir "$work/fuse" "$work/home"
	chmod 755 "$work"
	chmod 700 "$work/home"
	chown 65534:65534 "$work/home"
	# The device may be opened, as on most machines; not by its mode here.
	cat >"$work/as_user" <<-END
		mount -t tmpfs none "$work/fuse" && mknod -m 666 "$work/fuse/fuse" c 10 229 &&
			mount --bind "$work/fuse/fuse" /dev/fuse
		HOME=$work/home exec setpriv --reuid 65534 --regid 65534 --clear-groups --no-new-privs "\$@"
	END
	unshare -m sh -c "mount -t tmpfs none '$work/fuse' && mknod '$work/fuse/null' c 1 3" 2>/dev/null ||
		skip 'no device node can be made here'
}

as_user() {
	unshare -m sh "$work/as_user" "$@"
}

# Run the case that is named, at the end of each script.
run_case() {
	declare -F "$1" >/dev/null || fail "there is no case $1"
	"$1"
}
