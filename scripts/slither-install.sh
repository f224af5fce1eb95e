#!/bin/sh
# Installs the pinned slither into build/slither, and prints the folder of its program.
# It needs python3 with venv and, the first time, the network.
set -eu
cd "$(dirname "$0")/.."
dest=build/slither
if [ ! -f "$dest/complete" ]; then
	rm -rf "$dest"
	python3 -m venv "$dest" >&2
	"$dest/bin/pip" install --quiet slither-analyzer==0.11.6 >&2
	: >"$dest/complete"
fi
echo "$PWD/$dest/bin"
