"""Trains the example's networks and writes them as ONNX, with their figures.

    python train.py --data FOLDER --out models [--only mlp784,lenet]

FOLDER holds the four MNIST files in IDX format, gzipped or not; nothing is
downloaded. The last 10,000 training images select among seeds; the test
images are only measured, once, on the model that is written.
"""

import argparse
import hashlib
import json
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import torch

from train import augment, export, fence, idx, integer
from train.fit import Pool, fit, unit
from train.recipes import RECIPES, TEACHER, lenet

HELD_OUT = 10_000
COPIES = 6  # deformed copies of every training image
SEED = 1  # of the teacher and the deformations


@dataclass(frozen=True)
class Data:
    """uint8 images [n, 28, 28] and labels: training pool, validation, test."""

    pool: Pool
    valid: tuple
    test: tuple


def say(text):
    print(text, file=sys.stderr, flush=True)


def load(folder):
    images, labels = idx.load(folder, "train")
    generator = torch.Generator().manual_seed(SEED)
    own, own_labels = images[:-HELD_OUT], labels[:-HELD_OUT]
    every = [own] + [augment.deform(own, generator) for _ in range(COPIES)]
    pool = Pool(len(own), torch.cat(every), own_labels.repeat(len(every)), None)
    return Data(pool, (images[-HELD_OUT:], labels[-HELD_OUT:]), idx.load(folder, "t10k"))


def plain(network):
    """Turns the weight grids off."""
    for layer in network.weighted():
        layer.bits = None
    return network


def train_teacher(pool):
    """A float LeNet: it starts the quantised one and teaches the perceptrons."""
    torch.manual_seed(SEED)
    network = plain(lenet())
    fit(network, pool, TEACHER, torch.Generator().manual_seed(SEED), say)
    return network


@torch.no_grad()
def taught(pool, teacher):
    """The pool with the teacher's logits."""
    logits = torch.cat([teacher(unit(part)) for part in pool.images.split(1000)])
    return Pool(pool.own, pool.images, pool.labels, logits)


def narrow(recipe, pool):
    """The pool as a recipe sees it: its digits, its pixels."""
    keep = pool.labels < recipe.classes
    logits = pool.logits[keep] if recipe.plan.teach else None
    return Pool(int(keep[:pool.own].sum()), recipe.view(pool.images[keep]), pool.labels[keep], logits)


def pick(recipe, split):
    """Images [n, 1, h, w] in [0, 1] and labels of a split, as a recipe sees it."""
    images, labels = split
    keep = labels < recipe.classes
    return unit(recipe.view(images[keep])), labels[keep]


def train_one(recipe, data, teacher, seed):
    torch.manual_seed(seed)
    network = recipe.build()
    pool = narrow(recipe, data.pool)
    if recipe.float_plan is not None:
        network.load_state_dict(teacher.state_dict())
    if recipe.live:
        inked = (pool.images[:pool.own] > 63).float().mean(0).flatten()
        network.layers[0].live.copy_(inked > recipe.live)
    fit(network, pool, recipe.plan, torch.Generator().manual_seed(seed), say)
    return network if recipe.then is None else resume(network, pool, recipe.then)


def resume(network, pool, stage):
    """A stage's network, trained on from another's weights and live pixels."""
    final = stage.build()
    final.load_state_dict(network.state_dict())
    fit(final, pool, stage.plan, torch.Generator().manual_seed(stage.seed), say)
    return final


def share(hits):
    """The share of true values, to four decimals."""
    return round(hits.double().mean().item(), 4)


def measure(network, recipe, split, calibrate, shape, name):
    """Accuracy of the float model in onnxruntime, and of its integer twins against it."""
    images, labels = split
    model = export.to_onnx(network, shape, name)
    exact = torch.from_numpy(np.argmax(export.run(model, images), 1))
    rows = []
    for form in recipe.formats:
        twin = integer.IntegerModel(network, form, calibrate)
        whole = twin.logits(images).argmax(1)
        rows.append({
            "input_levels": form.levels + 1, "activation_bits": form.bits,
            "accuracy": share(whole == labels),
            "disagreements": int((whole != exact).sum()),
            "accumulator_bits": [round(w, 2) for w in twin.widths()],
        })
    return model, {"samples": len(labels), "accuracy": share(exact == labels), "integer": rows}


