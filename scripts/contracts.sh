#!/bin/sh
# Fetches what contracts/ needs, once, and runs a Foundry program in that folder
# without the network:
#
#     scripts/contracts.sh forge test
#     scripts/contracts.sh forge snapshot
set -eu
cd "$(dirname "$0")/.."
scripts/solc.sh
bin=$(scripts/foundry.sh)
if [ ! -d contracts/node_modules/@openzeppelin ]; then
	stage=$(mktemp -d build/openzeppelin.XXXXXX)
	trap 'rm -rf "$stage"' EXIT INT TERM
	cp contracts/package.json contracts/package-lock.json contracts/.npmrc "$stage/"
	(cd "$stage" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2)
	[ -d contracts/node_modules ] || mv "$stage/node_modules" contracts/node_modules
fi
PATH="$bin:$PATH"
export PATH FOUNDRY_OFFLINE=true
cd contracts
exec "$@"
