# A local node, and words for what the examples' run.sh do with it. To be sourced
# from an example's folder by
#
#     . ../../script/node.sh
#
# It fetches what is needed, builds zkml, starts anvil on a free port, deploys the
# registry, and stops anvil at the end. Accounts are anvil's own, unlocked: no key
# is in sight. The time of the node can be moved, and that of the chain with it.

here=$PWD
cd ../../..
project=$PWD
PATH="$project/build/bin:$(scripts/foundry.sh):$PATH"
export PATH FOUNDRY_OFFLINE=true
scripts/contracts.sh true
mkdir -p build/bin
go build -o build/bin/zkml ./cmd/zkml
cd contracts

work=$(mktemp -d)
: >"$work/anvil.log"
anvil --port 0 >"$work/anvil.log" 2>&1 &
anvil=$!
trap 'kill "$anvil" 2>/dev/null; rm -rf "$work"' EXIT INT TERM
until ETH_RPC_URL=http://$(sed -n 's/^Listening on //p' "$work/anvil.log") && [ "$ETH_RPC_URL" != http:// ]; do sleep 0.1; done
export ETH_RPC_URL

admin=0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266
alice=0x70997970C51812dc3A010C7d01b50e0d17dc79C8
bob=0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC

# say TEXT...: what happens next.
say() { printf '\n%s\n' "$*"; }

# deploy FILE:CONTRACT [ARGUMENT...]: by the admin; prints the address.
deploy() {
	contract=$1
	shift
	set -- ${1+--constructor-args "$@"}
	forge create "$contract" --unlocked --from "$admin" --broadcast "$@" 2>&1 |
		tee "$work/create.log" | sed -n 's/^Deployed to: //p' | grep . || {
		cat "$work/create.log" >&2
		return 1
	}
}

# send SENDER TO SIGNATURE [ARGUMENT...]: a transaction; prints its gas.
send() {
	from=$1
	shift
	cast send --unlocked --from "$from" "$@" >"$work/send.log" 2>&1 || {
		cat "$work/send.log" >&2
		return 1
	}
	sed -n 's/^gasUsed */    gas /p' "$work/send.log"
}

# refused ERROR SENDER TO SIGNATURE [ARGUMENT...]: wants a transaction to fail so.
refused() {
	error=$1 from=$2
	shift 2
	if cast call --from "$from" "$@" >"$work/call.log" 2>&1; then
		echo "this should have been refused with $error" >&2
		return 1
	fi
	grep -q -e "$(cast sig "$error")" -e "${error%%(*}" "$work/call.log" || {
		cat "$work/call.log" >&2
		return 1
	}
	echo "    refused: ${error%%(*}"
}

# field FILE PATH: a field of a JSON file, without quotes.
field() { node -p "JSON.parse(require('fs').readFileSync('$1', 'utf8')).$2"; }

# arguments MODEL PROOF: the arguments of the wrapper's call, as exported, into a file.
arguments() {
	zkml export-verifier "$work/$1.zkml" --name "$1" --proof "$2" -o "$work/export-$1" --json >/dev/null
	lower=$(echo "$1" | tr 'A-Z' 'a-z')
	node -p "JSON.stringify(JSON.parse(require('fs').readFileSync('$work/export-$1/$lower.json', 'utf8')).fixture.arguments)" >"$2.args"
}

# compile MODEL: a model of fixtures/cases.json, whose wrapper stands there.
compile() {
	node -e '
		const { models } = JSON.parse(require("fs").readFileSync("fixtures/cases.json", "utf8"));
		const { onnx, flags } = models[process.argv[1]];
		process.stdout.write([onnx, ...flags].join("\n"));
	' "$1" | (cd fixtures && xargs -d '\n' zkml compile -o "$work/$1.zkml" --json) >"$work/compile.json" 2>/dev/null
	echo "    verifying key $(field "$work/compile.json" vk_sha256)"
}

# publish MODEL SHAPE: deploys a model's wrapper and registers it; model is its number.
publish() {
	wrapper=$(deploy "fixtures/$1/$1.sol:$1")
	key=$(cast call "$wrapper" 'VK_SHA256()(bytes32)')
	send "$admin" "$registry" 'declareVerifier(address,uint8)' "$wrapper" "$2" >/dev/null
	system=$(cast call "$registry" 'PROOF_SYSTEM()(bytes4)')
	send "$admin" "$registry" 'registerModel((bytes32,bytes32,bytes32,bytes4,string))' \
		"($zero,$zero,$key,$system,example:$1)" >/dev/null
	model=$((${model:-0} + 1))
	echo "    model $model, wrapper $wrapper"
}
zero=0x0000000000000000000000000000000000000000000000000000000000000000

# prove MODEL INPUT PROOF [FLAG...]: makes a proof and its arguments.
prove() {
	of=$1 about=$2 into=$3
	shift 3
	zkml prove "$work/$of.zkml" --input "$about" --resize -o "$into" --json "$@" >"$work/prove.json"
	arguments "$of" "$into"
	echo "    output [$(field "$into.args" 'output.join()')], $(field "$work/prove.json" proof_bytes) bytes, $(field "$work/prove.json" 'seconds.toFixed(2)') s"
}

# later SECONDS: moves the chain's time.
later() { cast rpc evm_increaseTime "$1" >/dev/null && cast rpc evm_mine >/dev/null; }

# now: the chain's time.
now() { cast block latest --field timestamp; }

digit() { echo "$project/examples/mnist/samples/digit-$1.png"; }

say "A registry of models"
registry=$(deploy src/ModelRegistry.sol:ModelRegistry)
echo "    $registry"
