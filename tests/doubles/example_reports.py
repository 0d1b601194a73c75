"""A full report and its parts, for the tests of this folder."""

import datetime as dt
from dataclasses import replace

from postmark_id.geometry import regular_polygon
from postmark_id.models import (
    BoardDate,
    DateCandidate,
    DateReading,
    EventKind,
    FlightMatch,
    Kind,
    Mark,
    Notice,
    Outcome,
    Outline,
    ScanReport,
    Shape,
    Station,
)

DAY = dt.date(1997, 2, 12)
READING = DateReading(
    DAY,
    0.97123,
    "12.02.97",
    alternatives=(DateCandidate(dt.date(1997, 2, 13), 0.2),),
    hour=15,
    until=dt.date(1997, 2, 13),
    engine="rapidocr",
    quad=((1.04, 2), (3, 2), (3, 4), (1, 4)),
)
MARK = Mark(
    Kind.BOARD_POSTMARK,
    Outline(Shape.OCTAGON, (100.0, 100.0), 50.0, 22.51, regular_polygon((100, 100), 50, 8, 22.5)),
    0.93,
    Station.MIR,
    True,
    "mir-octagon",
    "blue",
    ("МИР",),
    READING,
    ("eight sides",),
)
REPORT = ScanReport(
    "covers/a.jpg",
    0,
    "ab" * 32,
    1913,
    1346,
    300.0,
    Outcome.IDENTIFIED,
    (MARK, replace(MARK, station=None, on_board=None, reference=None, date=None)),
    (BoardDate(READING, 0, ("Korzun", "Kaleri")),),
    (FlightMatch("Soyuz TM-25", Station.MIR, EventKind.DOCKING, "1997-02-12T15:51Z", DAY, 0, 0.9, ("same day",)),),
    (Notice("wrong-year", "one year off"),),
    {"scan": 0.123456},
    ("The cover was aboard.",),
)
FAILED = ScanReport("b.jpg", 0, "", 0, 0, None, Outcome.ERROR, error=("empty-file", "b.jpg: empty", "rescan"))
EARLIER = DateReading(dt.date(1996, 8, 19), 0.6, "19.08.96", alternatives=(DateCandidate(dt.date(1996, 8, 18), 0.5),))


def _flight(flight, event, event_time, date, score):
    return FlightMatch(flight, Station.MIR, event, event_time, dt.date.fromisoformat(date), 0, score, ("It is worn.",))


TWO_DATES = replace(
    REPORT,
    outcome=Outcome.AMBIGUOUS,
    marks=(MARK, replace(MARK, date=EARLIER)),
    dates=(*REPORT.dates, BoardDate(EARLIER, 1)),
    flights=(
        _flight("Soyuz TM-24", EventKind.DOCKING, "1996-08-19T14:50Z", "1996-08-19", 0.6),
        _flight("Soyuz TM-25", EventKind.DOCKING, "1997-02-12T15:51Z", "1997-02-12", 0.9),
        _flight("Soyuz TM-25", EventKind.CREW_HANDOVER, "1997-02-12T15:51Z", "1997-02-12", 0.5),
        _flight("Progress M-32", EventKind.UNDOCKING, "1996-08-18T09:33Z", "1996-08-18", 0.4),
    ),
    story=("1996-08-19 stays open. It is worn.", "The cover was aboard."),
)
"""Two marks with a date each, of which the older one leaves two days open."""
