"""The integer model, restated independently of the tool that compiles it.

Input pixels become round(levels * x). A layer's weights are integers, its bias
is rounded to the accumulator's scale, and between layers an accumulator a
becomes clamp(floor((a + 2^(k-1)) / 2^k), 0, 2^bits - 1). All values are exact:
they stay far below 2^53, so doubles hold them.
"""

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F

from .network import Pool

BATCH = 1000


@dataclass(frozen=True)
class Format:
    """Input levels (largest integer of a pixel) and bits of an activation."""

    levels: int
    bits: int


class IntegerModel:
    """A Network in integers. calibrate is images that set the rescaling shifts."""

    def __init__(self, network, form, calibrate):
        self.form, self.steps = form, []
        self._freeze(network, calibrate)

    @torch.no_grad()
    def _freeze(self, network, x):
        scale = 1.0 / self.form.levels
        for layer in network.layers:
            if isinstance(layer, Pool):
                x = layer(x)
                self.steps.append((layer, None, None, None))
                continue
            unit = layer.scale().double().item()
            weight = torch.round(layer.grid().double() / unit)
            bias = torch.round(layer.bias.double() / (scale * unit))
            x = layer.linear(x, layer.grid(), layer.bias)
            scale *= unit
            shift = None
            if layer.relu:
                x = F.relu(x)
                top = x.max().item() / scale / (2**self.form.bits - 1)
                shift = max(0, math.ceil(math.log2(max(top, 1e-9))))
                scale *= 2**shift
            self.steps.append((layer, weight, bias, shift))

    @torch.no_grad()
    def logits(self, images):
        """Integer logits of images [n, 1, h, w] in [0, 1]."""
        return torch.cat([self._logits(part) for part in images.split(BATCH)])

    def _logits(self, x):
        x = torch.round(x.double() * self.form.levels)
        for layer, weight, bias, shift in self.steps:
            if weight is None:
                x = layer(x)
                continue
            x = layer.linear(x, weight, bias)
            if shift is not None:
                half = 2 ** (shift - 1) if shift else 0
                x = torch.floor((x + half) / 2**shift).clamp(0, 2**self.form.bits - 1)
        return x

    def widths(self):
        """Per layer, bits of the widest accumulator by interval analysis: log2(top * sum|w| + 1)."""
        top, out = self.form.levels, []
        for _, weight, _, shift in self.steps:
            if weight is None:
                continue
            total = weight.abs().flatten(1).sum(1).max().item()
            out.append(math.log2(top * total + 1))
            top = 2**self.form.bits - 1 if shift is not None else top
        return out
