"""Trains tree ensembles and other models of four libraries, exports them as their users do, and records
what onnxruntime computes of rows that no training saw.

    pip install -r dev/classical/requirements.txt
    python dev/classical/train.py build/classical ../shared/data/tabular
    python dev/classical/measure.py build/zkml build/classical

The first folder gets, for each model NAME, the files NAME.onnx, NAME.train.npy (the rows
that it was trained on), NAME.test.npy, NAME.labels.npy and NAME.scores.npy. The second one
holds the tables of credits that two of the data sets are; the others come with
scikit-learn, or are made of a fixed seed.
"""

import pathlib
import sys

import numpy as np
import onnxruntime
from catboost import CatBoostClassifier
from lightgbm import LGBMClassifier
from sklearn import datasets
from sklearn.ensemble import RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.naive_bayes import GaussianNB
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from xgboost import XGBClassifier

from sources import boosted, bundled, credit, gaps, lending, light, made, scikit


def cat(model, x):
    path = OUT / "catboost.onnx"
    model.save_model(str(path), format="onnx")
    return path.read_bytes()


def filled(how, model):
    """The pipeline that puts a number in the place of what is missing, and scales."""
    return make_pipeline(SimpleImputer(strategy=how), StandardScaler(), model)


def models(tables):
    """Names, untrained models, exporters and data."""
    yield "xgboost", XGBClassifier(n_estimators=100, max_depth=6, random_state=1), boosted, credit(tables)
    yield "xgboost-real", XGBClassifier(n_estimators=100, max_depth=6, random_state=1), boosted, made(2)
    yield "xgboost-classes", XGBClassifier(n_estimators=33, max_depth=6, random_state=1), boosted, made(3)
    yield "lightgbm", LGBMClassifier(n_estimators=100, num_leaves=31, random_state=1, verbose=-1), light, \
        lending(tables)
    yield "catboost", CatBoostClassifier(iterations=100, depth=6, random_seed=1, verbose=False,
                                         allow_writing_files=False), cat, lending(tables)
    yield "forest", RandomForestClassifier(100, max_depth=8, random_state=1), scikit, credit(tables)
    yield "small-xgboost", XGBClassifier(n_estimators=5, max_depth=4, random_state=1), boosted, \
        bundled(datasets.load_breast_cancer)
    yield "gaps-logistic", filled("mean", LogisticRegression()), scikit, gaps(tables)
    yield "gaps-network", filled("mean", MLPClassifier((8,), max_iter=1000, random_state=1)), scikit, gaps(tables)
    yield "gaps-forest", filled("median", RandomForestClassifier(10, max_depth=4, random_state=1)), scikit, gaps(tables)
    yield "bayes", GaussianNB(), scikit, bundled(datasets.load_wine)
    yield "small-forest", RandomForestClassifier(10, max_depth=4, random_state=1), scikit, bundled(datasets.load_iris)


def rows(scores):
    """The maps of a ZipMap as rows, in the order of the labels."""
    if isinstance(scores, list):
        scores = [[row[k] for k in sorted(row)] for row in scores]
    return np.asarray(scores, np.float64)


OUT = pathlib.Path(sys.argv[1])


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    for name, model, export, (x, y) in models(pathlib.Path(sys.argv[2])):
        train, test, y, _ = train_test_split(x, y, test_size=1 / 3, random_state=1)
        model.fit(train, y)
        file = export(model, train)
        file = file if isinstance(file, bytes) else file.SerializeToString()
        (OUT / f"{name}.onnx").write_bytes(file)
        session = onnxruntime.InferenceSession(file)
        labels, scores = session.run(None, {session.get_inputs()[0].name: test})
        for what, array in [("train", train), ("test", test), ("labels", np.asarray(labels).reshape(-1)),
                            ("scores", rows(scores))]:
            np.save(OUT / f"{name}.{what}.npy", array)
        own = model.predict_proba(test)
        print(f"{name}: {len(test)} test rows, largest difference of the file from its library "
              f"{np.abs(rows(scores)-own).max():.2g}")


main()
