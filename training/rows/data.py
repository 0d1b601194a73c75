"""Views of marks as the network is to see them, turned, stretched and worn, with the maps that it is to learn."""

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
from training.rows import harvest
from training.rows.model import MAP, RADIUS, SIDE, STRIDE

CELLS = SIDE // STRIDE
CORE, EDGE = 0.36, 0.6
"""Half the height of the core of a row, and of what counts neither as a row nor as none, in heights of its letters."""
CROSS = np.array([[0, 1, 0], [1, 1, 1], [0, 1, 0]], np.uint8)
LEGIBLE = 0.6
"""Share of its letters that can be read from which a row is to be seen."""

Sample = tuple[np.ndarray, np.ndarray, np.ndarray]
"""A view, shape (SIDE, SIDE), uint8; its maps, shape (8, CELLS, CELLS); the weights of the first, and of the others."""


@dataclass(frozen=True)
class Row:
    """Letters that follow each other: their middles, directions of reading and heights, in pixels of the view."""

    middles: np.ndarray
    ahead: np.ndarray
    heights: np.ndarray
    widths: np.ndarray
    legible: bool
    dated: bool


def samples(folder: Path, seed: int) -> Iterator[Sample]:
    """Endless samples of all files but the first, those that come meanwhile among them."""
    rng = random.Random(seed)
    known = {held_out(folder)}
    marks: list[tuple[np.ndarray, np.ndarray]] = []
    while True:
        for path in sorted(set(folder.glob("*.npz")) - known):
            known.add(path)
            marks += kept(path)
        for mark in rng.sample(marks, min(len(marks), 200)):
            yield sample(*mark, rng)


def held_out(folder: Path) -> Path:
    """The file that is kept for testing."""
    return min(folder.glob("*.npz"))


def kept(path: Path) -> list[tuple[np.ndarray, np.ndarray]]:
    """Marks of a file, with their letters."""
    with np.load(path) as held:
        return list(zip(held["views"], held["letters"], strict=True))


def sample(view: np.ndarray, letters: np.ndarray, rng: random.Random) -> Sample:
    """The mark as it might have been found and struck."""
    a = affine(rng)
    seen = cv2.warpAffine(view, a, (SIDE, SIDE), flags=cv2.INTER_AREA)
    return (worn(seen, rng), *maps(rows(letters, a)))


def affine(rng: random.Random | None) -> np.ndarray:
    """From what was kept to a view; a random one, or the plain one."""
    scale, turn, stretch, shift = RADIUS / harvest.RADIUS, 0.0, 1.0, np.zeros(2)
    if rng is not None:
        scale *= math.exp(rng.gauss(0, 0.03))
        turn = math.radians(rng.uniform(0, 360))
        stretch = math.exp(rng.gauss(0, 0.02))
        shift = RADIUS * np.array([rng.gauss(0, 0.015), rng.gauss(0, 0.015)])
    c, s = scale * math.cos(turn), scale * math.sin(turn)
    a = np.array([[c * stretch, -s, 0], [s * stretch, c, 0]])
    a[:, 2] = SIDE / 2 + shift - a[:, :2] @ np.array([harvest.SIDE / 2, harvest.SIDE / 2])
    return a


def worn(view: np.ndarray, rng: random.Random) -> np.ndarray:
    """The same ink paler, blurred, coarser, with noise."""
    if rng.random() < 0.25:  # strokes of other rubber: thicker or thinner
        swell = rng.choice((cv2.dilate, cv2.erode))(view, CROSS).astype(np.float32)
        view = view + (swell - view) * rng.uniform(0.3, 1.0)
    x = view.astype(np.float32)
    if rng.random() < 0.3:
        x = cv2.GaussianBlur(x, (0, 0), rng.uniform(0.4, 1.3))
    elif rng.random() < 0.2:
        x = 1.7 * x - 0.7 * cv2.GaussianBlur(x, (0, 0), 1.2)
    if rng.random() < 0.15:
        size = round(SIDE * rng.uniform(0.4, 0.8))
        x = cv2.resize(cv2.resize(x, (size, size), interpolation=cv2.INTER_AREA), (SIDE, SIDE))
    if rng.random() < 0.5:
        x = 255.0 * np.clip(x / 255.0, 0, 1) ** rng.uniform(0.6, 1.6) * rng.uniform(0.5, 1.1)
    if rng.random() < 0.4:
        x = x + np.random.default_rng(rng.randrange(1 << 30)).normal(0, rng.uniform(3, 25), x.shape)
    return np.clip(x, 0, 255).astype(np.uint8)


