#!/bin/sh
# Drains a vault on a local node, until a proof stops it: contracts/script/node.sh.
set -eu
cd "$(dirname "$0")"
. ../../script/node.sh

say "The guard's model, public input"
compile Guard
publish Guard 0

say "A vault with 100 ether of Alice's; a score of 2.0 or more stops withdrawals"
vault=$(deploy examples/guard/GuardedVault.sol:GuardedVault "$registry" "$model" 1 2000000000000000000 "$admin")
send "$alice" "$vault" 'deposit()' --value 100ether
echo "    $vault"

say "What was just deposited stays until the hour ends"
refused 'JustDeposited(uint256)' "$alice" "$vault" 'withdraw(uint256)' 1000000000000000000
later 3600

say "One ether leaves: nobody can prove an alarm"
send "$alice" "$vault" 'withdraw(uint256)' 1000000000000000000

# watch: proves what the model says of the vault as it is now.
watch() {
	seen=$(cast call "$vault" 'features()(bytes)')
	node -p 'JSON.stringify({ flows: [process.argv[1].slice(2).match(/.{4}/g).map((x) => parseInt(x, 16) / 1023)] })' \
		"$seen" >"$work/flows.json"
	prove Guard "$work/flows.json" "$work/$1.json"
	output="[$(field "$work/$1.json.args" 'output.join()')]" proof=$(field "$work/$1.json.args" proof)
}
watch calm
refused 'NoAlarm(int256)' "$bob" "$vault" 'trip(bytes,int256[],bytes)' "$seen" "$output" "$proof"

say "Half of it leaves within two hours"
send "$alice" "$vault" 'withdraw(uint256)' 30000000000000000000
later 3600
send "$alice" "$vault" 'withdraw(uint256)' 20000000000000000000

say "Bob, who is nobody, proves that this is a drain"
watch drain
send "$bob" "$vault" 'trip(bytes,int256[],bytes)' "$seen" "$output" "$proof"

say "Withdrawals stop, for six hours"
refused 'Stopped(uint64)' "$alice" "$vault" 'withdraw(uint256)' 1
later 21601
send "$alice" "$vault" 'withdraw(uint256)' 1
