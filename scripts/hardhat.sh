#!/bin/sh
# Installs the pinned Hardhat below build/, once, and prints its folder. It needs node
# and npm.
set -eu
exec "$(dirname "$0")/npm-kept.sh" hardhat "Hardhat is fetched with it (Node 20 or newer)"