def best(recipe, data, teacher, name):
    """The seed with the fewest validation errors and, five times as dear, disagreements."""
    images, labels = pick(recipe, data.valid)
    shape, tried = list(images.shape[1:]), []
    for seed in recipe.seeds:
        network = train_one(recipe, data, teacher, seed)
        _, found = measure(network, recipe, (images, labels), images, shape, name)
        first = found["integer"][0]
        cost = round((1 - found["accuracy"]) * len(labels)) + 5 * first["disagreements"]
        say(f"{name}, seed {seed}: validation {found['accuracy']:.4f}, {first['disagreements']} disagree")
        tried.append((cost, seed, network))
    _, seed, network = min(tried, key=lambda row: row[:2])
    model, found = measure(network, recipe, pick(recipe, data.test), images, shape, name)
    return model, {"seed": seed, **describe(network), **found}


def describe(network):
    """What a model is made of."""
    layer = network.layers[0]
    first = torch.round(layer.grid() / layer.scale()).flatten(1)
    sums = first.abs().sum(1)
    return {
        "parameters": sum(p.numel() for p in network.parameters()),
        "weight_bits": [layer.bits for layer in network.weighted()],
        "live_inputs": int((first != 0).any(0).sum()),
        "first_layer_abs_sum": {"mean": round(sums.mean().item(), 1), "max": int(sums.max())},
        **({} if layer.fence is None else fenced(layer, first)),
    }


def fenced(layer, whole):
    """How far a fenced layer with integer weights [outputs, inputs] reaches, bias included."""
    low, high = fence.reach(layer)
    return {
        "first_layer_levels": layer.fence.levels + 1,
        "first_layer_step": layer.fence.step,
        "first_layer_reach": [int(low.min()), int(high.max())],
        "first_layer_side_sum": {
            "positive": int(whole.clamp(min=0).sum(1).max()),
            "negative": int((-whole).clamp(min=0).sum(1).max()),
        },
    }


def write(out, name, model, found):
    """Saves a model and its row in models.json."""
    path, index = out / f"{name}.onnx", out / "models.json"
    onnx.save(model, path)
    rows = json.loads(index.read_text()) if index.exists() else {}
    rows[name] = {"sha256": hashlib.sha256(path.read_bytes()).hexdigest(), **found}
    index.write_text(json.dumps(rows, indent=2, sort_keys=True) + "\n")
    say(f"{name}: test accuracy {found['accuracy']:.4f}, disagreements "
        + ", ".join(f"{r['input_levels']}/{r['activation_bits']}b: {r['disagreements']}" for r in found["integer"]))


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", required=True, help="folder with the MNIST IDX files")
    parser.add_argument("--out", required=True, type=Path, help="folder for the ONNX files and models.json")
    parser.add_argument("--only", default=",".join(RECIPES), help="models to train, by comma")
    chosen = parser.parse_args()
    unknown = [name for name in chosen.only.split(",") if name not in RECIPES]
    if unknown:
        parser.error(f"no model named {', '.join(unknown)}: there are {', '.join(RECIPES)}")
    return chosen


def main():
    chosen = arguments()
    torch.use_deterministic_algorithms(True)
    torch.set_num_threads(1)
    chosen.out.mkdir(parents=True, exist_ok=True)
    data, teacher = load(chosen.data), None
    if chosen.only != "tiny":
        teacher = train_teacher(data.pool)
        data = Data(taught(data.pool, teacher), data.valid, data.test)
    for name in chosen.only.split(","):
        write(chosen.out, name, *best(RECIPES[name], data, teacher, name))


if __name__ == "__main__":
    try:
        main()
    except (ValueError, OSError) as err:
        sys.exit(f"error: {err}")
