"""Trains small models of scikit-learn, exports them with skl2onnx, and records
what onnxruntime computes of them.

    pip install numpy scikit-learn skl2onnx onnxruntime pandas && python train.py [SHARED]

It writes the models beside itself and records.json: a few inputs of each model and its
outputs. SHARED is a folder of real models that are not part of the project; what is
recorded of them stays where it is absent. The maps of a ZipMap are recorded as rows, in
the order of the labels.
"""

import itertools
import json
import pathlib
import sys
import warnings

import numpy as np
import onnx
import onnxruntime
import pandas
from sklearn import datasets
from sklearn.cluster import KMeans
from sklearn.compose import ColumnTransformer
from sklearn.decomposition import PCA
from sklearn.ensemble import (
    AdaBoostClassifier, AdaBoostRegressor, BaggingClassifier, ExtraTreesClassifier, ExtraTreesRegressor,
    GradientBoostingClassifier, GradientBoostingRegressor, IsolationForest, RandomForestClassifier,
    RandomForestRegressor, StackingClassifier, StackingRegressor, VotingClassifier, VotingRegressor,
)
from sklearn.feature_extraction import DictVectorizer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import Lasso, LinearRegression, LogisticRegression, Ridge, RidgeClassifier, SGDClassifier
from sklearn.mixture import GaussianMixture
from sklearn.multiclass import OneVsRestClassifier
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (
    Binarizer, KBinsDiscretizer, MinMaxScaler, Normalizer, OneHotEncoder, OrdinalEncoder, PolynomialFeatures,
    PowerTransformer, RobustScaler, StandardScaler,
)
from sklearn.svm import SVC, SVR, LinearSVC, OneClassSVM
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor
from skl2onnx import to_onnx
from skl2onnx.common.data_types import DictionaryType, FloatTensorType, Int64TensorType, StringTensorType

HERE = pathlib.Path(__file__).parent
ROWS = 8
LABELS = {"nearest-weighted"}  # their probabilities are too coarse in integers


def flowers():
    x, y = datasets.load_iris(return_X_y=True)
    return x.astype(np.float32), y


def models():
    """Names, trained models and rows of their inputs."""
    x, y = flowers()
    yield "multinomial", make_pipeline(StandardScaler(), LogisticRegression()).fit(x, y), x
    yield "labels", make_pipeline(MinMaxScaler(), LogisticRegression()).fit(x, np.array([10, -3, 7])[y]), x
    yield "texts", LogisticRegression().fit(x, np.array(["a", "b", "c"])[y]), x
    yield "rest", OneVsRestClassifier(LogisticRegression()).fit(x, y), x
    yield "margins", LinearSVC().fit(x, y), x
    yield "ridges", RidgeClassifier().fit(x, y), x
    yield "binary", make_pipeline(StandardScaler(), LogisticRegression()).fit(x[50:], y[50:]), x[50:]
    yield "unit", make_pipeline(Normalizer(), LogisticRegression()).fit(x, y), x
    yield "bits", make_pipeline(Binarizer(threshold=2.0), LogisticRegression()).fit(x, y), x
    x, y = datasets.load_diabetes(return_X_y=True)
    x = x.astype(np.float32)
    yield "lasso", make_pipeline(StandardScaler(), Lasso()).fit(x, y), x
    yield "targets", Ridge().fit(x, np.stack([y, 2 * y], 1)), x


