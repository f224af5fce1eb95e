#!/bin/sh
# Runs every fuzz target of the project for a while.
#
#     scripts/fuzz.sh [FUZZTIME]
#
# FUZZTIME is what `go test -fuzztime` takes: a count of executions for each
# target (20000x, the default) or a duration (10m). Of a count, targets that derive
# a key have a twentieth, and those that prove a two-hundredth: one execution takes
# milliseconds, or tens of them. Checks use a count: before Go 1.27 a run that
# ends by the clock may fail with a bare "context deadline exceeded" though no input
# failed (https://go.dev/issue/75804).
set -eu
cd "$(dirname "$0")/.."
fuzztime=${1:-20000x}

grep -rl --include='*_test.go' '^func Fuzz' . | xargs -n1 dirname | sort -u | while read -r package; do
	grep -h -o '^func Fuzz[A-Za-z0-9_]*' "$package"/*_test.go | sed 's/^func //' | while read -r target; do
		time=$fuzztime
		case $target:$fuzztime in
		FuzzAudit:*x) time=$(((${fuzztime%x} + 19) / 20))x ;;
		FuzzProve:*x) time=$(((${fuzztime%x} + 199) / 200))x ;;
		esac
		echo "fuzz $package $target for $time"
		go test -run '^$' -fuzz "^$target\$" -fuzztime "$time" -fuzzminimizetime 1x "$package" </dev/null
	done
done
