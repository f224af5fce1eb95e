// Package quantised holds networks that onnxruntime's quantiser wrote against what onnxruntime computes
// of them, bit for bit. It has only tests; quantise.py makes the networks.
package quantised
