#!/bin/sh
# Runs every fuzz target of the project for a while.
#
#     scripts/fuzz.sh [FUZZTIME]
#
# FUZZTIME is what `go test -fuzztime` takes: a count of executions for each
# target (20000x, the default) or a duration (10m). Checks use a count: before
# Go 1.27 a run that ends by the clock may fail with a bare "context deadline
# exceeded" though no input failed (https://go.dev/issue/75804).
set -eu
cd "$(dirname "$0")/.."
fuzztime=${1:-20000x}

grep -rl --include='*_test.go' '^func Fuzz' . | xargs -n1 dirname | sort -u | while read -r package; do
	grep -h -o '^func Fuzz[A-Za-z0-9_]*' "$package"/*_test.go | sed 's/^func //' | while read -r target; do
		echo "fuzz $package $target for $fuzztime"
		go test -run '^$' -fuzz "^$target\$" -fuzztime "$fuzztime" -fuzzminimizetime 1x "$package" </dev/null
	done
done
