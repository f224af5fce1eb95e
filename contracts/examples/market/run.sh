#!/bin/sh
# Bets on a digit on a local node, and settles by a proof: contracts/script/node.sh.
set -eu
cd "$(dirname "$0")"
. ../../script/node.sh

say "A classifier of digits, public input"
compile TinyPublic
publish TinyPublic 0

say "A market on the digit in the next picture; it closes in a day"
start=$(now)
market=$(deploy examples/market/ClassificationMarket.sol:ClassificationMarket "$registry" "$model" 1 "$admin" 4 \
	$((start + 86400)) $((start + 259200)))
echo "    $market"

say "Alice bets 3 ether on a two, Bob 4 ether on a zero"
send "$alice" "$market" 'bet(uint256)' 2 --value 3ether
send "$bob" "$market" 'bet(uint256)' 0 --value 4ether

say "Bets close; the source posts the picture's digest"
later 86400
prove TinyPublic "$(digit 2-1000)" "$work/proof.json"
input=$(field "$work/proof.json.args" input) proof=$(field "$work/proof.json.args" proof)
send "$admin" "$market" 'post(bytes32)' "$(cast keccak "$input")"

say "Bob claims a zero, and cannot prove it"
refused 'InvalidProof()' "$bob" "$market" 'settle(bytes,int256[],bytes)' "$input" '[0]' "$proof"

say "Anybody settles with the proof, and Alice is paid"
send "$bob" "$market" 'settle(bytes,int256[],bytes)' "$input" '[2]' "$proof"
send "$alice" "$market" 'claim()'
refused 'NothingDue()' "$bob" "$market" 'claim()'
echo "    left in the market: $(cast balance "$market")"
