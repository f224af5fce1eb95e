"""Quantises a LeNet and a residual network by onnxruntime, and records what it computes of 1,000 inputs.

    pip install -r dev/quantised/requirements.txt
    ZKML_PYTHON=PYTHON go test -v ./dev/quantised

The test runs this script and compares. The folder that is given gets NETWORK-VARIANT.onnx for the
variants below, NETWORK-VARIANT.outputs.npy, what onnxruntime gives with its optimisation, as it is
used by default, and NETWORK.inputs.npy. The LeNet is that of examples/mnist, and sees its 40 digits moved
and darkened; the residual network is that of examples/cnn, and sees its pictures darkened.

Weights of type int8 have 7 bits: with more, onnxruntime's sums saturate on processors without VNNI.
"""

import pathlib
import sys

import numpy as np
import onnx
import onnxruntime
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process
from PIL import Image

EXAMPLES = pathlib.Path(__file__).resolve().parents[2] / "examples"
OUT = pathlib.Path(sys.argv[1])
COUNT = 1000
U, S = QuantType.QUInt8, QuantType.QInt8

# By name: the form of the file, the types of activations and weights, scales by channel or one for a tensor,
# 7 bits or 8 for weights.
VARIANTS = {
    "u8u8-qdq": (QuantFormat.QDQ, U, U, False, False),
    "u8u8-operators": (QuantFormat.QOperator, U, U, False, False),
    "u8u8-channels-qdq": (QuantFormat.QDQ, U, U, True, False),
    "u8s8-qdq": (QuantFormat.QDQ, U, S, False, True),
    "u8s8-channels-qdq": (QuantFormat.QDQ, U, S, True, True),
    "u8s8-channels-operators": (QuantFormat.QOperator, U, S, True, True),
    "s8s8-qdq": (QuantFormat.QDQ, S, S, False, True),
    "s8s8-channels-qdq": (QuantFormat.QDQ, S, S, True, True),
}


def digits(random):
    """The 40 digits of examples/mnist, moved by up to three pixels and darkened."""
    files = sorted((EXAMPLES / "mnist" / "samples").glob("*.png"))
    pictures = np.stack([np.asarray(Image.open(f).convert("L")) for f in files]).astype(np.float32) / 255
    moved = [np.roll(pictures[i % len(files)], random.integers(-3, 4, 2), (0, 1)) for i in range(COUNT)]
    return darkened(np.stack(moved)[:, None], random)


def small(random):
    """The pictures of examples/cnn, darkened."""
    pictures = np.load(EXAMPLES / "cnn" / "pictures.npy").astype(np.float32)
    return darkened(np.concatenate([pictures, pictures])[:COUNT], random)


def darkened(pictures, random):
    return pictures * random.uniform(0.5, 1, (COUNT, 1, 1, 1)).astype(np.float32)


NETWORKS = {
    "lenet": (EXAMPLES / "mnist" / "models" / "lenet.onnx", digits),
    "resnet": (EXAMPLES / "cnn" / "digits.onnx", small),
}


class Reader(CalibrationDataReader):
    """Gives pictures to the quantiser, one by one."""

    def __init__(self, name, pictures):
        self.name, self.left = name, iter(pictures)

    def get_next(self):
        picture = next(self.left, None)
        return None if picture is None else {self.name: picture[None]}


def prepared(path):
    """The network for one sample, as the quantiser wants it."""
    model = onnx.load(path)
    for value in list(model.graph.input) + list(model.graph.output):
        value.type.tensor_type.shape.dim[0].dim_value = 1
    one, before = OUT / "one.tmp", OUT / "before.tmp"
    onnx.save(model, one)
    quant_pre_process(str(one), str(before), skip_symbolic_shape=True)
    return before, model.graph.input[0].name


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    for network, (path, samples) in NETWORKS.items():
        inputs = samples(np.random.default_rng(1))
        np.save(OUT / f"{network}.inputs.npy", inputs)
        before, name = prepared(path)
        for variant, (form, activations, weights, channels, seven) in VARIANTS.items():
            after = OUT / f"{network}-{variant}.onnx"
            quantize_static(str(before), str(after), Reader(name, inputs[:100]), quant_format=form,
                            activation_type=activations, weight_type=weights, per_channel=channels, reduce_range=seven)
            session = onnxruntime.InferenceSession(after, providers=["CPUExecutionProvider"])
            outputs = np.concatenate([session.run(None, {name: x[None]})[0] for x in inputs])
            np.save(OUT / f"{network}-{variant}.outputs.npy", outputs)


main()
