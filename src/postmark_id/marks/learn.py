"""Learn: which mark of a scan is meant, and what of it goes into the library.

The marks are those that `check` finds, under its numbers. A mark that it does not find can be shown by a box.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from skimage.measure import blur_effect

from postmark_id.errors import UsageError
from postmark_id.geometry import as_array, contains, iou
from postmark_id.ink import lay_out, share_on_print
from postmark_id.library.impression import ink_of, rectify
from postmark_id.library.learning import Lesson
from postmark_id.marks.closeup import look_closely
from postmark_id.marks.fit import fit
from postmark_id.marks.propose import Proposal, propose
from postmark_id.marks.recognise import line_of
from postmark_id.models import Box, DateReading, Mark, Outline, Quad, Scan, Shape
from postmark_id.settings import Settings

_SURE_LINE = 0.3
_IN_BOX = 0.5
_LEAST_OUTLINE = 0.4
_BLUR_SIDE = 240
"""Pixels to which a mark is brought before its blur is measured, so that resolution does not count."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The mark that is meant, and the date that was read on it."""

    outline: Outline
    date: DateReading | None = None


def choose(marks: Sequence[Mark], scan: Scan, settings: Settings, *, number: int | None, box: Box | None) -> Chosen:
    """The mark that a person means.

    Parameters
    ----------
    marks : sequence of Mark
        What was found, in the order of its numbers.
    scan : Scan
    settings : Settings
    number : int, optional
        From 1.
    box : (x, y, width, height), optional
        Around a mark, pixels of the scan.

    Raises
    ------
    UsageError
        There is no such mark, or it is not clear which one is meant.
    """
    listed = "; ".join(f"{k} {_described(mark)}" for k, mark in enumerate(marks, start=1))
    if box is not None:
        return _in_box(marks, scan, settings, box)
    if number is not None:
        if not 1 <= number <= len(marks):
            found = f"found: {listed}" if marks else "no mark was found"
            raise UsageError(f"{scan.path}: has no mark {number}", code="no-such-mark", hint=f"{found}; or use --box")
        return _of(marks[number - 1])
    if not marks:
        raise UsageError(f"{scan.path}: no mark was found", code="no-mark", hint="show it with --box x,y,width,height")
    if len(marks) > 1:
        raise UsageError(
            f"{scan.path}: {len(marks)} marks were found", code="several-marks", hint=f"choose with --mark: {listed}"
        )
    return _of(marks[0])


def _of(mark: Mark) -> Chosen:
    return Chosen(mark.outline, mark.date)


def _described(mark: Mark) -> str:
    x, y = (round(v) for v in mark.outline.centre)
    return f"{mark.ink} {mark.shape.spoken} mark at {x}, {y}".strip()


def _in_box(marks: Sequence[Mark], scan: Scan, settings: Settings, box: Box) -> Chosen:
    """The found mark that fills a box, or the outline that the ink in the box bears out best."""
    x, y, width, height = box
    if width < 16 or height < 16 or x < 0 or y < 0 or x + width > scan.width or y + height > scan.height:
        raise UsageError(
            f"{scan.path}: the box {x},{y},{width},{height} is too small or lies outside the picture",
            code="bad-box",
            hint=f"the picture has {scan.width} x {scan.height} pixels",
        )
    corners = ((x, y), (x + width, y), (x + width, y + height), (x, y + height))
    best = max(marks, key=lambda mark: iou(mark.outline.points, corners), default=None)
    if best is not None and iou(best.outline.points, corners) >= _IN_BOX:
        return _of(best)
    sheet = lay_out(scan, settings.ink)
    rivals = tuple((shape, 0.5) for shape in (Shape.PENTAGON, Shape.OCTAGON))
    centre = (x + width / 2, y + height / 2)
    guess = Proposal(Shape.CIRCLE, centre, (width + height) / 4, 0.0, 0.5, rivals)
    found = fit(sheet, guess, settings.marks, settings.ink)
    if found.coverage < _LEAST_OUTLINE:
        raise UsageError(
            f"{scan.path}: no pentagon, octagon or round mark stands out in that box",
            code="no-mark",
            hint="draw the box closely around the outline of the mark",
        )
    return Chosen(found.outline)


def lesson_of(chosen: Chosen, scan: Scan, settings: Settings) -> tuple[Lesson, tuple[str, ...]]:
    """What of a mark is learned, and advice where a better strike would serve better."""
    sheet = lay_out(scan, settings.ink)
    outline, date = chosen.outline, chosen.date
    lines = _date_lines(chosen, scan, settings)
    ink = ink_of(sheet, outline, settings.ink)
    impression = rectify(sheet, outline, ink, lines)
    advice = []
    if share_on_print(sheet, outline.points, settings.ink) > settings.marks.on_print_share:
        advice.append("the strike lies across a stamp or other print; one on bare paper teaches more")
    if impression.ink[impression.seen > 0.5].mean() < settings.recognition.least_ink:
        advice.append("the strike is faint; a stronger one teaches more")
    if _blur(scan, outline) > settings.recognition.most_blur:
        advice.append("the picture is out of focus there; a sharper one teaches more")
    inside = date is not None and date.place == "inside" and date.quad is not None
    line = line_of(date.quad, outline) if inside and date is not None and date.quad is not None else None
    return Lesson(impression, Path(scan.path).name, line, ink.name), tuple(advice)


def _blur(scan: Scan, outline: Outline) -> float:
    """How blurred the picture of a mark is, 0..1, whatever its resolution (Crete and others, 2007)."""
    points = as_array(outline.points)
    left, top = np.maximum(points.min(axis=0), 0).astype(int)
    right, bottom = np.ceil(points.max(axis=0)).astype(int)
    part = scan.pixels[top:bottom, left:right]
    shrinks = min(part.shape[:2]) > _BLUR_SIDE
    size, how = (_BLUR_SIDE, _BLUR_SIDE), cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
    return float(blur_effect(cv2.resize(part, size, interpolation=how), channel_axis=2))  # type: ignore[no-untyped-call]


def _date_lines(chosen: Chosen, scan: Scan, settings: Settings) -> list[Quad]:
    """Where a date stands or may stand inside the mark."""
    quads = [chosen.date.quad] if chosen.date is not None and chosen.date.quad is not None else []
    sheet = lay_out(scan, settings.ink)
    proposals = propose(sheet, settings.marks)
    around = Proposal(chosen.outline.shape, chosen.outline.centre, chosen.outline.radius, chosen.outline.rotation, 1.0)
    seen = look_closely(sheet, [around], settings.marks)[0].lines
    inside = (
        line
        for line in (*proposals.dates, *seen)
        if contains(chosen.outline.points, line.centre) and line.score >= _SURE_LINE
    )
    return [*quads, *(line.quad for line in inside)]
