#!/bin/sh
# Runs slither over the contracts of contracts/src and of contracts/examples.
# contracts/slither.config.json and slither.examples.json say which of its detectors are
# off; contracts/README.md says why. It needs what scripts/slither-install.sh and
# scripts/contracts.sh need. Exported contracts are examined by TestSlither of
# verifier/solidity.
set -eu
cd "$(dirname "$0")/.."
bin=$(scripts/slither-install.sh)
# Slither cleans before it builds: not what the tests have built.
FOUNDRY_OUT=../build/contracts/slither/out
FOUNDRY_CACHE_PATH=../build/contracts/slither/cache
PATH="$bin:$PATH"
export PATH FOUNDRY_OUT FOUNDRY_CACHE_PATH
scripts/contracts.sh slither . --config-file slither.config.json "$@"
FOUNDRY_SRC=examples scripts/contracts.sh slither . --config-file slither.examples.json "$@"
