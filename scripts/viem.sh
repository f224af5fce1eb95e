#!/bin/sh
# Installs the pinned viem and TypeScript compiler into build/viem, and prints
# that folder. It needs node and npm, does nothing when they are there, and may
# run several times at once: they are unpacked elsewhere and moved into place
# whole.
set -eu
cd "$(dirname "$0")/.."
dest=build/viem
if [ ! -d "$dest" ]; then
	stage=$(scripts/npm.sh scripts/viem "viem is fetched with it (Node 20 or newer)")
	trap 'rm -rf "$stage"' EXIT INT TERM
	[ -d "$dest" ] || mv "$stage" "$dest"
fi
echo "$PWD/$dest"
