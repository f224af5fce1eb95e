"""Trains a Network so that rounding its input and activations rarely changes its answer."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F

from .fence import confine

CAP_WEIGHT = 0.01  # loss per unit of a layer's mean excess over its cap
FENCE_EVERY = 10  # steps between two projections onto the fences
FENCE_FROM, FENCE_CLOSED = 2.5, 0.4  # first limit over the last; share of the steps after which it is reached


@dataclass(frozen=True)
class Plan:
    """How one network is trained.

    levels, bits: the rounding that is trained against (see Network.rounded);
    levels 0 trains the float model alone, bits None keeps activations exact.
    rate: peak learning rate. decay: weight of the squared weights in the loss.
    distance: weight of the squared distance between the logits of the float and
    the rounded model. teach: share of the
    loss that comes from the teacher's logits.
    """

    epochs: int
    rate: float
    batch: int = 256
    levels: int = 0
    bits: int | None = 8
    decay: float = 0.0
    distance: float = 0.0
    teach: float = 0.0


@dataclass(frozen=True)
class Pool:
    """Training images: `own` undeformed ones first, deformed copies after them.

    images [n, h, w] uint8, labels [n], teacher logits [n, classes] or None.
    """

    own: int
    images: torch.Tensor
    labels: torch.Tensor
    logits: torch.Tensor | None

    def batches(self, size, generator):
        """One epoch: index batches, half of each undeformed, half drawn from the copies."""
        half, extra = size // 2, len(self.images) - self.own
        order = torch.randperm(self.own, generator=generator)
        for i in range(self.own // half):
            own = order[i * half:(i + 1) * half]
            if extra == 0:
                yield own
                continue
            yield torch.cat([own, self.own + torch.randint(extra, (half,), generator=generator)])


def unit(images):
    """uint8 [n, h, w] to float [n, 1, h, w] in [0, 1]."""
    return images.unsqueeze(1).float() / 255


def fit(network, pool, plan, generator, say=lambda text: None):
    """Trains network in place and leaves it in evaluation mode."""
    optimiser = torch.optim.Adam(network.parameters(), lr=plan.rate)
    steps = plan.epochs * (pool.own // (plan.batch // 2))
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, plan.rate, total_steps=steps, pct_start=0.1)
    network.train()
    done = 0
    for epoch in range(plan.epochs):
        total = 0.0
        for pick in pool.batches(plan.batch, generator):
            loss = _loss(network, pool, pick, plan)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            done += 1
            _fence(network, done, steps)
            total += loss.item()
        say(f"epoch {epoch + 1}/{plan.epochs}: loss {total * plan.batch / 2 / pool.own:.4f}")
    _fence(network, steps, steps)
    network.eval()


def _fence(network, done, steps):
    """Projects onto the fences now and then; their limits shrink until FENCE_CLOSED."""
    if done % FENCE_EVERY and done < steps:
        return
    wide = FENCE_FROM + (1 - FENCE_FROM) * min(1.0, done / (FENCE_CLOSED * steps))
    for layer in network.weighted():
        if layer.fence is not None:
            confine(layer, wide * layer.fence.limit)


def _loss(network, pool, pick, plan):
    x, labels = unit(pool.images[pick]), pool.labels[pick]
    exact = network(x)
    loss = F.cross_entropy(exact, labels)
    if plan.teach:
        wanted = F.softmax(pool.logits[pick], 1)
        loss = (1 - plan.teach) * loss + plan.teach * F.kl_div(
            F.log_softmax(exact, 1), wanted, reduction="batchmean")
    if plan.levels:
        rounded = network.rounded(x, plan.levels, plan.bits)
        loss = loss + 0.5 * F.cross_entropy(rounded, labels)
        loss = loss + plan.distance * (rounded - exact).pow(2).sum(1).mean()
        loss = loss + CAP_WEIGHT * sum(layer.excess() for layer in network.weighted() if layer.cap)
    if plan.decay:
        loss = loss + plan.decay * sum(layer.grid().pow(2).sum() for layer in network.weighted())
    return loss
