#!/bin/sh
# Installs the pinned Solidity compiler that tests and the demo use, into
# scripts/solc/node_modules. It needs node and npm, does nothing when the
# compiler is there, and may run several times at once: the compiler is
# unpacked elsewhere and moved into place whole.
set -eu
cd "$(dirname "$0")/.."
dest=scripts/solc/node_modules
[ -d "$dest/solc" ] && exit 0
stage=$(scripts/npm.sh scripts/solc "the Solidity compiler comes with it (Node 18 or newer)")
trap 'rm -rf "$stage"' EXIT INT TERM
[ -d "$dest" ] || mv "$stage/node_modules" "$dest"
