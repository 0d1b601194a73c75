"""Train the ring on unrolled marks: python train.py OUT.pt RINGS... [--minutes 30] [--resume WEIGHTS].

RINGS are the arrays that `harvest.py` writes. Every tenth one is kept for testing.
"""

import argparse
import math
import time
from pathlib import Path

import numpy as np
import torch
from model import TURNS, Ring
from torch.nn import functional

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


def test(net: torch.nn.Module, rings: np.ndarray, shapes: np.ndarray) -> tuple[float, np.ndarray]:
    """Cross entropy, and how often each shape (row) is taken for each."""
    net.eval()
    with torch.no_grad():
        parts = np.array_split(rings, max(1, len(rings) // 64))
        raw = torch.cat([net(torch.from_numpy(p.transpose(0, 3, 1, 2).astype(np.float32))) for p in parts])
    table = np.zeros((4, 4), int)
    np.add.at(table, (shapes, raw.argmax(1).numpy()), 1)
    return float(functional.cross_entropy(raw, torch.from_numpy(shapes))), table


def main() -> None:
    ap = argparse.ArgumentParser()
    ap.add_argument("out", type=Path)
    ap.add_argument("rings", type=Path, nargs="+")
    ap.add_argument("--minutes", type=float, default=30)
    ap.add_argument("--rate", type=float, default=3e-3)
    ap.add_argument("--resume", type=Path)
    a = ap.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(1)
    rng = np.random.default_rng(1)
    paths = sorted(p for folder in a.rings for p in folder.glob("*.npz"))
    rings, shapes = load([p for k, p in enumerate(paths) if k % 10])
    held_out = load(paths[::10])
    net = Ring()
    if a.resume:
        net.load_state_dict(torch.load(a.resume, weights_only=True))
    average = torch.optim.swa_utils.AveragedModel(
        net, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.998), use_buffers=True
    )
    opt = torch.optim.AdamW(net.parameters(), lr=a.rate, weight_decay=1e-3)
    share = 1.0 / np.sqrt(np.bincount(shapes, minlength=4))[shapes]
    share /= share.sum()
    print(len(shapes), np.bincount(shapes), len(held_out[1]), flush=True)
    begin, step, told, mean = time.time(), 0, time.time(), 0.0
    while (passed := (time.time() - begin) / (60 * a.minutes)) < 1:
        for group in opt.param_groups:
            group["lr"] = a.rate * min(1.0, (step + 1) / 200) * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * passed)))
        drawn = rng.choice(len(shapes), BATCH, p=share)
        net.train()
        loss = functional.cross_entropy(net(varied(rings[drawn], rng)), torch.from_numpy(shapes[drawn]))
        opt.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        opt.step()
        average.update_parameters(net)
        step += 1
        mean += 0.01 * (float(loss.detach()) - mean)
        if time.time() - told > 120:
            told = time.time()
            entropy, table = test(average.module, *held_out)
            print(f"{(told - begin) / 60:.1f}min {step} {mean:.3f} held out {entropy:.3f}", table.tolist(), flush=True)
            save(a.out, average)
    save(a.out, average)
    print("final", step, *test(average.module, *held_out))


def save(path: Path, average: torch.optim.swa_utils.AveragedModel) -> None:
    part = path.with_suffix(".part")
    torch.save(average.module.state_dict(), part)
    part.replace(path)


if __name__ == "__main__":
    main()
