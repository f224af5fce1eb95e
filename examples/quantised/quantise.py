"""Quantises the residual network of examples/cnn by onnxruntime, and says what onnxruntime computes of it.

    pip install -r requirements.txt
    python quantise.py

digits.onnx is the network in QDQ form: weights and activations of type uint8, ranges of activations by
the 300 pictures in ../cnn/training.npy. calibration.npy are 100 of these; pictures.npy and labels.npy are the
first 300 of ../cnn's held-out pictures, and scores.npy what onnxruntime computes of them. The same
versions give the same files.
"""

import tempfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process

HERE = Path(__file__).parent
CNN = HERE.parent / "cnn"


class Pictures(CalibrationDataReader):
    """Gives the pictures to the quantiser, one by one."""

    def __init__(self, pictures):
        self.left = iter(pictures)

    def get_next(self):
        picture = next(self.left, None)
        return None if picture is None else {"picture": picture[None].astype(np.float32)}


def quantised(pictures):
    with tempfile.TemporaryDirectory() as folder:
        before, after = Path(folder) / "before.onnx", Path(folder) / "after.onnx"
        quant_pre_process(str(CNN / "digits.onnx"), str(before), skip_symbolic_shape=True)
        quantize_static(str(before), str(after), Pictures(pictures), quant_format=QuantFormat.QDQ,
                        activation_type=QuantType.QUInt8, weight_type=QuantType.QUInt8)
        model = onnx.load(after)
    used = {n.domain for n in model.graph.node}
    for opset in list(model.opset_import):
        if opset.domain not in used:
            model.opset_import.remove(opset)
    return model


def main():
    training = np.load(CNN / "training.npy")
    model = quantised(training)
    onnx.save(model, HERE / "digits.onnx")
    pictures, labels = np.load(CNN / "pictures.npy")[:300], np.load(CNN / "labels.npy")[:300]
    session = onnxruntime.InferenceSession(HERE / "digits.onnx", providers=["CPUExecutionProvider"])
    scores = np.concatenate([session.run(None, {"picture": p[None].astype(np.float32)})[0] for p in pictures])
    np.save(HERE / "calibration.npy", training[:100])
    np.save(HERE / "pictures.npy", pictures)
    np.save(HERE / "labels.npy", labels)
    np.save(HERE / "scores.npy", scores)
    print(f"{(scores.argmax(1) == labels).sum()} of {len(labels)} pictures that the network has not learnt from")


if __name__ == "__main__":
    main()
