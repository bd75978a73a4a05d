# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# The demo's data: Debian's source of the kernel without its drivers, as a tar
# file that begins with the checksums of its files, made once; and what is done
# with it.  The checksums are in several lists, to be verified at the same time.

source_tree_tar=${demo:?}/source.tar
source_tree_lists=4
source_tree_verify="cd /mnt/vault && ls /root/sums/* | xargs -n 1 -P $source_tree_lists sha256sum --check --quiet"

source_tree_make() {
	local packed=/usr/src/linux-source-6.1.tar.xz name=linux-source-6.1 folder=$demo/unpack
	[[ $source_tree_tar -nt $packed && $source_tree_tar -nt tests/demo/source_tree.sh ]] && return
	rm -rf "$folder"
	mkdir -p "$folder/sums"
	tar -C "$folder" -xf "$packed" --exclude "$name/drivers/*"
	(cd "$folder" && find "$name" -type f -print0 | LC_ALL=C sort -z |
		xargs -0 sha256sum >all
		split -n "l/$source_tree_lists" all sums/)
	source_tree_count "$folder" >"$demo/source.facts"
	# Root's, whoever unpacked it: the guest has no other users.
	tar -C "$folder" --owner=0 --group=0 -cf "$source_tree_tar.new" sums "$name"
	mv "$source_tree_tar.new" "$source_tree_tar"
	rm -rf "$folder"
}

source_tree_count() {
	cat "$1"/sums/* | wc -l
	find "$1" -type f -printf '%s\n' | awk '{ sum += $1 } END { printf "%d\n", sum }'
}

source_tree_files() { sed -n 1p "$demo/source.facts"; }
source_tree_bytes() { sed -n 2p "$demo/source.facts"; }

# fill_and_verify FILESYSTEM: leaves it mounted
fill_and_verify() {
	guest mount /dev/mapper/vault /mnt/vault
	guest tar -xf /dev/vdc -C /mnt/vault
	guest sync
	guest umount /mnt/vault
	explain "Closed and opened again, so that nothing comes from memory:"
	guest swornadm close vault
	guest swornadm open vault /dev/vda /dev/vdb --key-file /root/vault.key
	guest mount /dev/mapper/vault /mnt/vault
	guest_shows "(^|[^0-9])$((${files:?} + source_tree_lists))([^0-9]|$)" "find /mnt/vault -type f | wc -l"
	guest "$source_tree_verify"
	step_done "$files files on $1 have the checksums that they had in the tar file"
}

# verify_but_one FILE: exactly this one cannot be read
verify_but_one() {
	local output started=$SECONDS
	printf 'guest# %s\n' "$source_tree_verify"
	output=$(vm_run demo --timeout 900 "$source_tree_verify 2>&1") &&
		give_up "the changed file passed for good"
	printf '%s\n' "$output" | shown
	[[ $(grep 'FAILED' <<<"$output") == "$1: FAILED"* && $(grep -c 'FAILED' <<<"$output") == 1 ]] ||
		give_up "not exactly $1 is damaged"
	took "$started"
}

# watch_one_read FILE DISK: a command that prints where FILE's first block is on
# DISK.  The first reading brings the file system's own blocks into memory.
watch_one_read() {
	cat <<-END
	cd /sys/kernel/tracing
	read_it() { dd if=$1 of=/dev/null bs=4096 count=1 iflag=direct status=none; }
	read_it
	echo >trace
	echo 1 >events/block/block_rq_issue/enable
	read_it
	echo 0 >events/block/block_rq_issue/enable
	sed -n "s/.*block_rq_issue: \$(tr : , </sys/block/$2/dev) R.*() \([0-9]*\) + 8 .*/\1/p" trace
	END
}
