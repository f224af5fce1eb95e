#!/usr/bin/env python3
"""What onnxruntime computes of tree ensembles whose features may be missing, for
TestMissing and TestImputed, and a model for the commands:
python3 compiler/testdata/missing.py compiler/testdata writes missing.json, imputed.json and missing.onnx

The ensembles are random: every mode of a node, thresholds that several nodes share, and nodes
that say where missing values go beside others that do not. Those of imputed.json
read what an Imputer makes of the features. A missing feature is null. Needs
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


def record(rng, modes, imputed=None):
    """A random ensemble, rows that lack features, and what onnxruntime computes; and the model."""
    a = ensemble(rng, modes)
    told = {f for f, t in zip(a["nodes_featureids"], a["nodes_missing_value_tracks_true"]) if t or imputed}
    rows = []
    for _ in range(24):
        row = [rng.randint(-8, 8) / 4 * 10 ** k for k in range(FEATURES)]
        rows.append([np.nan if k in told and rng.random() < 0.4 else x for k, x in enumerate(row)])
    nodes = [helper.make_node("TreeEnsembleRegressor", ["filled" if imputed else "x"], ["y"], domain="ai.onnx.ml",
                              n_targets=1, **a)]
    if imputed:
        nodes.insert(0, helper.make_node("Imputer", ["x"], ["filled"], domain="ai.onnx.ml",
                                         imputed_value_floats=imputed, replaced_value_float=float("nan")))
    graph = helper.make_graph(nodes, "trees", [helper.make_tensor_value_info("x", TensorProto.FLOAT, [None, FEATURES])],
                              [helper.make_tensor_value_info("y", TensorProto.FLOAT, [None, 1])])
    model = helper.make_model(graph, ir_version=8, opset_imports=[
        helper.make_opsetid("ai.onnx.ml", 3), helper.make_opsetid("", 17)])
    run = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    y = run.run(None, {"x": np.array(rows, np.float32)})[0]
    out = {"attributes": a, "rows": [[None if np.isnan(x) else x for x in row] for row in rows],
           "outputs": y[:, 0].tolist()}
    if imputed:
        out["imputed"] = imputed
    return out, model


def write(path, records):
    with open(path, "w") as f:
        f.write("[\n" + ",\n".join(json.dumps(of, separators=(",", ":")) for of in records) + "\n]\n")


def main():
    folder, rng = sys.argv[1], random.Random(3)
    made = [record(rng, modes) for modes in [MODES[:1], MODES[1:2], MODES[2:4]] + [MODES] * 5]
    write(folder + "/missing.json", [of for of, _ in made])
    onnx.save(made[-1][1], folder + "/missing.onnx")
    # numbers in the places of missing ones that are thresholds, and that lie beyond all
    write(folder + "/imputed.json", [
        record(rng, modes, [rng.randint(-8, 8) / 4 * 10 ** k for k in range(FEATURES)])[0]
        for modes in [MODES[:1], MODES[1:2], MODES[2:4]] + [MODES] * 3])


main()
