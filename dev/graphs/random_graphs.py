"""Writes random small graphs of many operators as ONNX files, with what onnxruntime makes of them.

    python dev/graphs/random_graphs.py FOLDER COUNT [SEED]

It needs what dev/graphs/requirements.txt lists. Graph N is FOLDER/N.onnx; FOLDER/N.json has its
samples and onnxruntime's outputs. `go run ./dev/graphs FOLDER` holds zkml against them. The same seed
gives the same graphs. Each node is run alone before it is taken, so that no value is infinite, not a
number or huge.
"""

import json
import pathlib
import sys

import numpy as np
import onnxruntime
from onnx import helper, numpy_helper

import layers  # noqa: F401, its builders
from builders import BUILDERS

SAMPLES, HUGE, MOST = 6, 1e3, 400  # samples of a graph; the largest number and size of a value
OPSETS = [13, 17, 18, 21]

# What onnxruntime's optimiser makes of a graph is not always what ONNX says: of two QuantizeLinear one
# after the other it makes one.
plain = onnxruntime.SessionOptions()
plain.log_severity_level, plain.intra_op_num_threads = 4, 1
plain.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL


def session(model):
    return onnxruntime.InferenceSession(model.SerializeToString(), plain, providers=["CPUExecutionProvider"])


class Graph:
    """A graph that grows: values by name, each with its numbers for each sample."""

    def __init__(self, rng):
        self.rng, self.nodes, self.consts, self.values, self.inputs = rng, [], {}, {}, []
        self.opset, self.read = int(rng.choice(OPSETS)), set()

    def one(self, of):
        return of[int(self.rng.integers(len(of)))]

    def chance(self, share):
        return self.rng.random() < share

    def count(self, low, high):
        return int(self.rng.integers(low, high + 1))

    def add_input(self, shape, dtype=np.float32):
        name = f"x{len(self.inputs)}"
        if dtype == np.float32:
            data = [self.rng.uniform(-2, 2, shape).astype(dtype) for _ in range(SAMPLES)]
        else:
            data = [self.rng.integers(0, 9, shape).astype(dtype) for _ in range(SAMPLES)]
        self.values[name] = data
        self.inputs.append(name)

    def const(self, array):
        name = f"c{len(self.consts)}"
        self.consts[name] = np.asarray(array)
        return name

    def reals(self, *shape, low=-1.0, high=1.0):
        return self.const(self.rng.uniform(low, high, shape).astype(np.float32))

    def shape(self, name):
        return self.values[name][0].shape

    def pick(self, ranks=range(9), dtype=np.float32):
        """A value of a rank and type, rather a late one; None where there is none."""
        fit = [n for n, v in self.values.items() if v[0].dtype == dtype and v[0].ndim in ranks and v[0].size]
        if not fit:
            return None
        return fit[-1] if self.chance(0.6) else self.one(fit)

    def other(self, name):
        """An operand that broadcasts to a value: a constant or another value."""
        shape, dtype = self.shape(name), self.values[name][0].dtype
        fit = [n for n, v in self.values.items() if v[0].dtype == dtype and v[0].shape == shape]
        if self.chance(0.5):
            return self.one(fit)
        shape = tuple(1 if self.chance(0.3) else d for d in shape[self.count(0, len(shape)) :])
        if dtype == np.float32:
            return self.reals(*shape, low=-2, high=2)
        return self.const(self.rng.integers(0, 5, shape).astype(dtype))

    def apply(self, op, inputs, domain="", outputs=1, **attrs):
        """Adds a node if onnxruntime runs it alone and its values are moderate; its first output."""
        names = [f"v{len(self.nodes)}_{k}" for k in range(outputs)]
        node = helper.make_node(op, inputs, names, name=f"{op}_{len(self.nodes)}", domain=domain, **attrs)
        feeds = {n for n in inputs if n in self.values}
        model = self.model([node], sorted(feeds), names)
        try:
            run = session(model)
            results = [run.run(None, {n: self.values[n][s] for n in feeds}) for s in range(SAMPLES)]
        except Exception:
            return None
        for outs in results:
            for v in outs:
                if v is None or v.size > MOST or v.size == 0 or v.dtype.kind not in "fiub":
                    return None
                if v.dtype.kind == "f" and not (np.isfinite(v).all() and np.abs(v).max() < HUGE):
                    return None
        self.nodes.append(node)
        self.read.update(inputs)
        for k, name in enumerate(names):
            self.values[name] = [outs[k] for outs in results]
        return names[0]

    def model(self, nodes, inputs, outputs):
        used = {n for node in nodes for n in node.input}
        consts = [numpy_helper.from_array(v, n) for n, v in self.consts.items() if n in used]
        ins = [helper.make_tensor_value_info(n, helper.np_dtype_to_tensor_dtype(self.values[n][0].dtype),
                                             self.shape(n)) for n in inputs]
        outs = [helper.make_empty_tensor_value_info(n) for n in outputs]
        graph = helper.make_graph(nodes, "random", ins, outs, consts)
        domains = [helper.make_opsetid("", self.opset), helper.make_opsetid("com.microsoft", 1)]
        return helper.make_model(graph, opset_imports=domains, ir_version=10)


def grow(rng):
    g = Graph(rng)
    for _ in range(g.count(1, 2)):
        g.add_input([[4], [2, 3], [1, 2, 4], [1, 2, 4, 4], [1, 4, 3, 3]][g.count(0, 4)])
    if g.chance(0.15):
        g.add_input([3], g.one([np.int64, np.int32, np.uint8]))
    want = g.count(1, 7)
    for _ in range(40):
        if len(g.nodes) >= want:
            break
        g.one(BUILDERS)(g)
    return g


def numbers(values):
    return [np.asarray(v).astype(float).ravel().tolist() for v in values]


def write(folder, number, seed):
    g = grow(np.random.default_rng([seed, number]))
    ends = [o for n in g.nodes for o in n.output if o not in g.read]
    outputs, nodes = ends[-2:], []
    needed = set(outputs)
    for n in reversed(g.nodes):
        if needed & set(n.output):
            nodes.insert(0, n)
            needed.update(n.input)
    inputs = [n for n in g.inputs if n in needed]
    if not inputs:
        return False
    model = g.model(nodes, inputs, outputs)
    for info, name in zip(model.graph.output, outputs):
        dtype = helper.np_dtype_to_tensor_dtype(g.values[name][0].dtype)
        info.CopyFrom(helper.make_tensor_value_info(name, dtype, g.shape(name)))
    try:
        run = session(model)
    except Exception:  # it runs each node, but not the whole
        return False
    samples = []
    for s in range(SAMPLES):
        feeds = {n: g.values[n][s] for n in inputs}
        results = run.run(outputs, feeds)
        samples.append({"inputs": numbers(feeds.values()), "outputs": numbers(results)})
    (folder / f"{number}.onnx").write_bytes(model.SerializeToString())
    (folder / f"{number}.json").write_text(json.dumps(samples))
    return True


def main():
    folder, count = pathlib.Path(sys.argv[1]), int(sys.argv[2])
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    folder.mkdir(parents=True, exist_ok=True)
    written = number = 0
    while written < count:
        written += write(folder, number, seed)
        number += 1
    print(f"{written} graphs, onnxruntime {onnxruntime.__version__}")


main()
