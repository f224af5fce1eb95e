#!/usr/bin/env python3
"""Random ensembles of trees with what onnxruntime computes of them, for TestTreesRecorded:
python3 compiler/op/testdata/trees.py > compiler/op/testdata/trees.json

Needs numpy, onnx and onnxruntime."""

import json
import random

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

DOMAIN = "ai.onnx.ml"
MODES = ["BRANCH_LEQ", "BRANCH_LT", "BRANCH_GTE", "BRANCH_GT", "BRANCH_EQ", "BRANCH_NEQ"]
TYPES = {
    "float": (TensorProto.FLOAT, np.float32),
    "double": (TensorProto.DOUBLE, np.float64),
    "int64": (TensorProto.INT64, np.int64),
}


def threshold(rng):
    return rng.choice([-1.0, -0.5, 0.0, 0.25, 0.1, 1.0, 1.5, 2.0])


def weight(rng, least):
    return rng.choice([0.25, 0.1, 0.5, 1.0, 0.0, 0.75]) * (1 if least == 0 else rng.choice([-1, 1]))


class Listed:
    """Trees in lists of nodes, as before version 5."""

    def __init__(self, rng, trees, depth, features):
        self.rng, self.features = rng, features
        self.leaves, self.next = [], 0
        names = ["treeids", "nodeids", "featureids", "truenodeids", "falsenodeids", "modes", "values"]
        self.nodes = {name: [] for name in names}
        mode = rng.choice(MODES + [None, None])
        for tree in range(trees):
            self.next = 0
            self.grow(tree, depth, mode)

    def grow(self, tree, depth, mode):
        node, at = self.next, len(self.nodes["modes"])
        self.next += 1
        leaf = depth == 0 or self.rng.random() < 0.2
        row = [tree, node, 0, 0, 0, "LEAF", 0.0]
        if not leaf:
            row[2] = self.rng.randrange(self.features)
            row[5], row[6] = mode or self.rng.choice(MODES), threshold(self.rng)
        for values, value in zip(self.nodes.values(), row):
            values.append(value)
        if leaf:
            self.leaves.append((tree, node))
            return node
        self.nodes["truenodeids"][at] = self.grow(tree, depth - 1, mode)
        self.nodes["falsenodeids"][at] = self.grow(tree, depth - 1, mode)
        return node

    def attributes(self, word, targets, least):
        out = {"nodes_" + name: values for name, values in self.nodes.items()}
        votes = [(t, n, k, weight(self.rng, least)) for t, n in self.leaves for k in targets]
        for name, column in zip(["treeids", "nodeids", "ids", "weights"], zip(*votes)):
            out[f"{word}_{name}"] = list(column)
        return out


class Indexed:
    """Trees of version 5, with sets of members."""

    def __init__(self, rng, trees, depth, features, targets):
        self.rng, self.features, self.targets = rng, features, targets
        names = ["featureids", "truenodeids", "trueleafs", "falsenodeids", "falseleafs", "modes", "splits"]
        self.nodes = {name: [] for name in names}
        self.leaves, self.sets = [], {}
        self.roots = [self.grow(depth)[0] for _ in range(trees)]

    def grow(self, depth, root=True):
        if depth == 0 or not root and self.rng.random() < 0.2:
            self.leaves.append((self.rng.randrange(self.targets), weight(self.rng, -1)))
            return len(self.leaves) - 1, 1
        at = len(self.nodes["modes"])
        mode = self.rng.randrange(7)
        for values, value in zip(
            self.nodes.values(), [self.rng.randrange(self.features), 0, 0, 0, 0, mode, threshold(self.rng)]
        ):
            values.append(value)
        if mode == 6:  # beyond 30 onnxruntime cuts off what it looks for
            self.sets[at] = self.rng.sample([0.0, 1.0, 2.0, 3.0, 7.0, 30.0], self.rng.randint(1, 3))
        for side in ("true", "false"):
            child, leaf = self.grow(depth - 1, False)
            self.nodes[side + "nodeids"][at], self.nodes[side + "leafs"][at] = child, leaf
        return at, 0

    def attributes(self, dtype):
        out = {"nodes_" + name: values for name, values in self.nodes.items()}
        out["nodes_modes"] = tensor(out["nodes_modes"], np.uint8)
        out["nodes_splits"] = tensor(out["nodes_splits"], dtype)
        out["leaf_targetids"] = [k for k, _ in self.leaves]
        out["leaf_weights"] = tensor([w for _, w in self.leaves], dtype)
        out["tree_roots"], out["n_targets"] = self.roots, self.targets
        if self.sets:
            members = [v for at in sorted(self.sets) for v in self.sets[at] + [float("nan")]]
            out["membership_values"] = tensor(members, dtype)
        return out


