#!/bin/sh
# Installs the npm packages that scripts/NAME pins into a folder of build/, named
# after their versions, and prints that folder. It does nothing when they are there,
# and may run several times at once: they are unpacked elsewhere and moved into place
# whole.
#
#     scripts/npm-kept.sh NAME WHAT-NPM-IS-FOR
set -eu
cd "$(dirname "$0")/.."
pins=$(cksum <"scripts/$1/package-lock.json")
dest=build/$1-${pins%% *}
if [ ! -d "$dest" ]; then
	stage=$(scripts/npm.sh "scripts/$1" "$2")
	trap 'rm -rf "$stage"' EXIT INT TERM
	[ -d "$dest" ] || mv "$stage" "$dest"
fi
echo "$PWD/$dest"
