# SPDX-License-Identifier: GPL-2.0-or-later
# make: build. make demo: a guided tour. make check: every test.
# Meson does the work; BUILD is where.

BUILD ?= build
MESON ?= meson

all: $(BUILD)/build.ninja
	ninja -C $(BUILD)

$(BUILD)/build.ninja:
	$(MESON) setup $(BUILD)

deps:
	tools/install-deps build

# Dependencies first, since meson is one of them.
demo: deps
	$(MAKE) --no-print-directory all
	$(BUILD)/ring3 demo

check:
	tools/check $(BUILD)

install: all
	$(MESON) install -C $(BUILD)

clean:
	rm -rf $(BUILD) $(BUILD)-sanitize $(BUILD)-clang

.PHONY: all deps demo check install clean
