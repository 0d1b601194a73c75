"""Train the reader on strips rendered as it goes: python -m training.reader.train --out OUT.pt [--minutes 65].

A strip is seen a few times, each time a little different. One pool holds strips drawn alone (`render`), the other
strips cut out of covers (`covers`); a process each renders them.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Iterator
from functools import partial
from itertools import islice, pairwise
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import nn
from training.loop import Parts, options, train
from training.pool import Pool
from training.reader import covers
from training.reader.network import Reader
from training.reader.render import HEIGHT, Strips
from training.reader.texts import mostly_date, text

from postmark_id.dates.alphabet import FIGURES, SYMBOLS, in_figures

BATCH = 40
WIDEST = 1100
LONGER = 1.35, 1.85
"""How much longer than they are strips are shown to a reader of figures."""

Sample = tuple[np.ndarray, str]


def fits(sample: Sample) -> bool:
    """Whether a strip has room for its text: CTC needs a step for each symbol and one between twins."""
    strip, said = sample
    twins = sum(a == b for a, b in pairwise(said))
    return strip.shape[1] <= WIDEST and strip.shape[1] // 4 >= len(said) + twins + 1


def alone(seed: int, easy: float, *, figures: bool) -> Iterator[Sample]:
    """Render strips for ever, clean strikes first: CTC finds its feet sooner on them.

    For a reader of figures, clean ones are never rare: it is to be right wherever a person is.
    """
    source, begun = Strips(seed, write=mostly_date if figures else text), time.time()
    while True:
        source.hard = min(1.0, easy + (time.time() - begun) / 600.0)
        if figures:
            source.hard *= source.rng.random() ** 0.6
        yield source()


def longer(strip: np.ndarray, times: float) -> np.ndarray:
    return cv2.resize(strip, (round(strip.shape[1] * times), strip.shape[0]), interpolation=cv2.INTER_LINEAR)


def in_alphabet(samples: Iterator[Sample], *, figures: bool) -> Iterator[Sample]:
    """The strips that have room for their texts, as the reader is to see them; that of figures sees them longer."""
    if figures:
        rng = random.Random(7)
        samples = ((longer(strip, rng.uniform(*LONGER)), in_figures(said)) for strip, said in samples)
    return filter(fits, samples)


def width(sample: Sample) -> int:
    return sample[0].shape[1]


def batch(pool: Pool[Sample], rng: random.Random) -> list[Sample]:
    """Strips of similar width: which ones, chance decides among six times as many."""
    start = rng.randrange(0, 6) * BATCH
    return sorted(pool.draw(rng, 6 * BATCH), key=width)[start : start + BATCH]


def tensors(
    samples: list[Sample], rng: np.random.Generator | None, alphabet: str
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
    labels = [[1 + alphabet.index(c) for c in said] for _, said in samples]
    joined = torch.tensor([c for label in labels for c in label], dtype=torch.long)
    return torch.from_numpy(x), joined, steps, [len(label) for label in labels]


def greedy(log_probabilities: torch.Tensor, steps: int, alphabet: str) -> str:
    best = log_probabilities[:steps].argmax(dim=1).tolist()
    return "".join(alphabet[c - 1] for c, before in zip(best, [0, *best], strict=False) if c and c != before)


def right(net: nn.Module, samples: list[Sample], alphabet: str) -> str:
    """Share of held-out strips read exactly, of all with text, and of the empty ones."""
    hits: dict[bool, list[bool]] = {True: [], False: []}
    ordered = sorted(samples, key=width)
    for k in range(0, len(ordered), 64):
        part = ordered[k : k + 64]
        x, _, steps, _ = tensors(part, None, alphabet)
        for y, n, (_, said) in zip(net(x), steps, part, strict=True):
            hits[bool(said)].append(greedy(y, n, alphabet) == said)
    return f"{np.mean(hits[True]):.3f} {np.mean(hits[False] or [0.0]):.3f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--covers", type=float, default=0.4, help="share of batches cut out of covers")
    parser.add_argument("--figures", action="store_true", help="a reader of figures, to which all letters are one")
    given = options(parser, minutes=65, rate=2.5e-3)
    figures: bool = given.figures
    alphabet = FIGURES if figures else SYMBOLS
    mine = partial(in_alphabet, figures=figures)
    drawn = Pool(mine(alone(given.seed * 1000 + 17, 1.0 if given.resume else 0.2, figures=figures)), most=40_000)
    cut = Pool(mine(covers.strips(given.seed * 100_000 + 3_000_000, words=not figures)), most=40_000)
    unseen = (Strips(seed, held_out=True, write=mostly_date if figures else text)() for seed in range(900_000, 900_600))
    held_out = list(mine(unseen))
    on_covers = list(mine(islice(covers.strips(2_900_000, words=not figures), 400)))
    rng, noise = random.Random(given.seed), np.random.default_rng(given.seed)
    drawn.fill(3000)
    cut.fill(1000)
    ctc = nn.CTCLoss(zero_infinity=True)

    def losses(net: nn.Module) -> Parts:
        strips = batch(cut if rng.random() < given.covers else drawn, rng)
        x, labels, steps, lengths = tensors(strips, noise, alphabet)
        return {"loss": ctc(net(x).transpose(0, 1), labels, torch.tensor(steps), torch.tensor(lengths))}

    def judged(net: nn.Module) -> str:
        shares = (right(net, samples, alphabet) for samples in (held_out, on_covers))
        return "exact and empty: alone {}, on covers {}".format(*shares)

    # a third faster on a processor
    train(Reader(alphabet).to(memory_format=torch.channels_last), losses, given, judged, warm_up=300)


if __name__ == "__main__":
    main()
