# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A guest of QEMU with a real kernel whose file system is made on the spot, of
# this host's programs. For compare; nothing of it is installed.

# What lines of scripts may call. In the guest they are the host's very files.
guest_programs='sh kmod insmod rmmod lsmod modinfo modprobe busybox dmesg
	basename cat chmod cksum cp cut dd dirname echo env find grep head id ls mkdir mv rm rmdir sed
	setpriv sleep sort stat tail timeout touch tr truncate uname wc xz zstd'

# Copy programs and the libraries that they need into folder $1, each to its own path.
guest_copy() {
	local root=$1 program paths=()
	shift
	for program in "$@"; do
		paths+=("$(PATH=/usr/sbin:/usr/bin type -P "$program")") || {
			echo "there is no program $program" >&2
			return 1
		}
	done
	mapfile -t -O ${#paths[@]} paths < <(ldd "${paths[@]}" 2>/dev/null |
		sed -n 's/^\t\(.* => \)\?\(\/[^ ]*\) (.*/\2/p' | sort -u)
	cp -L --parents "${paths[@]}" "$root"
}

# guest_make INITRAMFS WORK FILES MODULES RELEASE SCRIPT...: the guest's file system.
guest_make() {
	local initramfs=$1 root=$2 files=$3 modules=$4 release=$5 link recorder
	recorder=$(dirname "${BASH_SOURCE[0]}")
	shift 5
	mkdir -p "$root"/{dev,proc,sys,tmp,etc,run,usr/bin,usr/sbin,usr/lib,usr/lib64,transcript}
	for link in bin sbin lib lib64; do
		ln -s "usr/$link" "$root/$link"
	done
	# shellcheck disable=SC2086 # words
	guest_copy "$root" $guest_programs || return
	# The same configuration of modprobe as the host's, if there is any.
	cp -a --parents /etc/modprobe.d /usr/lib/modprobe.d "$root" 2>/dev/null || true
	cp "$recorder"/{record,helpers.sh} "$@" "$root/transcript" || return
	basename -a "$@" >"$root/transcript/scripts"
	cp -a "$files" "$root/transcript/files" || return
	mkdir "$root/usr/lib/modules"
	cp -a "$modules" "$root/usr/lib/modules/$release" || return
	cp "$recorder/guest-init" "$root/init" || return
	(cd "$root" && find . | busybox cpio -o -H newc 2>/dev/null) >"$initramfs"
}

# guest_run KERNEL INITRAMFS TRANSCRIPT CONSOLE SECONDS ACCELERATOR COMMAND-LINE:
# boot it, wait until it has powered off, with what both serial lines said in files.
guest_run() {
	# An emulator translates code by its address: with norandmaps that is the same in
	# the next process. That and nopti make programs five times as fast.
	local fast='norandmaps nopti rcupdate.rcu_expedited=1'

	timeout --foreground --kill-after=5 "$5" qemu-system-x86_64 -machine pc -accel "$6" -cpu max -m 1024 \
		-kernel "$1" -initrd "$2" -append "console=ttyS0 quiet panic=-1 $fast $7" \
		-display none -nodefaults -no-reboot -serial "file:$4" -serial "file:$3" </dev/null
}
