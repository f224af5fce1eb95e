"""Runs the models that it reads, one JSON object a line, with onnxruntime: for TestOnnxruntime.

Each line of the answer is an object with the outputs by sample, or with why there are none.
"""

import base64
import json
import sys

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper

onnxruntime.set_default_logger_severity(4)
TYPES = {name.lower(): number for name, number in TensorProto.DataType.items()}


def numbers(text):
    return np.frombuffer(base64.b64decode(text), "<f8")


def array(of, shape, data):
    """Numbers as an array of an ONNX type; an integer that a double rounds up to 2^63 is the largest."""
    kind = helper.tensor_dtype_to_np_dtype(TYPES[of])
    if np.dtype(kind).kind in "iu":
        return np.array([min(int(v), np.iinfo(kind).max) for v in data], kind).reshape(shape)
    return data.astype(kind).reshape(shape)


def tensor(name, c):
    if c["type"] == "string":
        return helper.make_tensor(name, TensorProto.STRING, c["shape"], [c["texts"][int(k)] for k in numbers(c["data"])])
    return onnx.numpy_helper.from_array(array(c["type"], c["shape"], numbers(c["data"])), name)


def attribute(name, kind, a):
    """An attribute of the type that the operator's definition gives it."""
    kinds = onnx.AttributeProto
    if kind == kinds.GRAPH:
        return helper.make_attribute(name, graph(a["body"]))
    if kind == kinds.TENSOR:
        return helper.make_attribute(name, tensor(name, a["tensor"]))
    if kind == kinds.FLOATS:
        return helper.make_attribute(name, [float(v) for v in numbers(a["floats"])], attr_type=kind)
    if kind == kinds.FLOAT:
        return helper.make_attribute(name, float(numbers(a["float"])[0]), attr_type=kind)
    field = {kinds.INT: "int", kinds.INTS: "ints", kinds.STRING: "string", kinds.STRINGS: "strings"}[kind]
    return helper.make_attribute(name, a[field] or (a[field] if field in ("int", "string") else []), attr_type=kind)


def node(n):
    out = helper.make_node(n["op"], n["inputs"], n["outputs"], n["name"], domain=n["domain"])
    for name, a in sorted(n["attrs"].items()):
        try:
            kind = onnx.defs.get_schema(n["op"], n["opset"], n["domain"]).attributes[name].type
        except (onnx.defs.SchemaError, KeyError):  # an operator of onnxruntime alone
            kind = a["guess"]
        out.attribute.append(attribute(name, kind, a))
    return out


def value(v):
    if not v["type"]:
        return onnx.ValueInfoProto(name=v["name"])
    return helper.make_tensor_value_info(v["name"], TYPES[v["type"]], v["shape"])


def graph(g):
    return helper.make_graph(
        [node(n) for n in g["nodes"]], "g", [value(v) for v in g["inputs"] or []], [value(v) for v in g["outputs"]],
        [tensor(name, c) for name, c in sorted(g["consts"].items())])


def run(case):
    opsets = {"": 23}
    for n in case["graph"]["nodes"]:
        newest = {"ai.onnx.ml": 5, "com.microsoft": 1}.get(n["domain"], n["opset"])
        n["opset"] = opsets[n["domain"]] = min(n["opset"], newest)
    model = helper.make_model(graph(case["graph"]), ir_version=10,
                              opset_imports=[helper.make_opsetid(d, v) for d, v in opsets.items()])
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(model.SerializeToString(), options)
    outs = []
    for x in case["samples"]:
        feed = {v["name"]: array(v["type"], v["shape"], numbers(x)) for v in case["graph"]["inputs"]}
        y = session.run(None, feed)[0]
        outs.append(base64.b64encode(np.asarray(y, "<f8").tobytes()).decode())
    return outs


for line in sys.stdin:
    try:
        print(json.dumps({"outputs": run(json.loads(line))}), flush=True)
    except Exception as why:  # it does not have the operator, the type, or the form
        print(json.dumps({"why": str(why).splitlines()[0][:300]}), flush=True)
