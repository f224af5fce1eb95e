"""Compiles, evaluates and proves the models that train.py wrote, and prints a table.

    python dev/classical/measure.py build/zkml build/classical [NAME ...]

A model's label is proved, with a public input, in formats chosen by the rows that it was
trained on. The labels that onnxruntime gives of test rows are held against the integer
model's; then all outputs are compiled, for the error of the scores. Memory is the largest
that `zkml prove` took; seconds are those that processors worked for a whole command.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

import numpy as np

ZKML = str(pathlib.Path(sys.argv[1]).resolve())
FILES = pathlib.Path(sys.argv[2]).resolve()


def zkml(*args):
    """A command's result, seconds of processors and peak memory in MB."""
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen([ZKML, *map(str, args), "--json"], stdout=out)
        _, status, usage = os.wait4(process.pid, 0)
        if status != 0:
            sys.exit(f"zkml {' '.join(map(str, args))} failed")
        out.seek(0)
        return json.load(out), usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def measure(name, folder):
    model, train, test = FILES / f"{name}.onnx", FILES / f"{name}.train.npy", FILES / f"{name}.test.npy"
    bundle, proof = folder / f"{name}.zkml", folder / f"{name}.proof.json"
    choice = ["--calibrate", train]
    compiled, compile_time, _ = zkml("compile", model, *choice, "--output", "label", "-o", bundle)
    gas = zkml("estimate", model, *choice, "--output", "label")[0]["verify_gas"]
    judged = zkml("eval", bundle, "--data", test, "--labels", FILES / f"{name}.labels.npy")[0]
    rows = len(np.load(test))
    other = rows - round(judged["accuracy"] * rows)
    _, prove_time, peak = zkml("prove", bundle, "--input", f"{test}:0", "-o", proof)
    zkml("verify", bundle, "--proof", proof)
    both = zkml("compile", model, *choice, "-o", folder / f"{name}-both.zkml")[0]
    error = both["agreement"]["max_abs_error"]
    print(f"| {name} | {compiled['rows']} | {both['rows']} | {other} of {rows} | {error:.1g} | {compile_time:.1f} s | "
          f"{prove_time:.1f} s | {peak:.0f} MB | {gas} |", flush=True)


def main():
    names = sys.argv[3:] or sorted(p.stem for p in FILES.glob("*.onnx"))
    print("| model | rows, label | rows, with scores | other labels | error of scores | compile | prove | memory "
          "| gas |")
    print("|---|---|---|---|---|---|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            measure(name, pathlib.Path(folder))


main()
