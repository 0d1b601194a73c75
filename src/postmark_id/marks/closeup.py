"""Close look: what a second network sees in each proposed mark, brought to one size.

The proposing network sees the whole cover at once, so a mark is some twenty cells of its map and a date line is two.
Cut out and enlarged to one size, a mark shows its shape more surely, its place more exactly, which way up it stands,
and where its date line runs and in which direction. The network (``data/closeup.onnx``, trained on rendered covers by
``training/closeup``) says all that at once; ``marks.fit`` still has the last word about the outline.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
import numpy.typing as npt

from postmark_id.geometry import iou, turned_rectangle
from postmark_id.ink import Sheet
from postmark_id.marks.propose import SAME_LINE, DateLine, Proposal, peaks
from postmark_id.models import Picture, Point, Shape
from postmark_id.networks import session
from postmark_id.settings import MarkSettings

Floats = npt.NDArray[np.float32]

# As training/closeup/model.py lists them.
SIDE = 160
RADIUS = 64.0
STRIDE = 4
DATE, DX, DY, COS_2, SIN_2, COS, SIN, LOG_WIDTH, LOG_HEIGHT = range(9)
SHAPES: tuple[Shape, ...] = (Shape.OTHER, Shape.PENTAGON, Shape.OCTAGON, Shape.CIRCLE)
MARK_DX, MARK_DY, MARK_LOG_RADIUS, UPRIGHT_COS, UPRIGHT_SIN = range(4, 9)


def look_closely(sheet: Sheet, proposals: Sequence[Proposal], settings: MarkSettings) -> tuple[Proposal, ...]:
    """Look at each proposal by itself, and improve it; the order stays."""
    improved: list[Proposal] = []
    for k in range(0, len(proposals), settings.closeup_batch):
        some = proposals[k : k + settings.closeup_batch]
        patches = np.stack([_patch(sheet, one) for one in some]).transpose(0, 3, 1, 2)
        tensor = np.ascontiguousarray(patches, dtype=np.float32) / 255.0
        maps, whole = session("closeup.onnx").run(None, {"patches": tensor})
        improved += [decode(one, m, w, settings) for one, m, w in zip(some, maps, whole, strict=True)]
    return tuple(improved)


def _patch(sheet: Sheet, proposal: Proposal) -> Picture:
    """The surroundings of a proposal, its radius brought to `RADIUS` pixels; shape (SIDE, SIDE, 3)."""
    zoom = RADIUS / (proposal.radius * sheet.scale)
    cx, cy = (v * sheet.scale for v in proposal.centre)
    pixels = sheet.pixels
    if zoom < 0.7:  # shrink first, so that thin strokes survive
        reach = 1.1 * SIDE / zoom / 2
        height, width = pixels.shape[:2]
        left, top = max(0, math.floor(cx - reach)), max(0, math.floor(cy - reach))
        right, bottom = min(width, math.ceil(cx + reach)), min(height, math.ceil(cy + reach))
        part = pixels[top : max(bottom, top + 2), left : max(right, left + 2)]
        size = max(1, round(part.shape[1] * zoom)), max(1, round(part.shape[0] * zoom))
        pixels = np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_AREA), np.uint8)
        cx, cy, zoom = (cx - left) * zoom, (cy - top) * zoom, 1.0
    to_patch = np.array([[zoom, 0, SIDE / 2 - zoom * cx], [0, zoom, SIDE / 2 - zoom * cy]], dtype=np.float64)
    found = cv2.warpAffine(pixels, to_patch, (SIDE, SIDE), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)
    return np.asarray(found, dtype=np.uint8)


def decode(proposal: Proposal, maps: Floats, whole: Floats, settings: MarkSettings) -> Proposal:
    """Improve a proposal by the network's answer for its patch.

    Parameters
    ----------
    proposal : Proposal
    maps : ndarray, shape (9, SIDE / STRIDE, SIDE / STRIDE)
        Raw map of the date line.
    whole : ndarray, shape (9,)
        Raw numbers of the whole mark.
    settings : MarkSettings
    """
    to_full = proposal.radius / RADIUS

    def place(x: float, y: float) -> Point:
        return proposal.centre[0] + (x - SIDE / 2) * to_full, proposal.centre[1] + (y - SIDE / 2) * to_full

    raw = np.exp(whole[: len(SHAPES)] - whole[: len(SHAPES)].max())
    shapes = {shape: float(p) for shape, p in zip(SHAPES, raw / raw.sum(), strict=True)}
    improved = replace(
        proposal,
        seen=shapes,
        centre=place(SIDE / 2 + RADIUS * float(whole[MARK_DX]), SIDE / 2 + RADIUS * float(whole[MARK_DY])),
        radius=proposal.radius * math.exp(float(np.clip(whole[MARK_LOG_RADIUS], -0.4, 0.4))),
        upright=math.degrees(math.atan2(whole[UPRIGHT_SIN], whole[UPRIGHT_COS])),
    )
    lines: list[DateLine] = []
    for x, y, score in peaks(1.0 / (1.0 + np.exp(-maps[DATE])), settings.lowest_date_inside):
        at = maps[:, y, x]
        quad = turned_rectangle(
            place((x + float(at[DX]) + 0.5) * STRIDE, (y + float(at[DY]) + 0.5) * STRIDE),
            math.exp(min(float(at[LOG_WIDTH]), 4.0)) * STRIDE * to_full,
            math.exp(min(float(at[LOG_HEIGHT]), 4.0)) * STRIDE * to_full,
            _direction(at),
        )
        if not any(iou(quad, other.quad) > SAME_LINE for other in lines):
            lines.append(DateLine(quad, score))
    return replace(improved, lines=tuple(lines[: settings.most_dates_inside]))


def _direction(at: Floats) -> float:
    """Direction of a line in degrees: its slope, turned about where the figures seem to stand the other way round."""
    slope = math.atan2(float(at[SIN_2]), float(at[COS_2])) / 2
    ahead = math.cos(slope) * float(at[COS]) + math.sin(slope) * float(at[SIN])
    return math.degrees(slope) + (0.0 if ahead >= 0 else 180.0)
