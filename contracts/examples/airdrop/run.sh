#!/bin/sh
# Claims tokens once for each enrolled person, on a local node: contracts/script/node.sh.
set -eu
cd "$(dirname "$0")"
. ../../script/node.sh

say "A model of who is eligible, private input"
compile TinyContext
publish TinyContext 3

# commit NAME DIGIT: a salted commitment to an identity vector.
commit() {
	zkml commit "$work/TinyContext.zkml" --input "$(digit "$2")" --resize -o "$work/$1.salt.json" --json >"$work/$1.json"
	field "$work/$1.json" commitment
}
leaf() { cast keccak "$(cast keccak "$1")"; }

say "The registrar enrols Alice and Bob: one commitment each"
of_alice=$(commit alice 1-0500)
of_bob=$(commit bob 0-0000)
root=$(node -e '
	const [a, b] = process.argv.slice(1).sort();
	process.stdout.write(a + b.slice(2));
' "$(leaf "$of_alice")" "$(leaf "$of_bob")" | xargs cast keccak)
echo "    root $root"

token=$(deploy test/mocks/Tokens.sol:TokenMock)
airdrop=$(deploy examples/airdrop/CommittedAirdrop.sol:CommittedAirdrop "$registry" "$model" 1 "$token" 100 "$root" 1 $(($(now) + 86400)))
send "$admin" "$token" 'mint(address,uint256)' "$airdrop" 1000 >/dev/null

# claim NAME ACCOUNT DIGIT COMMITMENT SIBLING send|refused [ERROR]: proves, and claims or is refused.
claim() {
	context=$(cast call "$airdrop" 'contextOf(address)(uint256)' "$2" | cut -d' ' -f1)
	prove TinyContext "$(digit "$3")" "$work/$1.proof.json" --salt "$work/$1.salt.json" --context "$(cast to-hex "$context")"
	"$6" ${7+"$7"} "$2" "$airdrop" 'claim(bytes32,bytes32[],int256[],bytes)' "$4" "[$(leaf "$5")]" \
		"[$(field "$work/$1.proof.json.args" 'output.join()')]" "$(field "$work/$1.proof.json.args" proof)"
}

say "Alice is eligible, and claims"
claim alice "$alice" 1-0500 "$of_alice" "$of_bob" send

say "She cannot claim again, with a new proof for the same commitment"
claim alice "$alice" 1-0500 "$of_alice" "$of_bob" refused 'Spent(bytes32)'

say "Nor with a commitment of another salt, which nobody enrolled"
again=$(commit again 1-0500)
claim again "$alice" 1-0500 "$again" "$of_bob" refused 'NotEnrolled(bytes32)'

say "Bob is enrolled and not eligible"
claim bob "$bob" 0-0000 "$of_bob" "$of_alice" refused 'NotEligible()'
echo "    Alice has $(cast call "$token" 'balanceOf(address)(uint256)' "$alice")"
