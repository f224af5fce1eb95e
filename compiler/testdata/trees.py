#!/usr/bin/env python3
"""What onnxruntime computes of the tree ensembles among the shared models, for
TestTreeFiles: python3 compiler/testdata/trees.py FOLDER > compiler/testdata/trees.json

Rows lie at and beside thresholds of the model. Needs numpy, onnx and onnxruntime."""

import json
import os
import random
import sys

import numpy as np
import onnx
import onnxruntime
from onnx import helper

FILES = [
    "fraud/fraud_model.onnx",
    "iris/sklearn_randomforest.onnx",
    "neurom-iot/rf_iris.onnx",
    "onnxmltools/test_xgb.onnx",
    "sklearn-onnx/treecl.onnx",
    "sklearn-onnx/treecl2.onnx",
    "sklearn-onnx/treecl3.onnx",
    "tract/xgboost_classifier_tree/model.onnx",
    "tract/xgboost_regressor_tree/model.onnx",
]


def rows(rng, node, count):
    """Rows whose features are mostly thresholds and their neighbours."""
    a = {a.name: helper.get_attribute_value(a) for a in node.attribute}
    at = {}
    for k, value, mode in zip(a["nodes_featureids"], a["nodes_values"], a["nodes_modes"]):
        if mode != b"LEAF":
            at.setdefault(k, []).append(np.float32(value))
    width, out = max(at) + 1, []
    for _ in range(count):
        row = []
        for k in range(width):
            x = rng.choice(at.get(k, [np.float32(0)]))
            row.append(rng.choice([x, np.nextafter(x, np.float32(1e9)), np.nextafter(x, np.float32(-1e9))]))
        out.append(row)
    return np.array(out, dtype=np.float32)


def computed(path, rng):
    model = onnx.load(path)
    node = next(n for n in model.graph.node if n.op_type.startswith("TreeEnsemble"))
    x = rows(rng, node, 12)
    declared = model.graph.input[0].type.tensor_type.shape.dim[1].dim_value
    if declared > x.shape[1]:
        x = np.pad(x, ((0, 0), (0, declared - x.shape[1])))
    run = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    names = [o.name for o in run.get_outputs()]
    outputs = {}
    for name, value in zip(names, run.run(None, {run.get_inputs()[0].name: x})):
        if isinstance(value, list):  # the maps of a ZipMap
            value = np.array([list(row.values()) for row in value])
        outputs[name] = value.reshape(len(x), -1).tolist()
    return {"input": run.get_inputs()[0].name, "rows": x.tolist(), "outputs": outputs}


def main():
    rng, out = random.Random(5), {}
    for name in FILES:
        out[name] = computed(os.path.join(sys.argv[1], name), rng)
    lines = [f" {json.dumps(name)}: {json.dumps(of, separators=(',', ':'))}" for name, of in out.items()]
    print("{\n" + ",\n".join(lines) + "\n}")


main()
