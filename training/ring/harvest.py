"""Unroll what is proposed on rendered covers, marks and other things:

    python -m training.ring.harvest OUT --count 2000 --seed 1300000

Places are taken as the program comes to them, by the proposing network, the close look and a fitted circle, so the ring
learns from just the doubts that it is to settle. Every thousand of them is written as one file of arrays: `x`, the
rings, and `y`, the number of the shape in `model.SHAPES`.
"""

import random
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from training.harvested import asked, write
from training.ring.model import SHAPES

from postmark_id.geometry import iou
from postmark_id.ink import lay_out
from postmark_id.marks.closeup import look_closely
from postmark_id.marks.fit import encircle
from postmark_id.marks.propose import propose
from postmark_id.marks.ring import unrolled
from postmark_id.models import Scan, Shape
from postmark_id.settings import Settings
from postmark_id.synth.covers import RenderedCover, render_cover

SETTINGS = Settings()
LOWEST = replace(SETTINGS.marks, lowest_proposal=0.06)
DPI = (110, 130, 150, 200, 240, 300, 400)
SAME, OTHER = 0.62, 0.35
"""Intersection over union from which a circle lies on a mark, and below which it lies on something else."""


def rings(cover: RenderedCover) -> Iterator[tuple[np.ndarray, int]]:
    """Each ring of a cover and its shape; doubtful ones are left out."""
    sheet = lay_out(Scan(cover.pixels, "rendered"), SETTINGS.ink)
    for proposal in look_closely(sheet, propose(sheet, LOWEST).marks, LOWEST):
        around = encircle(sheet, proposal, SETTINGS.ink)
        outline = around.outline(Shape.CIRCLE, 0.0, around.circle)
        overlap, mark = max(
            ((iou(outline.points, m["outline"]), m) for m in cover.label["marks"]),
            key=lambda t: t[0],
            default=(0, None),
        )
        of_mark = mark is not None and mark["shape"] in SHAPES
        if of_mark and (OTHER < overlap < SAME or (overlap >= SAME and mark["visible"] < 0.3)):
            continue
        shape = SHAPES.index(mark["shape"]) if of_mark and overlap >= SAME else 0
        yield unrolled(around.values, around.centre, around.axes), shape


def main() -> None:
    out, seeds = asked(__doc__, count=2000, seed=1_300_000)
    found: list[tuple[np.ndarray, int]] = []
    for seed in seeds:
        rng = random.Random(seed)
        found += rings(render_cover(seed, rng.uniform(0.0, 0.95), dpi=rng.choice(DPI)))
        if len(found) >= 1000 or seed == seeds[-1]:
            x, y = zip(*found, strict=True)
            write(out / f"rings-{seed}.npz", x=np.stack(x), y=np.array(y))
            found.clear()


if __name__ == "__main__":
    main()