def rows(letters: np.ndarray, a: np.ndarray) -> list[Row]:
    """Letters and figures by the rows they stand in; signs between them say nothing about its height."""
    known = [row for row in letters if not np.isnan(row[0]) and chr(int(row[11])).isalnum()]
    found = []
    for number in sorted({int(row[10]) for row in known}):
        of_row = [row for row in known if int(row[10]) == number]
        quads = np.stack([row[:8].reshape(4, 2) for row in of_row]) @ a[:, :2].T + a[:, 2]
        along, down = quads[:, 1] - quads[:, 0], quads[:, 3] - quads[:, 0]
        widths, heights = np.linalg.norm(along, axis=1), np.linalg.norm(down, axis=1)
        ahead = np.stack([down[:, 1], -down[:, 0]], axis=1) / np.maximum(heights, 1e-6)[:, None]
        legible = float(np.mean([row[8] for row in of_row])) >= LEGIBLE
        found.append(Row(quads.mean(axis=1), ahead, heights, widths, legible, bool(of_row[0][9])))
    return found


def maps(found: list[Row]) -> tuple[np.ndarray, np.ndarray]:
    """What the network is to answer, and what of it counts: for the rows (first) and for all about them (second)."""
    drawn = Maps()
    for row in found:
        for i, j in list(pairwise(range(len(row.middles)))) or [(0, 0)]:
            draw(row, i, j, drawn)
    return drawn.answer, drawn.counts


class Maps:
    """What is drawn so far, and how near the row is that was drawn at each cell, in heights of it."""

    def __init__(self) -> None:
        self.answer = np.zeros((len(MAP), CELLS, CELLS), np.float32)
        self.counts = np.stack([np.ones((CELLS, CELLS), np.float32), np.zeros((CELLS, CELLS), np.float32)])
        self.nearest = np.full((CELLS, CELLS), np.inf)


def draw(row: Row, i: int, j: int, drawn: Maps) -> None:
    """What lies between two letters that follow each other, and half of those at the ends."""
    ahead = row.ahead[i] + row.ahead[j]
    ahead /= max(float(np.linalg.norm(ahead)), 1e-6)
    height = max(float(row.heights[i] + row.heights[j]) / 2, 1.0)
    first, way = row.middles[i], row.middles[j] - row.middles[i]
    length = float(way @ ahead)
    begin = -0.4 * row.widths[i] if i == 0 else 0.0
    end = length + (0.4 * row.widths[j] if j == len(row.middles) - 1 else 0.0)
    reach = max(row.widths[i], row.widths[j]) + height
    low = np.floor((np.minimum(first, first + way) - reach) / STRIDE).astype(int).clip(0, CELLS)
    high = np.ceil((np.maximum(first, first + way) + reach) / STRIDE).astype(int).clip(0, CELLS)
    if (high <= low).any():
        return
    part = slice(low[1], high[1]), slice(low[0], high[0])
    at = (np.stack(np.meshgrid(np.arange(low[0], high[0]), np.arange(low[1], high[1])), axis=2) + 0.5) * STRIDE
    away = at - first
    t = away @ ahead
    down = np.array([-ahead[1], ahead[0]])
    drop = float(way @ down) / max(length, 1e-6) * np.clip(t, 0, max(length, 0.0))
    aside = (drop - away @ down) / height
    off = np.abs(aside)
    answer, counts, nearest = drawn.answer, drawn.counts, drawn.nearest
    new = answer[0][part] + answer[1][part] == 0
    counts[0][part][(t >= begin - 0.5 * height) & (t <= end + 0.5 * height) & (off < EDGE) & new] = 0.0
    if not row.legible:
        return
    half = max(CORE, 0.55 * STRIDE / height)
    core = (t >= begin - 0.25 * STRIDE) & (t <= end + 0.25 * STRIDE) & (off < half) & (off < nearest[part])
    nearest[part][core] = off[core]
    double = 2 * math.atan2(ahead[1], ahead[0])
    said = [not row.dated, row.dated, math.cos(double), math.sin(double), *ahead, math.log(height), 0.0]
    answer[(slice(None), *part)][:, core] = np.array(said, np.float32)[:, None]
    answer[7][part][core] = aside[core]
    counts[(slice(None), *part)][:, core] = 1.0
