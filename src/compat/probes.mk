# SPDX-License-Identifier: GPL-2.0-only
#
# Questions about the kernel's API, asked by compiling.  Included by src/Kbuild.
#
# probes/NAME.c asks one question: it compiles without a warning if and only if
# the target kernel has what NAME stands for.  Each answer becomes a line of the
# generated compat/probed.h, which every object depends on, so each probe runs
# once a build however often this file is read.
#
# A failing probe is an answer, not an error, so its messages are thrown away;
# V=1 shows them.  CONTROL.c must always compile: were the compiler or the
# headers broken, every other answer would be a wrong no.

sworn-probes := SHRINKER_ALLOC MAX_HW_DISCARD CRYPTO_DONE_DATA \
		DISK_OPEN_GENDISK DISK_ALLOC_LIMITS QUEUE_FEATURES FREEZE_MEMO \
		DEVNODE_CONST

sworn-probe-dir := $(obj)/compat/probes
sworn-probe-answers := $(addprefix $(sworn-probe-dir)/,$(addsuffix .answer,$(sworn-probes)))
sworn-probe-control := $(sworn-probe-dir)/CONTROL.answer

# The answers change when another release of the same headers is installed.
sworn-probe-kernel := $(wildcard $(objtree)/include/generated/autoconf.h \
				 $(objtree)/include/generated/utsrelease.h)

# The compiler flags are those of a module's object, which this makes believe.
$(sworn-probe-answers) $(sworn-probe-control): part-of-module := y

sworn-probe-compile = mkdir -p $(sworn-probe-dir); \
	$(CC) $(c_flags) -Werror -c -o $@.o $<
sworn-probe-tidy = rm -f $@.o $(depfile)
sworn-probe-silent := $(if $(findstring 1,$(KBUILD_VERBOSE)),,2>/dev/null)

quiet_cmd_sworn_probe = PROBE   $@
      cmd_sworn_probe = \
	if { $(sworn-probe-compile); } $(sworn-probe-silent); \
	then echo "\#define SWORN_HAVE_$* 1" >$@; \
	else echo "/* SWORN_HAVE_$*: no */" >$@; fi; $(sworn-probe-tidy)

quiet_cmd_sworn_control = PROBE   $@
      cmd_sworn_control = \
	$(sworn-probe-compile) || { \
		echo "compat: a probe that must compile does not: are these headers complete?" >&2; \
		exit 1; }; \
	echo "/* probed */" >$@; $(sworn-probe-tidy)

filechk_sworn_probed = cat $(real-prereqs)

$(sworn-probe-control): $(sworn-probe-dir)/%.answer: $(src)/compat/probes/%.c $(sworn-probe-kernel) FORCE
	$(call if_changed,sworn_control)

$(sworn-probe-answers): $(sworn-probe-dir)/%.answer: $(src)/compat/probes/%.c \
		$(sworn-probe-control) $(sworn-probe-kernel) FORCE
	$(call if_changed,sworn_probe)

$(obj)/compat/probed.h: $(sworn-probe-control) $(sworn-probe-answers) FORCE
	$(call filechk,sworn_probed)

$(addprefix $(obj)/,$(sworn-objects)): $(obj)/compat/probed.h

sworn-probe-targets := compat/probed.h $(patsubst %,compat/probes/%.answer,CONTROL $(sworn-probes))
targets += $(sworn-probe-targets)
clean-files += $(sworn-probe-targets)
