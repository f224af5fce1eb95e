#!/bin/sh
# Installs the pinned Solidity compiler that tests and the demo use, into
# scripts/solc/node_modules. It needs node and npm, does nothing when the
# compiler is there, and may run several times at once: the compiler is
# unpacked elsewhere and moved into place whole.
set -eu
cd "$(dirname "$0")/.."
dest=scripts/solc/node_modules
[ -d "$dest/solc" ] && exit 0
command -v npm >/dev/null || {
	echo "npm is not installed; the Solidity compiler comes with it (Node 18 or newer)" >&2
	exit 1
}
mkdir -p build
stage=$(mktemp -d build/solc.XXXXXX)
trap 'rm -rf "$stage"' EXIT INT TERM
cp scripts/solc/package.json scripts/solc/package-lock.json "$stage/"
(cd "$stage" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2)
[ -d "$dest" ] || mv "$stage/node_modules" "$dest"
