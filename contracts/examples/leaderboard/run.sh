#!/bin/sh
# Scores a model on a committed test set, on a local node: contracts/script/node.sh.
set -eu
cd "$(dirname "$0")"
. ../../script/node.sh

say "A model that competes"
compile TinyPublic
publish TinyPublic 0

say "The organiser fixes a test set of four digits by its root"
salt=$(cast keccak "a secret of the organiser's")
i=0
for name in 0-0000 1-0500 2-1000 3-1500; do
	prove TinyPublic "$(digit $name)" "$work/$i.json"
	input=$(field "$work/$i.json.args" input)
	inner=$(cast keccak "$(cast abi-encode 'f(uint256,bytes32,int256,bytes32)' $i "$(cast keccak "$input")" $i "$salt")")
	cast keccak "$inner" >"$work/leaf.$i"
	i=$((i + 1))
done
# pair A B: the node above two.
pair() { printf '%s\n' "$1" "$2" | sort | tr -d '\n' | sed 's/0x//2' | xargs cast keccak; }
left=$(pair "$(cat "$work/leaf.0")" "$(cat "$work/leaf.1")")
right=$(pair "$(cat "$work/leaf.2")" "$(cat "$work/leaf.3")")
start=$(now)
board=$(deploy examples/leaderboard/Leaderboard.sol:Leaderboard "$registry" "$(pair "$left" "$right")" 4 2 $((start + 86400)) $((start + 172800)))
echo "    $board"

say "The model enters, the organiser admits it, entries close, a block draws two of the four"
send "$alice" "$board" 'enter(uint256,uint64)' "$model" 1
refused 'NotTheOrganiser()' "$alice" "$board" 'admit(uint256)' 0
send "$admin" "$board" 'admit(uint256)' 0
later 86400
send "$bob" "$board" 'commitDraw()'
cast rpc anvil_mine 0x2 >/dev/null
send "$bob" "$board" 'draw()'

say "The proofs for these two"
for i in 0 1 2 3; do
	[ "$(cast call "$board" 'isDrawn(uint256)(bool)' $i)" = true ] || continue
	if [ $i -lt 2 ]; then other=$right; else other=$left; fi
	send "$alice" "$board" 'score(uint256,uint256,bytes32,int256,bytes32[],(bytes,int256[],uint256),bytes)' \
		0 $i "$salt" $i "[$(cat "$work/leaf.$((i ^ 1))"),$other]" \
		"($(field "$work/$i.json.args" input),[$(field "$work/$i.json.args" 'output.join()')],0)" "$(field "$work/$i.json.args" proof)"
done
echo "    points, fourth: $(cast call "$board" 'entries(uint256)(uint256,uint64,address,uint32,bool)' 0 | tr '\n' ' ')"
