"""Date lines moved from mark to mark: the close look is to learn what figures look like, not where they use to stand.

A renderer puts the date where its layouts have room for it, and a network soon looks nowhere else. So the ink of date
lines is lifted off their paper and struck into other marks, at any height, size and slope. Pieces of lettering and
pictures are moved in the same way and count for nothing: a pasted line must not be known by its being pasted.
"""

import math
import random

import cv2
import numpy as np
from training.closeup.model import RADIUS, SIDE
from training.harvested import in_a_row

HEIGHT = 32
"""Height of a strip that is kept, pixels."""
KEPT = 400


def upright(picture: np.ndarray, quad: np.ndarray) -> np.ndarray | None:
    """Share of the light that the ink of a line takes away, upright, shape (HEIGHT, width); None where it is poor."""
    long, short = np.linalg.norm(quad[1] - quad[0]), np.linalg.norm(quad[3] - quad[0])
    if short < 9 or not 1.5 < long / short < 14:
        return None
    width = round(HEIGHT * long / short)
    corners = np.array([[0, 0], [width, 0], [width, HEIGHT], [0, HEIGHT]], np.float32)
    strip = cv2.warpPerspective(picture, cv2.getPerspectiveTransform(np.float32(quad), corners), (width, HEIGHT))
    light = strip.astype(np.float32) + 1.0
    paper = np.percentile(light, 85, axis=(0, 1))
    if paper.max() < 90:
        return None
    taken = np.clip(1.0 - (light / paper).min(axis=2), 0.0, 1.0)
    ink = float(np.percentile(taken, 97))
    if ink < 0.3:
        return None
    return np.clip((taken - 0.12) / (ink - 0.12), 0.0, 1.0)


class Strips:
    """Lines seen lately."""

    def __init__(self) -> None:
        self.dates: list[np.ndarray] = []
        self.others: list[np.ndarray] = []

    def take(self, picture: np.ndarray, label: dict, rng: random.Random) -> None:
        """Keep the legible dates of a cover, and as many pieces of its marks that are none."""
        for mark in label["marks"]:
            date = mark["date"]
            if not in_a_row(date):
                continue
            quad = np.asarray(date["quad"], np.float64)
            self._keep(self.dates, upright(picture, quad), rng)
            outline = np.asarray(mark["outline"], np.float64)
            centre, radius = outline.mean(0), np.linalg.norm(outline[0] - outline.mean(0))
            middle = centre + radius * np.array([rng.uniform(-0.8, 0.8), rng.uniform(-0.8, 0.8)])
            if np.linalg.norm(middle - quad.mean(0)) > 0.5 * radius:
                self._keep(self.others, upright(picture, quad - quad.mean(0) + middle), rng)

    @staticmethod
    def _keep(kept: list[np.ndarray], strip: np.ndarray | None, rng: random.Random) -> None:
        if strip is None:
            return
        if len(kept) < KEPT:
            kept.append(strip)
        else:
            kept[rng.randrange(KEPT)] = strip


def strike(patch: np.ndarray, strip: np.ndarray, upright_turn: float, rng: random.Random) -> np.ndarray | None:
    """Strike a line into the emptiest of some places of a mark, in place; gives its corners in the patch."""
    height = RADIUS * math.exp(rng.uniform(math.log(0.1), math.log(0.34)))
    width = height * strip.shape[1] / strip.shape[0]
    reach = 0.85 * RADIUS
    if width > 1.9 * reach:
        height, width = height * 1.9 * reach / width, 1.9 * reach
    if height < 0.085 * RADIUS:
        return None
    turn = upright_turn + (rng.gauss(0, 2) if rng.random() < 0.85 else rng.uniform(-90, 90))
    c, s = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    edges = np.abs(cv2.Laplacian(cv2.cvtColor(patch, cv2.COLOR_RGB2GRAY), cv2.CV_32F))
    best = None
    for _ in range(14):
        along = rng.uniform(-1, 1) * max(0.0, reach - width / 2) * 0.7
        across = rng.uniform(-1, 1) * math.sqrt(max(0.0, reach**2 - (abs(along) + width / 2) ** 2))
        middle = np.array([SIDE / 2 + c * along - s * across, SIDE / 2 + s * along + c * across])
        to_patch = np.array([[c * width, -s * height], [s * width, c * height]]) / (strip.shape[1], strip.shape[0])
        a = np.hstack([to_patch, (middle - to_patch @ (strip.shape[1] / 2, strip.shape[0] / 2))[:, None]])
        area = cv2.warpAffine(np.ones_like(strip), a, (SIDE, SIDE), flags=cv2.INTER_NEAREST)
        busy = float((edges * area).sum() / max(1.0, area.sum()))
        if best is None or busy < best[0]:
            best = busy, a
    _, a = best
    ink = cv2.warpAffine(strip, a, (SIDE, SIDE), flags=cv2.INTER_AREA if height < HEIGHT else cv2.INTER_LINEAR)
    strength = rng.uniform(0.45, 0.95)
    colour = np.array([rng.uniform(0.1, 1.0) for _ in range(3)]) if rng.random() < 0.7 else np.ones(3)
    patch[:] = patch * (1.0 - ink[..., None] * strength * colour)
    corners = np.array([[0, 0], [strip.shape[1], 0], [strip.shape[1], strip.shape[0]], [0, strip.shape[0]]])
    return corners @ a[:, :2].T + a[:, 2]