def others():
    """The other families of models, small ones."""
    x, y = flowers()
    x, y = x[::4], y[::4]
    two = (y > 0).astype(int)
    seed = {"random_state": 0}
    few = {"n_estimators": 3, "max_depth": 3, **seed}
    tree = DecisionTreeClassifier(max_depth=3, **seed)
    pair = [("a", LogisticRegression()), ("b", DecisionTreeClassifier(max_depth=2, **seed))]
    classifiers = {
        "tree": tree, "forest": RandomForestClassifier(**few), "extra": ExtraTreesClassifier(**few),
        "boosting": GradientBoostingClassifier(**few), "bagging": BaggingClassifier(tree, n_estimators=3, **seed),
        "svc-linear": SVC(kernel="linear"), "svc-rbf": SVC(), "svc-poly": SVC(kernel="poly"),
        "bayes": GaussianNB(), "mlp": MLPClassifier((4,), **seed), "perceptron": SGDClassifier(**seed),
        "soft": VotingClassifier(pair, voting="soft", flatten_transform=False),
        "hard": VotingClassifier(pair, flatten_transform=False), "stacking": StackingClassifier(pair, cv=2),
        "pca": make_pipeline(PCA(2), LogisticRegression()),
        "polynomial": make_pipeline(StandardScaler(), PolynomialFeatures(2), LogisticRegression()),
        "scaled-forest": make_pipeline(RobustScaler(), RandomForestClassifier(**few)),
        "adaptive": AdaBoostClassifier(DecisionTreeClassifier(max_depth=2), n_estimators=3, **seed),
    }
    for name, model in classifiers.items():
        yield name, model.fit(x, y), x + np.float32(0.05)  # not on the edge of a vote
    yield "svc-sigmoid", SVC(kernel="sigmoid").fit(x, two), x
    yield "log-loss", make_pipeline(StandardScaler(), SGDClassifier(loss="log_loss", **seed)).fit(x, y), x
    yield "one-class", OneClassSVM().fit(x), x + np.float32(0.05)
    yield "isolation", IsolationForest(n_estimators=3, max_samples=16, **seed).fit(x), x + np.float32(0.05)
    yield "clusters", KMeans(3, n_init=1, **seed).fit(x), x
    yield "mixture", GaussianMixture(2, **seed).fit(x), x
    x, y = datasets.load_diabetes(return_X_y=True)
    x, y = x[::10, :4].astype(np.float32), y[::10]
    tree = DecisionTreeRegressor(max_depth=3, **seed)
    pair = [("a", Ridge()), ("b", DecisionTreeRegressor(max_depth=2, **seed))]
    regressors = {
        "tree-values": tree, "forest-values": RandomForestRegressor(**few), "extra-values": ExtraTreesRegressor(**few),
        "adaptive-values": AdaBoostRegressor(DecisionTreeRegressor(max_depth=2, **seed), n_estimators=5, **seed),
        "boosting-values": GradientBoostingRegressor(**few), "voting-values": VotingRegressor(pair),
        "stacking-values": StackingRegressor(pair, cv=2), "svr-rbf": SVR(), "svr-linear": SVR(kernel="linear"),
        "least-squares": LinearRegression(), "mlp-values": MLPRegressor(hidden_layer_sizes=(4,), **seed),
    }
    for name, model in regressors.items():
        yield name, model.fit(x, y), x


def neighbours():
    """Nearest neighbours of points in no one's middle."""
    x, y = flowers()
    points, y, x = x[::5], y[::5], x + np.float32(0.03)
    values = points @ np.array([1, -2, 0.5, 3], np.float32)
    yield "nearest", KNeighborsClassifier(3).fit(points, y), x
    yield "nearest-one", KNeighborsClassifier(1, p=1).fit(points, y), x
    yield "nearest-weighted", KNeighborsClassifier(3, weights="distance").fit(points, y), x
    yield "nearest-values", KNeighborsRegressor(4).fit(points, values), x
    yield "nearest-distances", KNeighborsClassifier(5).fit(points, y), x


def transforms():
    """Steps before a model, each of which has a function for each feature."""
    x, y = flowers()
    yield "box-cox", make_pipeline(PowerTransformer("box-cox"), LogisticRegression()).fit(x, y), x
    bins = KBinsDiscretizer(4, encode="ordinal", quantile_method="averaged_inverted_cdf")
    yield "bins", make_pipeline(bins, LogisticRegression()).fit(x, y), x + np.float32(0.03)


def exported(name, model, x):
    """The ONNX model, by a Scan or by onnxruntime's own operator where it is to have distances."""
    opsets, options = {"": 17, "ai.onnx.ml": 3}, None
    if name == "nearest-distances":
        opsets, options = {**opsets, "com.microsoft": 1}, {id(model): {"optim": "cdist"}}
    return to_onnx(model, x[:1], target_opset=opsets, options=options)


def columns():
    """A model of three columns, one of them a category."""
    rng = np.random.RandomState(1)
    table = pandas.DataFrame({
        "a": rng.normal(size=200).astype(np.float32), "b": rng.normal(size=200).astype(np.float32),
        "c": rng.randint(0, 4, size=200).astype(np.int64),
    })
    numbers = make_pipeline(SimpleImputer(), StandardScaler())
    parts = ColumnTransformer([("n", numbers, ["a", "b"]), ("c", OneHotEncoder(handle_unknown="ignore"), ["c"])])
    return make_pipeline(parts, LogisticRegression()).fit(table, (table["a"] + table["c"] > 1.5).astype(int)), table


