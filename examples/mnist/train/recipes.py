"""The networks of this example and how each is trained: one row per model."""

from dataclasses import dataclass, replace
from typing import Callable

from .fence import Fence
from .fit import Plan
from .integer import Format
from .network import Conv, Dense, Network, Pool


# Sums share field elements of 253 usable bits, 64 of them three elements where each
# takes less than 11.86 bits: with 4-bit pixels, 15 * 247 stays below 2^11.86. Sixteen
# sums share one where each takes 15.81: with 7-bit activations, 127 * 452 stays below
# it. Training only pulls towards a cap, so the caps leave a margin.
MLP_CAP, LENET_CAP = 225, 400

# 23 limbs of 11 bits fit where only 21 of 12 do, and 64 neurons are three elements
# again. With 16 input levels that takes accumulators within +-980, bias included, which
# no penalty reaches for every neuron: the perceptron's first layer is fenced.
MLP_FENCE = Fence(step=0.4, levels=15, limit=980)


def whole(images):
    """All 28x28 pixels."""
    return images


def centre(images):
    """The middle 20x20 pixels, which hold the digit itself."""
    return images[:, 4:24, 4:24]


def blocks(images):
    """4x4 means over blocks of 7x7 pixels, rounded to whole grey values."""
    n = len(images)
    return images.view(n, 4, 7, 4, 7).float().mean((2, 4)).round().to(images.dtype)


def perceptron(inputs, hidden, classes, bits, cap=None, fence=None):
    """A maker of inputs-hidden-classes networks; bits of the two weight grids, cap and fence of the first."""
    return lambda: Network([
        Dense((hidden, inputs), bits[0], cap=cap, fence=fence),
        Dense((classes, hidden), bits[1], relu=False),
    ])


def lenet():
    """LeNet-5 with ReLU and max pooling: 61,706 parameters."""
    return Network([
        Conv((6, 1, 5, 5), 6, pad=2), Pool(),
        Conv((16, 6, 5, 5), 5, cap=LENET_CAP), Pool(),
        Dense((120, 400), 5, cap=LENET_CAP), Dense((84, 120), 5, cap=LENET_CAP), Dense((10, 84), 7, relu=False),
    ])


@dataclass(frozen=True)
class Stage:
    """Further training: the network of build starts with the weights of the stage before.

    seed orders its batches; 2 gave fewer disagreements than 1 on the validation images.
    """

    build: Callable[[], Network]
    plan: Plan
    seed: int


@dataclass(frozen=True)
class Recipe:
    """One model.

    view crops or shrinks uint8 images; classes keeps the digits below it.
    float_plan, where given, trains plain float weights first; then, where given,
    is the stage after plan's. live is the share
    of training digits that must ink a pixel (above a quarter of full) for the
    first layer to look at it; 0 keeps every pixel. formats are measured; the
    first selects among the seeds.
    """

    build: Callable[[], Network]
    plan: Plan
    formats: tuple
    view: Callable = whole
    classes: int = 10
    float_plan: Plan | None = None
    then: Stage | None = None
    live: float = 0.0
    seeds: tuple = (1,)


TEACHER = Plan(epochs=8, rate=3e-3)
DENSE = Plan(epochs=40, rate=4e-3, levels=7, bits=8, decay=3e-5, distance=0.3, teach=0.5)
FENCED = Plan(epochs=12, rate=2e-3, levels=15, bits=None, decay=1e-5, distance=1.0, teach=0.5)
EXACT = tuple(Format(levels, 10) for levels in (15, 11, 9, 7)) + (Format(255, 14), Format(15, 8), Format(7, 8))
NARROW = (Format(15, 8), Format(15, 9), Format(7, 8), Format(7, 9), Format(255, 9))

RECIPES = {
    "tiny": Recipe(
        perceptron(16, 16, 4, (5, 6)), Plan(epochs=20, rate=1e-2, levels=63, bits=7, distance=0.3),
        (Format(255, 8), Format(63, 8), Format(15, 8)), view=blocks, classes=4),
    "mlp784": Recipe(
        perceptron(784, 64, 10, (4, 8), MLP_CAP), replace(DENSE, epochs=24), EXACT, live=0.01,
        then=Stage(perceptron(784, 64, 10, (4, 8), fence=MLP_FENCE), FENCED, 2)),
    "mlp400": Recipe(perceptron(400, 64, 10, (4, 8), MLP_CAP), DENSE, NARROW, view=centre, live=0.01, seeds=(1, 2)),
    "lenet": Recipe(
        lenet, Plan(epochs=8, rate=1.5e-3, levels=7, bits=7, decay=1e-5, distance=0.1),
        (Format(7, 7), Format(7, 6), Format(7, 8), Format(15, 7), Format(255, 8)),
        float_plan=TEACHER),
}
