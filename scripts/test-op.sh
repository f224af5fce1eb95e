#!/bin/sh
# What a change of one operator needs: its unit tests, its examination (float
# reference, integers at several precisions, circuit, lies), the official vectors.
#
#     scripts/test-op.sh Conv
set -eu
cd "$(dirname "$0")/.."
op=${1:?usage: scripts/test-op.sh OPERATOR, as in make test-op OP=Conv}

if ! grep -q "Op: \"$op\"" testkit/optest/cases*.go; then
	echo "no case of testkit/optest is called $op: write one in testkit/optest/cases_*.go" >&2
	exit 1
fi
go test ./compiler/op
go test ./testkit/optest -run "^TestCases\$/^$op\$|^TestVectors\$"
go test ./compiler -run "^(TestOperators|TestUselessScales)\$/^$op\$|^TestSoundness\$/^operators\$/^$op\$"
echo "if all passed: make generate (docs/operators.md), then make test"
