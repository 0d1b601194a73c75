"""Pictures for training: rendered covers, cutting, recolouring, and peaks of heat maps."""

import json
import math
import random
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import cv2
import numpy as np


def covers(folders: list[Path], rng: random.Random) -> Iterator[tuple[np.ndarray, dict]]:
    """Endless pictures and labels, drawn from folders that may grow while we train."""
    for drawn in count():
        if drawn % 200 == 0:
            labels = sorted(path for folder in folders for path in folder.glob("*.json"))
        path = rng.choice(labels)
        try:
            label = json.loads(path.read_text())
            picture = cv2.imread(str(path.with_suffix(".jpg")), cv2.IMREAD_COLOR)[..., ::-1]
        except (ValueError, TypeError):  # a cover that is still being written
            continue
        yield picture, label


def recolour(picture: np.ndarray, rng: random.Random) -> np.ndarray:
    x = picture.astype(np.float32) / 255.0
    if rng.random() < 0.2:
        x = np.repeat((x @ np.array([0.3, 0.59, 0.11], np.float32))[..., None], 3, axis=2)
    elif rng.random() < 0.4:
        x = x[..., rng.sample(range(3), 3)]
    x = x * np.array([rng.uniform(0.82, 1.1) for _ in range(3)], np.float32)
    x = np.clip(x, 0, 1) ** rng.uniform(0.7, 1.5)
    if rng.random() < 0.3:
        ramp = np.linspace(rng.uniform(0.7, 1), rng.uniform(0.7, 1), x.shape[1], dtype=np.float32)[None, :, None]
        x = x * (ramp if rng.random() < 0.5 else ramp.transpose(1, 0, 2)[: x.shape[0]])
    if rng.random() < 0.3:
        x = 0.5 + (x - 0.5) * rng.uniform(0.5, 1.1)
    if rng.random() < 0.35:
        x = cv2.GaussianBlur(x, (0, 0), rng.uniform(0.3, 1.3))
    if rng.random() < 0.4:
        x = x + np.random.default_rng(rng.getrandbits(32)).normal(0, rng.uniform(0.005, 0.05), x.shape).astype(
            np.float32
        )
    x = (np.clip(x, 0, 1) * 255).astype(np.uint8)
    if rng.random() < 0.3:
        x = cv2.imdecode(cv2.imencode(".jpg", x, [cv2.IMWRITE_JPEG_QUALITY, rng.randint(30, 90)])[1], 1)
    return x


def warp(picture: np.ndarray, a: np.ndarray, side: int) -> np.ndarray:
    """Warp with a prior shrink where the map shrinks much, so that thin strokes survive."""
    scale = math.sqrt(abs(np.linalg.det(a[:, :2])))
    if scale < 0.7:
        picture = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        a = a.copy()
        a[:, :2] /= scale
    return cv2.warpAffine(picture, a, (side, side), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)


def splat(heat: np.ndarray, x: float, y: float, sigma: float) -> None:
    h, w = heat.shape
    ys, xs = np.mgrid[:h, :w]
    np.maximum(heat, np.exp(-((xs - x) ** 2 + (ys - y) ** 2) / (2 * sigma**2)), out=heat)
