# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# cleaning_boundaries one|two POINTS SEED: as boundaries, of a run that writes
# its disk several times over, so that space is found and used again, segments
# are cleaned, runs merged and checkpoints written all the time.

# shellcheck source=tests/crash/replay.sh
. "$LAB_TESTS/crash/replay.sh"
# shellcheck source=tests/crash/boundaries.sh
. "$LAB_TESTS/crash/boundaries.sh"

# Data for some ten segments more than the 32 that may be live; what is before is
# metadata.  The engine commits by itself then, so any operation may be the last.
cleaning_boundaries() {
	local -A meta_mib=([one]=31 [two]=40)
	# shellcheck disable=SC2034 # for record_begin
	CRASH_SIZE=$((meta_mib[$1] * 1024 + 42 * 256))K
	boundaries "$1" "$2" "$3" ops="${CLEANING_OPS:-900}" max=64 inside=1 any=1 write=20 discard=1 zero=1 \
		flush=4 fua=3 message=3
}
