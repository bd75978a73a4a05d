# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Disks with a history, made by the real driver, for tests on the host that look
# at the devices of a closed disk.
#
#   images_make     two/{data,meta}.img: two devices, AES-256-GCM, closed
#                   cut/disk.img: one device, ChaCha20-Poly1305, the power cut
#                   while it was written, so that it ends with a
#                   commit beside its data
#                   and "key", the root key of both, as a file
#   images_paths two|cut     leaves its devices in PATHS
#
# Overwritten, discarded, merged, cleaned, opened again, with checkpoints.

# shellcheck source=tests/lib/test.sh
. "$LAB_TESTS/lib/test.sh"
# shellcheck source=tests/lib/vm.sh
. "$LAB_TESTS/lib/vm.sh"

images_blocks=3072
images_key=000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f
images_run=(max=64 write=12 read=1 discard=2 zero=1 flush=2 fua=1)

# images_open NAME DATA META FORMAT [OPTION...]
images_open() {
	local name=$1 data=$2 meta=$3 format=$4
	shift 4
	vm_run images "dmsetup create $name --table '0 $((images_blocks * 8)) sworndisk \
		$data $meta 0 $format $(($# + 1)) key:$images_key${*:+ $*}'"
}

# images_live NAME SEED OPS: operations on it, with messages in between
images_live() {
	vm_run images --timeout 300 "disk_model run /tmp/$1.model /dev/mapper/$1 seed=$2 ops=$3 \
		${images_run[*]} message=1 dm=$1"
}

# images_history NAME DATA META OPTION...: several activations; leaves it open
images_history() {
	local name=$1 data=$2 meta=$3
	shift 3
	vm_run images "disk_model new /tmp/$name.model $images_blocks"
	images_open "$name" "$data" "$meta" force segment_sectors:512 "$@"
	images_live "$name" 1 250
	vm_run images "dmsetup remove $name"
	images_open "$name" "$data" "$meta" false
	images_live "$name" 2 120
	# runs that no message has merged, and a MemTable that is not written out
	vm_run images "for i in 3 4 5; do
		disk_model run /tmp/$name.model /dev/mapper/$name seed=\$i ops=60 ${images_run[*]} message=0 &&
		dmsetup message $name 0 checkpoint || exit; done
		disk_model run /tmp/$name.model /dev/mapper/$name seed=6 ops=80 ${images_run[*]} message=0"
}

images_build() {
	local writer
	mkdir two cut
	truncate -s 48M two/data.img
	truncate -s 48M two/meta.img
	truncate -s 80M cut/disk.img
	printf '%s' "$images_key" | xxd -r -p >key
	chmod 400 key
	"$LAB_TESTS/vm/pack" --release "$LAB_RELEASE" --output initrd
	on_exit vm_kill_all
	vm_start images --release "$LAB_RELEASE" --initrd initrd --cache writeback \
		--disk two/data.img --disk two/meta.img --disk cut/disk.img
	vm_run images 'modprobe dm-sworndisk'
	images_history two /dev/vda /dev/vdb
	vm_run images 'dmsetup remove two'
	images_history cut /dev/vdc /dev/vdc cipher:chacha20-poly1305
	vm_run images --timeout 300 "disk_model run /tmp/cut.model /dev/mapper/cut seed=7 ops=100000 \
		${images_run[*]} message=0 ack=1" >said 2>&1 &
	writer=$!
	wait_until 60 grep -qE 'acked [0-9]{2,};' said
	vm_kill images
	wait $writer || true
}

# Made once for a build of the driver; every test gets a copy.
images_make() {
	local kept
	kept=$LAB_TOP/build/images/$(cat "$LAB_TOP/build/modules/$LAB_RELEASE/dm-sworndisk.ko" \
		"$LAB_TESTS/lib/images.sh" | sha256sum | head -c 16)
	mkdir -p "${kept%/*}"
	exec {images_lock}>"${kept%/*}/lock"
	flock "$images_lock"
	if [[ ! -d $kept ]]; then
		images_build
		rm -rf "${kept%/*}"/*.new
		mkdir "$kept.new"
		cp -a --sparse=always two cut key "$kept.new"
		mv "$kept.new" "$kept"
	else
		cp -a --sparse=always "$kept"/* .
	fi
	exec {images_lock}>&-
}

# images_paths two|cut: its devices, in PATHS
images_paths() {
	PATHS=(two/data.img two/meta.img)
	# shellcheck disable=SC2034 # for who calls this
	[[ $1 == two ]] || PATHS=(cut/disk.img)
}
