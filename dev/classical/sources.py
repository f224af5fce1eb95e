"""The tables that models are trained on, and how their users export them: for train.py here,
and for the examples' own scripts.
"""

import json

import numpy as np
import onnx
import pandas
from onnxmltools import convert_lightgbm, convert_xgboost
from onnxmltools.convert.common.data_types import FloatTensorType
from sklearn import datasets
from sklearn.base import is_classifier
from skl2onnx import to_onnx


CREDIT = ["Seniority", "Time", "Age", "Records", "Expenses", "Income", "Assets", "Debt", "Amount", "Price"]


def credit(tables):
    """Ten columns of a bank's customers: whole numbers, of very different ranges."""
    t = pandas.read_csv(tables / "modeldata_credit_data.csv").dropna()
    t["Records"] = t["Records"] == "yes"
    return t[CREDIT].to_numpy(np.float32), (t["Status"] == "bad").to_numpy(int)


def gaps(tables):
    """The same columns of all customers: of some there is no income, and of others no assets or debt."""
    t = pandas.read_csv(tables / "modeldata_credit_data.csv").dropna(subset=["Status", "Records"])
    t["Records"] = t["Records"] == "yes"
    return t[CREDIT].to_numpy(np.float32), (t["Status"] == "bad").to_numpy(int)


def lending(tables):
    """The columns of loans that are numbers: rates with decimals beside incomes of millions."""
    t = pandas.read_csv(tables / "modeldata_lending_club.csv").dropna()
    return t.drop(columns="Class").select_dtypes("number").to_numpy(np.float32), (t["Class"] == "bad").to_numpy(int)


def made(classes):
    """Ten columns of real numbers with all the digits that a float32 has."""
    x, y = datasets.make_classification(6000, 10, n_informative=8, n_classes=classes, random_state=1)
    return x.astype(np.float32), y


def bundled(load):
    x, y = load(return_X_y=True)
    return x.astype(np.float32), y


def boosted(model, x):
    # Without a name the converter takes a random one.
    return convert_xgboost(model, "trees", initial_types=[("input", FloatTensorType([None, x.shape[1]]))])


def light(model, x):
    return convert_lightgbm(model, "trees", initial_types=[("input", FloatTensorType([None, x.shape[1]]))],
                            zipmap=False)


def scikit(model, x):
    return to_onnx(model, x[:1], options={"zipmap": False} if is_classifier(model) else None)


def named(model, features):
    """The model with the names of its features, which exporters do not write."""
    onnx.helper.set_model_props(model, {"feature_names": json.dumps(features)})
    return model


def made_up(x, y, rows, rng):
    """Rows that look like those of a table and are of nobody: drawn for each class from a normal
    distribution with its means and covariances, in the table's decimals and ranges."""
    step = [10.0 ** -max(len(str(v).partition(".")[2].rstrip("0")) for v in column) for column in x.T]
    out = []
    for k in np.unique(y):
        own = x[y == k].astype(np.float64)
        drawn = rng.multivariate_normal(own.mean(0), np.cov(own.T), round(rows * len(own) / len(x)), method="cholesky")
        out.append(np.clip(np.round(drawn / step) * step, own.min(0), own.max(0)))
    return rng.permutation(np.concatenate(out)).astype(np.float32)
