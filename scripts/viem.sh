#!/bin/sh
# Installs the pinned viem, TypeScript compiler and Vite into a folder of build/,
# named after their versions, and prints that folder. It needs node and npm, does
# nothing when they are there, and may run several times at once: they are
# unpacked elsewhere and moved into place whole.
set -eu
cd "$(dirname "$0")/.."
pins=$(cksum <scripts/viem/package-lock.json)
dest=build/viem-${pins%% *}
if [ ! -d "$dest" ]; then
	stage=$(scripts/npm.sh scripts/viem "viem is fetched with it (Node 20.19 or newer)")
	trap 'rm -rf "$stage"' EXIT INT TERM
	[ -d "$dest" ] || mv "$stage" "$dest"
fi
echo "$PWD/$dest"
