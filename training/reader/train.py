"""Trains the reader on strips rendered as it goes; one thread, one more process that renders.

    python training/reader/train.py --out /tmp/reader.pt --minutes 65

Rendered strips go through pools from which batches are drawn, so that the trainer never waits; a strip is seen a
few times, each time a little different. One pool holds strips drawn alone (`render`), the other strips cut out of
covers (`covers`). The learning rate follows the clock. Weights are averaged over the last
thousands of steps (Polyak and Juditsky, 1992), and what is saved every three minutes is that average.
"""

from __future__ import annotations

import argparse
import copy
import math
import multiprocessing as mp
import os
import random
import time
from collections.abc import Iterator
from itertools import islice, pairwise
from pathlib import Path

import covers
import cv2
import numpy as np
import torch
from network import Reader
from render import HEIGHT, Strips
from torch import nn

from postmark_id.dates.alphabet import SYMBOLS

BATCH = 40
POOL = 40_000
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


def produce(source: Iterator[Sample], chunks: mp.Queue[list[Sample]]) -> None:
    """Put strips into a queue for ever."""
    os.nice(5)
    cv2.setNumThreads(1)
    while chunk := list(islice(source, 64)):
        chunks.put([s for s in chunk if fits(s)])


class Pool:
    """The strips that batches are drawn from, by width, the oldest replaced first.

    A process of its own renders them; it ends with this one.
    """

    def __init__(self, source: Iterator[Sample]) -> None:
        self.samples: list[Sample] = []
        self.next = 0
        self.chunks: mp.Queue[list[Sample]] = mp.Queue(maxsize=40)
        mp.Process(target=produce, args=(source, self.chunks), daemon=True).start()

    def fill(self, count: int) -> None:
        """Wait until there are some strips to begin with."""
        while len(self.samples) < count:
            self.add(self.chunks.get())

    def refresh(self) -> None:
        """Take in what has been rendered meanwhile."""
        if not self.chunks.empty():
            self.add(self.chunks.get())

    def add(self, chunk: list[Sample]) -> None:
        for sample in chunk:
            if len(self.samples) < POOL:
                self.samples.append(sample)
            else:
                self.samples[self.next] = sample
                self.next = (self.next + 1) % POOL

    def batch(self, rng: random.Random, size: int) -> list[Sample]:
        """Strips of similar width: the middle one of many drawn decides."""
        drawn = sorted(rng.sample(range(len(self.samples)), size * 6), key=lambda i: self.samples[i][0].shape[1])
        start = rng.randrange(0, 6) * size
        return [self.samples[i] for i in drawn[start : start + size]]


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


def right(model: nn.Module, samples: list[Sample]) -> tuple[float, float]:
    """Share of held-out strips read exactly, of all with text, and of the empty ones."""
    model.eval()
    hits: dict[bool, list[bool]] = {True: [], False: []}
    ordered = sorted(samples, key=lambda s: s[0].shape[1])
    with torch.no_grad():
        for k in range(0, len(ordered), 64):
            part = ordered[k : k + 64]
            x, _, steps, _ = tensors(part, None)
            for y, n, (_, text) in zip(model(x), steps, part, strict=True):
                hits[bool(text)].append(greedy(y, n) == text)
    return float(np.mean(hits[True])), float(np.mean(hits[False] or [0.0]))


def average_in(average: nn.Module, model: nn.Module, step: int) -> None:
    """Move the averaged weights a little towards the present ones, more so at the beginning."""
    keep = min(0.999, 1 - 1 / (1 + step / 10))
    with torch.no_grad():
        for a, b in zip(average.state_dict().values(), model.state_dict().values(), strict=True):
            if a.dtype.is_floating_point:
                a.mul_(keep).add_(b, alpha=1 - keep)
            else:
                a.copy_(b)


def save(average: nn.Module, path: Path) -> None:
    """Write the weights whole or not at all."""
    temporary = path.with_suffix(".tmp")
    torch.save(average.state_dict(), temporary)
    temporary.replace(path)


def train(model: nn.Module, options: argparse.Namespace) -> None:
    """Train until the time is up, with a report and a checkpoint every three minutes."""
    average = copy.deepcopy(model)
    drawn = Pool(alone(options.seed * 1000 + 17, 1.0 if options.resume else 0.2))
    cut = Pool(covers.strips(options.seed * 100_000 + 3_000_000))
    held_out = [s for s in (Strips(seed, held_out=True)() for seed in range(900_000, 900_600)) if fits(s)]
    on_covers = [s for s in islice(covers.strips(2_900_000), 400) if fits(s)]
    rng, noise = random.Random(options.seed), np.random.default_rng(options.seed)
    drawn.fill(3000)
    cut.fill(1000)
    optimiser = torch.optim.AdamW(model.parameters(), lr=options.rate, weight_decay=1e-3)
    loss_of = nn.CTCLoss(zero_infinity=True)
    begun = saved = time.time()
    step, losses = 0, []
    while (passed := (time.time() - begun) / 60.0 / options.minutes) < 1.0:
        if step % 5 == 0:
            drawn.refresh()
            cut.refresh()
        pool = cut if rng.random() < options.covers else drawn
        rate = options.rate * min(1.0, (step + 1) / 300) * (0.01 + 0.99 * (1 + math.cos(math.pi * passed)) / 2)
        for group in optimiser.param_groups:
            group["lr"] = rate
        x, labels, steps, lengths = tensors(pool.batch(rng, BATCH), noise)
        model.train()
        loss = loss_of(model(x).transpose(0, 1), labels, torch.tensor(steps), torch.tensor(lengths))
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        optimiser.step()
        step += 1
        losses.append(float(loss.detach()))
        average_in(average, model, step)
        if time.time() - saved > 180:
            saved = time.time()
            save(average, options.out)
            shares = [f"{share:.3f}" for share in (*right(average, held_out), *right(average, on_covers))]
            minutes, recent = (saved - begun) / 60, np.mean(losses[-500:])
            print(f"{minutes:5.1f} min step {step} loss {recent:.4f} exact and empty", *shares, flush=True)
    save(average, options.out)
    print("final", step, *right(average, held_out), *right(average, on_covers), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=65.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rate", type=float, default=2.5e-3)
    parser.add_argument("--covers", type=float, default=0.4, help="share of batches cut out of covers")
    parser.add_argument("--resume", type=Path)
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(options.seed)
    model = Reader()
    if options.resume:
        model.load_state_dict(torch.load(options.resume, weights_only=True))
    # a third faster on a processor
    train(model.to(memory_format=torch.channels_last), options)


if __name__ == "__main__":
    main()
