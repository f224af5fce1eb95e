"""Trains random small models and pipelines of scikit-learn, and holds what zkml makes of their
ONNX files against onnxruntime.

    python dev/classical/fuzz.py build/zkml COUNT [SEED]

Each model is compiled with the rows that it was trained on. Of a few rows the float model must
give what onnxruntime gives, to the precision of float32; the integers must give the same labels,
but where onnxruntime's two best scores are close or the compilation states that some differ, and
scores within the error that it states. It prints a line for each model, and fails where one differs.
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import warnings

import numpy as np
import onnxruntime
from sklearn import (
    cluster, datasets, decomposition, ensemble, linear_model, mixture, naive_bayes, neighbors, neural_network,
    preprocessing, svm, tree,
)
from sklearn.pipeline import make_pipeline
from skl2onnx import to_onnx

ZKML = str(pathlib.Path(sys.argv[1]).resolve())
ROWS = 4  # that are compared
FLOAT, CLOSE = 1e-3, 0.02  # of the largest score: between float models, and between two best scores


def one(rng, of):
    return of[rng.integers(len(of))]


def steps(rng):
    """A step before the model, or none."""
    return one(rng, [
        None, preprocessing.StandardScaler(), preprocessing.MinMaxScaler((-1, 1)), preprocessing.RobustScaler(),
        preprocessing.MaxAbsScaler(), preprocessing.Normalizer(), preprocessing.Binarizer(threshold=0.5),
        decomposition.PCA(3), preprocessing.PolynomialFeatures(2),
        make_pipeline(preprocessing.MinMaxScaler((1, 2)), preprocessing.PowerTransformer("box-cox")),
        preprocessing.KBinsDiscretizer(3, encode="ordinal", quantile_method="averaged_inverted_cdf"),
    ])


def classifiers(rng):
    k, n = int(rng.integers(1, 6)), int(rng.integers(2, 8))
    seed = {"random_state": int(rng.integers(100))}
    return [
        linear_model.LogisticRegression(), linear_model.RidgeClassifier(), linear_model.SGDClassifier(**seed),
        tree.DecisionTreeClassifier(max_depth=n, **seed), naive_bayes.GaussianNB(),
        ensemble.RandomForestClassifier(n, max_depth=4, **seed), ensemble.ExtraTreesClassifier(n, max_depth=4, **seed),
        ensemble.GradientBoostingClassifier(n_estimators=n, max_depth=2, **seed), neighbors.KNeighborsClassifier(k),
        svm.SVC(kernel=str(rng.choice(["linear", "rbf", "poly"]))), svm.LinearSVC(**seed),
        neural_network.MLPClassifier(hidden_layer_sizes=(n,), **seed), ensemble.BaggingClassifier(n_estimators=3, **seed),
        mixture.GaussianMixture(2, **seed), cluster.KMeans(3, n_init=1, **seed),
    ]


def regressors(rng):
    k, n = int(rng.integers(1, 6)), int(rng.integers(2, 8))
    seed = {"random_state": int(rng.integers(100))}
    return [
        linear_model.LinearRegression(), linear_model.Ridge(), linear_model.Lasso(), linear_model.BayesianRidge(),
        tree.DecisionTreeRegressor(max_depth=n, **seed), ensemble.RandomForestRegressor(n, max_depth=4, **seed),
        ensemble.GradientBoostingRegressor(n_estimators=n, max_depth=2, **seed), neighbors.KNeighborsRegressor(k),
        svm.SVR(), neural_network.MLPRegressor(hidden_layer_sizes=(n,), **seed),
    ]


def example(rng):
    """A trained model, its name and rows of its input."""
    features = int(rng.integers(4, 8))
    if rng.random() < 0.7:
        x, y = datasets.make_classification(
            120, features, n_informative=3, n_redundant=1, n_classes=int(rng.integers(2, 4)), n_clusters_per_class=1,
            random_state=int(rng.integers(1000)))
        model = one(rng, classifiers(rng))
    else:
        x, y = datasets.make_regression(120, features, noise=1, random_state=int(rng.integers(1000)))
        y, model = y / np.abs(y).max(), one(rng, regressors(rng))
    x = (x * 10.0 ** int(rng.integers(-1, 3))).round(2).astype(np.float32)
    before = steps(rng)
    name = type(model).__name__ + ("" if before is None else f" after {type(before).__name__}")
    return name, (model if before is None else make_pipeline(before, model)).fit(x, y), x


def zkml(*args):
    """A command's result, or its error."""
    done = subprocess.run([ZKML, *map(str, args), "--json"], capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError((done.stderr or done.stdout).strip().splitlines()[0])
    return json.loads(done.stdout)


def numbers(output):
    return np.array([output["class"]] if "class" in output else output["scores"], float)


def differences(folder, session, x, stated):
    """What differs of some rows, by more than the compilation states of each output."""
    names = [o.name for o in session.get_outputs()]
    for i in range(ROWS):
        want = dict(zip(names, session.run(None, {session.get_inputs()[0].name: x[i : i + 1]})))
        row = zkml("run", folder / "m.zkml", "--input", f"{folder / 'x.npy'}:{i}")
        scores = [np.ravel(v) for v in want.values() if np.asarray(v).dtype.kind == "f"]
        best = np.sort(scores[0])[-2:] if scores else np.zeros(1)
        close = len(best) < 2 or best[1] - best[0] < CLOSE * max(1, abs(best[1]))
        for output in row["outputs"]:
            value = np.ravel(want[output["name"]]).astype(float)
            size = max(1, np.abs(value).max())
            if np.abs(numbers(output["float"]) - value).max() > FLOAT * size:
                yield f"row {i}: {output['name']} is {numbers(output['float'])} as a float model, not {value}"
            label = np.asarray(want[output["name"]]).dtype.kind != "f"
            said = stated[output["name"]]
            if label and not close and said.get("top1", 1) == 1 and (numbers(output) != value).any():
                yield f"row {i}: the label is {numbers(output)}, not {value}"
            if not label and np.abs(numbers(output) - value).max() > said.get("max_abs_error", 0) + FLOAT * size:
                yield f"row {i}: {output['name']} is {numbers(output)}, not {value}"


def export(model, x):
    """The ONNX file, with scores as a tensor where skl2onnx can write them as one."""
    last = model[-1] if hasattr(model, "steps") else model
    maps = hasattr(last, "classes_") and not isinstance(last, svm.LinearSVC)
    return to_onnx(model, x[:1], target_opset={"": 17, "ai.onnx.ml": 3},
                   options={id(last): {"zipmap": False}} if maps else None)


def compare(folder, model, x):
    """A line about a model, and whether anything differs."""
    quiet = onnxruntime.SessionOptions()
    quiet.log_severity_level = 3
    try:
        (folder / "m.onnx").write_bytes(export(model, x).SerializeToString())
    except (NameError, RuntimeError) as e:
        return f"skl2onnx has no file: {str(e).splitlines()[0]}", False
    np.save(folder / "x.npy", x)
    session = onnxruntime.InferenceSession(folder / "m.onnx", quiet, providers=["CPUExecutionProvider"])
    try:
        made = zkml("compile", folder / "m.onnx", "--calibrate", folder / "x.npy", "-o", folder / "m.zkml")
    except RuntimeError as e:
        return f"REFUSED {e}", True
    stated = made["agreement"]
    outputs = stated.get("outputs") or [{**stated, "name": session.get_outputs()[0].name}]
    found = list(differences(folder, session, x, {o["name"]: o for o in outputs}))
    return f"{made['rows']} rows, " + ("; ".join(found) or "as onnxruntime"), bool(found)


def main():
    warnings.filterwarnings("ignore")
    first, failed = int(sys.argv[3]) if len(sys.argv) > 3 else 0, 0
    for seed in range(first, first + int(sys.argv[2])):
        try:
            name, model, x = example(np.random.default_rng(seed))
        except ValueError as e:
            print(f"{seed}: scikit-learn trains no such model: {str(e).splitlines()[0]}")
            continue
        with tempfile.TemporaryDirectory() as folder:
            line, differs = compare(pathlib.Path(folder), model, x)
        failed += differs
        print(f"{seed} {name}: {line}", flush=True)
    sys.exit(failed > 0)


main()
