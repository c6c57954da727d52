#!/usr/bin/env bash
# The tests that ask Z3 a second time, linked with the newest Z3 (the wheel of PyPI), in a target folder of its own.
set -euo pipefail
cd "$(dirname "$0")/.."
settings=$(bash .ci/z3.sh newest)
eval "$settings"
export CARGO_TARGET_DIR=target/newest
if command -v cargo-nextest >/dev/null 2>&1; then
	cargo nextest run --no-fail-fast -p comity-z3 -p comity-tests -p comity
else
	cargo test --no-fail-fast -p comity-z3 -p comity-tests -p comity
fi
