"""Keeps every accumulator of a layer inside a fixed range, bias included.

A circuit that packs accumulators side by side in limbs of whole bits gains
only where all of them fit, so the bound is kept by projection and not by a
penalty alone.
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F

PAST = 0.01  # of a grid step: how far beyond the rounding boundary a weight is put
BIAS_SHARE = 0.4  # of the limit: the most that a bias may take


@dataclass(frozen=True)
class Fence:
    """For inputs of 0..levels, accumulators stay within -limit..limit.

    step is the fixed value of one step of the weight grid: were it taken from
    the largest weight, the bound would move with it.
    """

    step: float
    levels: int
    limit: int


def bias_steps(layer):
    """A fenced layer's bias in units of its accumulator."""
    return torch.round(layer.bias * layer.fence.levels / layer.fence.step)


@torch.no_grad()
def reach(layer):
    """The lowest and the highest accumulator of every output, two tensors [outputs]."""
    whole = torch.round(layer.grid() / layer.fence.step).flatten(1)
    high = layer.fence.levels * F.relu(whole).sum(1) + bias_steps(layer)
    return high - layer.fence.levels * whole.abs().sum(1), high


@torch.no_grad()
def confine(layer, limit):
    """Lowers the fewest weights by one step each, nearest to their rounding boundary first."""
    fence, top = layer.fence, BIAS_SHARE * limit * layer.fence.step / layer.fence.levels
    layer.bias.clamp_(-top, top)
    layer.weight.copy_(layer.bounded())
    bias = bias_steps(layer)
    for sign in (1, -1):
        room = torch.floor((limit - sign * bias) / fence.levels)
        _lower(layer.weight, sign * fence.step, room)


def _lower(weight, unit, room):
    """Takes excess steps off weights [outputs, inputs] of one sign; one pass, a step a weight."""
    size = F.relu(weight / unit)
    whole = torch.round(size)
    excess = (whole.sum(1) - room).clamp(min=0)
    past = torch.where(whole > 0, size - whole + 0.5, torch.inf)
    chosen = past.argsort(dim=1, stable=True).argsort(dim=1) < excess[:, None]
    weight.sub_(torch.where(chosen & (whole > 0), past + PAST, torch.zeros_like(past)) * unit)
