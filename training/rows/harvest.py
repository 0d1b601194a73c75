"""Keep the ink of marks on rendered covers, with where each letter stands: python -m training.rows.harvest OUT [...].

Marks are taken as the program comes to them, by a circle or polygon fitted from a rough guess, and in the ink that it
found there. Every four hundred are written as one file: the views, and the letters of each as rows of numbers.
"""

import random
from collections.abc import Sequence

import cv2
import numpy as np
from training.found import as_found
from training.harvested import asked, write

from postmark_id.ink import lay_out
from postmark_id.marks.rows import seen_from_above
from postmark_id.marks.struck import Struck
from postmark_id.models import Scan
from postmark_id.settings import Settings
from postmark_id.synth.covers import Letter, render_cover

SETTINGS = Settings()
DPI = (110, 130, 150, 200, 240, 300)
SIDE, RADIUS = 224, 104.0
"""Kept larger than the network sees them, so that they can still be turned and stretched."""
GROUND = 0.4
"""Share of covers with cancels only: their dates stand in more ways, in rows below each other, too."""
MOST = 60
"""Letters of a mark that are kept."""
VALUES = 12
"""Of a letter: its four corners, whether it can be read, whether it belongs to the date, its line, its character."""


def written(letters: Sequence[Letter], date: dict | None, centre: np.ndarray, scale: float) -> np.ndarray:
    """Letters as numbers, their corners in pixels of the view."""
    found = np.full((MOST, VALUES), np.nan, np.float32)
    line, before = 0, None
    of_date = np.asarray(date["quad"], np.float32) if date and date["place"] == "inside" else None
    for row, letter in zip(found, letters, strict=False):
        quad = np.asarray(letter.quad, np.float64)
        middle = quad.mean(axis=0)
        dated = of_date is not None and cv2.pointPolygonTest(of_date, middle.tolist(), False) >= 0
        if before is not None and not follows(before, quad, dated):
            line += 1
        before = (quad, dated)
        row[:8] = ((quad - centre) * scale + SIDE / 2).ravel()
        row[8:] = letter.legible, dated, line, ord(letter.char)
    return found


def follows(before: tuple[np.ndarray, bool], quad: np.ndarray, dated: bool) -> bool:
    """Whether a letter stands in the line of the one before it, with at most a blank between them."""
    last, was_dated = before
    if was_dated != dated:
        return False
    along = last[1] - last[0]
    height = max(np.linalg.norm(last[3] - last[0]), np.linalg.norm(quad[3] - quad[0]))
    step = quad[[0, 3]].mean(axis=0) - last[[1, 2]].mean(axis=0)
    ahead = float(step @ along) / max(float(np.linalg.norm(along)), 1e-6)
    aside = float(np.linalg.norm(step - ahead * along / max(float(np.linalg.norm(along)), 1e-6)))
    return bool(-0.6 * height < ahead < 1.6 * height and aside < 0.9 * height)


def main() -> None:
    out, seeds = asked(__doc__, count=2000, seed=1_400_000)
    views: list[np.ndarray] = []
    letters: list[np.ndarray] = []
    for seed in seeds:
        rng = random.Random(seed)
        scenario = "ground-only" if rng.random() < GROUND else None
        cover = render_cover(seed, rng.uniform(0.0, 0.9), dpi=rng.choice(DPI), scenario=scenario, letters=True)
        sheet = lay_out(Scan(cover.pixels, "rendered"), SETTINGS.ink)
        for mark, of_mark in zip(cover.label["marks"], cover.letters, strict=True):
            if mark["visible"] < 0.3 or mark["shape"] not in ("circle", "pentagon", "octagon"):
                continue
            found = as_found(sheet, mark, rng)
            struck = Struck.of(sheet, found.outline, found.ink, SETTINGS.marks.lettering.purity)
            views.append(seen_from_above(struck, found.outline, SIDE, RADIUS))
            scale = RADIUS / found.outline.radius
            letters.append(written(of_mark, mark["date"], np.asarray(found.outline.centre), scale))
        if len(views) >= 400 or seed == seeds[-1]:
            write(out / f"marks-{seed}.npz", views=np.stack(views), letters=np.stack(letters))
            views.clear()
            letters.clear()


if __name__ == "__main__":
    main()
