"""Train the ring on unrolled marks: python -m training.ring.train OUT.pt RINGS... [--minutes 30].

RINGS are the arrays that `harvest.py` writes. Every tenth one is kept for testing.
"""

import argparse
import math
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional
from training.loop import Parts, options, train
from training.ring.model import TURNS, Ring

BATCH = 32


def load(paths: list[Path]) -> tuple[np.ndarray, np.ndarray]:
    """Rings, shape (n, 64, 192, 3), uint8, and their shapes, numbered as in `model.SHAPES`."""
    parts = [np.load(path) for path in paths]
    return np.concatenate([p["x"] for p in parts]), np.concatenate([p["y"] for p in parts])


def varied(rings: np.ndarray, rng: np.random.Generator) -> torch.Tensor:
    """The same rings a little otherwise: turned, mirrored, off centre, larger or smaller, in other inks, blurred."""
    out = np.empty((len(rings), 3, *rings.shape[1:3]), np.float32)
    for target, ring in zip(out, rings, strict=True):
        x = np.roll(ring, rng.integers(TURNS), axis=1).astype(np.float32)
        x = x[:, ::-1] if rng.random() < 0.5 else x
        x = x[..., rng.permutation(3)]
        x = shifted(x, rng)
        x = x * rng.uniform(0.5, 1.5, 3) if rng.random() < 0.7 else np.repeat(x.mean(2, keepdims=True), 3, 2)
        if rng.random() < 0.3:
            x = (x + np.roll(x, 1, 0) + np.roll(x, -1, 0)) / 3
        elif rng.random() < 0.3:
            x = np.maximum(1.8 * x - 0.4 * (np.roll(x, 1, 0) + np.roll(x, -1, 0)), 0)
        if rng.random() < 0.3:
            x = x + rng.normal(0, rng.uniform(1, 8), x.shape)
        if rng.random() < 0.25:  # a part that left no ink
            at, width = rng.integers(TURNS), rng.integers(8, 70)
            x = np.roll(x, -at, axis=1)
            x[:, :width] *= rng.uniform(0, 0.5)
        target[:] = x.transpose(2, 0, 1)
    return torch.from_numpy(out)


def shifted(ring: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """As if the circle had been laid a little off: each angle moves along the radius."""
    if rng.random() < 0.3:
        return ring
    angles = np.arange(ring.shape[1]) * (2 * math.pi / ring.shape[1])
    x, y, size = rng.normal(0, 0.8), rng.normal(0, 0.8), rng.normal(0, 1.0)
    moves = np.round(x * np.cos(angles) + y * np.sin(angles) + size).astype(int)
    rows = np.clip(np.arange(ring.shape[0])[:, None] + moves[None], 0, ring.shape[0] - 1)
    return ring[rows, np.arange(ring.shape[1])[None]]


def judged(net: torch.nn.Module, rings: np.ndarray, shapes: np.ndarray) -> str:
    """Cross entropy, and how often each shape (row) is taken for each."""
    parts = np.array_split(rings, max(1, len(rings) // 64))
    raw = torch.cat([net(torch.from_numpy(p.transpose(0, 3, 1, 2).astype(np.float32))) for p in parts])
    table = np.zeros((4, 4), int)
    np.add.at(table, (shapes, raw.argmax(1).numpy()), 1)
    return f"held out {functional.cross_entropy(raw, torch.from_numpy(shapes)):.3f} {table.tolist()}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("rings", type=Path, nargs="+")
    given = options(parser, minutes=30, rate=3e-3)
    rng = np.random.default_rng(given.seed)
    paths = sorted(p for folder in given.rings for p in folder.glob("*.npz"))
    rings, shapes = load([p for k, p in enumerate(paths) if k % 10])
    held_out = load(paths[::10])
    share = 1.0 / np.sqrt(np.bincount(shapes, minlength=4))[shapes]
    share /= share.sum()
    print(len(shapes), np.bincount(shapes), len(held_out[1]), flush=True)

    def losses(net: torch.nn.Module) -> Parts:
        drawn = rng.choice(len(shapes), BATCH, p=share)
        return {"loss": functional.cross_entropy(net(varied(rings[drawn], rng)), torch.from_numpy(shapes[drawn]))}

    train(Ring(), losses, given, lambda net: judged(net, *held_out))


if __name__ == "__main__":
    main()
