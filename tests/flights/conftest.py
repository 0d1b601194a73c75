"""Marks and tables made for the tests of the flights room."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from postmark_id.flights.table import FlightTable
from postmark_id.models import DateCandidate, DateReading, Kind, Mark, Outline, Shape, Station

MakeMark = Callable[..., Mark]

_SHAPES = {"pentagon": Shape.PENTAGON, "octagon": Shape.OCTAGON}


@pytest.fixture(scope="session")
def table() -> FlightTable:
    return FlightTable.load()


@pytest.fixture
def make_mark() -> MakeMark:
    return build_mark


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
