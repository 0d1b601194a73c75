"""Small painted scenes for cachets and postage stamps: skies, planets, hills, ships, photograph-like clouds of colour.

Design note: a detector that meets only line drawings learns that tone means "no mark". These pictures bring tones,
edges at all angles and, at times, a halftone, in pixels rather than in ink.
"""

from __future__ import annotations

import math

import cv2
import numpy as np
import numpy.typing as npt

from postmark_id.models import Picture
from postmark_id.synth.strikes import noise

Rgb = npt.NDArray[np.float32]


def _colour(rng: np.random.Generator, dark: float = 0.0) -> Rgb:
    """A colour with some restraint: real prints are seldom pure."""
    base = rng.uniform(20, 235, 3)
    grey = base.mean()
    return np.asarray((base * 0.65 + grey * 0.35) * (1 - dark), np.float32)


def _ramp(h: int, w: int, rng: np.random.Generator) -> npt.NDArray[np.float32]:
    angle = float(rng.choice([math.pi / 2, math.pi / 2, float(rng.uniform(0, 2 * math.pi))]))
    y, x = np.linspace(0, 1, h, dtype=np.float32)[:, None], np.linspace(0, 1, w, dtype=np.float32)[None, :]
    ramp = x * np.float32(math.cos(angle)) + y * np.float32(math.sin(angle))
    return np.asarray((ramp - ramp.min()) / max(1e-6, float(ramp.max() - ramp.min())), np.float32)


def paint(height: int, width: int, rng: np.random.Generator) -> Picture:
    """A scene of the given size, (h, w, 3) uint8 RGB."""
    h, w = max(8, height), max(8, width)
    dark = float(rng.choice([0.0, 0.0, 0.6, 0.8]))
    top, bottom = _colour(rng, dark), _colour(rng, dark * 0.7)
    ramp = _ramp(h, w, rng)[:, :, None]
    image = np.ascontiguousarray(top * (1 - ramp) + bottom * ramp, dtype=np.float32)
    if rng.random() < 0.5:
        octaves = (
            noise((h, w), h / 3, rng) + 0.5 * noise((h, w), h / 8, rng) + 0.3 * noise((h, w), max(2.0, h / 20), rng)
        )
        image += octaves[:, :, None] * _colour(rng) * np.float32(rng.uniform(0.05, 0.3))
    for _ in range(int(rng.integers(1, 7))):
        _LAYERS[int(rng.integers(len(_LAYERS)))](image, rng)
    if rng.random() < 0.12:
        image = _halftone(image, rng)
    return np.clip(image, 0, 255).astype(np.uint8)


def _rgb(rng: np.random.Generator) -> tuple[float, float, float]:
    r, g, b = _colour(rng).tolist()
    return r, g, b


def _planet(image: Rgb, rng: np.random.Generator) -> None:
    """A disc with a lit side, whole or reaching in from an edge."""
    h, w = image.shape[:2]
    radius = float(rng.uniform(0.08, 0.9)) * min(h, w)
    cx, cy = float(rng.uniform(-0.1, 1.1)) * w, float(rng.uniform(0.0, 1.3)) * h
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    inside = np.clip(radius - np.hypot(x - cx, y - cy), 0, 1)
    lit = np.clip(0.65 + ((x - cx) * math.cos(1.0) - (y - cy)) / (2.2 * radius), 0.15, 1.1)
    body = lit[:, :, None] * _colour(rng)
    image += (body - image) * inside[:, :, None]


def _hills(image: Rgb, rng: np.random.Generator) -> None:
    """A ragged horizon."""
    h, w = image.shape[:2]
    x = np.linspace(0, w, 12)
    y = h * rng.uniform(0.5, 0.9) + rng.normal(0, h * 0.06, 12)
    points = np.vstack([np.stack([x, y], 1), [[w, h], [0, h]]])
    cv2.fillPoly(image, [points.astype(np.int32)], _rgb(rng), cv2.LINE_AA)


