"""Train the network of rows: python -m training.rows.train OUT.pt MARKS [--minutes 60].

MARKS is a folder that `harvest` fills; files that come while training are taken up. The first one is kept for testing.
"""

import argparse
import random
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional
from training.loop import Parts, options, train
from training.pool import Pool
from training.rows import data
from training.rows.model import Rows

BATCH = 32


def losses_of(raw: torch.Tensor, answer: torch.Tensor, counts: torch.Tensor) -> Parts:
    """Whether rows are seen, and where they are: which way they are read, how high, and how far off."""
    p = functional.binary_cross_entropy_with_logits(raw[:, :2], answer[:, :2], reduction="none")
    there = (p * counts[:, :1]).sum() / counts[:, :1].sum().clamp(min=1.0)

    def off(channels: slice, factor: float) -> torch.Tensor:
        loss = functional.smooth_l1_loss(raw[:, channels], answer[:, channels], reduction="none", beta=0.1)
        return factor * (loss * counts[:, 1:]).sum() / counts[:, 1:].sum().clamp(min=1.0)

    return {
        "there": 4.0 * there,
        "slope": off(slice(2, 4), 1.0),
        "way": off(slice(4, 6), 0.5),
        "height": off(slice(6, 7), 2.0),
        "aside": off(slice(7, 8), 2.0),
    }


def tensors(samples: list[data.Sample]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    views, answers, counts = (np.stack(part) for part in zip(*samples, strict=True))
    x = torch.from_numpy(views[:, None].astype(np.float32) / 255.0)
    return x, torch.from_numpy(answers), torch.from_numpy(counts)


def judged(net: torch.nn.Module, held_out: list[data.Sample]) -> str:
    """Precision and recall of cells, share of ways known and median errors of slope, height and middle."""
    x, answer, counts = tensors(held_out)
    raw = torch.cat([net(part) for part in x.split(32)])
    said = []
    for k, name in enumerate(("letters", "figures")):
        count = counts[:, 0] > 0
        found, true = (raw[:, k] > 0) & count, (answer[:, k] > 0.5) & count
        both = (found & true).sum()
        said.append(f"{name} {both / found.sum().clamp(min=1):.3f} {both / true.sum().clamp(min=1):.3f}")
    there = counts[:, 1] > 0
    way = (raw[:, 4:6] * answer[:, 4:6]).sum(1)[there]
    said.append(f"way {(way > 0).float().mean():.3f}")
    said += [f"{n} {(raw[:, k] - answer[:, k]).abs()[there].median():.3f}" for n, k in (("height", 6), ("aside", 7))]
    return ", ".join(said)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("marks", type=Path)
    given = options(parser, minutes=60, rate=2e-3)
    rng = random.Random(given.seed)
    pool = Pool(data.samples(given.marks, given.seed), most=20_000)
    first = data.kept(data.held_out(given.marks))
    held_out = [data.sample(*mark, random.Random(k)) for k, mark in enumerate(first[:256])]
    pool.fill(500)

    def losses(net: torch.nn.Module) -> Parts:
        x, answer, counts = tensors(pool.draw(rng, BATCH))
        return losses_of(net(x), answer, counts)

    train(Rows().to(memory_format=torch.channels_last), losses, given, lambda net: judged(net, held_out))


if __name__ == "__main__":
    main()
