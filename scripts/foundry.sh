#!/bin/sh
# Installs the pinned Foundry programs (forge, anvil, cast) into
# build/foundry/bin, and prints that folder. It needs node and npm on Linux with
# an x86-64 processor, does nothing when the programs are there, and may run
# several times at once: they are unpacked elsewhere and moved into place whole.
set -eu
cd "$(dirname "$0")/.."
dest=build/foundry
if [ ! -d "$dest" ]; then
	case "$(uname -s) $(uname -m)" in
	"Linux x86_64") ;;
	*)
		echo "the pinned Foundry is for Linux on x86-64; install forge, anvil and cast yourself and put links to them into $dest/bin" >&2
		exit 1
		;;
	esac
	stage=$(scripts/npm.sh scripts/foundry "Foundry is fetched with it (Node 20 or newer)")
	trap 'rm -rf "$stage"' EXIT INT TERM
	mkdir "$stage/bin"
	for program in forge anvil cast; do
		ln -s "../node_modules/@foundry-rs/$program-linux-amd64/bin/$program" "$stage/bin/$program"
	done
	[ -d "$dest" ] || mv "$stage" "$dest"
fi
echo "$PWD/$dest/bin"
