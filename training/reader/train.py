"""Train the reader on strips rendered as it goes: python -m training.reader.train --out OUT.pt [--minutes 65].

A strip is seen a few times, each time a little different. One pool holds strips drawn alone (`render`), the other
strips cut out of covers (`covers`); a process each renders them.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Iterator
from itertools import islice, pairwise
from pathlib import Path

import numpy as np
import torch
from torch import nn
from training.loop import Parts, options, train
from training.pool import Pool
from training.reader import covers
from training.reader.network import Reader
from training.reader.render import HEIGHT, Strips

from postmark_id.dates.alphabet import SYMBOLS

BATCH = 40
WIDEST = 800
CODE = {s: i + 1 for i, s in enumerate(SYMBOLS)}

Sample = tuple[np.ndarray, str]


def fits(sample: Sample) -> bool:
    """Whether a strip has room for its text: CTC needs a step for each symbol and one between twins."""
    strip, text = sample
    twins = sum(a == b for a, b in pairwise(text))
    return strip.shape[1] <= WIDEST and strip.shape[1] // 4 >= len(text) + twins + 1


def alone(seed: int, easy: float) -> Iterator[Sample]:
    """Render strips for ever, clean strikes first: CTC finds its feet sooner on them."""
    source, begun = Strips(seed), time.time()
    while True:
        source.hard = min(1.0, easy + (time.time() - begun) / 600.0)
        yield source()


def width(sample: Sample) -> int:
    return sample[0].shape[1]


def batch(pool: Pool[Sample], rng: random.Random) -> list[Sample]:
    """Strips of similar width: which ones, chance decides among six times as many."""
    start = rng.randrange(0, 6) * BATCH
    return sorted(pool.draw(rng, 6 * BATCH), key=width)[start : start + BATCH]


def tensors(
    samples: list[Sample], rng: np.random.Generator | None
) -> tuple[torch.Tensor, torch.Tensor, list[int], list[int]]:
    """Batch, labels joined, steps and label lengths; with a generator, each strip a little different."""
    widest = max(s.shape[1] for s, _ in samples)
    widest += -widest % 8
    x = np.ones((len(samples), 1, HEIGHT, widest), np.float32)
    steps = []
    for row, (strip, _) in zip(x, samples, strict=True):
        grey = strip.astype(np.float32) / 127.5 - 1.0
        if rng is not None:
            grey = np.roll(grey, rng.integers(-2, 3), axis=0)
            grey = np.clip(grey * rng.uniform(0.75, 1.1) + rng.uniform(-0.12, 0.12), -1, 1)
            if rng.random() < 0.4:
                grey = grey + rng.normal(0, rng.uniform(0.02, 0.2), grey.shape).astype(np.float32)
        row[0, :, : strip.shape[1]] = grey
        steps.append(max(1, -(-strip.shape[1] // 4)))
    labels = [[CODE[c] for c in text] for _, text in samples]
    joined = torch.tensor([c for label in labels for c in label], dtype=torch.long)
    return torch.from_numpy(x), joined, steps, [len(label) for label in labels]


def greedy(log_probabilities: torch.Tensor, steps: int) -> str:
    best = log_probabilities[:steps].argmax(dim=1).tolist()
    return "".join(SYMBOLS[c - 1] for c, before in zip(best, [0, *best], strict=False) if c and c != before)


def right(net: nn.Module, samples: list[Sample]) -> str:
    """Share of held-out strips read exactly, of all with text, and of the empty ones."""
    hits: dict[bool, list[bool]] = {True: [], False: []}
    ordered = sorted(samples, key=width)
    for k in range(0, len(ordered), 64):
        part = ordered[k : k + 64]
        x, _, steps, _ = tensors(part, None)
        for y, n, (_, text) in zip(net(x), steps, part, strict=True):
            hits[bool(text)].append(greedy(y, n) == text)
    return f"{np.mean(hits[True]):.3f} {np.mean(hits[False] or [0.0]):.3f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--covers", type=float, default=0.4, help="share of batches cut out of covers")
    given = options(parser, minutes=65, rate=2.5e-3)
    drawn = Pool(filter(fits, alone(given.seed * 1000 + 17, 1.0 if given.resume else 0.2)), most=40_000)
    cut = Pool(filter(fits, covers.strips(given.seed * 100_000 + 3_000_000)), most=40_000)
    held_out = [s for s in (Strips(seed, held_out=True)() for seed in range(900_000, 900_600)) if fits(s)]
    on_covers = [s for s in islice(covers.strips(2_900_000), 400) if fits(s)]
    rng, noise = random.Random(given.seed), np.random.default_rng(given.seed)
    drawn.fill(3000)
    cut.fill(1000)
    ctc = nn.CTCLoss(zero_infinity=True)

    def losses(net: nn.Module) -> Parts:
        strips = batch(cut if rng.random() < given.covers else drawn, rng)
        x, labels, steps, lengths = tensors(strips, noise)
        return {"loss": ctc(net(x).transpose(0, 1), labels, torch.tensor(steps), torch.tensor(lengths))}

    def judged(net: nn.Module) -> str:
        return f"exact and empty: alone {right(net, held_out)}, on covers {right(net, on_covers)}"

    # a third faster on a processor
    train(Reader().to(memory_format=torch.channels_last), losses, given, judged, warm_up=300)


if __name__ == "__main__":
    main()