def loans():
    """Models of a table of which two columns are texts, and of a tensor of these two."""
    rng = np.random.RandomState(3)
    table = pandas.DataFrame({
        "age": rng.randint(18, 80, 300).astype(np.float32), "income": rng.randint(10, 200, 300).astype(np.float32),
        "home": rng.choice(["own", "rent", "mortgage"], 300),
        "job": rng.choice(["clerk", "driver", "nurse", "none", "chef"], 300),
    })
    y = np.where((table.income > 80) & (table.home != "rent") | (table.job == "nurse"), "approve", "decline")
    numbers, texts = ["age", "income"], ["home", "job"]
    scaled, hot = ("n", StandardScaler(), numbers), OneHotEncoder(handle_unknown="ignore")
    kept, few = ("n", "passthrough", numbers), {"n_estimators": 3, "max_depth": 4, "random_state": 0}
    parts = {
        "loan": ([scaled, ("c", hot, texts)], LogisticRegression()),
        "loan-dropped": (
            [scaled, ("c", OneHotEncoder(), ["home"]), ("d", OneHotEncoder(drop="first"), ["job"])],
            LogisticRegression()),
        "loan-forest": ([kept, ("c", OrdinalEncoder(), texts)], RandomForestClassifier(**few)),
        "loan-unknown": (
            [kept, ("c", OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1), texts)],
            RandomForestClassifier(**few)),
    }
    types = [(n, (StringTensorType if n in texts else FloatTensorType)([None, 1])) for n in table]
    for name, (columns, last) in parts.items():
        rows = {n: table[n].to_numpy(object if n in texts else np.float32)[:ROWS, None].copy() for n in table}
        if name in ("loan", "loan-unknown"):
            rows["job"][1] = "pilot"  # which the model does not know
        yield name, make_pipeline(ColumnTransformer(columns), last).fit(table, y), types, rows
    x, types = table[texts].to_numpy(object), [("x", StringTensorType([None, 2]))]
    known = {"categories": [["mortgage", "own", "rent"], ["chef", "clerk", "driver", "none", "nurse"]]}
    yield "texts-hot", make_pipeline(hot, LogisticRegression()).fit(x, y), types, {"x": x[:ROWS]}
    yield "texts-codes", make_pipeline(OrdinalEncoder(**known), DecisionTreeClassifier(max_depth=4)).fit(x, y), types, {
        "x": x[:ROWS]}
    rows = x[:ROWS].copy()
    rows[2, 0] = rows[3, 1] = ""
    filled = SimpleImputer(strategy="most_frequent", missing_values="")
    yield "texts-filled", make_pipeline(filled, hot, LogisticRegression()).fit(x, y), types, {"x": rows}


def dictionary():
    """A model of rows that are maps from names of features to numbers."""
    rng = np.random.RandomState(4)
    rows = []
    for age, home, debt in zip(rng.randint(18, 80, 200), rng.choice(["own", "rent"], 200), rng.randint(0, 9, 200)):
        rows.append({"age": float(age), f"home={home}": 1.0} | ({"debt": float(debt)} if debt else {}))
    y = [int(r["age"] > 40 and "home=own" in r or "debt" not in r) for r in rows]
    return make_pipeline(DictVectorizer(sparse=False), LogisticRegression(max_iter=2000)).fit(rows, y), rows


