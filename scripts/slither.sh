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
PATH="$PWD/build/slither/bin:$PATH"
export PATH
exec scripts/contracts.sh slither . --config-file slither.config.json "$@"
