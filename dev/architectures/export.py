"""Exports ten architectures by both of PyTorch's exporters, and records what onnxruntime computes.

    pip install -r dev/architectures/requirements.txt
    python dev/architectures/export.py build/architectures
    python dev/architectures/measure.py build/zkml build/architectures

The folder gets NAME-EXPORTER-OPSET.onnx for the opsets below that an exporter can write, where
EXPORTER is script (dynamo=False) or dynamo (dynamo=True); NAME.train.npy, samples to calibrate with;
NAME.test.npy, others; NAME.outputs.npy, what onnxruntime computes of these; and refused.txt, the
opsets that an exporter cannot write, and why. Weights and samples are of fixed seeds.
"""

import contextlib
import io
import logging
import pathlib
import sys
import warnings

import numpy as np
import onnx
import onnxruntime
import torch

from networks import NETWORKS, network

OUT = pathlib.Path(sys.argv[1])
# The older exporter writes opsets up to 23, the newer one from 14 on: below that it keeps 18.
# Its attention begins with opset 14: the encoder, a module of PyTorch, is not written before.
OPSETS = {"script": [11, 13, 17, 18, 23], "dynamo": [11, 14, 17, 18, 23, onnx.defs.onnx_opset_version()]}


def export(net, sample, path, dynamo, opset):
    """Writes the file; its error says why there is none."""
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        options = {"external_data": False} if dynamo else {}
        torch.onnx.export(net, (sample,), str(path), dynamo=dynamo, opset_version=opset, input_names=["x"],
                          output_names=["y"], **options)
    model = onnx.load(path)
    got = next(s.version for s in model.opset_import if s.domain in ("", "ai.onnx"))
    if got != opset:
        raise ValueError(f"it wrote opset {got}")
    onnx.checker.check_model(model)


def outputs(path, samples):
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    return np.concatenate([session.run(None, {"x": samples[i:i + 1]})[0] for i in range(len(samples))])


def save(name, refused):
    net, train, test = network(name)
    want = net(test).detach().numpy()
    np.save(OUT / f"{name}.train.npy", train.numpy())
    np.save(OUT / f"{name}.test.npy", test.numpy())
    np.save(OUT / f"{name}.outputs.npy", want)
    for exporter, opsets in OPSETS.items():
        written = []
        for opset in opsets:
            path = OUT / f"{name}-{exporter}-{opset}.onnx"
            try:
                export(net, test[:1], path, exporter == "dynamo", opset)
                got = outputs(path, test.numpy())
            except Exception as e:  # an exporter's errors are of many types
                path.unlink(missing_ok=True)
                refused.write(f"{name} {exporter} {opset}: {str(e).strip().splitlines()[0]}\n")
                continue
            np.testing.assert_allclose(got, want, rtol=1e-3, atol=1e-4, err_msg=str(path))
            np.save(OUT / f"{name}.outputs.npy", got)
            written.append(str(opset))
        print(f"{name}, {exporter}: opsets {', '.join(written)}", flush=True)


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    logging.disable(logging.WARNING)
    with open(OUT / "refused.txt", "w") as refused:
        for name in sys.argv[2:] or NETWORKS:
            save(name, refused)


main()
