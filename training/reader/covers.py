"""Strips cut out of whole rendered covers, with everything that lies below and across a date there.

The strips of `render.py` show more fonts and formats than any cover; these show how dates look in their marks: rings
and bars cutting the line, lettering close by, stamps below, a second strike across. They are cut as imprecisely as the
program proposes lines. Covers cost a third of a second each, so each date is cut a few times.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator

import cv2
import numpy as np
import numpy.typing as npt
from render import HEIGHT, STRIP

from postmark_id.dates.alphabet import fold
from postmark_id.dates.strips import cut, normalise
from postmark_id.geometry import turned_rectangle
from postmark_id.models import Picture, Quad
from postmark_id.synth.covers import render_cover

LOOKS = 4
"""How often a date is cut."""

Sample = tuple[npt.NDArray[np.uint8], str]


def strips(seed: int) -> Iterator[Sample]:
    """Endless strips of legible dates, shape (32, width), uint8, with their folded text; upside down without one."""
    rng = random.Random(seed)
    while True:
        seed += 1
        cover = render_cover(seed, difficulty=rng.uniform(0.05, 0.95))
        for mark in cover.label["marks"]:
            if not (date := mark["date"]) or not date["legible"]:
                continue
            for _ in range(LOOKS):
                quad = imprecise(date["quad"], rng)
                strip = normalise(cut(cover.pixels, quad, STRIP, rng.choice((0.2, 0.2, 0.38, 0.05))))
                width = max(HEIGHT // 2, round(strip.shape[1] * HEIGHT / STRIP))
                small = np.asarray(cv2.resize(strip, (width, HEIGHT), interpolation=cv2.INTER_AREA), np.uint8)
                turned = rng.random() < 0.06 and sum(c in "234570" for c in date["text"]) >= 3
                yield (small[::-1, ::-1], "") if turned else (small, " ".join(fold(date["text"]).split()))


def imprecise(quad: Picture | list[list[float]], rng: random.Random) -> Quad:
    """A line about where another lies: shifted, turned, higher, with more room at the ends."""
    corners = np.asarray(quad, np.float64)
    along, down = corners[1] - corners[0], corners[3] - corners[0]
    width, height = float(np.hypot(*along)), float(np.hypot(*down))
    turn = math.degrees(math.atan2(along[1], along[0])) + rng.gauss(0, 1.8)
    middle = corners.mean(axis=0) + down * rng.gauss(0, 0.1) + along / width * height * rng.gauss(0, 0.25)
    room = height * (rng.uniform(-0.1, 1.2) if rng.random() < 0.8 else rng.uniform(1.0, 2.5))
    return turned_rectangle((float(middle[0]), float(middle[1])), width + room, height * rng.uniform(0.85, 1.45), turn)
