"""Windows around rough lines, cut from rendered covers, with where the true date line lies from there.

An answer holds the numbers of `model.ANSWERS`; those that nobody can give are NaN.
"""

import json
import math
import random
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from training.harvested import in_a_row

from postmark_id.dates.trueing import USUAL, window
from postmark_id.geometry import turned_rectangle
from postmark_id.models import Quad

LOOKS = 6
"""Windows for each date of a cover, each time it is drawn."""
ON_LINE = ("address-date", "serial", "serial-date", "handwriting", "index", "registered-label")
"""Traps that are one line of figures or may be."""
NEAR = 1.3
"""Heights of a line by which a window may be off and still be said to show it."""

Sample = tuple[np.ndarray, np.ndarray]


def samples(folders: list[Path], seed: int, *, held_out: bool = False) -> Iterator[Sample]:
    """Endless windows, shape (48, 192), uint8, and their answers."""
    rng = random.Random(seed)
    paths = sorted(path for folder in folders for path in folder.glob("*.json"))
    paths = [path for k, path in enumerate(paths) if (k % 100 == 0) == held_out]
    while True:
        rng.shuffle(paths)
        for path in paths:
            label = json.loads(path.read_text())
            picture = cv2.imdecode(np.fromfile(path.with_suffix(".jpg"), np.uint8), cv2.IMREAD_COLOR)[..., ::-1]
            yield from of_cover(np.ascontiguousarray(picture), label, rng)


def of_cover(picture: np.ndarray, label: dict, rng: random.Random) -> Iterator[Sample]:
    dates = [m["date"] for m in label["marks"] if m["date"]]
    for mark in label["marks"]:
        if not in_a_row(mark["date"]):
            continue
        for _ in range(LOOKS):
            rough, way = rough_line(mark["date"]["quad"], rng)
            struck = 0.0 if mark["shape"] == "other" else 1.0
            yield varied(window(picture, rough), rng), np.array([*way, 1.0, struck], np.float32)
    for trap in label["traps"]:
        if trap["kind"] in ON_LINE and sum(c.isdigit() for c in trap["text"] or "") >= 4:
            for _ in range(LOOKS // 3):
                rough, _ = rough_line(box_corners(trap["box"]), rng)
                yield varied(window(picture, rough), rng), np.array([math.nan] * 6 + [0.0], np.float32)
    for quad in other_lines(label, dates, rng):
        yield varied(window(picture, quad), rng), np.array([math.nan] * 5 + [0.0, math.nan], np.float32)


def rough_line(quad: list | np.ndarray, rng: random.Random) -> tuple[Quad, tuple[float, ...]]:
    """A line about where a true one lies, either way round, and the way from it to the true one."""
    corners = np.asarray(quad, np.float64)
    along, down = corners[1] - corners[0], corners[3] - corners[0]
    width, height = float(np.hypot(*along)), float(np.hypot(*down))
    turn = math.degrees(math.atan2(along[1], along[0])) + (180 if rng.random() < 0.25 else 0)
    wild = 1.0 if rng.random() < 0.65 else 2.4
    rough_height = height * math.exp(rng.gauss(0, 0.13 * wild))
    rough_width = width * math.exp(rng.gauss(0, 0.13 * wild))
    off = rng.gauss(0, 4.0 * wild)
    rough_turn = math.radians(turn + off)
    ahead, aside = rng.gauss(0, 0.4 * wild) * height, float(np.clip(rng.gauss(0, 0.16 * wild), -0.9, 0.9)) * height
    middle = corners.mean(axis=0)
    middle = middle + ahead * np.array([math.cos(rough_turn), math.sin(rough_turn)])
    middle = middle + aside * np.array([-math.sin(rough_turn), math.cos(rough_turn)])
    rough = turned_rectangle((float(middle[0]), float(middle[1])), rough_width, rough_height, turn + off)
    logs = math.log(width / (USUAL * rough_height)), math.log(height / rough_height)
    return rough, (-ahead / rough_height, -aside / rough_height, -off / 10.0, *logs)


def other_lines(label: dict, dates: list[dict], rng: random.Random) -> Iterator[Quad]:
    """Lines in marks and traps that are no dates; none in what may be a date of another kind."""
    places = [np.asarray(m["outline"]) for m in label["marks"]]
    places += [box_corners(t["box"]) for t in label["traps"] if not any(c.isdigit() for c in t["text"] or "")]
    for outline in rng.sample(places, min(3, len(places))):
        low, high = outline.min(axis=0), outline.max(axis=0)
        height = float((high - low).min()) * rng.uniform(0.08, 0.3)
        middle = low + (high - low) * np.array([rng.uniform(0.1, 0.9), rng.uniform(0.1, 0.9)])
        if any(math.dist(middle, np.mean(d["quad"], axis=0)) < NEAR * height + reach(d["quad"]) for d in dates):
            continue
        yield turned_rectangle(
            (float(middle[0]), float(middle[1])), height * rng.uniform(3, 8), height, rng.gauss(0, 30)
        )


def box_corners(box: list) -> np.ndarray:
    x, y, w, h = box
    return np.array([[x, y], [x + w, y], [x + w, y + h], [x, y + h]], np.float64)


def reach(quad: list) -> float:
    """Half the length of a line."""
    return math.dist(quad[0], quad[1]) / 2


def varied(strip: np.ndarray, rng: random.Random) -> np.ndarray:
    """The same window a little otherwise: blurred, sharpened, with noise, paler."""
    x = strip.astype(np.float32)
    if rng.random() < 0.25:
        x = cv2.GaussianBlur(x, (0, 0), rng.uniform(0.4, 1.2))
    elif rng.random() < 0.2:
        x = 1.6 * x - 0.6 * cv2.GaussianBlur(x, (0, 0), 1.2)
    if rng.random() < 0.4:
        x = 255.0 - (255.0 - x) * rng.uniform(0.4, 1.2)
    if rng.random() < 0.4:
        x = x + np.random.default_rng(rng.randrange(1 << 30)).normal(0, rng.uniform(3, 30), x.shape)
    return np.clip(x, 0, 255).astype(np.uint8)
