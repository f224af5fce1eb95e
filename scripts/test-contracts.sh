#!/bin/sh
# Examines contracts/: format, tests, gas. Where it cannot, it says why and
# succeeds.
set -eu
cd "$(dirname "$0")/.."
if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
	echo "contracts: skipped: node and npm are not installed (Node 20 or newer)"
	exit 0
fi
if ! scripts/contracts.sh true >/dev/null; then
	echo "contracts: skipped: scripts/contracts.sh could not fetch Foundry, the compiler or OpenZeppelin's contracts"
	exit 0
fi
scripts/contracts.sh forge fmt --check
scripts/contracts.sh forge test
