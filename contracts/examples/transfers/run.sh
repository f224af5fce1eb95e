#!/bin/sh
# Pays on a local node, with proofs that it is no fraud: contracts/script/node.sh.
set -eu
cd "$(dirname "$0")"
. ../../script/node.sh

say "The fraud model, public input"
compile Fraud
publish Fraud 0

say "Alice deposits 100 ether; the admin is her guardian"
bank=$(deploy examples/transfers/GuardedTransfers.sol:GuardedTransfers "$registry" "$model" 1)
send "$alice" "$bank" 'deposit(address)' "$admin" --value 100ether
echo "    $bank"

# judge NAME RECEIVER AMOUNT: proves what the model says of a transfer of Alice's now.
judge() {
	at=$(now)
	seen=$(cast call "$bank" 'features(address,address,uint256,uint64)(bytes)' "$alice" "$2" "$3" "$at")
	node -p 'JSON.stringify({ X: [process.argv[1].slice(2).match(/.{4}/g).map((x) => parseInt(x, 16))] })' \
		"$seen" >"$work/transfer.json"
	prove Fraud "$work/transfer.json" "$work/$1.json"
	output="[$(field "$work/$1.json.args" 'output.join()')]" proof=$(field "$work/$1.json.args" proof)
}

pay='pay(address,uint256,uint64,int256[],bytes)'
later 72000

say "Four ether to Bob, twenty hours later: class 0, ordinary"
judge ordinary "$bob" 4000000000000000000
send "$alice" "$bank" "$pay" "$bob" 4000000000000000000 "$at" "$output" "$proof"

say "The same proof again, and for another amount"
refused 'InvalidProof()' "$alice" "$bank" "$pay" "$bob" 4000000000000000000 "$(now)" "$output" "$proof"
refused 'InvalidProof()' "$alice" "$bank" "$pay" "$bob" 90000000000000000000 "$(now)" "$output" "$proof"

say "Somebody with Alice's key sends 90 ether to a stranger: class 1, fraud"
stranger=0x00000000000000000000000000000000000ca401
judge drain "$stranger" 90000000000000000000
refused 'NotOrdinary(int256)' "$alice" "$bank" "$pay" "$stranger" 90000000000000000000 "$at" "$output" "$proof"

say "Without a proof it waits for a day, and the guardian stops it"
send "$alice" "$bank" 'announce(address,uint256)' "$stranger" 90000000000000000000
send "$admin" "$bank" 'cancel(address)' "$alice"
later 86400
refused 'NotDue(uint64)' "$alice" "$bank" 'payAnnounced()'
