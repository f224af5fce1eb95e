#!/bin/sh
# Examines contracts/: format, tests, gas, planted faults, and whether the fixtures
# are what zkml writes. Where it cannot, it says why and succeeds.
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

scripts/contracts.sh forge fmt --check src test examples quickstart
scripts/contracts.sh forge test

# Gas is as committed: a change is made on purpose, with scripts/contracts.sh forge
# snapshot --match-test '^test_'.
scripts/contracts.sh forge snapshot --match-test '^test_' --check >/dev/null || {
	scripts/contracts.sh forge snapshot --match-test '^test_' --diff | grep -v '(0\.000%)' || true
	echo "contracts: gas is not that of contracts/.gas-snapshot" >&2
	exit 1
}
echo "contracts: gas is that of contracts/.gas-snapshot"

# The invariants must find the fault of each hub that has one.
report=$(FOUNDRY_PROFILE=faults FOUNDRY_INVARIANT_SHRINK_RUN_LIMIT=0 scripts/contracts.sh forge test 2>&1) && report="$report (no failure)"
for planted in PlantedInInferenceHub PlantedInOptimisticHub PlantedForLiars PlantedAgainstWatchers; do
	echo "$report" | grep -A 1 "test/faults/Planted.t.sol:$planted" | grep -q "FAIL" || {
		echo "$report"
		echo "contracts: the invariants did not find the fault of $planted" >&2
		exit 1
	}
	echo "contracts: the invariants find the fault of $planted"
done

scripts/contract-fixtures.sh --check
echo "contracts: the fixtures are what zkml writes"
