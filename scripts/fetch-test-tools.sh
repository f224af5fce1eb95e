#!/bin/sh
# Fetches what tests use beyond Go: the Solidity compiler, viem, Hardhat, slither and
# ONNX's official operator tests. What cannot be fetched is named, with the reason; the tests
# that need it are then skipped, and say so.
set -u
cd "$(dirname "$0")/.."

if ! command -v node >/dev/null; then
	echo "no Solidity compiler: node is not installed, so tests of contracts are skipped"
elif ! scripts/solc.sh; then
	echo "no Solidity compiler: scripts/solc.sh failed, so tests of contracts are skipped"
fi

if ! command -v node >/dev/null; then
	echo "no viem: node is not installed, so exported TypeScript is not compiled"
elif ! scripts/viem.sh >/dev/null; then
	echo "no viem: scripts/viem.sh failed, so exported TypeScript is not compiled"
fi

if ! command -v node >/dev/null; then
	echo "no Hardhat: node is not installed, so contracts/ is not installed in a Hardhat project"
elif ! scripts/hardhat.sh >/dev/null; then
	echo "no Hardhat: scripts/hardhat.sh failed, so contracts/ is not installed in a Hardhat project"
fi

if ! command -v python3 >/dev/null; then
	echo "no slither: python3 is not installed, so it examines no exported contracts"
elif ! scripts/slither-install.sh >/dev/null; then
	echo "no slither: scripts/slither-install.sh failed, so it examines no exported contracts"
fi

if ! python3 -m pip --version >/dev/null 2>&1; then
	echo "no official ONNX tests: python3 with pip is not installed, so they are skipped"
elif ! scripts/onnx-testdata.sh >/dev/null; then
	echo "no official ONNX tests: scripts/onnx-testdata.sh failed, so they are skipped"
fi
exit 0