def tensor(values, dtype):
    return numpy_helper.from_array(np.array(values, dtype=dtype), "")


def rows(rng, features, kind):
    near = [-1.0, -0.5, 0.0, 0.25, 0.1, 1.0, 1.5, 2.0, 3.0]
    x = [[rng.choice(near) + rng.choice([0, 0, 1e-9, -1e-6, 0.3]) for _ in range(features)] for _ in range(5)]
    return np.array(x).round() if kind == "int64" else np.array(x)


def classifier(rng):
    features, kind = rng.randint(1, 3), rng.choice(["float", "float", "double", "int64"])
    least, classes = rng.choice([0, -1]), rng.choice([2, 2, 3, 4])
    counted, base = list(range(classes)), rng.choice([0, classes])
    if classes == 2:
        counted = rng.choice([[0], [0], [1]])
        base = rng.choice([0, 1]) if counted == [0] else 0
    forest = Listed(rng, rng.randint(1, 4), rng.randint(0, 3), features)
    attrs = forest.attributes("class", counted, least)
    attrs["classlabels_int64s"] = rng.sample(range(-9, 9), classes) if rng.random() < 0.5 else list(range(classes))
    attrs["post_transform"] = rng.choice(["NONE", "LOGISTIC", "SOFTMAX"])
    if base:
        attrs["base_values"] = [weight(rng, -1) for _ in range(base)]
    return "TreeEnsembleClassifier", 3, attrs, kind, rows(rng, features, kind)


def regressor(rng):
    features, kind = rng.randint(1, 3), rng.choice(["float", "double"])
    targets = rng.choice([1, 1, 2, 3])
    forest = Listed(rng, rng.randint(1, 4), rng.randint(0, 3), features)
    attrs = forest.attributes("target", list(range(targets)), -1)
    attrs["n_targets"], attrs["aggregate_function"] = targets, rng.choice(["SUM", "AVERAGE", "MIN", "MAX"])
    attrs["post_transform"] = rng.choice(["NONE", "NONE", "LOGISTIC", "SOFTMAX"])
    if rng.random() < 0.5:
        attrs["base_values"] = [weight(rng, -1) for _ in range(targets)]
    if kind == "double" and rng.random() < 0.5:
        for name in ("nodes_values", "target_weights"):
            attrs[name + "_as_tensor"] = tensor(attrs.pop(name), np.float64)
    return "TreeEnsembleRegressor", rng.choice([1, 3]) if kind == "float" else 3, attrs, kind, rows(rng, features, kind)


def ensemble(rng):
    features, kind = rng.randint(1, 3), rng.choice(["float", "double"])
    forest = Indexed(rng, rng.randint(1, 4), rng.randint(1, 3), features, rng.choice([1, 1, 2]))
    attrs = forest.attributes(TYPES[kind][1])
    attrs["aggregate_function"] = rng.choice([0, 1, 2, 3] if forest.targets == 1 else [0, 1])
    return "TreeEnsemble", 5, attrs, kind, rows(rng, features, kind)


def computed(op, opset, attrs, kind, x):
    names = ["label", "scores"] if op == "TreeEnsembleClassifier" else ["y"]
    element, dtype = TYPES[kind]
    node = helper.make_node(op, ["x"], names, domain=DOMAIN, **attrs)
    last = element if op == "TreeEnsemble" else TensorProto.FLOAT
    types = {"label": TensorProto.INT64, "scores": TensorProto.FLOAT, "y": last}
    graph = helper.make_graph(
        [node], "g", [helper.make_tensor_value_info("x", element, list(x.shape))],
        [helper.make_tensor_value_info(name, types[name], None) for name in names])
    opsets = [helper.make_opsetid(DOMAIN, opset), helper.make_opsetid("", 19)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=10)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    run = onnxruntime.InferenceSession(model.SerializeToString(), options, ["CPUExecutionProvider"])
    return run.run(None, {"x": x.astype(dtype)})


def plain(value):
    """An attribute for JSON: a tensor is its type's name and its numbers as text."""
    if isinstance(value, onnx.TensorProto):
        array = numpy_helper.to_array(value)
        kind = {"float32": "float", "float64": "double", "uint8": "uint8"}[str(array.dtype)]
        return {"type": kind, "numbers": [repr(float(v)) for v in array]}
    return value


def main():
    rng, cases = random.Random(12), []
    for i in range(180):
        op, opset, attrs, kind, x = [classifier, regressor, ensemble][i % 3](rng)
        outputs = computed(op, opset, attrs, kind, x)
        cases.append({
            "op": op, "opset": opset, "type": kind, "attributes": {k: plain(v) for k, v in attrs.items()},
            "rows": x.tolist(), "outputs": [[float(v) for v in o.ravel()] for o in outputs],
        })
    print("[\n" + ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases) + "\n]")


main()
