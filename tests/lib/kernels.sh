# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Which kernels the lab knows, and where a series lives on this machine.
#
#   kernel_release SERIES     the newest installed release with image and headers
#   kernel_is_debug RELEASE   is it the one that the lab builds?
#   kernel_root RELEASE       the folder whose lib/modules/ it is in; / prints nothing
#   kernel_tree RELEASE       what modules are built against
#   kernel_make RELEASE       the variables that make modules wants for it

# shellcheck disable=SC2034 # for those who source this
LAB_SERIES=(6.1 6.12)

kernels_tests=$(cd "${BASH_SOURCE[0]%/*}/.." && pwd)

kernel_folder() { "$kernels_tests/debug/kernel" --find; }

kernel_release() {
	local modules folder found=
	if [[ $1 == debug ]]; then
		folder=$(kernel_folder) && cat "$folder/release"
		return
	fi
	for modules in $(printf '%s\n' /lib/modules/"$1".* | sort -V); do
		if [[ -e $modules/build/Makefile && -e /boot/vmlinuz-${modules##*/} ]]; then
			found=${modules##*/}
		fi
	done
	[[ -n $found ]] && printf '%s\n' "$found"
}

kernel_is_debug() { [[ $1 == *-debug ]]; }

kernel_root() {
	! kernel_is_debug "$1" || printf '%s/root\n' "$(kernel_folder)"
}

kernel_tree() { printf '%s/lib/modules/%s/build\n' "$(kernel_root "$1")" "$1"; }

kernel_make() {
	printf 'KDIR=%s\n' "$(kernel_tree "$1")"
	! kernel_is_debug "$1" || printf '%s\n' ARCH=um UBSAN_SANITIZE=y
}
