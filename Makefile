# The commands of this repository. `make run` and `make test` need Rust, Node and make; nothing else has to be there.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

TARGET := $(or $(CARGO_TARGET_DIR),target)
# Flags for the hub: make run ARGS="--dashboard-listen 127.0.0.1:8080"
ARGS ?=

WEB_CONFIG := package.json package-lock.json scripts/precompress.js
SDK_SOURCES := $(shell find sdk/js -type f -not -path '*/node_modules/*' -not -path '*/dist/*' -not -path '*/test/*')
UI_SOURCES := $(shell find ui -type f -not -path '*/node_modules/*' -not -path 'ui/dist/*' -not -path 'ui/e2e/*')
STOREFRONT_SOURCES := $(shell find examples/storefront -type f -not -path '*/node_modules/*' -not -path '*/dist/*')

.PHONY: help
help: ## Say what there is
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)$$/  make \1\t\2/' | expand -t 16

.PHONY: run
run: tools web ## Build everything and start the hub with a demo on the embedded database
	@cargo build --profile quick --package peekaboo-hub
	@exec $(TARGET)/quick/peekaboo serve --demo $(ARGS)

.PHONY: test
test: tools ## Run every test: Rust, TypeScript and browser; installs PostgreSQL and Chromium when missing
	@node scripts/test.js

.PHONY: check
check: tools ## Lint everything, and see that what is generated is up to date
	@scripts/check

# The binary comes from the tests' build, so that checking and testing share one.
.PHONY: gen
gen: tools node_modules/.package-lock.json ## Write what is generated: OpenAPI document, the dashboard's types, the configuration's reference
	cargo test --quiet --workspace --no-run
	$(TARGET)/debug/peekaboo openapi > $(TARGET)/openapi.json
	mv $(TARGET)/openapi.json dashboard-api/openapi.json
	$(TARGET)/debug/peekaboo config --reference > $(TARGET)/configuration.md
	mv $(TARGET)/configuration.md docs/configuration.md
	npm run gen --workspace ui

# The hub holds the dashboard's files, so they are built first. Which run: make bench ARGS="fanout --sockets 5000"
.PHONY: bench
bench: tools web ## Measure the hub beside a bare send loop, in three minutes; ARGS=all takes its time and counts
	cargo build --release --package peekaboo-hub --package peekaboo-bench
	$(TARGET)/release/peekaboo-bench $(or $(ARGS),all --quick)

# The same attacks as in small among the tests; docs/operations.md.
.PHONY: chaos
chaos: tools ## Attack a hub on each database, for some minutes: floods, strangers, crashes, outages; prints figures
	PEEKABOO_CHAOS=1 scripts/postgres cargo test --quiet --package peekaboo-hub --test binary chaos:: -- --nocapture --test-threads=1

# Which of them, and more: docs/releasing.md.
.PHONY: dist
dist: tools web ## Build what a release consists of into dist/: binary, npm package, crates, image, checksums
	@node scripts/dist.js $(ARGS)

# Needs the hub's debug build, as `make test` makes it.
.PHONY: shots
shots: tools web ## Write a picture of every page and dialog of the dashboard, in light, dark and on a phone, to ui/shots
	cargo build --quiet --package peekaboo-hub
	@scripts/install-chromium
	cd ui && PEEKABOO_BIN=$(abspath $(TARGET))/debug/peekaboo npx playwright test -c e2e/shots.config.ts

.PHONY: web
web: ui/dist/index.html examples/storefront/dist/index.html ## Build the SDK, the storefront and the dashboard, where their sources changed

.PHONY: clean
clean: ## Remove what was built; the data directory stays
	cargo clean
	rm -rf node_modules ui/node_modules sdk/js/node_modules examples/*/node_modules
	rm -rf dist ui/dist sdk/js/dist examples/*/dist

.PHONY: tools
tools:
	@command -v cargo >/dev/null || { echo "Rust is missing: install it from https://rustup.rs, then try again" >&2; exit 1; }
	@command -v node >/dev/null || { echo "Node is missing: install version 20.19 or later from https://nodejs.org, then try again" >&2; exit 1; }
	@node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' \
		|| { echo "Node $$(node --version) is too old: install version 20.19 or later from https://nodejs.org, then try again" >&2; exit 1; }

# npm writes this file last, so that its age is that of the whole installation.
node_modules/.package-lock.json: package-lock.json
	npm ci --no-audit --no-fund
	@touch $@

sdk/js/dist/index.js: node_modules/.package-lock.json $(WEB_CONFIG) $(SDK_SOURCES)
	npm run build --workspace sdk/js
	@touch $@

examples/storefront/dist/index.html: sdk/js/dist/index.js $(WEB_CONFIG) $(STOREFRONT_SOURCES)
	npm run build --workspace examples/storefront
	node scripts/precompress.js examples/storefront/dist
	@touch $@

# The dashboard's browser tests use the SDK, and are type-checked with it.
ui/dist/index.html: sdk/js/dist/index.js $(WEB_CONFIG) $(UI_SOURCES)
	npm run build --workspace ui
	node scripts/precompress.js ui/dist
	@touch $@
