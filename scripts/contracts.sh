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
	stage=$(scripts/npm.sh contracts "OpenZeppelin's contracts are fetched with it (Node 20 or newer)")
	[ -d contracts/node_modules ] || mv "$stage/node_modules" contracts/node_modules
	rm -rf "$stage"
fi
PATH="$bin:$PATH"
export PATH FOUNDRY_OFFLINE=true
cd contracts
exec "$@"