def export():
    """Writes the models, and gives the rows of their inputs by file."""
    opsets, rows = {"": 17, "ai.onnx.ml": 3}, {}
    for name, model, x in itertools.chain(models(), others(), neighbours(), transforms()):
        (HERE / f"{name}.onnx").write_bytes(exported(name, model, x).SerializeToString())
        rows[f"{name}.onnx"] = {"X": x[:: len(x) // ROWS][:ROWS]}
    model, table = columns()
    types = [(n, Int64TensorType([None, 1]) if n == "c" else FloatTensorType([None, 1])) for n in table]
    (HERE / "columns.onnx").write_bytes(
        to_onnx(model, initial_types=types, target_opset=opsets).SerializeToString())
    rows["columns.onnx"] = {n: table[n].to_numpy()[:ROWS, None] for n in table}
    model, dictionaries = dictionary()
    types = [("X", DictionaryType(StringTensorType([1]), FloatTensorType([1])))]
    (HERE / "dictionary.onnx").write_bytes(
        to_onnx(model, initial_types=types, target_opset=opsets, options={"zipmap": False}).SerializeToString())
    rows["dictionary.onnx"] = {"X": dictionaries[:ROWS]}
    for name, model, types, given in loans():
        (HERE / f"{name}.onnx").write_bytes(
            to_onnx(model, initial_types=types, target_opset=opsets).SerializeToString())
        rows[f"{name}.onnx"] = given
    return rows


def shared():
    """Rows of inputs of models that are not part of the project."""
    x, _ = flowers()
    rng = np.random.RandomState(2)
    few = lambda n: rng.uniform(-1, 1, (ROWS, n)).round(3).astype(np.float32)
    return {
        "neurom-iot/logreg_iris.onnx": {"float_input": x[:: len(x) // ROWS][:ROWS]},
        "tribuo/iris-lr-model.onnx": {"input": x[:: len(x) // ROWS][:ROWS]},
        "tract/linear_classifier/model.onnx": {"input": few(12)},
        "tract/linear_regressor/model.onnx": {"input": few(21)},
        "loan-credit/credit_model.onnx": {"input": few(4)},
        "sklearn-onnx/treecl.onnx": {"input": 3 * few(20)},
        "sklearn-onnx/treecl2.onnx": {"input": 3 * few(20)},
        "sklearn-onnx/treecl3.onnx": {"input": 3 * few(10)},
        "onnxmltools/test_xgb.onnx": {"X": x[:: len(x) // ROWS][:ROWS]},
        "fraud/fraud_model.onnx": {"float_input": transactions(rng)},
        "neurom-iot/rf_iris.onnx": {"float_input": x[:: len(x) // ROWS][:ROWS]},
        "neurom-iot/knn_iris.onnx": {"float_input": x[:: len(x) // ROWS][:ROWS] + np.float32(0.03)},
        "iris/sklearn_randomforest.onnx": {"X": x[:: len(x) // ROWS][:ROWS]},
    }


def transactions(rng):
    """Rows for the model of frauds: amounts, hours, counts, then codes of 0 and 1."""
    return np.hstack([
        rng.uniform(0, 5000, (ROWS, 1)).round(2), rng.randint(0, 24, (ROWS, 1)), rng.randint(0, 7, (ROWS, 1)),
        rng.randint(0, 4, (ROWS, 11)),
    ]).astype(np.float32)


def labels(path):
    """The labels of each ZipMap's output."""
    out = {}
    for node in onnx.load(path).graph.node:
        if node.op_type == "ZipMap":
            out[node.output[0]] = list(onnx.helper.get_attribute_value(node.attribute[0]))
    return {k: [v.decode() if isinstance(v, bytes) else v for v in vs] for k, vs in out.items()}


def vocabulary(path):
    """The keys of an input that is a map, in the order in which it is read."""
    for node in onnx.load(path).graph.node:
        if node.op_type == "DictVectorizer":
            return [k.decode() for k in onnx.helper.get_attribute_value(node.attribute[0])]


def flat(value, order):
    """A tensor, maps or a map for one row as a list of numbers or texts."""
    if isinstance(value, dict):
        return [float(value.get(k, 0)) for k in order]
    if order is not None:
        return [float(value[0][k]) for k in order]
    value = np.asarray(value)
    return [str(v) if value.dtype.kind in "OU" else float(v) for v in value.ravel()]


def record(path, rows):
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    names, order = [o.name for o in session.get_outputs()], labels(path)
    outputs = {name: [] for name in names}
    one = lambda x, i: x[i] if isinstance(x, list) else x[i : i + 1]
    for i in range(ROWS):
        for name, value in zip(names, session.run(names, {k: one(x, i) for k, x in rows.items()})):
            outputs[name].append(flat(value, order.get(name)))
    if path.stem in LABELS:
        names = names[:1]
    return {
        "inputs": {k: [flat(row, vocabulary(path)) for row in x] for k, x in rows.items()},
        "outputs": {k: outputs[k] for k in names},
    }


def main():
    warnings.filterwarnings("ignore")
    file = HERE / "records.json"
    records = json.loads(file.read_text()) if file.exists() else {}
    for name, rows in export().items():
        records[name] = record(HERE / name, rows)
    if len(sys.argv) > 1:
        for name, rows in shared().items():
            records["shared/" + name] = record(pathlib.Path(sys.argv[1]) / "models" / name, rows)
    lines = [f"{json.dumps(k)}: {json.dumps(records[k])}" for k in sorted(records)]
    file.write_text("{\n" + ",\n".join(lines) + "\n}\n")


main()
