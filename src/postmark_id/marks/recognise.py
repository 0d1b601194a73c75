"""Recognise: is a found mark one of those that were learned, and what follows from that.

This runs before dates and lettering are read, because a recognised mark says which way up it stands and where
its date is. Only learned references are compared; the drawings that come with the program never are.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from postmark_id.geometry import contains, turned_rectangle
from postmark_id.ink import Sheet
from postmark_id.library.alignment import evidence, fetched
from postmark_id.library.impression import MIDDLE, RADIUS, SIDE, Impression, frame, rectify, to_picture
from postmark_id.library.lettering import LetteringVerdict
from postmark_id.library.reference import Recogniser, Recognition
from postmark_id.library.schema import DateLine
from postmark_id.marks.fit import Fit
from postmark_id.marks.propose import Proposals
from postmark_id.models import Kind, Mark, Outline, Picture, Point, Quad, Station
from postmark_id.trace import Trace

_SURE_LINE = 0.3
"""Score from which a proposed date line is left out of the comparison."""


def recognise(
    sheet: Sheet, fits: Sequence[Fit], proposals: Proposals, recogniser: Recogniser, trace: Trace
) -> list[Recognition | None]:
    """Compare each fit with the learned marks; None where none of its shape is learned."""
    if not recogniser.references:
        return [None] * len(fits)
    found = []
    for number, one in enumerate(fits):
        impression = rectify(sheet, one.outline, one.ink, date_lines(one, proposals))
        recognition = recogniser.recognise(impression)
        found.append(recognition)
        if recognition is None:
            trace.note("recognise", "no mark of its shape is learned", outline=number)
            continue
        turn = f"turned by {recognition.pose.turn:.0f} degrees"
        trace.note("recognise", f"{recognition.reason}; {turn}", outline=number)
        if trace.with_pictures:
            name = f"3-and-{recognition.reference.mark.id}"
            trace.picture(name, _match(impression, recognition), outline=number)
    return found


def date_lines(found: Fit, proposals: Proposals) -> list[Quad]:
    """Where a date may stand in a mark, which is left out of the comparison; full-size pixels."""
    lines = [line for line in proposals.dates if contains(found.outline.points, line.centre)]
    return [line.quad for line in (*lines, *found.proposal.lines) if line.score >= _SURE_LINE]


def upright(found: Fit, recognition: Recognition | None) -> Fit:
    """The fit with its lettering standing as that of the mark that it was recognised as."""
    if recognition is None or not recognition.accepted:
        return found
    rotation = (found.outline.rotation + recognition.pose.turn + 180.0) % 360.0 - 180.0
    return replace(found, outline=replace(found.outline, rotation=rotation))


def learned_date_quad(found: Fit, recognition: Recognition | None) -> Quad | None:
    """Where the date of a recognised mark stands, full-size pixels; the fit must be `upright`."""
    if recognition is None or not recognition.accepted or recognition.reference.mark.date_line is None:
        return None
    return quad_of(recognition.reference.mark.date_line, found.outline)


def quad_of(line: DateLine, outline: Outline) -> Quad:
    """A recorded date line as it lies on a mark, full-size pixels."""
    to_full = frame(outline)

    def placed(point: Point) -> Point:
        x, y = to_full @ (*point, 1.0)
        return float(x), float(y)

    tl, tr, br, bl = turned_rectangle(line.centre, *line.size, line.rotation)
    return placed(tl), placed(tr), placed(br), placed(bl)


def line_of(quad: Quad, outline: Outline) -> DateLine:
    """Where a date stands in its mark: the inverse of `quad_of`, up to a slant."""
    to_unit = np.linalg.inv(np.vstack([frame(outline), [0.0, 0.0, 1.0]]))
    tl, tr, br, bl = ((to_unit @ (x, y, 1.0))[:2] for x, y in quad)
    centre = (tl + tr + br + bl) / 4
    along, down = (tr - tl + br - bl) / 2, (bl - tl + br - tr) / 2
    return DateLine(
        (round(float(centre[0]), 3), round(float(centre[1]), 3)),
        (round(float(np.hypot(*along)), 3), round(float(np.hypot(*down)), 3)),
        round(math.degrees(math.atan2(along[1], along[0])), 1),
    )


def in_keeping(recognition: Recognition | None, verdict: LetteringVerdict) -> Recognition | None:
    """The same, or "none of these" where the lettering names another station than those of the learned mark.

    Seals of two stations may have one picture and one layout; the two Salyuts differ in one figure only.
    """
    if recognition is None or not recognition.accepted or verdict.station is None:
        return recognition
    stations = recognition.reference.mark.stations
    if not stations or any(station in verdict.meant for station in stations):
        return recognition
    reason = f"looks like {recognition.reference.mark.id}, but its lettering names {verdict.station.spoken}"
    return replace(recognition, accepted=False, sure=False, reason=reason)


def weight_aboard(recognition: Recognition | None, weight: float) -> float:
    """Log odds of a strike aboard that follow from the mark that was recognised."""
    if recognition is None or not recognition.accepted or recognition.reference.mark.kind is Kind.UNKNOWN:
        return 0.0
    sign = -1.0 if recognition.reference.mark.kind is Kind.GROUND_CANCEL else 1.0
    return sign * weight * (1.0 if recognition.sure else 0.5)


def station_of(recognition: Recognition | None) -> Station | None:
    """Station of the recognised mark, where the match is sure."""
    if recognition is None or not recognition.sure or recognition.reference.mark.kind is Kind.GROUND_CANCEL:
        return None
    return recognition.reference.mark.station


def named(mark: Mark, recognition: Recognition | None) -> Mark:
    """The mark under the name that it was recognised by; as it was where it is none of the learned ones."""
    if recognition is None or not recognition.accepted:
        return mark
    learned = recognition.reference.mark
    kind = learned.kind if learned.kind is not Kind.UNKNOWN and mark.on_board is not None else mark.kind
    return replace(
        mark,
        reference=learned.id,
        kind=kind,
        aboard_sure=mark.aboard_sure or recognition.sure,
        reasons=(*mark.reasons, recognition.reason),
    )


def _match(impression: Impression, recognition: Recognition) -> Picture:
    """The mark as its reference lies, the reference, and where they agree (green) or not (red)."""
    pose, reference = recognition.pose, recognition.reference.strokes
    laid = Impression(fetched(impression.ink, pose.matrix), fetched(impression.seen, pose.matrix), impression.shape)
    agreement = evidence(recognition.mark, reference, pose)
    colour = np.full((SIDE, SIDE, 3), 255.0, np.float32)
    colour[..., 0] -= 255.0 * np.clip(agreement, 0.0, 1.0)
    colour[..., 2] -= 255.0 * np.abs(np.clip(agreement, -1.0, 1.0))
    colour[..., 1] -= 255.0 * np.clip(-agreement, 0.0, 1.0)
    ink = (1.0 - 0.7 * np.clip(reference.impression.ink, 0.0, 1.0))[..., None]
    picture = np.hstack([to_picture(laid), to_picture(reference.impression), (colour * ink).astype(np.uint8)])
    centre = round(SIDE * 2 + MIDDLE), round(MIDDLE)
    cv2.circle(picture, centre, round(RADIUS), (120, 120, 120), 1, cv2.LINE_AA)
    return np.ascontiguousarray(picture, np.uint8)
