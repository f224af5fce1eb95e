#!/bin/sh
# Measures what the tests reach of contracts/src, and wants 95 % of branches.
set -eu
cd "$(dirname "$0")/.."
FOUNDRY_OUT=../build/contracts/coverage/out
FOUNDRY_CACHE_PATH=../build/contracts/coverage/cache
export FOUNDRY_OUT FOUNDRY_CACHE_PATH
scripts/contracts.sh forge coverage --no-match-path 'test/{invariants,faults}/*' \
	--no-match-coverage '^(test|fixtures|script|examples)/' >build/contracts-coverage.txt
grep -e '^|' build/contracts-coverage.txt
awk -F '|' '/ Total / { split($5, share, "%"); ok = share[1] >= 95 } END { exit !ok }' build/contracts-coverage.txt || {
	echo "contracts: fewer than 95 % of branches are reached" >&2
	exit 1
}
