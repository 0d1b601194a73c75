"""Training crops from rendered covers: turned, scaled and recoloured at random, with the maps the network learns."""

import math
import random
from pathlib import Path

import cv2
import numpy as np
import torch
from training.detector.model import HEAT, REGRESSIONS, STRIDE
from training.detector.pictures import covers, recolour, splat, warp
from training.harvested import in_a_row

SIDE = 320
LONG_SIDE = 896
"""Long side of a whole cover as the network sees it."""
R = {name: i for i, name in enumerate(REGRESSIONS)}


def affine(label: dict, rng: random.Random, side: int) -> np.ndarray:
    """A 2 x 3 map from the cover to the crop: any turn, a scale about the working size, centred near something."""
    w, h = label["width"], label["height"]
    scale = LONG_SIDE / max(w, h) * math.exp(rng.gauss(0.0, 0.25))
    things = [m["box"] for m in label["marks"]] * 2 + [t["box"] for t in label["traps"]]
    if things and rng.random() < 0.85:
        x, y, bw, bh = rng.choice(things)
        cx, cy = x + bw / 2, y + bh / 2
    else:
        cx, cy = rng.uniform(0, w), rng.uniform(0, h)
    cx += rng.uniform(-0.4, 0.4) * side / scale
    cy += rng.uniform(-0.4, 0.4) * side / scale
    turn = rng.choice([0] * 7 + [90, 180, 270]) + (rng.uniform(-15, 15) if rng.random() < 0.6 else 0.0)
    if rng.random() < 0.1:
        turn = rng.uniform(0, 360)
    c, s = scale * math.cos(math.radians(turn)), scale * math.sin(math.radians(turn))
    stretch = 1 + rng.gauss(0, 0.02)
    a = np.array([[c * stretch, -s, 0], [s * stretch, c, 0]], dtype=np.float64)
    a[:, 2] = side / 2 - a[:, :2] @ np.array([cx, cy])
    return a


def targets(label: dict, a: np.ndarray, side: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Heat maps, their ignore mask, regressions and the mask of where these count."""
    n = side // STRIDE
    heat = np.zeros((len(HEAT), n, n), np.float32)
    ignore = np.zeros_like(heat)
    reg = np.zeros((len(REGRESSIONS), n, n), np.float32)
    weight = np.zeros_like(reg)
    scale = math.sqrt(abs(np.linalg.det(a[:, :2])))
    turn = math.degrees(math.atan2(a[1, 0], a[0, 0]))

    def at(point: list[float]) -> np.ndarray:
        return (a[:, :2] @ np.asarray(point, np.float64) + a[:, 2]) / STRIDE

    for mark in label["marks"]:
        if mark["shape"] not in HEAT:
            continue
        outline = np.asarray(mark["outline"], np.float64)
        centre = at(list(outline.mean(0)))
        radius = float(np.linalg.norm(outline - outline.mean(0), axis=1).mean()) * scale / STRIDE
        k = HEAT.index(mark["shape"])
        if mark["visible"] < 0.3:
            for j in range(3):
                splat(ignore[j], *centre, radius * 0.5)
        else:
            splat(heat[k], *centre, float(np.clip(0.1 * radius, 0.8, 2.5)))
            fill_mark((reg, weight), mark, centre, radius, turn)
        date = mark["date"]
        if date is not None:
            quad = np.stack([at(p) for p in date["quad"]])
            middle = quad.mean(0)
            along, down = (quad[1] + quad[2] - quad[0] - quad[3]) / 2, (quad[2] + quad[3] - quad[0] - quad[1]) / 2
            height = float(np.linalg.norm(down))
            if not in_a_row(date):
                splat(ignore[3], *middle, float(np.clip(height, 1.0, 4.0)))
            else:
                splat(heat[3], *middle, float(np.clip(0.35 * height, 0.8, 1.6)))
                fill_date(reg, weight, middle, along, height)
    return heat, ignore, reg, weight


def cells(n: int, centre: np.ndarray) -> list[tuple[int, int]]:
    cx, cy = round(float(centre[0])), round(float(centre[1]))
    around = [(cx + i, cy + j) for i in (-1, 0, 1) for j in (-1, 0, 1)]
    return [(x, y) for x, y in around if 0 <= x < n and 0 <= y < n]


def fill_mark(maps: tuple[np.ndarray, np.ndarray], mark: dict, centre: np.ndarray, radius: float, turn: float) -> None:
    reg, weight = maps
    angle = math.radians(mark["rotation"] + turn)
    sides = {"pentagon": 5, "octagon": 8}.get(mark["shape"], 0)
    first = np.asarray(mark["outline"], np.float64)
    corner = first[0] - first.mean(0)
    phase = math.atan2(corner[1], corner[0]) + math.radians(turn)
    values = {
        "mark_log_radius": math.log(radius), "mark_cos": math.cos(angle), "mark_sin": math.sin(angle),
        "mark_ground": 0.0 if mark["on_board"] else 1.0,
    }  # fmt: skip
    if sides:
        values["mark_cos_n"] = math.cos(sides * phase)
        values["mark_sin_n"] = math.sin(sides * phase)
    for x, y in cells(reg.shape[1], centre):
        for name, value in {**values, "mark_dx": centre[0] - x, "mark_dy": centre[1] - y}.items():
            reg[R[name], y, x] = value
            weight[R[name], y, x] = 1.0
        if not mark["lettering_legible"]:
            weight[R["mark_cos"], y, x] = weight[R["mark_sin"], y, x] = 0.0


def fill_date(reg: np.ndarray, weight: np.ndarray, centre: np.ndarray, along: np.ndarray, height: float) -> None:
    width = float(np.linalg.norm(along))
    # the doubled angle: which way round figures stand is for the reader to find out
    doubled = 2 * math.atan2(along[1], along[0])
    values = {
        "date_log_width": math.log(max(width, 0.1)), "date_log_height": math.log(max(height, 0.1)),
        "date_cos_2": math.cos(doubled), "date_sin_2": math.sin(doubled),
    }  # fmt: skip
    for x, y in cells(reg.shape[1], centre):
        for name, value in {**values, "date_dx": centre[0] - x, "date_dy": centre[1] - y}.items():
            reg[R[name], y, x] = value
            weight[R[name], y, x] = 1.0


class Crops(torch.utils.data.IterableDataset):
    """Endless random crops from folders that may grow while we train."""

    def __init__(self, folders: list[Path], seed: int, side: int = SIDE) -> None:
        self.folders, self.seed, self.side = folders, seed, side

    def __iter__(self):
        rng = random.Random(self.seed)
        cv2.setNumThreads(1)
        for picture, label in covers(self.folders, rng):
            for _ in range(2):
                a = affine(label, rng, self.side)
                crop = recolour(warp(picture, a, self.side), rng)
                heat, ignore, reg, weight = targets(label, a, self.side)
                yield (
                    torch.from_numpy(np.ascontiguousarray(crop.transpose(2, 0, 1))),
                    torch.from_numpy(heat), torch.from_numpy(ignore),
                    torch.from_numpy(reg), torch.from_numpy(weight),
                )  # fmt: skip
