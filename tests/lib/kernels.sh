# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Which kernels the lab knows, and where a series lives on this machine.

# shellcheck disable=SC2034 # for those who source this
LAB_SERIES=(6.1 6.12)

# kernel_release SERIES: the newest installed release with image and headers
kernel_release() {
	local modules found=
	for modules in $(printf '%s\n' /lib/modules/"$1".* | sort -V); do
		if [[ -e $modules/build/Makefile && -e /boot/vmlinuz-${modules##*/} ]]; then
			found=${modules##*/}
		fi
	done
	[[ -n $found ]] && printf '%s\n' "$found"
}
