"""Makes transfers up, trains a random forest on them, and writes fraud.onnx.

    pip install -r ../../dev/classical/requirements.txt
    python train.py

The input is what GuardedTransfers.features() of contracts/examples/transfers gives: seven whole
numbers about a transfer, which the contract reads from its own books. Class 1 is fraud. transfers.npy
are 400 transfers and labels.npy what onnxruntime says of them. A real contract would train on its
own history. The seed is fixed: the same versions give the same files.
"""

import sys
from pathlib import Path

import numpy as np
import onnxruntime
from sklearn.ensemble import RandomForestClassifier

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1] / "dev" / "classical"))
from sources import named, scikit  # noqa: E402

# The most of each feature, as the contract limits them: the share of the account that leaves, in
# 1/1000; the amount by the account's mean, in tenths; transfers of this day so far; hours since the
# last one; the hour of the day; transfers to this receiver before; days since the account began.
NAMES = ["share", "times the mean", "this day", "hours since", "hour", "times before", "days"]
MOST = [1000, 1023, 255, 1023, 23, 255, 1023]


def ordinary(rng, n):
    """People pay whom they know, at their own hours, amounts like others of theirs."""
    known = rng.geometric(0.15, n) - 1
    known[rng.random(n) < 0.25] = 0
    hour = rng.normal(rng.uniform(8, 20, n), 3) % 24
    share = rng.lognormal(np.log(40), 1.0, n)
    closing = rng.random(n) < 0.02  # all of an account, now and then
    share[closing] = 1000
    times = rng.lognormal(np.log(10), 0.7, n) * np.where(closing, 4, 1)
    return [share, times, rng.poisson(0.6, n), rng.exponential(60, n), hour, known, rng.gamma(2, 150, n)]


def fraud(rng, n):
    """A stolen key pays a stranger much or all, soon, often in parts, at any hour."""
    parts = rng.random(n) < 0.5
    share = np.where(parts, rng.uniform(80, 500, n), rng.uniform(500, 1000, n))
    times = np.where(parts, rng.lognormal(np.log(25), 0.6, n), rng.lognormal(np.log(90), 0.8, n))
    count, known = np.where(parts, rng.poisson(4, n), rng.poisson(0.6, n)), np.where(parts, rng.poisson(1.5, n), 0)
    since = np.where(parts, rng.exponential(1, n), rng.exponential(60, n))
    return [share, times, count, since, rng.uniform(0, 24, n), known, rng.gamma(2, 150, n)]


def transfers(rng, n):
    x = np.concatenate([np.stack(ordinary(rng, n), 1), np.stack(fraud(rng, n), 1)])
    return np.clip(np.floor(x), 0, MOST).astype(np.float32), np.repeat([0, 1], n)


def main():
    rng = np.random.default_rng(7)
    x, y = transfers(rng, 10_000)
    model = RandomForestClassifier(12, max_depth=5, max_features=4, random_state=1).fit(x, y)
    (HERE / "fraud.onnx").write_bytes(named(scikit(model, x), NAMES).SerializeToString())
    session = onnxruntime.InferenceSession(HERE / "fraud.onnx")

    def labels(rows):
        return session.run(["label"], {"X": rows})[0].reshape(-1)

    test, truth = transfers(np.random.default_rng(8), 10_000)
    found = labels(test)
    print(f"{found[truth == 1].mean():.2%} of frauds are found, {found[truth == 0].mean():.2%} of others refused")
    shown = rng.permutation(len(test))[:400]
    np.save(HERE / "transfers.npy", test[shown])
    np.save(HERE / "labels.npy", found[shown].astype(np.int64))


if __name__ == "__main__":
    main()
