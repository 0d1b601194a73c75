"""Fit the weights of `FoundWeights`: python calibrate.py --count 200 --seed 1900000.

Proposes and fits marks on fresh covers, asks the labels which fits are right (shape and IoU of 0.5), and fits a
logistic regression. Prints the weights for settings/marks.py, and precision and recall by threshold.
"""

import argparse
import math
from dataclasses import fields, replace

import numpy as np
from scipy.optimize import minimize

from postmark_id.geometry import iou
from postmark_id.ink import lay_out
from postmark_id.marks.closeup import look_closely
from postmark_id.marks.fit import fit
from postmark_id.marks.found import measures as found_measures
from postmark_id.marks.propose import propose
from postmark_id.models import Scan
from postmark_id.settings import FoundWeights, Settings
from postmark_id.synth.covers import render_cover

SHAPES = ("pentagon", "octagon", "circle")


def measures(count: int, seed: int, difficulties: list[float]) -> tuple[np.ndarray, np.ndarray, int, list[str]]:
    settings = Settings()
    settings = replace(settings, marks=replace(settings.marks, lowest_proposal=0.05))
    rows, right, shapes, wanted = [], [], [], 0
    for k in range(count):
        # covers without marks of a station hold the traps that cost most
        scenario = ("ground-only", "negative")[k % 2] if k % 5 == 4 else None
        cover = render_cover(seed + k, difficulties[k % len(difficulties)], dpi=200, scenario=scenario)
        truth = [m for m in cover.label["marks"] if m["shape"] in SHAPES]
        wanted += sum(m["visible"] >= 0.3 for m in truth)
        sheet = lay_out(Scan(cover.pixels, ""), settings.ink)
        for proposal in look_closely(sheet, propose(sheet, settings.marks).marks, settings.marks):
            found = fit(sheet, proposal, settings.marks, settings.ink)
            best = max(truth, key=lambda m: iou(found.outline.points, m["outline"]), default=None)
            hit = (
                best is not None
                and best["shape"] == found.outline.shape
                and iou(found.outline.points, best["outline"]) >= 0.5
            )
            if best is not None and best["visible"] < 0.3 and iou(found.outline.points, best["outline"]) >= 0.3:
                continue
            rows.append(list(found_measures(found.sureness, found.outline.shape, found.lead).values()))
            right.append(hit)
            shapes.append(str(found.outline.shape))
    return np.array(rows), np.array(right, float), wanted, shapes


def main() -> None:
    ap = argparse.ArgumentParser()
    ap.add_argument("--count", type=int, default=150)
    ap.add_argument("--seed", type=int, default=1_900_000)
    a = ap.parse_args()
    x, y, wanted, shapes = measures(a.count, a.seed, [0.15, 0.45, 0.65, 0.85])

    def loss(w: np.ndarray) -> float:
        z = x @ w
        return float(np.logaddexp(0, -(2 * y - 1) * z).sum() + 0.02 * (w[1:] ** 2).sum())

    w = minimize(loss, np.zeros(x.shape[1])).x
    names = [f.name for f in fields(FoundWeights)]
    print({n: round(float(v), 2) for n, v in zip(names, w, strict=True)}, "loss", round(loss(w) / len(y), 3))
    for name, column in (("fitted", x @ w), ("network alone", x[:, 1])):
        print(name)
        for shape in (*SHAPES, "all"):
            of = np.array([shape in {s, "all"} for s in shapes])
            z, hit = column[of], y[of]
            scores = [(2 * hit[z >= t].sum() / max(1, (z >= t).sum() + hit.sum()), t) for t in np.unique(z)]
            f1, odds = max(scores)
            share = 1 / (1 + math.exp(-odds))
            print(f"  {shape}: {int(hit.sum())} right of {len(hit)}, best F1 of the proposed {f1:.3f} at {share:.2f}")
    print(f"proposed {int(y.sum())} of {wanted} marks")


if __name__ == "__main__":
    main()
