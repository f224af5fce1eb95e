"""Reads the MNIST data set from IDX files, gzipped or not."""

import gzip
import struct
from pathlib import Path

import numpy as np
import torch

UNSIGNED_BYTE = 8  # the only element type that MNIST uses


def read(folder, name):
    """One IDX file as a uint8 array. Raises ValueError on anything else."""
    path = _find(Path(folder), name)
    raw = path.read_bytes()
    if path.suffix == ".gz":
        raw = gzip.decompress(raw)
    if len(raw) < 4 or raw[:3] != bytes([0, 0, UNSIGNED_BYTE]):
        raise ValueError(f"{path}: not an IDX file of unsigned bytes")
    rank = raw[3]
    header = 4 + 4 * rank
    if len(raw) < header:
        raise ValueError(f"{path}: truncated after {len(raw)} bytes")
    shape = struct.unpack(f">{rank}I", raw[4:header])
    if len(raw) - header != int(np.prod(shape)):
        raise ValueError(f"{path}: shape {shape} does not match {len(raw) - header} bytes")
    return np.frombuffer(raw, np.uint8, offset=header).reshape(shape)


def load(folder, prefix):
    """Images [n, 28, 28] uint8 and labels [n] int64; prefix is train or t10k."""
    images = torch.from_numpy(read(folder, f"{prefix}-images-idx3-ubyte").copy())
    labels = torch.from_numpy(read(folder, f"{prefix}-labels-idx1-ubyte").astype(np.int64))
    if len(images) != len(labels):
        raise ValueError(f"{folder}: {len(images)} {prefix} images, {len(labels)} labels")
    return images, labels


def _find(folder, name):
    for path in (folder / f"{name}.gz", folder / name):
        if path.is_file():
            return path
    raise ValueError(f"{folder}: holds neither {name}.gz nor {name}: give the MNIST folder with --data")
