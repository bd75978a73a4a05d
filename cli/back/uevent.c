// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's own announcements, as they are before udev hears of them.  Only
 * those that the kernel itself sent are believed.
 */
#include "kernel.h"

#include <errno.h>
#include <linux/netlink.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "include/uapi/sworndisk_target.h"

#define KERNEL_GROUP	1
#define ROOM_BYTES	(1 << 20)

int uevent_open(struct failure *f)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK,
				       .nl_groups = KERNEL_GROUP };
	int room = ROOM_BYTES, err;
	int fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC,
			NETLINK_KOBJECT_UEVENT);

	if (fd < 0)
		return fail(f, errno, "the kernel's events cannot be followed: %s",
			    strerror(errno));
	/* many may come at once when hundreds of disks are made */
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room));
	if (!bind(fd, (struct sockaddr *)&address, sizeof(address)))
		return fd;
	err = errno;
	close(fd);
	return fail(f, err, "the kernel's events cannot be followed: %s",
		    strerror(err));
}

int uevent_next(int fd, struct back_event *event, struct failure *f)
{
	struct sockaddr_nl from = { 0 };
	struct iovec part = { event->text, sizeof(event->text) - 2 };
	struct msghdr message = { .msg_name = &from, .msg_namelen = sizeof(from),
				  .msg_iov = &part, .msg_iovlen = 1 };
	ssize_t n;

	memset(event, 0, sizeof(*event));
	n = recvmsg(fd, &message, MSG_DONTWAIT);
	if (n < 0) {
		/* ENOBUFS: some were lost; those that come are still worth it */
		if (errno == EAGAIN || errno == EINTR || errno == ENOBUFS)
			return 0;
		return fail(f, errno, "the kernel's events cannot be followed: %s",
			    strerror(errno));
	}
	if (from.nl_pid || message.msg_flags & MSG_TRUNC)
		return 0;
	return back_event_get(event, SWORN_UEVENT) ? 1 : 0;
}
