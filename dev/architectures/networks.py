"""Ten architectures as people write them in PyTorch, as small as keeps them what they are, and samples for each."""

import torch
from torch import nn


class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(1, 4, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
                                      nn.Conv2d(4, 8, 5), nn.ReLU(), nn.MaxPool2d(2))
        self.classifier = nn.Sequential(nn.Linear(32, 32), nn.ReLU(), nn.Linear(32, 16), nn.ReLU(), nn.Linear(16, 10))

    def forward(self, x):
        return self.classifier(torch.flatten(self.features(x), 1))


class BasicBlock(nn.Module):
    def __init__(self, width, out, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(width, out, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(out)
        self.conv2 = nn.Conv2d(out, out, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(out)
        self.shortcut = nn.Identity() if stride == 1 else nn.Sequential(
            nn.Conv2d(width, out, 1, stride, bias=False), nn.BatchNorm2d(out))

    def forward(self, x):
        y = torch.relu(self.bn1(self.conv1(x)))
        return torch.relu(self.bn2(self.conv2(y)) + self.shortcut(x))


class ResNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 4, 3, padding=1, bias=False), nn.BatchNorm2d(4), nn.ReLU())
        self.blocks = nn.Sequential(BasicBlock(4, 4, 1), BasicBlock(4, 8, 2))
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.head = nn.Linear(8, 10)

    def forward(self, x):
        return self.head(self.pool(self.blocks(self.stem(x))).flatten(1))


class MobileNet(nn.Module):
    """An inverted residual with its linear bottleneck (MobileNet v2) between a stem and a head."""

    def __init__(self, width=8, wide=16):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, width, 3, 2, 1, bias=False), nn.BatchNorm2d(width), nn.ReLU6())
        self.block = nn.Sequential(
            nn.Conv2d(width, wide, 1, bias=False), nn.BatchNorm2d(wide), nn.ReLU6(),
            nn.Conv2d(wide, wide, 3, 1, 1, groups=wide, bias=False), nn.BatchNorm2d(wide), nn.ReLU6(),
            nn.Conv2d(wide, width, 1, bias=False), nn.BatchNorm2d(width))
        self.head = nn.Sequential(nn.Dropout(0.2), nn.Linear(width, 10))

    def forward(self, x):
        x = self.stem(x)
        x = x + self.block(x)
        return self.head(x.mean([2, 3]))


def double(width, out):
    return nn.Sequential(nn.Conv2d(width, out, 3, padding=1), nn.BatchNorm2d(out), nn.ReLU(),
                         nn.Conv2d(out, out, 3, padding=1), nn.BatchNorm2d(out), nn.ReLU())


class UNet(nn.Module):
    """Two levels down and up again: one way up by ConvTranspose, the other by interpolation."""

    def __init__(self):
        super().__init__()
        self.one, self.two, self.three = double(1, 2), double(2, 4), double(4, 8)
        self.pool = nn.MaxPool2d(2)
        self.up2 = nn.ConvTranspose2d(8, 4, 2, 2)
        self.back2 = double(8, 4)
        self.up1 = nn.Sequential(nn.Upsample(scale_factor=2, mode="bilinear"), nn.Conv2d(4, 2, 1))
        self.back1 = double(4, 2)
        self.out = nn.Conv2d(2, 1, 1)

    def forward(self, x):
        one = self.one(x)
        two = self.two(self.pool(one))
        three = self.three(self.pool(two))
        two = self.back2(torch.cat([self.up2(three), two], 1))
        return torch.sigmoid(self.out(self.back1(torch.cat([self.up1(two), one], 1))))


class Recurrent(nn.Module):
    def __init__(self, cell, width, both):
        super().__init__()
        self.cell = cell(4, width, batch_first=True, bidirectional=both)
        self.head = nn.Linear(2 * width if both else width, 3)

    def forward(self, x):
        y, _ = self.cell(x)
        return self.head(y[:, -1])


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.TransformerEncoderLayer(16, 2, 32, batch_first=True)
        self.head = nn.Linear(16, 4)

    def forward(self, x):
        return self.head(self.layer(x).mean(1))


