# SPDX-License-Identifier: GPL-2.0-or-later
# What may differ between a box and a real kernel, made equal before the two
# transcripts are compared. Each rule says why it must be; nothing else may differ.

# The time of a log line: no two boots are alike.
s/^(<[0-9]+>)\[ *[0-9]+\.[0-9]+\] /| \1/

# Addresses: modules lie where there is room, in a box below 2 GiB.
s/0x[0-9a-f]{16}/0xADDRESS/g

# What a kernel of an emulated machine says by itself, whenever it happens.
/^\| <[0-9]>(hrtimer: interrupt took|clocksource: |tsc: |random: crng init done)/d

# What the processor is vulnerable to; a box does nothing about it.
/^\| <3>Spectre V2 : System may be vulnerable to spectre v2$/d
