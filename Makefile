# Two commands do everything: `make demo` and `make test`. The rest are their parts.

export CARGO_TARGET_DIR ?= $(HOME)/.cache/shelfiq/target
PORT ?= 8080
PREFIX ?= $(HOME)/.local
BINARY := $(CARGO_TARGET_DIR)/debug/shelfiq
RELEASE := $(CARGO_TARGET_DIR)/release/shelfiq

.DEFAULT_GOAL := help
.PHONY: help demo test setup web binary release install bench tidy lint unit web-test e2e fuzz clean

help:                 ## Show what can be made
	@grep -hE '^[a-z0-9-]+: .*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):.*## /  make \1\t/' | expand -t 20

demo: setup binary    ## Build everything and serve a demo shop on http://127.0.0.1:8080 (PORT=…)
	@exec $(BINARY) demo --port $(PORT)

test:                 ## Run every check and every test; print what each part took
	@scripts/test.sh

setup:                ## Install what is missing on a Debian machine with Rust and Node
	@scripts/setup.sh build

web: web/dist/index.html  ## Build the web app

web/dist/index.html: $(shell find web/src web/public web/index.html web/*.ts web/package-lock.json -type f 2>/dev/null)
	@scripts/web.sh

binary: web           ## Build the binary with the development profile
	@cargo build --workspace --bins

release: setup web    ## Build the binary for deployment
	@cargo build --release --package shelfiq
	@echo "built $(RELEASE)"

install: release      ## Put that binary into ~/.local/bin (PREFIX=…)
	@install -D $(RELEASE) $(PREFIX)/bin/shelfiq
	@echo "installed $(PREFIX)/bin/shelfiq"; command -v shelfiq >/dev/null || echo "add $(PREFIX)/bin to your PATH"

bench: release        ## Measure the release binary beside its peers (BENCH="--full forecasts")
	@benches/run.sh $(BENCH)

tidy: ; @cargo xtask tidy
lint: ; @cargo fmt --all --check && cargo clippy --workspace --all-targets -- -D warnings
unit: ; @cargo test --workspace
web-test: ; @cd web && npm run --silent lint && npm run --silent test
e2e: binary ; @scripts/e2e.sh
fuzz: binary ; @scripts/schemathesis.sh

clean: ; @rm -rf web/dist web/node_modules && cargo clean
