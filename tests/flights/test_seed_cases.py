"""The cases of the field's own documents, each with marks made as the case says (seed_cases.csv)."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import pytest
from flight_marks import MakeMark

from postmark_id.flights.match import FlightStory, explain
from postmark_id.flights.table import FlightTable
from postmark_id.models import EventKind, Kind, Mark, Outcome, Shape

CASES = {
    row["case"]: row
    for row in csv.DictReader((Path(__file__).parent / "seed_cases.csv").read_text("utf-8").splitlines())
}


@dataclass(frozen=True)
class Expected:
    outcome: Outcome
    first: tuple[tuple[str, EventKind], ...]
    codes: frozenset[str] = frozenset()
    dated: bool = True


def identified(flight: str, event: EventKind) -> Expected:
    return Expected(Outcome.IDENTIFIED, ((flight, event),))


E = EventKind
EXPECTED = {
    "t15-two-pentagons": Expected(
        Outcome.DATE_UNREAD, (("Soyuz T-15", E.DOCKING),), frozenset({"two-stations"}), dated=False
    ),
    "tm2-first-souvenir-cover": Expected(
        Outcome.DATE_UNREAD,
        (("Progress 33", E.LAUNCH), ("Soyuz TM-3", E.LANDING)),
        frozenset({"ground-cancel-only"}),
        dated=False,
    ),
    "tm14-wrong-year": Expected(
        Outcome.NO_MARK, (("Soyuz TM-14", E.LAUNCH),), frozenset({"wrong-year", "ground-cancel-only"}), dated=False
    ),
    "znamya-card": Expected(
        Outcome.IDENTIFIED, (("Progress M-15", E.UNDOCKING), ("Progress M-15", E.EXPERIMENT)), frozenset()
    ),
    "five-dates-1": identified("Soyuz TM-24", E.DOCKING),
    "five-dates-2": identified("STS-79", E.DOCKING),
    "five-dates-3": identified("STS-81", E.DOCKING),
    "five-dates-4": identified("Soyuz TM-25", E.DOCKING),
    "five-dates-5": identified("Soyuz TM-24", E.UNDOCKING),
    "spk-tests": Expected(Outcome.NO_EVENT, (("EO-5", E.EVA),), frozenset({"no-event"})),
    "spektr-collision": identified("Progress M-34", E.ACCIDENT),
    "mir-reentry": Expected(
        Outcome.NO_EVENT, (("Progress M1-5", E.REENTRY),), frozenset({"nobody-aboard", "no-event"})
    ),
    "dragon-c2-berthing": identified("Dragon C2+", E.BERTHING),
    "dragon-c2-release": identified("Dragon C2+", E.RELEASE),
    "crs5-docking": Expected(Outcome.IDENTIFIED, (("Dragon CRS-5", E.BERTHING),), frozenset({"expectation-differs"})),
    "crs5-release": identified("Dragon CRS-5", E.RELEASE),
    "crs7-loss": Expected(Outcome.NO_EVENT, (("Dragon CRS-7", E.ACCIDENT),), frozenset({"no-event"})),
    "atv3-houston": Expected(Outcome.NO_MARK, (), frozenset({"ground-cancel-only"}), dated=False),
    "sts76-docking": identified("STS-76", E.DOCKING),
    "sts71-docking": identified("STS-71", E.DOCKING),
    "apollo-none": Expected(Outcome.DATE_UNREAD, (), frozenset({"outside-station-life"}), dated=False),
}


def marks_of(case: str, make_mark: MakeMark) -> list[Mark]:
    """Marks as a perfect reader would hand them over."""

    def ground(date: str, place: str) -> Mark:
        return make_mark(None, date, kind=Kind.GROUND_CANCEL, on_board=False, text=(place,))

    row = CASES[case]
    if case == "t15-two-pentagons":
        return [
            make_mark(station, kind=Kind.STATION_SEAL, shape=Shape.PENTAGON, reference=reference)
            for station, reference in (("Salyut-7", "salyut7-pentagon"), ("Mir", "mir-pentagon"))
        ]
    if case == "tm2-first-souvenir-cover":
        octagon = make_mark("Mir", kind=Kind.SOUVENIR_SEAL, shape=Shape.OCTAGON, reference="mir-octagon")
        places = (("1987-10-04", "МОСКВА"), ("1987-11-21", "БАЙКОНУР"), ("1987-12-29", "АРКАЛЫК"))
        return [octagon, *(ground(date, place) for date, place in places)]
    if row["marks"].startswith("ground cancel"):
        return [ground(row["dates"], row["marks"].removeprefix("ground cancel "))]
    shape, kind = Shape.CIRCLE, Kind.BOARD_POSTMARK
    if row["marks"] == "mir-octagon":
        shape, kind = Shape.OCTAGON, Kind.SOUVENIR_SEAL
    return [make_mark(row["station"], row["dates"], reference=row["marks"], kind=kind, shape=shape)]


def explained(case: str, make_mark: MakeMark, table: FlightTable) -> FlightStory:
    names = ["CRS-6"] if case == "crs5-docking" else []
    return explain(marks_of(case, make_mark), table, names=names)


def test_every_case_of_the_documents_is_tried() -> None:
    assert set(EXPECTED) == set(CASES)


@pytest.mark.parametrize("case", EXPECTED)
def test_each_case_comes_out_as_the_documents_say(case: str, make_mark: MakeMark, table: FlightTable) -> None:
    expected, story = EXPECTED[case], explained(case, make_mark, table)
    assert story.outcome is expected.outcome
    assert tuple((f.flight, f.event) for f in story.flights[: len(expected.first)]) == expected.first
    assert bool(story.flights) == bool(expected.first)
    assert {warning.code for warning in story.warnings} == expected.codes
    assert bool(story.dates) == expected.dated
    assert all(flight.reasons for flight in story.flights)
    if expected.dated:
        assert story.dates[0].reading.date.isoformat() == CASES[case]["dates"]


def test_the_five_dates_make_one_story(make_mark: MakeMark, table: FlightTable) -> None:
    dates = [CASES[f"five-dates-{number}"]["dates"] for number in range(1, 6)]
    story = explain([make_mark("Mir", date) for date in dates], table)
    assert story.outcome is Outcome.IDENTIFIED
    assert [flight.flight for flight in story.flights[:5]] == [
        "Soyuz TM-24",
        "STS-79",
        "STS-81",
        "Soyuz TM-25",
        "Soyuz TM-24",
    ]
    assert [date.mark for date in story.dates] == [0, 1, 2, 3, 4]
    told = " ".join(story.story)
    assert "Inferred: it came up on Soyuz TM-24" in told
    assert "Stamped again on the days of STS-79" in told
    assert "Inferred: it came down on Soyuz TM-24, which left on the last date." in told


def test_the_other_spacewalk_of_the_spk_tests_comes_out_likewise(make_mark: MakeMark, table: FlightTable) -> None:
    story = explain([make_mark("Mir", "1990-02-05")], table)
    assert story.outcome is Outcome.NO_EVENT
    assert story.flights[0].event is EventKind.EVA
