"""Estimates, compiles and proves the networks that export.py wrote, and prints a table.

    python dev/architectures/measure.py build/zkml build/architectures [--rows N] [NAME ...]

Every file is estimated, with the first of the targets with which the error on the samples to
calibrate with stays within one part in a hundred of the range of onnxruntime's outputs. Files with
the same rows and error stand in one row of the table. Of each row one file is compiled, its integer
model is run on the other samples (error), its float reference on four of them (the last column but
one holds what that differs from onnxruntime by), and one of them is proved and verified, where the
circuit has no more than N rows, 2^19 if no number is given. What zkml refuses stands below the
table, with its words; then the status is 1.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy as np

TARGETS = "bits=8", "bits=10", "bits=12", "bits=14"
SAMPLES_RUN = 4

parser = argparse.ArgumentParser()
parser.add_argument("zkml", type=pathlib.Path)
parser.add_argument("files", type=pathlib.Path)
parser.add_argument("--rows", type=int, default=2**19)
parser.add_argument("names", nargs="*")
ARGS = parser.parse_intermixed_args()
FILES = ARGS.files.resolve()


class Refused(Exception):
    pass


def zkml(*args):
    done = subprocess.run([ARGS.zkml.resolve(), *map(str, args), "--json"], capture_output=True, text=True)
    if done.returncode != 0:
        raise Refused((done.stderr or done.stdout).strip())
    return json.loads(done.stdout)


def opset(file):
    return int(file.stem.split("-")[2])


class Network:
    def __init__(self, name):
        self.name = name
        self.want = np.load(FILES / f"{name}.outputs.npy")
        self.span = float(self.want.max() - self.want.min())
        self.train, self.test = FILES / f"{name}.train.npy", FILES / f"{name}.test.npy"

    def estimate(self, file):
        """The target that serves, the rows, and the error on the samples to calibrate with."""
        for target in TARGETS:
            e = zkml("estimate", file, "--calibrate", self.train, "--target", target)
            error = e["agreement"]["max_abs_error"] / self.span
            if error <= 0.01:
                break
        return target, e["padded_rows"], e["rows"], f"{error:.2%}"

    def reference(self, bundle):
        """The largest difference of the float reference and onnxruntime, as part of the range."""
        off = 0.0
        for i in range(SAMPLES_RUN):
            ran = zkml("run", bundle, "--input", f"{self.test}:{i}")
            got = np.array(ran["outputs"][0]["float"]["scores"]).reshape(self.want[i].shape)
            off = max(off, float(np.abs(got - self.want[i]).max()))
        return off / self.span

    def proved(self, file, target, folder):
        """The error on other samples, the reference's, and that a proof was made and holds."""
        bundle, proof = folder / f"{file.stem}.zkml", folder / "proof.json"
        zkml("compile", file, "--calibrate", self.train, "--target", target, "--unsafe-srs", "-o", bundle)
        error = zkml("eval", bundle, "--data", self.test)["max_abs_error"] / self.span
        off = self.reference(bundle)
        zkml("prove", bundle, "--input", f"{self.test}:0", "-o", proof)
        zkml("verify", bundle, "--proof", proof)
        return f"{error:.2%} | {off:.0e} | yes"

    def measure(self, exporter, refused):
        rows = {}
        for file in sorted(FILES.glob(f"{self.name}-{exporter}-*.onnx"), key=opset):
            try:
                rows.setdefault(self.estimate(file), []).append(file)
            except Refused as e:
                refused.append(f"{file.name}: {e}")
        for (target, padded, count, error), files in rows.items():
            proof = "| | not tried"
            if padded <= ARGS.rows:
                try:
                    with tempfile.TemporaryDirectory() as folder:
                        proof = self.proved(files[0], target, pathlib.Path(folder))
                except Refused as e:
                    refused.append(f"{files[0].name}: {e}")
                    proof = "| | no"
            opsets = ", ".join(str(opset(f)) for f in files)
            print(f"| {self.name} | {exporter} | {opsets} | {target} | {count} | {error} | {proof} |", flush=True)


def main():
    refused = []
    print("| network | exporter | opsets | target | rows | error | error on others | reference's | proved |")
    print("|---|---|---|---|---|---|---|---|---|", flush=True)
    for name in ARGS.names or sorted({p.stem.split("-")[0] for p in FILES.glob("*.onnx")}):
        for exporter in "script", "dynamo":
            Network(name).measure(exporter, refused)
    print("\n".join(refused))
    sys.exit(1 if refused else 0)


main()
