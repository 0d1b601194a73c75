"""What each stage saw and dropped, for people who want to know why: ``check --explain`` and ``--debug-dir``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np

from postmark_id.geometry import as_array, regular_polygon
from postmark_id.ink import Sheet, density
from postmark_id.marks.fit import Fit
from postmark_id.marks.propose import Proposals
from postmark_id.models import Picture, Point

PROPOSED, HELD, DATE = (230, 120, 0), (0, 140, 60), (190, 0, 160)


@dataclass(slots=True)
class Trace:
    """Notes and pictures of the stages, in the order in which they came.

    Attributes
    ----------
    notes : list of (stage, sentence)
    pictures : list of (name, picture)
        Filled only where `with_pictures` is set.
    with_pictures : bool
    """

    with_pictures: bool = False
    notes: list[tuple[str, str]] = field(default_factory=list)
    pictures: list[tuple[str, Picture]] = field(default_factory=list)

    def note(self, stage: str, sentence: str) -> None:
        """Remember a sentence."""
        self.notes.append((stage, sentence))

    def picture(self, name: str, picture: Picture) -> None:
        """Remember a picture, if pictures are wanted."""
        if self.with_pictures:
            self.pictures.append((name, picture))


def draw_stages(trace: Trace, sheet: Sheet, proposals: Proposals, fits: Sequence[Fit]) -> None:
    """Draw what the stages before reading made of a sheet: evened ink, proposals, and the fits that held."""
    ink = 255.0 - np.clip(density(sheet) * 160.0, 0.0, 255.0)
    trace.picture("1-ink-on-even-paper", ink.astype(np.uint8))
    proposed = sheet.pixels.copy()
    for mark in proposals.marks:
        outline = regular_polygon(mark.centre, mark.radius, mark.shape.sides, mark.upright)
        _draw(proposed, outline, sheet.scale, PROPOSED, f"{mark.shape.value} {mark.score:.2f}")
    for line in proposals.dates:
        _draw(proposed, line.quad, sheet.scale, DATE, f"{line.score:.2f}")
    trace.picture("2-proposals", proposed)
    held = sheet.pixels.copy()
    for number, one in enumerate(fits):
        _draw(held, one.outline.points, sheet.scale, HELD, f"{number} {one.outline.shape.value} {one.coverage:.0%}")
    trace.picture("3-fits-that-hold", held)


def _draw(picture: Picture, points: Sequence[Point], scale: float, colour: tuple[int, int, int], caption: str) -> None:
    corners = np.round(as_array(points) * scale).astype(np.int32)
    cv2.polylines(picture, [corners], True, colour, 2, cv2.LINE_AA)
    x, y = (int(v) for v in corners.min(axis=0))
    cv2.putText(picture, caption, (x, max(12, y - 6)), cv2.FONT_HERSHEY_SIMPLEX, 0.5, colour, 1, cv2.LINE_AA)
