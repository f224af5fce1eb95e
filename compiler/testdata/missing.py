#!/usr/bin/env python3
"""What onnxruntime computes of tree ensembles whose features may be missing, for
TestMissing, and the model of the last one, for the commands:
python3 compiler/testdata/missing.py compiler/testdata/missing.onnx > compiler/testdata/missing.json

The ensembles are random: every mode of a node, thresholds that several nodes share, and nodes
that say where missing values go beside others that do not. A missing feature is null. Needs
numpy, onnx and onnxruntime."""

import json
import random
import sys

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper

MODES = ["BRANCH_LEQ", "BRANCH_LT", "BRANCH_GTE", "BRANCH_GT", "BRANCH_EQ", "BRANCH_NEQ"]
FEATURES = 4


def ensemble(rng, modes):
    """The attributes of a few trees of depth 3 at the most."""
    a = {k: [] for k in ["nodes_treeids", "nodes_nodeids", "nodes_featureids", "nodes_values", "nodes_modes",
                         "nodes_truenodeids", "nodes_falsenodeids", "nodes_missing_value_tracks_true",
                         "target_treeids", "target_nodeids", "target_ids", "target_weights"]}

    def leaf(tree, node):
        for name, value in [("treeids", tree), ("nodeids", node), ("ids", 0), ("weights", rng.randint(-20, 20) / 2)]:
            a["target_" + name].append(value)
        return "LEAF", 0, 0.0, 0, 0, 0

    def grow(tree, ids, depth):
        node = next(ids)
        at = len(a["nodes_nodeids"])
        for name in a:
            if name.startswith("nodes_"):
                a[name].append(None)
        if depth == 0 or rng.random() < 0.15 and node > 0:
            of = leaf(tree, node)
        else:
            yes, no = grow(tree, ids, depth - 1), grow(tree, ids, depth - 1)
            feature = rng.randrange(FEATURES)
            tracks = rng.randrange(2) if feature > 0 else 0
            of = rng.choice(modes), feature, rng.randint(-6, 6) / 4 * 10 ** feature, yes, no, tracks
        for name, value in zip(["treeids", "nodeids", "modes", "featureids", "values", "truenodeids", "falsenodeids",
                                "missing_value_tracks_true"], (tree, node) + of):
            a["nodes_" + name][at] = value
        return node

    for tree in range(3):
        grow(tree, iter(range(100)), 3)
    return a


def main():
    rng, out = random.Random(3), []
    for modes in [MODES[:1], MODES[1:2], MODES[2:4]] + [MODES] * 5:
        a = ensemble(rng, modes)
        told = {f for f, t in zip(a["nodes_featureids"], a["nodes_missing_value_tracks_true"]) if t}
        rows = []
        for _ in range(24):
            row = [rng.randint(-8, 8) / 4 * 10 ** k for k in range(FEATURES)]
            rows.append([np.nan if k in told and rng.random() < 0.4 else x for k, x in enumerate(row)])
        node = helper.make_node("TreeEnsembleRegressor", ["x"], ["y"], domain="ai.onnx.ml", n_targets=1, **a)
        graph = helper.make_graph([node], "trees", [helper.make_tensor_value_info("x", TensorProto.FLOAT, [None, FEATURES])],
                                  [helper.make_tensor_value_info("y", TensorProto.FLOAT, [None, 1])])
        model = helper.make_model(graph, ir_version=8, opset_imports=[
            helper.make_opsetid("ai.onnx.ml", 3), helper.make_opsetid("", 17)])
        run = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
        y = run.run(None, {"x": np.array(rows, np.float32)})[0]
        out.append({"attributes": a, "rows": [[None if np.isnan(x) else x for x in row] for row in rows],
                    "outputs": y[:, 0].tolist()})
    onnx.save(model, sys.argv[1])
    print("[\n" + ",\n".join(json.dumps(of, separators=(",", ":")) for of in out) + "\n]")


main()
