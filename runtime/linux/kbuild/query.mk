# SPDX-License-Identifier: GPL-2.0-or-later
#
# Asks the Kbuild makefile of one directory of Linux which objects it links
# into the kernel and with which flags of their own:
#
#	make -f query.mk source=TREE headers=OBJTREE directory=lib src=...
#
# One line an object, fields separated by tabs:
#
#	object  modname  cflags  cflags removed  aflags  aflags removed  nonstandard
#
# What only Kbuild proper can evaluate (compiler probes, flag sets of the top
# makefile, the object directory) is answered with its own text, so that it is
# evaluated when the object is compiled.
MAKEFLAGS += -rR --no-print-directory
.DEFAULT_GOAL := query
SHELL := /bin/sh

srctree := $(source)
objtree := $(headers)
obj := $$(obj)
SRCARCH := x86
ARCH := x86
BITS := 64
KBUILD_BUILTIN := 1

CC_FLAGS_FTRACE := $$(CC_FLAGS_FTRACE)
CC_FLAGS_LTO := $$(CC_FLAGS_LTO)
CC_FLAGS_CFI := $$(CC_FLAGS_CFI)
CC_FLAGS_SCS := $$(CC_FLAGS_SCS)
CC_FLAGS_FPU := $$(CC_FLAGS_FPU)
CC_FLAGS_NO_FPU := $$(CC_FLAGS_NO_FPU)
RETPOLINE_CFLAGS := $$(RETPOLINE_CFLAGS)
RETPOLINE_VDSO_CFLAGS := $$(RETPOLINE_VDSO_CFLAGS)
RETHUNK_CFLAGS := $$(RETHUNK_CFLAGS)
DISABLE_STACKLEAK_PLUGIN := $$(DISABLE_STACKLEAK_PLUGIN)
DISABLE_LATENT_ENTROPY_PLUGIN := $$(DISABLE_LATENT_ENTROPY_PLUGIN)
cc-option = $$(call cc-option,$1,$2)
cc-option-yn = n
cc-disable-warning = $$(call cc-disable-warning,$1)
cc-ifversion = $$(call cc-ifversion,$1,$2,$3)
as-option = $$(call as-option,$1,$2)
as-instr = $$(call as-instr,$1,$2,$3)
ld-option = $$(call ld-option,$1,$2)

empty :=
space := $(empty) $(empty)
comma := ,
define newline


endef
tab := $(empty)	$(empty)

include $(headers)/include/config/auto.conf
include $(firstword $(wildcard $(source)/$(directory)/Kbuild $(source)/$(directory)/Makefile))

# scripts/Makefile.lib: a composite object stands for its parts
parts = $(strip $($(1:.o=-objs)) $($(1:.o=-y)))
whole := $(sort $(filter-out %/ /%,$(obj-y) $(lib-y)))
simple := $(foreach o,$(whole),$(if $(call parts,$o),,$o))
flat = $(subst $(newline),$(space),$(strip $1))
line = $(info $(2:.o=)$(tab)$(1:.o=)$(tab)$(call flat,$(subdir-ccflags-y) $(ccflags-y) $(CFLAGS_$2))$(tab)$(call \
	flat,$(ccflags-remove-y) $(CFLAGS_REMOVE_$2))$(tab)$(call flat,$(subdir-asflags-y) $(asflags-y) $(AFLAGS_$2))$(tab)$(call \
	flat,$(asflags-remove-y) $(AFLAGS_REMOVE_$2))$(tab)$(call flat,$(OBJECT_FILES_NON_STANDARD_$2) $(OBJECT_FILES_NON_STANDARD)))

.PHONY: query
query:
	$(foreach o,$(simple),$(call line,$o,$o))
	$(foreach w,$(whole),$(foreach o,$(filter-out /% %/,$(call parts,$w)),$(call line,$w,$o)))
	@:
