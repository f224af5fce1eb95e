"""Proves a small XGBoost and a small forest with EZKL and with zkml, in turns, and prints tables.

    python -m venv build/peers
    build/peers/bin/pip install ezkl==23.0.5 hummingbird-ml==0.4.12 xgboost==3.2.0 scikit-learn==1.9.1 \
        onnxmltools==1.16.0 skl2onnx==1.20.0 pandas==3.0.1
    build/peers/bin/python dev/classical/peers.py build/zkml [RUNS]

EZKL has no trees: hummingbird turns a model into a network of tensors, which is exported as ONNX.
zkml takes the file that onnxmltools or skl2onnx writes. Both have public inputs, weights in
the key and the same rows for calibration, and prove the probabilities of one row. EZKL makes
an SRS of its own, which is for tests only, as zkml does with --unsafe-srs. Each step is a
process. Seconds are those on the clock, with those that processors worked behind them; memory
is the largest that the process had; of several runs the median counts. This process imports no
libraries: the system counts its memory as its children's, too.
"""

import asyncio
import inspect
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

ROWS = 20  # for calibration


def step(name, arguments):
    """A step of EZKL, in this process."""
    import ezkl

    async def call():
        if name == "gen_settings":
            run = ezkl.PyRunArgs()
            run.input_visibility, run.output_visibility, run.param_visibility = "public", "public", "fixed"
            arguments["py_run_args"] = run
        done = getattr(ezkl, name)(**arguments)
        if inspect.isawaitable(done):
            done = await done
        if done is False:
            sys.exit(f"{name} failed")

    asyncio.run(call())


def measured(command):
    """Seconds on the clock and of processors, and peak memory in MB."""
    begin = time.monotonic()
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen(list(map(str, command)), stdout=out, stderr=out)
        _, status, usage = os.wait4(process.pid, 0)
        if status != 0:
            out.seek(0)
            sys.exit(f"{command} failed:\n{out.read().decode(errors='replace')[-2000:]}")
    return time.monotonic() - begin, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


class Side:
    """The steps of one of the two, with what each took in each run."""

    def __init__(self, steps):
        self.steps, self.took = steps, {name: [] for name, _ in steps}

    def run(self):
        for name, command in self.steps:
            self.took[name].append(measured(command() if callable(command) else command))

    def median(self, name):
        return [statistics.median(column) for column in zip(*self.took[name])]

    def together(self, *names):
        """Seconds on the clock, of processors, and the largest memory, of some steps."""
        wall, cpu, memory = zip(*(self.median(name) for name in names or self.took))
        return sum(wall), sum(cpu), max(memory)


def ezkl_side(folder):
    path = {name: str(folder / name) for name in (
        "network.onnx", "data.json", "row.json", "settings.json", "circuit", "srs", "vk", "pk", "witness", "proof")}

    def of(name, **arguments):
        return [sys.executable, __file__, "step", name,
                json.dumps({k: path.get(v, v) if isinstance(v, str) else v for k, v in arguments.items()})]

    def srs():  # as large as the calibrated settings ask for
        logrows = json.loads((folder / "settings.json").read_text())["run_args"]["logrows"]
        return of("gen_srs", srs_path="srs", logrows=logrows)

    return Side([
        ("gen_settings", of("gen_settings", model="network.onnx", output="settings.json")),
        ("calibrate_settings", of("calibrate_settings", data="data.json", model="network.onnx",
                                  settings="settings.json", target="resources")),
        ("compile_circuit", of("compile_circuit", model="network.onnx", compiled_circuit="circuit",
                               settings_path="settings.json")),
        ("gen_srs", srs),
        ("setup", of("setup", model="circuit", vk_path="vk", pk_path="pk", srs_path="srs")),
        ("gen_witness", of("gen_witness", data="row.json", model="circuit", output="witness")),
        ("prove", of("prove", witness="witness", model="circuit", pk_path="pk", proof_path="proof", srs_path="srs")),
        ("verify", of("verify", proof_path="proof", settings_path="settings.json", vk_path="vk", srs_path="srs")),
    ])


def zkml_side(zkml, folder):
    bundle, proof = folder / "model.zkml", folder / "proof.json"
    return Side([
        ("compile", [zkml, "compile", folder / "model.onnx", "--calibrate", folder / "data.npy", "--output",
                     "probabilities", "--unsafe-srs", "-o", bundle]),
        ("prove", [zkml, "prove", bundle, "--input", f"{folder / 'data.npy'}:0", "-o", proof]),
        ("verify", [zkml, "verify", bundle, "--proof", proof]),
    ])


