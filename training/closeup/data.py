"""Patches of marks for the close look, cut from rendered covers: off centre, off scale, turned and recoloured."""

import math
import random
from pathlib import Path

import cv2
import numpy as np
import torch
from training.closeup.model import MAP, RADIUS, SHAPES, SIDE, STRIDE, WHOLE
from training.closeup.paste import Strips, strike
from training.detector.pictures import covers, recolour, splat, warp
from training.harvested import in_a_row

CELLS = SIDE // STRIDE
Truth = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def measured(mark: dict) -> tuple[np.ndarray, float]:
    """Centre and circumradius of a mark."""
    outline = np.asarray(mark["outline"], np.float64)
    centre = outline.mean(0)
    return centre, float(np.linalg.norm(outline - centre, axis=1).mean())


def aim(label: dict, rng: random.Random) -> tuple[np.ndarray, float, dict | None]:
    """Where to look: mostly at a mark, a little off; sometimes at a trap or anywhere, which is no mark."""
    marks = [m for m in label["marks"] if m["shape"] in SHAPES]
    kind = rng.random()
    if marks and kind < 0.82:
        mark = rng.choice(marks)
        centre, radius = measured(mark)
        loose = 0.03 if rng.random() < 0.6 else 0.12
        centre = centre + radius * np.array([rng.gauss(0, loose), rng.gauss(0, loose)])
        return centre, radius * math.exp(rng.gauss(0, loose)), mark
    if label["traps"] and kind < 0.95:
        x, y, w, h = rng.choice(label["traps"])["box"]
        side = max(12.0, rng.uniform(min(w, h), max(w, h)) / 2)
        centre = np.array([x + w * rng.uniform(0.3, 0.7), y + h * rng.uniform(0.3, 0.7)])
        return centre, side * rng.uniform(0.8, 1.2), None
    return (
        np.array([rng.uniform(0, label["width"]), rng.uniform(0, label["height"])]),
        label["width"] * rng.uniform(0.04, 0.1),
        None,
    )


def patch(label: dict, rng: random.Random) -> tuple[np.ndarray, Truth, float | None] | None:
    """The map from the cover to a patch, what is to be learned there, and which way up an undated mark stands there.

    None where it can't be told what is to be learned; the last is None where there is no mark, or a dated one.
    """
    centre, radius, mark = aim(label, rng)
    if mark is None and any(
        np.linalg.norm(measured(m)[0] - centre) < 0.5 * max(measured(m)[1], radius)
        for m in label["marks"]
        if m["shape"] in SHAPES
    ):
        return None
    scale = RADIUS / radius
    turn = rng.uniform(0, 360) if rng.random() < 0.7 else rng.gauss(0, 12)
    c, s = scale * math.cos(math.radians(turn)), scale * math.sin(math.radians(turn))
    a = np.array([[c * (1 + rng.gauss(0, 0.02)), -s, 0], [s, c, 0]], np.float64)
    a[:, 2] = SIDE / 2 - a[:, :2] @ centre
    undated = mark is not None and mark["visible"] >= 0.3 and not (mark["date"] and mark["date"]["place"] == "inside")
    return a, targets(label, mark, a, turn), mark["rotation"] + turn if undated else None


def targets(label: dict, mark: dict | None, a: np.ndarray, turn: float) -> Truth:
    """Map of the date, its weights, the numbers of the whole, and their weights."""
    maps = np.zeros((len(MAP), CELLS, CELLS), np.float32)
    weight = np.zeros_like(maps)
    weight[0] = 1.0
    whole, counts = np.zeros(len(WHOLE), np.float32), np.zeros(len(WHOLE), np.float32)
    counts[: len(SHAPES)] = 1.0
    for other in label["marks"]:
        if other["date"] is not None:
            draw_date(maps, weight, other["date"], a, counts=other is mark)
    if mark is None:
        whole[0] = 1.0
        return maps, weight, whole, counts
    if mark["visible"] < 0.3:
        counts[:] = 0.0
        return maps, weight, whole, counts
    whole[SHAPES.index(mark["shape"])] = 1.0
    centre, radius = measured(mark)
    middle = (a[:, :2] @ centre + a[:, 2] - SIDE / 2) / RADIUS
    scale = math.sqrt(abs(np.linalg.det(a[:, :2])))
    whole[4:7] = middle[0], middle[1], math.log(radius * scale / RADIUS)
    counts[4:7] = 1.0
    upright = math.radians(mark["rotation"] + turn)
    whole[7:9] = math.cos(upright), math.sin(upright)
    counts[7:9] = float(mark["lettering_legible"] or (mark["date"] is not None and mark["date"]["legible"]))
    return maps, weight, whole, counts


