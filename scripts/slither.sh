#!/bin/sh
# Runs slither over the contracts of contracts/src. contracts/slither.config.json
# says which of its detectors are off; contracts/README.md says why. The program
# goes into build/slither; it needs python3 with venv, once the network, and what
# scripts/contracts.sh fetches.
set -eu
cd "$(dirname "$0")/.."
if [ ! -x build/slither/bin/slither ]; then
	rm -rf build/slither
	python3 -m venv build/slither
	build/slither/bin/pip install --quiet slither-analyzer==0.11.6
fi
# Slither cleans before it builds: not what the tests have built.
FOUNDRY_OUT=../build/contracts/slither/out
FOUNDRY_CACHE_PATH=../build/contracts/slither/cache
PATH="$PWD/build/slither/bin:$PATH"
export PATH FOUNDRY_OUT FOUNDRY_CACHE_PATH
exec scripts/contracts.sh slither . --config-file slither.config.json "$@"