def _ship(image: Rgb, rng: np.random.Generator) -> None:
    """Boxes and wings of a ship in two or three colours."""
    h, w = image.shape[:2]
    size = float(rng.uniform(0.1, 0.4)) * min(h, w)
    centre = (float(rng.uniform(0.2, 0.8)) * w, float(rng.uniform(0.2, 0.8)) * h)
    turn = float(rng.uniform(-60, 60))
    for _ in range(int(rng.integers(2, 6))):
        shift = rng.normal(0, size * 0.4, 2)
        where = (centre[0] + float(shift[0]), centre[1] + float(shift[1]))
        sides = (size * float(rng.uniform(0.2, 1.3)), size * float(rng.uniform(0.15, 0.6)))
        box = (where, sides, turn + float(rng.choice([0, 90])))
        corners = cv2.boxPoints(box).round().astype(np.int32)
        cv2.fillPoly(image, [corners], _rgb(rng), cv2.LINE_AA)
        if rng.random() < 0.5:
            cv2.polylines(image, [corners], True, _rgb(rng), max(1, round(size / 30)), cv2.LINE_AA)


def _figure(image: Rgb, rng: np.random.Generator) -> None:
    """Head and shoulders."""
    h, w = image.shape[:2]
    size = float(rng.uniform(0.12, 0.3)) * h
    x, y = float(rng.uniform(0.2, 0.8)) * w, float(rng.uniform(0.35, 0.7)) * h
    skin = (225.0 * float(rng.uniform(0.7, 1)), 180.0 * float(rng.uniform(0.7, 1)), 150.0 * float(rng.uniform(0.7, 1)))
    cv2.ellipse(
        image,
        (round(x), round(y + size * 1.6)),
        (round(size * 1.2), round(size)),
        0,
        180,
        360,
        _rgb(rng),
        -1,
        cv2.LINE_AA,
    )
    cv2.circle(image, (round(x), round(y)), round(size * 0.75), _rgb(rng), -1, cv2.LINE_AA)
    cv2.ellipse(image, (round(x), round(y)), (round(size * 0.45), round(size * 0.58)), 0, 0, 360, skin, -1, cv2.LINE_AA)


def _stars(image: Rgb, rng: np.random.Generator) -> None:
    """Points of light."""
    h, w = image.shape[:2]
    for _ in range(int(rng.integers(5, 60))):
        where = (int(rng.integers(w)), int(rng.integers(h)))
        cv2.circle(image, where, int(rng.integers(1, max(2, h // 80))), (245.0, 245.0, 235.0), -1, cv2.LINE_AA)


def _trails(image: Rgb, rng: np.random.Generator) -> None:
    """Curved tracks."""
    h, w = image.shape[:2]
    for _ in range(int(rng.integers(1, 5))):
        axes = (round(float(rng.uniform(0.2, 1.0)) * w), round(float(rng.uniform(0.1, 0.8)) * h))
        centre = (round(float(rng.uniform(0, 1)) * w), round(float(rng.uniform(0.2, 1.2)) * h))
        start, sweep = float(rng.uniform(0, 360)), float(rng.uniform(60, 360))
        pen = max(1, round(h / float(rng.uniform(40, 150))))
        tilt = float(rng.uniform(-40, 40))
        cv2.ellipse(image, centre, axes, tilt, start, start + sweep, _rgb(rng), pen, cv2.LINE_AA)


def _bands(image: Rgb, rng: np.random.Generator) -> None:
    """A flag: stripes in a corner or across."""
    h, w = image.shape[:2]
    x0, y0 = (int(v) for v in rng.uniform(0, 0.6, 2) * (w, h))
    x1, y1 = min(w, x0 + w // 3), min(h, y0 + h // 4)
    for k in range(3):
        image[y0 + (y1 - y0) * k // 3 : y0 + (y1 - y0) * (k + 1) // 3, x0:x1] = _colour(rng)


_LAYERS = (_planet, _planet, _hills, _ship, _ship, _figure, _stars, _trails, _bands)


def _halftone(image: Rgb, rng: np.random.Generator) -> Rgb:
    """Dots of one ink whose size follows the tone."""
    h, w = image.shape[:2]
    pitch = max(3.0, h / float(rng.uniform(60, 120)))
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    screen = (np.sin((x + y) * np.float32(math.pi / pitch)) * np.sin((x - y) * np.float32(math.pi / pitch)) + 1) / 2
    tone = image.mean(axis=2) / 255
    dots = np.clip((tone - screen) * 6 + 0.5, 0, 1)[:, :, None]
    return np.asarray(dots * np.float32(245) + (1 - dots) * _colour(rng, 0.5), np.float32)
