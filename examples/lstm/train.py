"""Makes a price series, trains the LSTM of this example on it, and exports it as PyTorch does.

    pip install -r ../cnn/requirements.txt
    python train.py

The price is nobody's: its returns have a drift that changes its sign now and then, and a noise, so
that those of the last days tell something of the next one, and nothing more than that is to be
found. rises.onnx reads the last twelve returns in percent and gives the chance that the next one is
positive; training.npy are 300 of the windows that it learnt from, days.npy the 500 windows of
later days, labels.npy whether the price rose on the next day. Takes a minute; the same versions
give the same files.
"""

import contextlib
import io
from pathlib import Path

import numpy as np
import torch
from torch import nn

HERE = Path(__file__).parent
WINDOW, LATER = 12, 500


def returns(days, rng):
    """Daily returns in percent, rounded to hundredths, within five percent."""
    drift, out = 0.7, []
    for _ in range(days):
        if rng.random() < 0.05:
            drift = -drift
        out.append(drift + rng.standard_normal())
    return np.clip(np.round(out, 2), -5, 5).astype(np.float32)


class Rises(nn.Module):
    def __init__(self, width=4):
        super().__init__()
        self.lstm, self.head = nn.LSTM(1, width, batch_first=True), nn.Linear(width, 1)

    def forward(self, days):
        states, _ = self.lstm(days)
        return torch.sigmoid(self.head(states[:, -1]))


def trained(x, y):
    torch.manual_seed(1)
    net = Rises()
    optimiser = torch.optim.Adam(net.parameters(), 0.02)
    for _ in range(300):
        loss = nn.functional.binary_cross_entropy(net(x)[:, 0], y)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return net.eval()


def main():
    torch.set_num_threads(1)
    series = returns(3500, np.random.default_rng(1))
    x = np.lib.stride_tricks.sliding_window_view(series, WINDOW)[:-1, :, None].copy()
    y = (series[WINDOW:] > 0).astype(np.float32)
    net = trained(torch.from_numpy(x[:-LATER]), torch.from_numpy(y[:-LATER]))
    with contextlib.redirect_stdout(io.StringIO()):
        torch.onnx.export(net, (torch.from_numpy(x[:1]),), str(HERE / "rises.onnx"), dynamo=True,
                          external_data=False, input_names=["returns"], output_names=["chance"])
    np.save(HERE / "training.npy", x[:300])
    np.save(HERE / "days.npy", x[-LATER:])
    np.save(HERE / "labels.npy", y[-LATER:].astype(np.int64))
    with torch.no_grad():
        found = net(torch.from_numpy(x[-LATER:]))[:, 0].numpy() > 0.5
    print(f"{(found == (y[-LATER:] > 0)).sum()} of {LATER} later days; it rose on {int(y[-LATER:].sum())}")


if __name__ == "__main__":
    main()
