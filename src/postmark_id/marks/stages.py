"""Pictures of the stages of detection, for `--debug-dir`: ink, proposals, fits, rows of lettering."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from postmark_id.geometry import as_array, regular_polygon
from postmark_id.ink import Sheet, density
from postmark_id.marks.fit import Fit
from postmark_id.marks.lettering import Lettering
from postmark_id.marks.propose import Proposals
from postmark_id.marks.rows import RADIUS, SIDE, seen_from_above
from postmark_id.models import Outline, Picture, Point
from postmark_id.trace import Trace

PROPOSED, HELD, DATE = (230, 120, 0), (0, 140, 60), (190, 0, 160)
VIEW = 480
"""Side of the picture of one mark, pixels."""


def draw_stages(trace: Trace, sheet: Sheet, proposals: Proposals, fits: Sequence[Fit]) -> None:
    """Draw what the stages before reading made of a sheet: evened ink, proposals, and the fits that held."""
    ink = 255.0 - np.clip(density(sheet) * 160.0, 0.0, 255.0)
    trace.picture("1-ink-on-even-paper", ink.astype(np.uint8))
    proposed = sheet.pixels.copy()
    for mark in proposals.marks:
        outline = regular_polygon(mark.centre, mark.radius, mark.shape.sides, mark.upright)
        _draw(proposed, outline, sheet.scale, PROPOSED, f"{mark.shape.spoken} {mark.score:.2f}")
    for line in proposals.dates:
        _draw(proposed, line.quad, sheet.scale, DATE, f"{line.score:.2f}")
    trace.picture("2-proposals", proposed)
    held = sheet.pixels.copy()
    for one in fits:
        _draw(held, one.outline.points, sheet.scale, HELD, f"{one.outline.shape.spoken} {one.coverage:.0%}")
    trace.picture("3-fits-that-hold", held)


def draw_rows(outline: Outline, lettering: Lettering) -> Picture:
    """Draw the ink of a mark with the rows that were seen in it, letters and figures in two colours."""
    radius = VIEW * RADIUS / SIDE
    ink = 255 - seen_from_above(lettering.struck, outline, VIEW, radius)
    view = np.repeat(ink[:, :, None], 3, axis=2)
    for row in lettering.rows:
        x, y = row.unrolled(16, 0.1, 0.0)
        edge = [np.concatenate([v[0], v[-1][::-1]]) for v in (x, y)]
        spokes = (np.stack(edge, axis=1) - outline.centre).T
        around = radius * np.linalg.solve(outline.slant, spokes).T + VIEW / 2
        cv2.polylines(view, [np.round(around).astype(np.int32)], True, DATE if row.dated else HELD, 2, cv2.LINE_AA)
    return view


def _draw(picture: Picture, points: Sequence[Point], scale: float, colour: tuple[int, int, int], caption: str) -> None:
    corners = np.round(as_array(points) * scale).astype(np.int32)
    cv2.polylines(picture, [corners], True, colour, 2, cv2.LINE_AA)
    x, y = (int(v) for v in corners.min(axis=0))
    cv2.putText(picture, caption, (x, max(12, y - 6)), cv2.FONT_HERSHEY_SIMPLEX, 0.5, colour, 1, cv2.LINE_AA)
