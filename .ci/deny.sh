#!/usr/bin/env bash
# cargo-deny: licences, bans and sources of every dependency; advisories where their database can be had.
set -euo pipefail
if ! command -v cargo-deny >/dev/null 2>&1; then
	cargo install --locked --quiet cargo-deny@0.20.2
fi
cargo deny --log-level error check licenses bans sources
if cargo deny --log-level error check advisories 2>/tmp/comity-advisories.$$; then
	echo "advisories: none"
else
	if grep -qiE 'failed to fetch|fetch advisory|could not (connect|resolve)|network|clone' /tmp/comity-advisories.$$; then
		echo "SKIPPED advisories: their database cannot be reached from here"
	else
		cat /tmp/comity-advisories.$$
		rm -f /tmp/comity-advisories.$$
		exit 1
	fi
fi
rm -f /tmp/comity-advisories.$$
