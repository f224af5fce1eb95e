"""Trains the guard's network on made-up withdrawals, and writes guard.onnx.

    pip install -r requirements.txt && python train.py

The input is what GuardedVault.features() gives: for each of the last 16 hours, the
newest first, the share of what could have been withdrawn that was. The output is
one number, above zero for a drain. The flows are made up: a real vault would train
on its own history. The seed is fixed, and the figures are printed.

With --samples FILE it writes 2,000 flows instead, for `zkml compile --calibrate`.
"""

import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

HOURS, HIDDEN, SHARE = 16, 8, 1023


def ordinary(rng, n):
    """Every hour a little, now and then somebody large."""
    flows = rng.lognormal(np.log(0.004), 0.9, (n, HOURS))
    for row in flows:
        for _ in range(rng.poisson(0.8)):
            row[rng.integers(HOURS)] += rng.uniform(0.02, 0.12)
    return flows


def drain(rng, n):
    """The same, and then a large part of all within an hour or a few."""
    flows = ordinary(rng, n)
    for row in flows:
        hours = rng.integers(1, 5)
        parts = rng.dirichlet(np.ones(hours)) * rng.uniform(0.25, 0.9)
        row[:hours] += parts
    return flows


def samples(rng, n):
    flows = np.concatenate([ordinary(rng, n), drain(rng, n)])
    flows /= np.maximum(1, flows.sum(axis=1, keepdims=True))
    x = np.floor(flows * SHARE) / SHARE
    y = np.concatenate([np.zeros(n), np.ones(n)])
    return x.astype(np.float32), y


def train(x, y, rng, steps=6000, rate=0.01):
    """Two layers, by Adam on the cross entropy."""
    w = [rng.normal(0, 0.5, (HOURS, HIDDEN)), np.zeros(HIDDEN), rng.normal(0, 0.5, (HIDDEN, 1)), np.zeros(1)]
    m, v = [np.zeros_like(p) for p in w], [np.zeros_like(p) for p in w]
    for t in range(1, steps + 1):
        at = rng.integers(len(x), size=256)
        xb, yb = x[at], y[at, None]
        h = np.maximum(0, xb @ w[0] + w[1])
        d = (1 / (1 + np.exp(-(h @ w[2] + w[3]))) - yb) / len(xb)
        dh = (d @ w[2].T) * (h > 0)
        for i, g in enumerate([xb.T @ dh, dh.sum(0), h.T @ d, d.sum(0)]):
            g = g + 1e-4 * w[i]
            m[i] = 0.9 * m[i] + 0.1 * g
            v[i] = 0.999 * v[i] + 0.001 * g * g
            w[i] -= rate * (m[i] / (1 - 0.9**t)) / (np.sqrt(v[i] / (1 - 0.999**t)) + 1e-8)
    return [p.astype(np.float32) for p in w]


def score(w, x):
    return (np.maximum(0, x @ w[0] + w[1]) @ w[2] + w[3])[:, 0]


def export(w, path):
    names = ["w1", "b1", "w2", "b2"]
    nodes = [
        helper.make_node("Gemm", ["flows", "w1", "b1"], ["hidden"], name="fc1"),
        helper.make_node("Relu", ["hidden"], ["active"], name="relu1"),
        helper.make_node("Gemm", ["active", "w2", "b2"], ["score"], name="fc2"),
    ]
    graph = helper.make_graph(
        nodes,
        "guard",
        [helper.make_tensor_value_info("flows", TensorProto.FLOAT, [1, HOURS])],
        [helper.make_tensor_value_info("score", TensorProto.FLOAT, [1, 1])],
        [numpy_helper.from_array(p, n) for p, n in zip(w, names)],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    onnx.save(model, path)


def main():
    rng = np.random.default_rng(7)
    x, y = samples(rng, 20_000)
    if sys.argv[1:2] == ["--samples"]:
        rows = rng.permutation(len(x))[:2000]
        np.save(sys.argv[2], x[rows])
        return
    w = train(x, y, rng)
    tx, ty = samples(np.random.default_rng(8), 10_000)
    s = score(w, tx)
    for threshold in (0.0, 2.0, 4.0):
        alarm = s >= threshold
        print(f"threshold {threshold}: {alarm[ty == 1].mean():.2%} of drains found,"
              f" {alarm[ty == 0].mean():.3%} false alarms")
    export(w, "guard.onnx")


if __name__ == "__main__":
    main()
