"""Deforms digits a little, the way that handwriting varies."""

import math

import torch
import torch.nn.functional as F

CHUNK = 1000  # images deformed at a time, which bounds the memory used


def deform(images, generator):
    """Deformed copies of images [n, 28, 28] uint8, in the same type."""
    return torch.cat([_deform(part, generator) for part in images.split(CHUNK)])


def _deform(images, generator):
    n, height, width = images.shape
    grid = F.affine_grid(_affine(n, generator), (n, 1, height, width), align_corners=False)
    grid = grid + _waves(n, height, width, generator)
    pixels = F.grid_sample(images.view(n, 1, height, width).float(), grid, align_corners=False)
    return pixels.clamp(0, 255).round().to(torch.uint8).view(n, height, width)


def _affine(n, generator):
    """Random maps [n, 2, 3]: turn up to 12 degrees, scale 10 %, shear, shift 2.5 pixels."""

    def spread(limit):
        return (torch.rand(n, generator=generator) * 2 - 1) * limit

    turn, scale, shear = spread(math.radians(12)), 1 + spread(0.1), spread(0.15)
    cos, sin = torch.cos(turn) * scale, torch.sin(turn) * scale
    across = torch.stack([cos, -sin + shear, spread(2.5 / 14)], 1)
    down = torch.stack([sin, cos, spread(2.5 / 14)], 1)
    return torch.stack([across, down], 1)


def _waves(n, height, width, generator):
    """A smooth random displacement field [n, height, width, 2]."""
    coarse = torch.randn(n, 2, 4, 4, generator=generator) * 0.035
    fine = F.interpolate(coarse, size=(height, width), mode="bicubic", align_corners=False)
    return fine.permute(0, 2, 3, 1)
