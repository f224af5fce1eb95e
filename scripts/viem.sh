#!/bin/sh
# Installs the pinned viem, TypeScript compiler and Vite below build/, once, and prints
# their folder. It needs node and npm.
set -eu
exec "$(dirname "$0")/npm-kept.sh" viem "viem is fetched with it (Node 20.19 or newer)"
