"""Trains the two models of this example on the wine data set (178 wines of three growers, in
scikit-learn, BSD-3-Clause), and makes wines up.

    pip install -r ../../dev/classical/requirements.txt
    python train.py

grower.onnx is a logistic regression with three classes, after a StandardScaler; style.onnx is
k-means with three centroids, after the same. wines.npy are 149 wines that nobody made, growers.npy
and styles.npy what onnxruntime says of them. Takes seconds; the same versions give the same files.
"""

import sys
from pathlib import Path

import numpy as np
import onnxruntime
from sklearn import datasets
from sklearn.cluster import KMeans
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1] / "dev" / "classical"))
from sources import bundled, made_up, named, scikit  # noqa: E402


def labels(name, rows):
    session = onnxruntime.InferenceSession(HERE / f"{name}.onnx")
    return session.run(["label"], {"X": rows})[0].reshape(-1)


def main():
    x, y = bundled(datasets.load_wine)
    names = datasets.load_wine().feature_names
    train, test, own, truth = train_test_split(x, y, test_size=1 / 3, random_state=1)
    wines = made_up(train, own, 150, np.random.default_rng(1))
    np.save(HERE / "wines.npy", wines)
    for name, what, model in [("grower", "growers", LogisticRegression(random_state=1)),
                              ("style", "styles", KMeans(3, n_init=10, random_state=1))]:
        file = named(scikit(make_pipeline(StandardScaler(), model).fit(train, own), train), names)
        (HERE / f"{name}.onnx").write_bytes(file.SerializeToString())
        np.save(HERE / f"{what}.npy", labels(name, wines).astype(np.int64))
        found = labels(name, test)
        print(f"{name}: classes down, growers across, of {len(test)} held-out wines")
        print(np.array([[((found == k) & (truth == g)).sum() for g in range(3)] for k in range(3)]))


if __name__ == "__main__":
    main()
