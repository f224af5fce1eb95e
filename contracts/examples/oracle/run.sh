#!/bin/sh
# Advances a feed by a proof, on a local node: contracts/script/node.sh.
set -eu
cd "$(dirname "$0")"
. ../../script/node.sh

say "A model, public input"
compile TinyPublic
publish TinyPublic 0

say "Its owner promises a week's notice of changes: the feed follows no model with less"
send "$admin" "$registry" 'raiseNotice(uint256,uint64)' "$model" 604800

say "A source of observations, and a feed of what the model makes of them"
source=$(deploy test/mocks/Tokens.sol:ObservationsMock)
feed=$(deploy examples/oracle/ModelFeed.sol:ModelFeed "$registry" "$model" 0 "$source" 'digits seen' 0)
prove TinyPublic "$(digit 3-1500)" "$work/proof.json"
proof=$(field "$work/proof.json.args" proof)
send "$admin" "$source" 'set(uint80,bytes)' 1 "$(field "$work/proof.json.args" input)" >/dev/null
echo "    $feed"

say "A wrong answer is refused, the proved one is taken from anybody"
refused 'InvalidProof()' "$bob" "$feed" 'update(uint80,int256[],bytes)' 1 '[2]' "$proof"
send "$bob" "$feed" 'update(uint80,int256[],bytes)' 1 '[3]' "$proof"
echo "    round, answer: $(cast call "$feed" 'latestRoundData()(uint80,int256,uint256,uint256,uint80)' | head -2 | tr '\n' ' ')"
