"""Writes a Network as ONNX: standard float operators, weights as initialisers."""

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

from .network import Conv, Dense, Pool

OPSET = 17


class _Builder:
    """Collects nodes and initialisers; every node has one output, named after it."""

    def __init__(self):
        self.nodes, self.tensors, self.last, self.counts = [], [], "image", {}

    def add(self, op, name=None, weights=(), **attributes):
        if name is None:
            self.counts[op] = self.counts.get(op, 0) + 1
            name = f"{op.lower()}{self.counts[op]}"
        inputs = [self.last]
        for suffix, value in weights:
            array = value.detach().numpy().astype(np.float32)
            self.tensors.append(numpy_helper.from_array(array, f"{name}.{suffix}"))
            inputs.append(f"{name}.{suffix}")
        self.nodes.append(helper.make_node(op, inputs, [name], name=name, **attributes))
        self.last = name

    def layer(self, layer, name):
        weights = (("weight", layer.grid()), ("bias", layer.bias))
        if isinstance(layer, Conv):
            self.add("Conv", name, weights, kernel_shape=list(layer.weight.shape[2:]), pads=[layer.pad] * 4)
        else:
            self.add("Gemm", name, weights, transB=1)
        if layer.relu:
            self.add("Relu")


def to_onnx(network, shape, name):
    """The model as a checked ModelProto. shape is the input's, without the batch axis."""
    build, flat = _Builder(), False
    counts = {Conv: 0, Dense: 0}
    for layer in network.layers:
        if isinstance(layer, Pool):
            build.add("MaxPool", kernel_shape=[2, 2], strides=[2, 2])
            continue
        if isinstance(layer, Dense) and not flat:
            build.add("Flatten", "flatten", axis=1)
            flat = True
        counts[type(layer)] += 1
        build.layer(layer, f"{'conv' if isinstance(layer, Conv) else 'fc'}{counts[type(layer)]}")
    build.nodes[-1].output[0] = "logits"
    classes = network.layers[-1].weight.shape[0]
    graph = helper.make_graph(
        build.nodes, name,
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, ["batch", *shape])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", classes])],
        build.tensors,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)],
                              producer_name="zkml-mnist-example", ir_version=8)
    onnx.checker.check_model(model, full_check=True)
    return model


def run(model, images):
    """Logits of a ModelProto by onnxruntime: the float reference that figures are taken from."""
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(None, {"image": images.numpy().astype(np.float32)})[0]
