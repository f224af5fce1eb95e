#!/bin/sh
# Installs the npm packages that a folder pins into a new folder under build/, and
# prints that one: its caller moves it into place whole, so that several may do so at
# once. After a failure nothing is left.
#
#     scripts/npm.sh FOLDER WHAT-NPM-IS-FOR
set -eu
cd "$(dirname "$0")/.."
command -v npm >/dev/null || {
	echo "npm is not installed; $2" >&2
	exit 1
}
mkdir -p build
stage=$(mktemp -d build/npm.XXXXXX)
trap 'rm -rf "$stage"' INT TERM
cp "$1/package.json" "$1/package-lock.json" "$stage/"
[ ! -f "$1/.npmrc" ] || cp "$1/.npmrc" "$stage/"
(cd "$stage" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2) || {
	rm -rf "$stage"
	exit 1
}
echo "$stage"