class GPT(nn.Module):
    """A decoder block over tokens, with a learnt position, a causal mask, and the head tied to the embedding."""

    def __init__(self, words=32, length=8, width=16, heads=2):
        super().__init__()
        self.heads = heads
        self.token, self.position = nn.Embedding(words, width), nn.Embedding(length, width)
        self.ln1, self.ln2, self.last = nn.LayerNorm(width), nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.mlp = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width))
        self.head = nn.Linear(width, words, bias=False)
        self.head.weight = self.token.weight
        self.register_buffer("seen", torch.tril(torch.ones(length, length)).bool())

    def forward(self, tokens):
        b, t = tokens.shape
        x = self.token(tokens) + self.position(torch.arange(t, device=tokens.device))
        q, k, v = self.qkv(self.ln1(x)).split(x.shape[2], 2)
        q, k, v = (a.view(b, t, self.heads, -1).transpose(1, 2) for a in (q, k, v))
        weights = (q @ k.transpose(2, 3) / q.shape[3] ** 0.5).masked_fill(~self.seen[:t, :t], -torch.inf)
        y = weights.softmax(3) @ v
        x = x + self.out(y.transpose(1, 2).reshape(b, t, -1))
        x = x + self.mlp(self.ln2(x))
        return self.head(self.last(x))


class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.grow = nn.Linear(8, 128)
        self.up = nn.Sequential(nn.ConvTranspose2d(8, 8, 3, 2, 1, output_padding=1), nn.BatchNorm2d(8), nn.LeakyReLU(),
                                nn.ConvTranspose2d(8, 1, 4, 2, 1), nn.Sigmoid())

    def forward(self, z):
        return self.up(torch.relu(self.grow(z)).view(-1, 8, 4, 4))


def mlp():
    return nn.Sequential(nn.Linear(16, 32), nn.ReLU(), nn.Linear(32, 16), nn.ReLU(), nn.Linear(16, 4))


def pictures(*shape):
    """Smooth pictures with values from 0 to 1, since noise is what no network of pictures sees."""
    def draw(n, g):
        coarse = torch.rand(n, shape[0], shape[1] // 4, shape[2] // 4, generator=g)
        return nn.functional.interpolate(coarse, shape[1:], mode="bilinear")
    return draw


def numbers(*shape):
    """Normal numbers within three deviations, since formats hold what the samples reach."""
    return lambda n, g: torch.randn(n, *shape, generator=g).clamp(-3, 3)


def walks(steps, width):
    """Random walks, scaled: series such as recurrent networks read."""
    return lambda n, g: torch.randn(n, steps, width, generator=g).cumsum(1) / steps ** 0.5


def tokens(words, length):
    return lambda n, g: torch.randint(words, (n, length), generator=g)


NETWORKS = {
    "mlp": (mlp, numbers(16)),
    "lenet": (LeNet, pictures(1, 16, 16)),
    "resnet": (ResNet, pictures(3, 8, 8)),
    "mobilenet": (MobileNet, pictures(3, 8, 8)),
    "unet": (UNet, pictures(1, 32, 32)),
    "lstm": (lambda: Recurrent(nn.LSTM, 16, False), walks(8, 4)),
    "gru": (lambda: Recurrent(nn.GRU, 8, True), walks(8, 4)),
    "encoder": (Encoder, numbers(8, 16)),
    "gpt": (GPT, tokens(32, 8)),
    "decoder": (Decoder, numbers(8)),
}


def network(name):
    """A network with seeded weights in which every BatchNorm has seen samples, and the samples: some
    to calibrate with, and others to measure on."""
    make, draw = NETWORKS[name]
    torch.manual_seed(1)
    net, g = make(), torch.Generator().manual_seed(2)
    with torch.no_grad():
        for _ in range(50):
            net.train()(draw(64, g))
    return net.eval(), draw(512, g), draw(256, g)
