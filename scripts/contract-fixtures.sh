#!/bin/sh
# Makes the contracts and proofs of contracts/fixtures anew, or checks with
# --check that they are what zkml writes; contracts/fixtures/make.mjs says how.
set -eu
cd "$(dirname "$0")/.."
bin=$(scripts/foundry.sh)
mkdir -p build/bin
go build -o build/bin/zkml ./cmd/zkml
PATH="$PWD/build/bin:$bin:$PATH"
export PATH
exec node contracts/fixtures/make.mjs "$@"
