"""What can still be read: legibility and visibility, measured in the finished picture.

Design note: a label that says "legible" must mean it. So nothing is inferred from the wear that was asked for: each
letter of the clean drawing is compared with the same place of the finished picture, brought back to the frame of the
drawing. Normalised correlation falls with everything that makes reading hard: missing ink, doubling, other ink across,
blur, noise. An eye also reads across the edge of a stamp or a picture, so the comparison is made with and without the
ground (a median over the size of a letter) and the better one counts.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt

from postmark_id.models import Picture, Point, Quad
from postmark_id.synth.page import Colour, Placed
from postmark_id.synth.scanning import Homography
from postmark_id.synth.sheet import Lettering, Mask, Sheet

LETTER_MATCH = 0.55
"""Least correlation of a letter that can be read."""
LINE_MATCH = 0.72
"""Least median correlation of the figures of a date."""
LETTER_CONTRAST = 11.0
"""Least difference between ink and ground around a letter, grey levels."""
LETTER_HEIGHT = 6.5
"""Least height of a letter in the finished picture, pixels."""
LINE_SHARE = 0.75
"""Share of letters to be read for a wording to count as legible."""


def map_points(points: Sequence[Point], homography: Homography) -> tuple[Point, ...]:
    """Points through a homography."""
    xy = np.asarray([(x, y, 1.0) for x, y in points], np.float64) @ homography.T
    return tuple((float(x / w), float(y / w)) for x, y, w in xy)


def sheet_to_picture(sheet: Sheet, placed: Placed, homography: Homography) -> Homography:
    """Map from pixels of a sheet to pixels of the finished picture."""
    return np.asarray(homography @ np.vstack([placed.matrix(sheet), [0.0, 0.0, 1.0]]), np.float64)


def darkness(pixels: Picture, colour: Colour) -> npt.NDArray[np.float32]:
    """How much light of the kind that an ink swallows is missing, grey levels."""
    weight = 1 - np.asarray(colour, np.float32)
    return np.asarray(255 - pixels.astype(np.float32) @ (weight / weight.sum()), np.float32)


def letter_scores(
    line: Lettering, sheet: Sheet, pixels: Picture, to_picture: Homography, colour: Colour
) -> list[tuple[float, float, float]]:
    """For each letter: its match, its contrast in grey levels, its height in pixels of the picture."""
    if not line.letters:
        return []
    margin = 0.25
    everything = np.asarray([p for _, q in line.letters for p in q])
    low, high = everything.min(axis=0) - margin, everything.max(axis=0) + margin
    x0, y0 = (max(0, int(v)) for v in sheet.pixel((float(low[0]), float(low[1]))))
    x1, y1 = (int(v) + 1 for v in sheet.pixel((float(high[0]), float(high[1]))))
    x1, y1 = min(x1, sheet.ink.shape[1]), min(y1, sheet.ink.shape[0])
    if x1 - x0 < 3 or y1 - y0 < 3:
        return [(0.0, 0.0, 0.0)] * len(line.letters)
    shift = np.array([[1.0, 0.0, x0], [0.0, 1.0, y0], [0.0, 0.0, 1.0]])
    corners = map_points([(0, 0), (x1 - x0, 0), (x1 - x0, y1 - y0), (0, y1 - y0)], to_picture @ shift)
    px = np.asarray(corners)
    left, top = (max(0, int(v)) for v in np.floor(px.min(axis=0)) - 2)
    right, bottom = (int(v) for v in np.minimum(np.ceil(px.max(axis=0)) + 3, pixels.shape[1::-1]))
    if right - left < 2 or bottom - top < 2:
        return [(0.0, 0.0, 0.0)] * len(line.letters)
    local = np.array([[1.0, 0.0, -left], [0.0, 1.0, -top], [0.0, 0.0, 1.0]]) @ to_picture @ shift
    seen = np.asarray(cv2.warpPerspective(
        darkness(pixels[top:bottom, left:right], colour), local, (x1 - x0, y1 - y0),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REPLICATE,
    ), np.float32)  # fmt: skip
    drawn = sheet.ink[y0:y1, x0:x1].astype(np.float32) / 255
    clean = np.asarray(cv2.GaussianBlur(drawn, (0, 0), max(0.6, 0.08 * sheet.scale)), np.float32)
    lifted = seen - _ground(seen, line, sheet)
    scores = []
    for _, quad in line.letters:
        box = np.asarray([sheet.pixel(p) for p in quad]) - (x0, y0)
        pad = margin * sheet.scale
        bx0, by0 = (max(0, int(v)) for v in np.floor(box.min(axis=0) - pad))
        bx1, by1 = (int(v) for v in np.ceil(box.max(axis=0) + pad))
        tall = map_points([sheet.pixel(quad[0]), sheet.pixel(quad[3])], to_picture)
        height = float(np.hypot(tall[1][0] - tall[0][0], tall[1][1] - tall[0][1]))
        part = (slice(by0, by1), slice(bx0, bx1))
        scores.append((*max(_match(clean[part], seen[part]), _match(clean[part], lifted[part])), height))
    return scores


def _ground(seen: Mask, line: Lettering, sheet: Sheet) -> Mask:
    """What lies under a line of letters: a median over about the height of a letter."""
    tall = max(math.dist(quad[0], quad[3]) for _, quad in line.letters) * sheet.scale
    size = min(round(tall) | 1, 2 * (min(seen.shape) // 2) - 1, 99)
    if size < 3:
        return np.zeros_like(seen)
    small = np.clip(seen, 0, 255).astype(np.uint8)
    return np.asarray(cv2.medianBlur(small, size), np.float32)


def _match(clean: Mask, seen: Mask) -> tuple[float, float]:
    """Normalised correlation and contrast of a letter."""
    if clean.size < 9 or seen.shape != clean.shape:
        return 0.0, 0.0
    a, b = clean - clean.mean(), seen - seen.mean()
    norm = float(np.sqrt((a * a).sum() * (b * b).sum()))
    ink, ground = clean > 0.5, clean < 0.15
    if norm <= 0 or not ink.any() or not ground.any():
        return 0.0, 0.0
    return float((a * b).sum()) / norm, float(seen[ink].mean() - seen[ground].mean())


def date_legible(scores: list[tuple[float, float, float]], letters: Sequence[tuple[str, Quad]]) -> bool:
    """Every figure and letter of a date shows enough; separators may fade."""
    needed = [s for s, (c, _) in zip(scores, letters, strict=True) if c.isalnum()]
    if not needed or any(m < LETTER_MATCH or c < LETTER_CONTRAST for m, c, _ in needed):
        return False
    matches, _, heights = zip(*needed, strict=True)
    return bool(np.median(matches) >= LINE_MATCH and np.median(heights) >= LETTER_HEIGHT)


def wording_legible(scores: list[tuple[float, float, float]]) -> bool:
    """Most letters of a mark's wording show enough."""
    good = [letter_legible(score) for score in scores]
    return bool(good) and sum(good) / len(good) >= LINE_SHARE


