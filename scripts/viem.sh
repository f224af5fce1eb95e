#!/bin/sh
# Installs the pinned viem and TypeScript compiler into build/viem, and prints
# that folder. It needs node and npm, does nothing when they are there, and may
# run several times at once: they are unpacked elsewhere and moved into place
# whole.
set -eu
cd "$(dirname "$0")/.."
dest=build/viem
if [ ! -d "$dest" ]; then
	command -v npm >/dev/null || {
		echo "npm is not installed; viem is fetched with it (Node 20 or newer)" >&2
		exit 1
	}
	mkdir -p build
	stage=$(mktemp -d build/viem.XXXXXX)
	trap 'rm -rf "$stage"' EXIT INT TERM
	cp scripts/viem/package.json scripts/viem/package-lock.json scripts/viem/.npmrc "$stage/"
	(cd "$stage" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2)
	[ -d "$dest" ] || mv "$stage" "$dest"
fi
echo "$PWD/$dest"
