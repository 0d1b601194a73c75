"""Strips cut out of whole rendered covers, with everything that lies below and across a line there.

The strips of `render.py` show more fonts and formats than any cover; these show how dates and lettering look in their
marks: rings and bars cutting the line, lettering close by, stamps below, a second strike across, a word that bends with
the ring. They are cut as imprecisely as the program proposes marks and lines. Covers cost a third of a second each, so
each date is cut a few times.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Sequence

import cv2
import numpy as np
import numpy.typing as npt
from training.found import as_found
from training.harvested import in_a_row
from training.reader.render import HEIGHT, STRIP, coarse

from postmark_id.dates.alphabet import fold
from postmark_id.dates.strips import cut, normalise
from postmark_id.geometry import turned_rectangle
from postmark_id.ink import Sheet, lay_out
from postmark_id.marks.lettering import lettering_of
from postmark_id.models import Quad, Scan
from postmark_id.settings import Settings
from postmark_id.synth.covers import Letter, RenderedCover, render_cover

LOOKS = 4
"""How often a date is cut."""
COARSE = 0.25
"""Share of the cuts that are looked at as in a photograph of few pixels."""
ROWS = 7
"""Rows of lettering of a mark that are kept."""

TURNED = 0.25
"""Share of the rows that are shown upside down, too."""

Sample = tuple[npt.NDArray[np.uint8], str]
_SETTINGS = Settings()


def strips(seed: int, *, words: bool = True) -> Iterator[Sample]:
    """Endless strips of dates and, if wanted, lettering, shape (32, width), uint8, with their folded text."""
    rng = random.Random(seed)
    while True:
        seed += 1
        cover = render_cover(seed, difficulty=rng.uniform(0.05, 0.95), letters=words)
        yield from dates(cover, rng)
        if words:
            yield from wordings(cover, rng)


def dates(cover: RenderedCover, rng: random.Random) -> Iterator[Sample]:
    """Legible dates; some upside down, and those have no text."""
    for mark in cover.label["marks"]:
        if not in_a_row(date := mark["date"]):
            continue
        for _ in range(LOOKS):
            quad = imprecise(date["quad"], rng)
            colour = cut(cover.pixels, quad, STRIP, rng.choice((0.2, 0.2, 0.38, 0.05)))
            strip = small(normalise(coarse(colour, rng) if rng.random() < COARSE else colour))
            turned = rng.random() < 0.06 and sum(c in "234570" for c in date["text"]) >= 3
            yield (strip[::-1, ::-1], "") if turned else (strip, " ".join(fold(date["text"]).split()))


def imprecise(quad: Sequence[Sequence[float]], rng: random.Random) -> Quad:
    """A line about where another lies: shifted, turned, higher, with more room at the ends."""
    corners = np.asarray(quad, np.float64)
    along, down = corners[1] - corners[0], corners[3] - corners[0]
    width, height = float(np.hypot(*along)), float(np.hypot(*down))
    turn = math.degrees(math.atan2(along[1], along[0])) + rng.gauss(0, 1.8)
    middle = corners.mean(axis=0) + down * rng.gauss(0, 0.1) + along / width * height * rng.gauss(0, 0.25)
    room = height * (rng.uniform(-0.1, 1.2) if rng.random() < 0.8 else rng.uniform(1.0, 2.5))
    return turned_rectangle((float(middle[0]), float(middle[1])), width + room, height * rng.uniform(0.85, 1.45), turn)


def small(strip: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """A strip at the height of the network."""
    width = max(HEIGHT // 2, round(strip.shape[1] * HEIGHT / strip.shape[0]))
    return np.asarray(cv2.resize(strip, (width, HEIGHT), interpolation=cv2.INTER_AREA), np.uint8)


def wordings(cover: RenderedCover, rng: random.Random) -> Iterator[Sample]:
    """Rows of marks as the program cuts them, with the letters that stand upright in them, or without any."""
    sheet = lay_out(Scan(cover.pixels, "rendered"), _SETTINGS.ink)
    for mark, letters in zip(cover.label["marks"], cover.letters, strict=True):
        if mark["visible"] < 0.3 or mark["shape"] not in ("circle", "pentagon", "octagon"):
            continue
        found = [
            (strip, text) for strip, places in rows(sheet, mark, rng) if (text := standing(letters, places)) is not None
        ]
        rng.shuffle(found)
        found.sort(key=lambda sample: not sample[1])
        said = [f for f in found if f[1]][:ROWS]
        yield from (*said, *[f for f in found if not f[1]][: 1 + len(said) // 3])


def rows(
    sheet: Sheet, mark: dict, rng: random.Random
) -> Iterator[tuple[npt.NDArray[np.uint8], npt.NDArray[np.float64]]]:
    """Strips of lettering of a mark, and where their pixels lie on the cover, shape (height, width, 2)."""
    settings = _SETTINGS.marks.lettering
    found = as_found(sheet, mark, rng)
    (lettering,) = lettering_of(sheet, [(found.outline, found.ink)], settings)
    for row in lettering.rows:
        margin = settings.margin * math.exp(rng.gauss(0, 0.4))
        places = row.unrolled(settings.height, margin, settings.room * math.exp(rng.gauss(0, 0.3)))
        ink = lettering.struck.at(places)
        strip, at = small(normalise(np.asarray(255.0 * (1.0 - ink), dtype=np.uint8))), np.stack(places, axis=2)
        yield strip, at
        if rng.random() < TURNED:
            yield strip[::-1, ::-1], at[::-1, ::-1]


def standing(letters: Sequence[Letter], places: npt.NDArray[np.float64]) -> str | None:
    """The letters that stand upright in a strip, from left to right; None where nobody can say what should be read."""
    height, width = places.shape[:2]
    grid = places[:: height // 10, ::3]
    found = []
    for letter in letters:
        quad = np.asarray(letter.quad)
        middle, tall = quad.mean(axis=0), float(np.linalg.norm(quad[3] - quad[0]))
        apart = np.hypot(grid[..., 0] - middle[0], grid[..., 1] - middle[1])
        for _ in range(2):  # a ring is unrolled beyond one turn
            row, column = np.unravel_index(int(np.argmin(apart)), apart.shape)
            if apart[row, column] > 0.3 * tall:
                break
            down = places[-1, column * 3] - places[0, column * 3]
            deep = float(np.linalg.norm(down))
            upright = float(down @ (quad[3] - quad[0])) / max(deep * tall, 1e-6)
            off = abs((row + 0.5) / len(grid) - 0.5)
            if 0.28 < tall / max(deep, 1e-6) < 1.2 and off < 0.35:
                if off > 0.2 or abs(upright) < 0.8:
                    return None  # half a letter, or one that leans
                wide = float(np.linalg.norm(quad[1] - quad[0])) / deep * height
                if wide / 4 < column * 3 < width - wide / 4:
                    found.append((column * 3, wide, letter.char if upright > 0 else "", letter.legible))
            reach = 1 + round(height / 3)
            apart[:, max(0, column - reach) : column + reach] = math.inf
    if not found:
        return ""
    if sum(legible for *_, legible in found) < 0.75 * len(found) or len({bool(char) for _, _, char, _ in found}) > 1:
        return None
    if len(found) < 2 or sum(char.isdigit() for _, _, char, _ in found) > 2:
        return None  # dates are cut with their points, see above
    text, end = "", -math.inf
    for column, wide, char, _ in sorted(found):
        text += (" " if column - wide / 2 - end > 0.45 * height else "") + char
        end = column + wide / 2
    return " ".join(fold(text).split())