def letter_legible(score: tuple[float, float, float]) -> bool:
    """A letter among others shows enough."""
    match, contrast, height = score
    return match >= LETTER_MATCH - 0.1 and contrast >= LETTER_CONTRAST and height >= LETTER_HEIGHT


def visible_share(
    outline: Sequence[Point], sheet: Sheet, worn: Mask, to_picture: Homography, size: tuple[int, int]
) -> float:
    """Share of an outline that is inked and lies inside the picture of `size` (width, height), 0..1."""
    closed = [*outline, outline[0]]
    steps = max(2, 144 // len(outline))
    path = [
        (a[0] + (b[0] - a[0]) * t / steps, a[1] + (b[1] - a[1]) * t / steps)
        for a, b in pairwise(closed)
        for t in range(steps)
    ]
    spots = [sheet.pixel(p) for p in path]
    reach = max(1, round(0.7 * sheet.scale))
    around = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    soft = cv2.GaussianBlur(worn, (0, 0), max(0.5, 0.1 * sheet.scale))
    drawn = cv2.dilate(sheet.ink, around)
    inked = cv2.dilate(soft, around)
    h, w = worn.shape
    at = [(min(h - 1, max(0, round(y))), min(w - 1, max(0, round(x)))) for x, y in spots]
    inside = [0 <= x < size[0] and 0 <= y < size[1] for x, y in map_points(spots, to_picture)]
    if sum(drawn[p] > 128 for p in at) < len(at) / 4:
        kept = float(np.minimum(worn, sheet.mask()).sum() / max(1.0, float(sheet.mask().sum())))
        return kept * sum(inside) / len(inside)
    return sum(bool(inked[p] > 0.22) and ok for p, ok in zip(at, inside, strict=True)) / len(at)
