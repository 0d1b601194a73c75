"""Train the network that lays date lines true: python -m training.lines.train OUT.pt COVERS... [--minutes 30].

COVERS are folders of labelled covers, as training/detector/render.py writes them. Every hundredth cover is kept for
testing.
"""

import argparse
import random
from itertools import islice
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional
from training.lines.data import Sample, samples
from training.lines.model import Lines
from training.loop import Parts, options, train
from training.pool import Pool

BATCH = 64


def losses_of(raw: torch.Tensor, wanted: torch.Tensor) -> Parts:
    """How far lines are off where there are some, and whether they are told from other places and from print."""
    known = ~wanted.isnan()
    wanted = wanted.nan_to_num()
    off = functional.smooth_l1_loss(raw[:, :5], wanted[:, :5], reduction="none", beta=0.1)
    told = functional.binary_cross_entropy_with_logits(raw[:, 5:], wanted[:, 5:], reduction="none")
    off = off * known[:, :5] * torch.tensor([0.6, 2.0, 2.0, 1.0, 1.0])
    return {"off": off.sum() / len(raw), "told": 0.3 * (told * known[:, 5:]).sum() / len(raw)}


def tensors(drawn: list[Sample]) -> tuple[torch.Tensor, torch.Tensor]:
    x = np.stack([window for window, _ in drawn])[:, None].astype(np.float32) / 127.5 - 1.0
    return torch.from_numpy(x), torch.from_numpy(np.stack([answer for _, answer in drawn]))


def judged(net: torch.nn.Module, held_out: list[Sample]) -> str:
    """Distance from the true line before and after, and how well lines are told from other places and from print."""
    x, wanted = tensors(held_out)
    raw = torch.cat([net(part) for part in x.split(128)])
    there = ~wanted[:, 0].isnan()
    before, after = wanted[there, :5].abs(), (raw[there, :5] - wanted[there, :5]).abs()
    quantiles = (part.quantile(torch.tensor([0.5, 0.9]), 0).flatten() for part in (before, after))
    spread = [f"{b:.3f}>{a:.3f}" for b, a in zip(*quantiles, strict=True)]
    right = [((raw[:, k] > 0) == (wanted[:, k] > 0.5))[~wanted[:, k].isnan()].float().mean() for k in (5, 6)]
    return f"{' '.join(spread)} present {right[0]:.3f} struck {right[1]:.3f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("covers", type=Path, nargs="+")
    given = options(parser, minutes=30, rate=2e-3)
    rng = random.Random(given.seed)
    pool = Pool(samples(given.covers, given.seed), most=30_000)
    held_out = list(islice(samples(given.covers, 0, held_out=True), 600))
    pool.fill(2000)

    def losses(net: torch.nn.Module) -> Parts:
        x, wanted = tensors(pool.draw(rng, BATCH))
        return losses_of(net(x), wanted)

    train(Lines().to(memory_format=torch.channels_last), losses, given, lambda net: judged(net, held_out))


if __name__ == "__main__":
    main()
