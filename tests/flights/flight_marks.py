"""Marks made for tests, as the readers would hand them over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from hypothesis import settings

from postmark_id.models import DateCandidate, DateReading, Kind, Mark, Outline, Shape, Station

SEEDED = settings(deadline=None, derandomize=True)
"""For hypothesis: the same examples in every run, and no limit of time that a busy machine could break."""

MakeMark = Callable[..., Mark]


def build_mark(
    station: str | None = "Mir",
    date: str | None = None,
    *,
    score: float = 0.95,
    alternatives: tuple[tuple[str, float], ...] = (),
    kind: Kind = Kind.BOARD_POSTMARK,
    shape: Shape = Shape.CIRCLE,
    on_board: bool | None = True,
    reference: str | None = None,
    ink: str = "black",
    text: tuple[str, ...] = (),
) -> Mark:
    """A mark with a date as the readers would hand it over."""
    reading = None
    if date:
        others = tuple(DateCandidate(dt.date.fromisoformat(d), s, d) for d, s in alternatives)
        reading = DateReading(dt.date.fromisoformat(date), score, date, alternatives=others)
    outline = Outline(shape, (100.0, 100.0), 50.0, 0.0, ((50.0, 50.0), (150.0, 50.0), (150.0, 150.0), (50.0, 150.0)))
    return Mark(
        kind=kind,
        outline=outline,
        score=0.9,
        station=Station(station) if station else None,
        on_board=on_board,
        reference=reference,
        ink=ink,
        text=text,
        date=reading,
    )