def write(folder, which):
    """Writes both files of a model and its rows, and how far the network is from it."""
    import numpy as np
    import torch
    from hummingbird.ml import convert

    model, export, x = trained(which)
    network = convert(model, "torch", x[:1])
    torch.onnx.export(network.model, (torch.tensor(x[:1]),), str(folder / "network.onnx"), input_names=["input"],
                      opset_version=14, dynamo=False)
    file = export(model, x)
    (folder / "model.onnx").write_bytes(file if isinstance(file, bytes) else file.SerializeToString())
    np.save(folder / "data.npy", x[:ROWS])
    (folder / "row.json").write_text(json.dumps({"input_data": [x[0].tolist()]}))
    # EZKL takes the rows of a batch as one list
    (folder / "data.json").write_text(json.dumps({"input_data": [x[:ROWS].ravel().tolist()]}))
    distance = np.abs(network.predict_proba(x) - model.predict_proba(x)).max()
    (folder / "distance.json").write_text(json.dumps(float(distance)))


MODELS = {"xgboost": "XGBoost, 5 trees of depth 4, breast cancer", "forest": "forest, 10 trees of depth 4, iris"}


def trained(which):
    """A model, its exporter and its rows."""
    from sklearn import datasets
    from sklearn.ensemble import RandomForestClassifier
    from sources import boosted, bundled, scikit
    from xgboost import XGBClassifier

    if which == "xgboost":
        x, y = bundled(datasets.load_breast_cancer)
        # hummingbird knows no other base score of XGBoost 3
        return XGBClassifier(n_estimators=5, max_depth=4, base_score=0.5, random_state=1).fit(x, y), boosted, x
    x, y = bundled(datasets.load_iris)
    return RandomForestClassifier(10, max_depth=4, random_state=1).fit(x, y), scikit, x


def proof_bytes(folder):
    ours = json.loads((folder / "proof.json").read_text())["proof"]
    theirs = json.loads((folder / "proof").read_text())["hex_proof"]
    return len(theirs) // 2 - 1, len(ours) // 2 - 1


def compare(which, zkml, runs):
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        measured([sys.executable, __file__, "write", folder, which])
        distance = json.loads((folder / "distance.json").read_text())
        theirs, ours = ezkl_side(folder), zkml_side(zkml, folder)
        for _ in range(runs):
            theirs.run()
            ours.run()
        logrows = json.loads((folder / "settings.json").read_text())["run_args"]["logrows"]
        sizes = proof_bytes(folder)
        key = (folder / "pk").stat().st_size / 1e6
    print(f"\n{MODELS[which]}: EZKL 2^{logrows} rows, proving key {key:.0f} MB; its network's probabilities differ from the "
          f"library's by {distance:.2g}\n\n| step | seconds (of processors) | memory |\n|---|---|---|")
    for side, what in [(theirs, "EZKL"), (ours, "zkml")]:
        for part in side.took:
            wall, cpu, memory = side.median(part)
            print(f"| {what} {part} | {wall:.2f} ({cpu:.2f}) | {memory:.0f} MB |")
    print(f"\n| of both | EZKL | zkml | ratio |\n|---|---|---|---|")
    rows = [("all steps", theirs.together(), ours.together()),
            ("a proof, with its witness", theirs.together("gen_witness", "prove"), ours.together("prove"))]
    for what, a, b in rows:
        print(f"| {what}: seconds | {a[0]:.2f} | {b[0]:.2f} | {a[0]/b[0]:.0f} |")
        print(f"| {what}: seconds of processors | {a[1]:.2f} | {b[1]:.2f} | {a[1]/b[1]:.0f} |")
        print(f"| {what}: memory, MB | {a[2]:.0f} | {b[2]:.0f} | {a[2]/b[2]:.0f} |")
    print(f"| proof, bytes | {sizes[0]} | {sizes[1]} | {sizes[0]/sizes[1]:.1f} |", flush=True)


def main():
    if sys.argv[1] == "step":
        return step(sys.argv[2], json.loads(sys.argv[3]))
    if sys.argv[1] == "write":
        return write(pathlib.Path(sys.argv[2]), sys.argv[3])
    zkml = str(pathlib.Path(sys.argv[1]).resolve())
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    for which in MODELS:
        compare(which, zkml, runs)


main()
