#!/bin/sh
# Fetches ONNX's official operator tests (models with inputs and outputs) into
# build/onnx-testdata and prints the folder. A second run does nothing.
#
#     ZKML_ONNX_TESTDATA=$(scripts/onnx-testdata.sh) go test ./...
#
# They come out of the onnx package for Python. 1.22.0 is the last release
# that carries them; its Linux wheel is taken on every machine, as only data
# is used, and pip checks its digest. Needs python3 with pip.
set -eu

version=1.22.0
sha256=1d0a2bdb15eb2b3cb65c438f3423d9620d14fdce32f92380e6bb1b2e09568ef5

root=$(cd "$(dirname "$0")/.." && pwd)
out=$root/build/onnx-testdata
if [ "$(cat "$out/sha256" 2>/dev/null)" = "$sha256" ]; then
	echo "$out"
	exit 0
fi

mkdir -p "$root/build"
tmp=$(mktemp -d "$root/build/onnx-testdata.XXXXXX")
trap 'rm -rf "$tmp"' EXIT INT TERM

echo "onnx==$version --hash=sha256:$sha256" >"$tmp/requirements.txt"
python3 -m pip download --quiet --disable-pip-version-check --no-deps --require-hashes --only-binary=:all: \
	--implementation cp --python-version 3.11 --abi cp311 --platform manylinux_2_28_x86_64 \
	--dest "$tmp" --requirement "$tmp/requirements.txt" >&2

python3 - "$tmp" <<'PYTHON'
import glob, os, sys, zipfile

tmp = sys.argv[1]
prefix = "onnx/backend/test/data/node/"
with zipfile.ZipFile(glob.glob(os.path.join(tmp, "*.whl"))[0]) as wheel:
    for name in wheel.namelist():
        if name.startswith(prefix) and not name.endswith("/"):
            path = os.path.join(tmp, "out", *name[len(prefix):].split("/"))
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as file:
                file.write(wheel.read(name))
PYTHON

echo "$sha256" >"$tmp/out/sha256"
rm -rf "$out"
mv "$tmp/out" "$out"
echo "$out"
