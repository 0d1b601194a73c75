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
