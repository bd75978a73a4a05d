# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# A test says what it is and needs in comment lines "# key: value" (in C:
# " * key: value") before its first line of code.

# header FILE KEY [DEFAULT]
header() {
	local value
	value=$(sed -n -e '/^[^#/ *]/q' -e "s@^[#/ *]* $2: *@@p" "$1" | head -n 1)
	printf '%s\n' "${value:-${3:-}}"
}
