#!/bin/sh
# Holds random graphs against onnxruntime: dev/graphs says how.
#
#     scripts/graphs.sh [COUNT] [SEED]
#
# It writes COUNT graphs, 5000 without it, to build/graphs by the Python that ZKML_PYTHON names, or
# python3, and says so if that has not what dev/graphs/requirements.txt lists.
set -eu
cd "$(dirname "$0")/.."
python=${ZKML_PYTHON:-python3}
folder=build/graphs
if ! "$python" -c 'import numpy, onnx, onnxruntime' 2>/dev/null; then
	echo "graphs: skipped, as $python has not numpy, onnx and onnxruntime (name another with ZKML_PYTHON)"
	exit 0
fi
rm -rf "$folder"
"$python" dev/graphs/random_graphs.py "$folder" "${1:-5000}" "${2:-1}"
exec go run ./dev/graphs "$folder"
