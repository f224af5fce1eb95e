#!/bin/sh
# Lends on a local node by a rating that is proved: contracts/script/node.sh.
set -eu
cd "$(dirname "$0")"
. ../../script/node.sh

say "A credit model, private input"
compile Credit
publish Credit 3

say "A pool: 30 % for class 0, 80 % for class 1, 50 % without a rating"
asset=$(deploy test/mocks/Tokens.sol:TokenMock)
collateral=$(deploy test/mocks/Tokens.sol:TokenMock)
price=$(deploy test/mocks/Tokens.sol:PriceMock)
pool=$(deploy examples/lending/LendingPool.sol:LendingPool "$registry" "$model" 1 "$asset" "$collateral" "$price" '[3000,8000]' 2592000 "$admin")
send "$admin" "$pool" 'grantRole(bytes32,address)' "$(cast keccak ATTESTER)" "$bob" >/dev/null
send "$admin" "$asset" 'mint(address,uint256)' "$pool" 1000 >/dev/null
send "$admin" "$collateral" 'mint(address,uint256)' "$alice" 100 >/dev/null
send "$alice" "$collateral" 'approve(address,uint256)' "$pool" 100 >/dev/null
send "$alice" "$pool" 'deposit(uint256)' 100
echo "    $pool"

say "Alice cannot borrow 80 on a collateral of 100"
refused 'TooMuchDebt(uint256,uint256)' "$alice" "$pool" 'borrow(uint256)' 80

say "Alice commits to her application; the attester has checked it, and says so"
zkml commit "$work/Credit.zkml" --input fixtures/application.json --resize -o "$work/salt.json" --json >"$work/commit.json"
commitment=$(field "$work/commit.json" commitment)
send "$bob" "$pool" 'attest(address,bytes32)' "$alice" "$commitment"

say "Alice proves what the model says of it; her context is the pool's"
context=$(cast call "$pool" 'contextOf(address)(uint256)' "$alice" | cut -d' ' -f1)
prove Credit fixtures/application.json "$work/proof.json" --salt "$work/salt.json" --context "$(cast to-hex "$context")"
output="[$(field "$work/proof.json.args" 'output.join()')]" proof=$(field "$work/proof.json.args" proof)

say "Nobody else can use the proof"
send "$bob" "$pool" 'attest(address,bytes32)' "$bob" "$commitment" >/dev/null
refused 'InvalidProof()' "$bob" "$pool" 'rate(int256[],bytes)' "$output" "$proof"

say "Alice can, once"
send "$alice" "$pool" 'rate(int256[],bytes)' "$output" "$proof"
refused 'InvalidProof()' "$alice" "$pool" 'rate(int256[],bytes)' "$output" "$proof"

say "Alice borrows 80"
send "$alice" "$pool" 'borrow(uint256)' 80
echo "    balance $(cast call "$asset" 'balanceOf(address)(uint256)' "$alice")"
