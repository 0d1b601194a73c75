"""Fit the weights of `FoundWeights`: python -m training.ring.calibrate --count 200 --seed 1970000.

Proposes marks on fresh covers as the program does, asks the labels which of them are marks and of which shape, and
fits a multinomial logistic regression. Prints the weights for settings/marks.py, and precision and recall on covers
that the weights were not fitted on (two halves in turn).
"""

import argparse
import random
from dataclasses import fields

import numpy as np
from scipy.optimize import minimize

from postmark_id.geometry import iou
from postmark_id.ink import lay_out
from postmark_id.marks.closeup import look_closely
from postmark_id.marks.fit import encircle
from postmark_id.marks.found import SHAPES, measures
from postmark_id.marks.propose import propose
from postmark_id.marks.ring import shapes_around
from postmark_id.models import Scan, Shape
from postmark_id.settings import FoundWeights, Settings
from postmark_id.synth.covers import render_cover

NAMES = [f.name for f in fields(FoundWeights)]
SCENARIOS = (None, None, None, "ground-only", "negative")
"""Covers without marks of a station hold the traps that cost most."""


def places(count: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, int]:
    """Measures of each place, shape (n, shapes, measures), its true shape (0: none), its cover, and marks to find."""
    settings = Settings()
    x, y, covers, wanted = [], [], [], 0
    for k in range(count):
        rng = random.Random(seed + k)
        cover = render_cover(
            seed + k, rng.uniform(0.0, 0.9), dpi=rng.choice((150, 200, 300)), scenario=SCENARIOS[k % len(SCENARIOS)]
        )
        truth = [m for m in cover.label["marks"] if m["shape"] in SHAPES]
        wanted += sum(m["visible"] >= 0.3 for m in truth)
        sheet = lay_out(Scan(cover.pixels, ""), settings.ink)
        for proposal in look_closely(sheet, propose(sheet, settings.marks).marks, settings.marks):
            around = encircle(sheet, proposal, settings.ink)
            outline = around.outline(Shape.CIRCLE, 0.0, around.circle)
            overlap, mark = max(
                ((iou(outline.points, m["outline"]), m) for m in truth), key=lambda t: t[0], default=(0, None)
            )
            if 0.35 < overlap < 0.5 or (mark and overlap >= 0.5 and mark["visible"] < 0.3):
                continue
            seen = shapes_around(around.values, around.centre, around.axes)
            x.append([[measures(proposal, seen, shape)[name] for name in NAMES] for shape in SHAPES])
            y.append(1 + SHAPES.index(Shape(mark["shape"])) if mark and overlap >= 0.5 else 0)
            covers.append(k)
    return np.array(x), np.array(y), np.array(covers), wanted


def likelihoods(weights: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Shares of no mark and of each shape, shape (n, 1 + shapes)."""
    odds = np.concatenate([np.zeros((len(x), 1)), x @ weights], axis=1)
    shares = np.exp(odds - odds.max(axis=1, keepdims=True))
    return shares / shares.sum(axis=1, keepdims=True)


def fitted(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The weights that make the truth likeliest, held back a little."""

    def loss(weights: np.ndarray) -> float:
        return float(-np.log(likelihoods(weights, x)[np.arange(len(y)), y] + 1e-12).sum() + 0.05 * (weights**2).sum())

    return minimize(loss, np.zeros(len(NAMES))).x


def main() -> None:
    ap = argparse.ArgumentParser()
    ap.add_argument("--count", type=int, default=200)
    ap.add_argument("--seed", type=int, default=1_970_000)
    a = ap.parse_args()
    x, y, covers, wanted = places(a.count, a.seed)
    shares = np.zeros((len(x), 1 + len(SHAPES)))
    for half in (0, 1):
        shares[covers % 2 == half] = likelihoods(
            fitted(x[covers % 2 != half], y[covers % 2 != half]), x[covers % 2 == half]
        )
    print({n: round(float(v), 2) for n, v in zip(NAMES, fitted(x, y), strict=True)})
    print(f"loss {-np.log(shares[np.arange(len(y)), y]).mean():.4f}, proposed {(y > 0).sum()} of {wanted} marks")
    best = 1 + shares[:, 1:].argmax(axis=1)
    for least in (0.4, 0.5, 0.6):
        kept = shares[np.arange(len(y)), best] >= least
        for k, shape in enumerate(SHAPES, start=1):
            right, said, true = (kept & (best == k) & (y == k)).sum(), (kept & (best == k)).sum(), (y == k).sum()
            print(f"from {least}: {shape} precision {right / max(1, said):.3f}, recall {right / max(1, true):.3f}")


if __name__ == "__main__":
    main()
