# SPDX-License-Identifier: GPL-2.0-only
#
# The bundle's front door for people.  The kernel's build system never reads
# this file (src/Kbuild is its own), and everything made here goes to build/.
#
#   make                     modules and swornadm
#   make modules [KDIR=...]  modules, for the kernel whose build tree KDIR is
#   make cli                 swornadm
#   make install [DESTDIR=]  modules, swornadm, manual pages
#   make check               build and test on every kernel of the lab
#   make check-all           the same with the long tests
#   make lint  demo  bench
#
# V=1 shows commands and the messages of the compile probes; W=1 and C=2 are
# handed to the kernel's build system.

PREFIX ?= /usr
DESTDIR ?=

VERSION := $(shell sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' dkms.conf)
BUILD := build

.PHONY: all modules cli tools unit install install-modules install-cli install-man \
	check check-all lint demo bench clean

all: modules cli

# --- modules ---------------------------------------------------------------

# The running kernel's headers, else the newest installed.
KDIR ?= $(or $(wildcard /lib/modules/$(shell uname -r)/build), \
	     $(lastword $(shell ls -d /lib/modules/*/build 2>/dev/null | sort -V)))
KVER = $(shell sed -n 's/^.define UTS_RELEASE "\(.*\)"/\1/p' \
		$(KDIR)/include/generated/utsrelease.h 2>/dev/null)
MODULES_DIR = $(BUILD)/modules/$(KVER)

modules:
	@test -n "$(KVER)" || { \
		echo "no kernel headers found$(if $(KDIR), in $(KDIR)): install linux-headers-amd64 or give KDIR" >&2; \
		exit 1; }
	@echo "building modules for $(KVER)"
	@tests/lib/mirror src $(MODULES_DIR)
	+$(MAKE) -C $(KDIR) M=$(CURDIR)/$(MODULES_DIR) modules

# --- swornadm, with an own Makefile ----------------------------------------

cli:
ifneq ($(wildcard cli/Makefile),)
	+$(MAKE) -C cli O=$(CURDIR)/$(BUILD)/cli VERSION=$(VERSION)
endif

# --- install ---------------------------------------------------------------

install: install-modules install-cli install-man

install-modules: modules
	+$(MAKE) -C $(KDIR) M=$(CURDIR)/$(MODULES_DIR) \
		INSTALL_MOD_PATH=$(DESTDIR) INSTALL_MOD_DIR=updates \
		$(if $(DESTDIR),DEPMOD=true) modules_install

install-cli: cli
ifneq ($(wildcard cli/Makefile),)
	+$(MAKE) -C cli O=$(CURDIR)/$(BUILD)/cli VERSION=$(VERSION) \
		DESTDIR=$(DESTDIR) PREFIX=$(PREFIX) install
endif

install-man:
	set -e; for page in $(wildcard man/*.[1-9]); do \
		install -D -m 644 $$page $(DESTDIR)$(PREFIX)/share/man/man$${page##*.}/$${page##*/}; \
	done

# --- tests -----------------------------------------------------------------

# Programs that tests run in a guest: static, for it has few libraries.
tool_sources := $(filter-out %_test.c,$(wildcard tests/disk/*.c tests/crash/*.c tests/ram/*.c tests/mbox/*.c tests/debug/*.c))
tools: $(patsubst %.c,$(BUILD)/tools/%,$(notdir $(tool_sources)))
vpath %.c $(sort $(dir $(tool_sources)))
$(BUILD)/tools/%: %.c $(wildcard tests/lib/*.h)
	@mkdir -p $(@D)
	$(CC) -O2 -g -std=gnu11 -Wall -Wextra -Werror -pthread -static -Itests/lib -o $@ $<

check:
	tests/check --setup --build

check-all:
	tests/check --setup --build --all

lint:
	tests/check --build --lint

demo:
	tests/demo/run

bench:
	tests/bench/run --model all

clean:
	rm -rf $(BUILD)
