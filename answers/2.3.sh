#!/bin/sh
# The boot sector reads setup_sects sectors (offset 0x1f1, a byte), and
# load_kernel() syssize units of 16 bytes (offset 0x1f4, 4 bytes, the low
# one first), in whole sectors. Both numbers change with the kernel, so
# this is how to compute them, from the kernel that runs.
cd "$(dirname "$0")/.." || exit 1
set -- $(tools/boot --chapter 2 --input 'peek 0xffff888000007df1 7 b' |
	sed -n 's/^ffff888000007df1: \(.*\)  |.*/\1/p')
echo $((0x$1)) $(((0x$7$6$5$4 * 16 + 511) / 512))
