"""Trains the residual network of this example on scikit-learn's digits (1,797 pictures of 8x8 pixels,
BSD-3-Clause), and exports it as PyTorch does.

    pip install -r requirements.txt
    python train.py

digits.onnx is the network; training.npy are 300 of the pictures that it learnt from, pictures.npy the
599 that no training saw, labels.npy the digits that these show. Takes a minute; the same versions give the same files.
"""

import contextlib
import io
from pathlib import Path

import numpy as np
import torch
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import nn

HERE = Path(__file__).parent


class Residual(nn.Module):
    """Two convolutions, whose result is added to what they read."""

    def __init__(self, width):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(width, width, 3, padding=1, bias=False), nn.BatchNorm2d(width)
        self.conv2, self.bn2 = nn.Conv2d(width, width, 3, padding=1, bias=False), nn.BatchNorm2d(width)

    def forward(self, x):
        y = torch.relu(self.bn1(self.conv1(x)))
        return torch.relu(self.bn2(self.conv2(y)) + x)


def network(width=8):
    return nn.Sequential(nn.Conv2d(1, width, 3, padding=1, bias=False), nn.BatchNorm2d(width), nn.ReLU(),
                         nn.MaxPool2d(2), Residual(width), Residual(width), nn.Flatten(), nn.Linear(16 * width, 10))


def trained(x, y):
    torch.manual_seed(1)
    net = network()
    rounds, batch = 40, 64
    optimiser = torch.optim.AdamW(net.parameters(), 3e-3, weight_decay=0.05)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 1e-2, total_steps=rounds * (len(x) // batch))
    for _ in range(rounds):
        order = torch.randperm(len(x))
        for i in range(len(x) // batch):
            some = order[i * batch:(i + 1) * batch]
            loss = nn.functional.cross_entropy(net(x[some]), y[some])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
    return net.eval()


def main():
    torch.set_num_threads(1)
    x, y = load_digits(return_X_y=True)
    x = (x / 16).astype(np.float32).reshape(-1, 1, 8, 8)
    train, test, own, truth = train_test_split(x, y, test_size=1 / 3, random_state=1)
    net = trained(torch.from_numpy(train), torch.from_numpy(own))
    with contextlib.redirect_stdout(io.StringIO()):
        torch.onnx.export(net, (torch.from_numpy(test[:1]),), str(HERE / "digits.onnx"), dynamo=True,
                          external_data=False, input_names=["picture"], output_names=["digit"])
    np.save(HERE / "training.npy", train[:300].astype(np.float16))
    np.save(HERE / "pictures.npy", test.astype(np.float16))
    np.save(HERE / "labels.npy", truth.astype(np.int64))
    with torch.no_grad():
        found = net(torch.from_numpy(test)).argmax(1).numpy()
    print(f"{(found == truth).sum()} of {len(test)} held-out pictures")


if __name__ == "__main__":
    main()