def draw_date(maps: np.ndarray, weight: np.ndarray, date: dict, a: np.ndarray, *, counts: bool) -> None:
    """A peak in the middle of a date line; the lines of other marks and illegible ones are left out of account."""
    quad = np.asarray(date["quad"], np.float64) @ a[:, :2].T + a[:, 2]
    draw_line(maps, weight, quad, legible=counts and in_a_row(date))


def draw_line(maps: np.ndarray, weight: np.ndarray, quad: np.ndarray, *, legible: bool) -> None:
    """The same for a line whose corners are given in pixels of the patch."""
    quad = quad / STRIDE - 0.5
    middle = quad.mean(0)
    if not (-2 < middle[0] < CELLS + 1 and -2 < middle[1] < CELLS + 1):
        return
    along, down = (quad[1] + quad[2] - quad[0] - quad[3]) / 2, (quad[2] + quad[3] - quad[0] - quad[1]) / 2
    width, height = float(np.linalg.norm(along)), float(np.linalg.norm(down))
    if not legible:
        around = np.zeros_like(weight[0])
        splat(around, *middle, float(np.clip(0.6 * height, 1.0, 4.0)))
        weight[0] *= 1.0 - np.clip(around * 2, 0, 1)
        return
    splat(maps[0], *middle, float(np.clip(0.25 * height, 0.8, 1.6)))
    turn = math.atan2(along[1], along[0])
    slope = math.cos(2 * turn), math.sin(2 * turn)
    values = (*slope, math.cos(turn), math.sin(turn), math.log(width), math.log(height))
    cx, cy = round(middle[0]), round(middle[1])
    for y in range(cy - 1, cy + 2):
        for x in range(cx - 1, cx + 2):
            if 0 <= x < CELLS and 0 <= y < CELLS:
                maps[1:, y, x] = middle[0] - x, middle[1] - y, *values
                weight[1:, y, x] = 1.0


def move_lines(crop: np.ndarray, truth: Truth, strips: Strips, upright: float, rng: random.Random) -> None:
    """Now and then strike a date, or something that is none, into a mark without a date."""
    if strips.others and rng.random() < 0.25:
        strike(crop, rng.choice(strips.others), upright, rng)
    if strips.dates and rng.random() < 0.55:
        quad = strike(crop, rng.choice(strips.dates), upright, rng)
        if quad is not None:
            draw_line(truth[0], truth[1], quad, legible=True)


class Patches(torch.utils.data.IterableDataset):
    """Endless patches from folders of labelled covers that may grow while we train."""

    def __init__(self, folders: list[Path], seed: int, each: int = 5) -> None:
        self.folders, self.seed, self.each = folders, seed, each

    def __iter__(self):
        rng = random.Random(self.seed)
        cv2.setNumThreads(1)
        strips = Strips()
        for picture, label in covers(self.folders, rng):
            strips.take(picture, label, rng)
            for _ in range(self.each):
                found = patch(label, rng)
                if found is None:
                    continue
                a, truth, undated = found
                crop = warp(picture, a, SIDE)
                if undated is not None:
                    move_lines(crop, truth, strips, undated, rng)
                crop = recolour(crop, rng)
                yield (torch.from_numpy(np.ascontiguousarray(crop.transpose(2, 0, 1))), *map(torch.from_numpy, truth))
