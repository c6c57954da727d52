# The two commands of the README, and what a developer runs.
#
#   make demo    gets Z3 where it is missing, builds, checks the examples and prints a report on claims that cannot all hold
#   make test    gets Z3 where it is missing, builds, runs every test
#   make bench   measures; see docs/performance.md
#   make mutants changes one line of each check of conduct at a time: a test must notice; see tests/mutants/README.md
#
# Everything else that a machine needs is Rust (https://rustup.rs) and a C compiler.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
CARGO ?= cargo
COMITY := target/release/comity

.PHONY: demo test lint docs bench mutants z3 tools fuzz clean

z3:
	@bash .ci/z3.sh

demo: z3
	$(CARGO) build --release --quiet --bin comity
	@printf '\n%s\n' '— the founding of an alliance: two parties whose claims hold together —'
	$(COMITY) check examples/founding
	@printf '\n%s\n' '— a third asks to join: claims over the same islands —'
	@$(COMITY) check examples/islands || test $$? -eq 1
	@printf '\n%s\n' 'This is the end of the demo. The README goes on from here with a charter of your own.'

test: z3
	@if command -v cargo-nextest >/dev/null 2>&1; then \
		$(CARGO) nextest run --workspace --no-fail-fast; \
	else \
		$(CARGO) test --workspace --no-fail-fast; \
	fi

lint:
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets --quiet -- -D warnings

docs:
	RUSTDOCFLAGS="-D warnings -A rustdoc::private-intra-doc-links" $(CARGO) doc --workspace --no-deps --document-private-items --quiet

bench: z3
	$(CARGO) bench -p comity-tests --benches
	@bash tests/bench/compare.sh

mutants: z3
	@python3 tests/mutants/run.py

clean:
	$(CARGO) clean
