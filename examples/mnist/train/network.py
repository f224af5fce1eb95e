"""Float networks whose weights lie on integer grids.

A network is a list of layers. Every weight that a forward pass uses is
grid(w): an integer of `bits` bits times one scale for the layer, so that
quantising the exported model's weights loses nothing. Gradients pass the
rounding unchanged (the straight-through estimator).
"""

import math

import torch
import torch.nn.functional as F
from torch import nn


def round_through(x):
    """round(x) forward, the identity backward."""
    return x + (torch.round(x) - x).detach()


def limit(bits):
    """The largest integer of a symmetric format: 2^(bits-1) - 1."""
    return 2 ** (bits - 1) - 1


class Weighted(nn.Module):
    """A dense or convolutional layer.

    bits is None for plain float weights. cap, where given, is the budget that
    training sets for the sum of an output's absolute integer weights: with the
    largest input it bounds the accumulator, and so the circuit's limb. fence,
    where given, is a bound that training keeps (see fence.py).
    """

    def __init__(self, shape, bits, relu=True, cap=None, fence=None):
        super().__init__()
        self.bits, self.relu, self.cap, self.fence = bits, relu, cap, fence
        self.weight = nn.Parameter(torch.randn(shape) * math.sqrt(2 / math.prod(shape[1:])))
        self.bias = nn.Parameter(torch.zeros(shape[0]))
        self.register_buffer("live", torch.ones(shape[1:]))

    def scale(self):
        """The value of one step of the weight grid."""
        if self.fence is not None:
            return torch.tensor(self.fence.step)
        return (self.weight * self.live).abs().max().detach() / limit(self.bits)

    def bounded(self):
        """The weights before rounding: live ones alone, within what the grid holds."""
        w = self.weight * self.live
        if self.bits is None or self.fence is None:
            return w
        top = limit(self.bits) * self.fence.step
        return w.clamp(-top, top)

    def grid(self):
        """The weights in use."""
        w = self.bounded()
        return w if self.bits is None else round_through(w / self.scale()) * self.scale()

    def excess(self):
        """Mean over outputs of what their absolute integer weights sum to beyond the cap."""
        sums = (self.grid() / self.scale()).abs().flatten(1).sum(1)
        return F.relu(sums - self.cap).mean()


class Dense(Weighted):
    """y = W x + b, over everything after the batch axis."""

    def linear(self, x, weight, bias):
        return F.linear(x.flatten(1), weight, bias)


class Conv(Weighted):
    """A stride-1 convolution with symmetric zero padding."""

    def __init__(self, shape, bits, pad=0, cap=None):
        super().__init__(shape, bits, cap=cap)
        self.pad = pad

    def linear(self, x, weight, bias):
        return F.conv2d(x, weight, bias, padding=self.pad)


class Pool(nn.Module):
    """2x2 max pooling with stride 2."""

    def forward(self, x):
        return F.max_pool2d(x, 2)


class Network(nn.Module):
    """Layers in order; input [n, 1, h, w] in [0, 1], output logits [n, classes]."""

    def __init__(self, layers):
        super().__init__()
        self.layers = nn.ModuleList(layers)
        self.register_buffer("peak", torch.zeros(len(layers)))

    def weighted(self):
        return [layer for layer in self.layers if isinstance(layer, Weighted)]

    def forward(self, x):
        """The float model."""
        return self._run(x, self._identity)

    def rounded(self, x, levels, bits):
        """The model as its integer twin sees it: input of levels+1 values, activations of bits.

        bits None keeps the activations as they are.
        """

        def cut(i, y):
            step = (self.peak[i] / (2**bits - 1)).clamp(min=1e-9)
            return round_through(y / step).clamp(max=2**bits - 1) * step

        after = cut if bits else lambda _, y: y
        return self._run(round_through(x * levels) / levels, after)

    def _run(self, x, after):
        for i, layer in enumerate(self.layers):
            if isinstance(layer, Pool):
                x = layer(x)
                continue
            x = layer.linear(x, layer.grid(), layer.bias)
            if layer.relu:
                x = after(i, F.relu(x))
        return x

    def _identity(self, i, y):
        if self.training:
            self.peak[i] = 0.99 * self.peak[i] + 0.01 * y.detach().max()
        return y
