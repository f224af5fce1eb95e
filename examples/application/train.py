"""Trains the two networks of this example, apart from each other, on real credit
decisions (credit_data of R's modeldata: 4,454 rows, MIT licence).

    python -m pip install -r requirements.txt
    python train.py FOLDER/modeldata_credit_data.csv

credit.onnx says whether an applicant paid back. fraud.onnx says whether an
application was altered: the data has no frauds, so that they are made of real
rows, by raising income and assets and lowering debt. Takes seconds; the same
data and versions give the same files.
"""

import csv
import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

# What the networks take: 16 numbers in [0, 1]. A column with the value that
# stands for 1, or with the word that does. main.go has the same table.
NUMBERS = [("Seniority", 40), ("Time", 72), ("Age", 80), ("Expenses", 200), ("Income", 600),
           ("Assets", 40000), ("Debt", 10000), ("Amount", 4000), ("Price", 6000)]
WORDS = [("Home", "owner"), ("Home", "rent"), ("Marital", "married"), ("Records", "yes"),
         ("Job", "fixed"), ("Job", "freelance"), ("Job", "partime")]
HIDDEN, EPOCHS, RATE, BATCH = 16, 120, 0.003, 64
HERE = Path(__file__).parent


def read(path):
    """Features, and 1 for each applicant who paid back."""
    rows = [r for r in csv.DictReader(open(path, newline="")) if all(r[name] for name, _ in NUMBERS)]
    number = np.array([[min(float(r[n]) / most, 1) for n, most in NUMBERS] for r in rows])
    word = np.array([[float(r[n] == w) for n, w in WORDS] for r in rows])
    return np.hstack([number, word]), np.array([int(r["Status"] == "good") for r in rows])


def altered(x, rng):
    """Rows as a cheat would file them."""
    x = x.copy()
    at = {name: i for i, (name, _) in enumerate(NUMBERS)}
    x[:, at["Income"]] = np.minimum(x[:, at["Income"]] * rng.uniform(2, 4, len(x)) + 0.1, 1)
    x[:, at["Assets"]] = np.minimum(x[:, at["Assets"]] * rng.uniform(2, 5, len(x)) + 0.2, 1)
    x[:, at["Debt"]] *= rng.uniform(0, 0.3, len(x))
    return x


def train(x, y, rng):
    """A network 16-16-2, by Adam on the cross-entropy; classes weigh alike."""
    parts = [rng.normal(0, 0.4, (HIDDEN, x.shape[1])), np.zeros(HIDDEN),
             rng.normal(0, 0.4, (2, HIDDEN)), np.zeros(2)]
    mean, square, step = [np.zeros_like(p) for p in parts], [np.zeros_like(p) for p in parts], 0
    weight = len(y) / (2 * np.bincount(y))
    for _ in range(EPOCHS):
        order = rng.permutation(len(x))
        for start in range(0, len(x), BATCH):
            rows = order[start:start + BATCH]
            step += 1
            for p, g, m, s in zip(parts, gradients(parts, x[rows], y[rows], weight), mean, square):
                m[...] = 0.9 * m + 0.1 * g
                s[...] = 0.999 * s + 0.001 * g * g
                p -= RATE * (m / (1 - 0.9**step)) / (np.sqrt(s / (1 - 0.999**step)) + 1e-8)
    return parts


def forward(parts, x):
    hidden = np.maximum(x @ parts[0].T + parts[1], 0)
    return hidden, hidden @ parts[2].T + parts[3]


def gradients(parts, x, y, weight):
    hidden, scores = forward(parts, x)
    e = np.exp(scores - scores.max(1, keepdims=True))
    d = e / e.sum(1, keepdims=True)
    d[np.arange(len(y)), y] -= 1
    d *= weight[y][:, None] / len(y)
    back = (d @ parts[2]) * (hidden > 0)
    return [back.T @ x, back.sum(0), d.T @ hidden, d.sum(0)]


def export(parts, name, first):
    tensors = [numpy_helper.from_array(p.astype(np.float32), n) for p, n in zip(parts, ["w1", "b1", "w2", "b2"])]
    nodes = [helper.make_node("Gemm", [first, "w1", "b1"], ["sum"], "fc1", transB=1),
             helper.make_node("Relu", ["sum"], ["hidden"], "relu1"),
             helper.make_node("Gemm", ["hidden", "w2", "b2"], ["scores"], "fc2", transB=1)]
    graph = helper.make_graph(
        nodes, name, [helper.make_tensor_value_info(first, TensorProto.FLOAT, ["batch", parts[0].shape[1]])],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["batch", 2])], tensors)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    onnx.save(model, HERE / "models" / f"{name}.onnx")


def main(path):
    x, paid = read(path)
    rng = np.random.default_rng(1)
    order = rng.permutation(len(x))
    test, rest = order[:800], order[800:]
    fraud_x = np.vstack([x, altered(x, rng)])
    fraud_y = np.repeat([0, 1], len(x))
    for name, first, features, labels, chosen, held in [
            ("credit", "applicant", x, paid, rest, test),
            ("fraud", "record", fraud_x, fraud_y, np.hstack([rest, rest + len(x)]), np.hstack([test, test + len(x)]))]:
        parts = train(features[chosen], labels[chosen], rng)
        export(parts, name, first)
        right = forward(parts, features[held])[1].argmax(1) == labels[held]
        per = [right[labels[held] == c].mean() for c in (0, 1)]
        print(f"{name}: {right.mean():.1%} of {len(held)} held-out rows, {per[0]:.1%} of class 0, {per[1]:.1%} of class 1")


if __name__ == "__main__":
    main(sys.argv[1])
