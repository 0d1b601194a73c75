"""What is said of a cover, on covers built by hand whose mistakes are known."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from labelled import Cover, Trap
from mistakes import Kind, badness, mistakes

from postmark_id.evaluate import Truth, judge
from postmark_id.evaluate.truth import TrueDate, TrueFlight, TrueMark
from postmark_id.geometry import regular_polygon
from postmark_id.models import (
    BoardDate,
    DateReading,
    EventKind,
    FlightMatch,
    Mark,
    Outcome,
    Outline,
    ScanReport,
    Shape,
    Station,
)
from postmark_id.models import Kind as MarkKind
from postmark_id.settings import EvaluateSettings

DAY, OTHER_DAY, GROUND_DAY = dt.date(1997, 2, 12), dt.date(1996, 8, 19), dt.date(1997, 2, 10)
SEAL_AT, POSTMARK_AT, CANCEL_AT, BARE_AT = (100.0, 100.0), (300.0, 100.0), (500.0, 100.0), (700.0, 100.0)
SETTINGS = EvaluateSettings()


def outline(shape, at):
    return regular_polygon(at, 50.0, shape.sides or 36, 0.0)


def found(shape, at, *, score=0.9, date=None, **fields):
    fields = {"on_board": True, "station": Station.MIR} | fields
    reading = DateReading(date, 0.9, "") if date else None
    return Mark(MarkKind.UNKNOWN, Outline(shape, at, 50.0, 0.0, outline(shape, at)), score, date=reading, **fields)


def dated(mark, number, **changes):
    assert mark.date is not None
    return BoardDate(replace(mark.date, **changes), number)


SEAL = TrueMark(Shape.OCTAGON, outline(Shape.OCTAGON, SEAL_AT), True, Station.MIR)
POSTMARK = TrueMark(Shape.CIRCLE, outline(Shape.CIRCLE, POSTMARK_AT), True, Station.MIR, date=TrueDate(DAY))
CANCEL = TrueMark(Shape.CIRCLE, outline(Shape.CIRCLE, CANCEL_AT), False, date=TrueDate(GROUND_DAY))
FLIGHTS = (TrueFlight("Soyuz TM-25", EventKind.DOCKING, DAY),)
COVER = Cover(Path("a.jpg"), Truth("set/a.jpg", (SEAL, POSTMARK, CANCEL), FLIGHTS, Outcome.IDENTIFIED, 0.45))

SEEN_SEAL = found(Shape.OCTAGON, SEAL_AT)
SEEN_POSTMARK = found(Shape.CIRCLE, POSTMARK_AT, date=DAY)
SEEN_CANCEL = found(Shape.CIRCLE, CANCEL_AT, on_board=False, station=None, date=GROUND_DAY)
MATCH = FlightMatch("Soyuz TM-25", Station.MIR, EventKind.DOCKING, "1997-02-12T15:51Z", DAY, 0, 0.9)


def report(*marks, outcome=Outcome.AMBIGUOUS, flights=(MATCH,)):
    """A report that counts every date of a mark from on board."""
    dates = tuple(dated(mark, k) for k, mark in enumerate(marks) if mark.on_board and mark.date)
    return ScanReport("a.jpg", 0, "", 800, 200, None, outcome, tuple(marks), dates, tuple(flights))


RIGHT = report(SEEN_SEAL, SEEN_POSTMARK, SEEN_CANCEL)


def said(result, cover=COVER):
    return [(mistake.kind, mistake.words) for mistake in mistakes(cover, result, SETTINGS)]


def test_nothing_is_said_of_a_cover_on_which_all_is_right() -> None:
    assert said(RIGHT) == []
    assert said(replace(RIGHT, outcome=Outcome.IDENTIFIED)) == []


def test_leaving_a_mark_open_is_no_mistake_but_its_lost_date_is() -> None:
    result = report(SEEN_SEAL, replace(SEEN_POSTMARK, on_board=None), SEEN_CANCEL)
    assert said(result) == [
        (Kind.MISSED_DATE, "12 Feb 1997 was read and not counted: its mark was left open"),
    ]


CASES = {
    "a seal missed": (
        report(SEEN_POSTMARK, SEEN_CANCEL),
        [(Kind.MISSED_SEAL, "Mir octagon missed, 100% of it visible")],
    ),
    "a seal given to the ground": (
        report(replace(SEEN_SEAL, on_board=False), SEEN_POSTMARK, SEEN_CANCEL),
        [(Kind.MISSED_SEAL, "Mir octagon taken for a mark of the ground")],
    ),
    "a seal of another shape": (
        report(found(Shape.PENTAGON, SEAL_AT), SEEN_POSTMARK, SEEN_CANCEL),
        [(Kind.WRONG_SHAPE, "Mir octagon taken for a pentagon seal (0.90)")],
    ),
    "a seal far off": (
        report(found(Shape.OCTAGON, (145.0, 100.0)), SEEN_POSTMARK, SEEN_CANCEL),
        [(Kind.MISSED_SEAL, "outline of Mir octagon far off")],
    ),
    "a seal where none is": (
        report(SEEN_SEAL, SEEN_POSTMARK, SEEN_CANCEL, found(Shape.PENTAGON, BARE_AT)),
        [(Kind.FALSE_SEAL, "a pentagon seal claimed where nothing is (0.90)")],
    ),
    "a round mark where none is": (
        report(SEEN_SEAL, SEEN_POSTMARK, SEEN_CANCEL, found(Shape.CIRCLE, BARE_AT)),
        [(Kind.FALSE_ROUND, "a round mark claimed where nothing is (0.90)")],
    ),
    "a seal of another station": (
        report(replace(SEEN_SEAL, station=Station.ISS), SEEN_POSTMARK, SEEN_CANCEL),
        [(Kind.WRONG_STATION, "Mir octagon taken for one of ISS")],
    ),
    "a postmark missed with its date": (
        report(SEEN_SEAL, SEEN_CANCEL),
        [
            (Kind.MISSED_POSTMARK, "Mir postmark missed, 100% of it visible"),
            (Kind.MISSED_DATE, "12 Feb 1997 lost with its mark"),
        ],
    ),
    "a cancel missed": (
        report(SEEN_SEAL, SEEN_POSTMARK),
        [(Kind.MISSED_CANCEL, "ground cancel missed, 100% of it visible")],
    ),
    "a date not read": (
        report(SEEN_SEAL, replace(SEEN_POSTMARK, date=None), SEEN_CANCEL),
        [(Kind.MISSED_DATE, "12 Feb 1997 not read")],
    ),
    "a date misread is no false date as well": (
        report(SEEN_SEAL, found(Shape.CIRCLE, POSTMARK_AT, date=OTHER_DAY), SEEN_CANCEL),
        [(Kind.MISREAD_DATE, "12 Feb 1997 read as 19 Aug 1996 (0.90)")],
    ),
    "a date read in a seal without one": (
        report(replace(SEEN_SEAL, date=DateReading(OTHER_DAY, 0.9, "")), SEEN_POSTMARK, SEEN_CANCEL),
        [(Kind.FALSE_DATE, "19 Aug 1996 read inside the Mir octagon, which has no date (0.90)")],
    ),
    "a cancel taken for a postmark, with its date": (
        report(SEEN_SEAL, SEEN_POSTMARK, replace(SEEN_CANCEL, on_board=True)),
        [
            (Kind.FALSE_DATE, "10 Feb 1997, the date of a ground cancel, counted (0.90)"),
            (Kind.WRONG_PLACE, "ground cancel taken for a board postmark"),
        ],
    ),
    "another flight first": (
        report(SEEN_SEAL, SEEN_POSTMARK, SEEN_CANCEL, flights=[replace(MATCH, flight="Progress M-33")]),
        [(Kind.WRONG_FLIGHT, "names Progress M-33 first, not Soyuz TM-25")],
    ),
    "another flight, and sure of it": (
        report(
            SEEN_SEAL, SEEN_POSTMARK, SEEN_CANCEL, outcome=Outcome.IDENTIFIED,
            flights=[replace(MATCH, flight="Progress M-33")],
        ),
        [(Kind.WRONG_ANSWER, "sure and wrong: names Progress M-33; it is Soyuz TM-25")],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("result", "expected"), CASES.values(), ids=CASES.keys())
def test_a_mistake_is_said_in_plain_words_and_no_other_with_it(result, expected) -> None:
    assert said(result) == expected


@pytest.mark.parametrize("result", [RIGHT, *(result for result, _ in CASES.values())])
def test_the_mistakes_are_those_that_evaluate_counts(result) -> None:
    kinds = [kind for kind, _ in said(result)]
    counted = judge(COVER.truth, result, SETTINGS)
    confused = kinds.count(Kind.WRONG_SHAPE)
    off = sum("far off" in words for _, words in said(result))
    assert counted.seals.missed == kinds.count(Kind.MISSED_SEAL) + confused
    assert counted.seals.false == kinds.count(Kind.FALSE_SEAL) + confused + off
    assert counted.round_marks.missed == kinds.count(Kind.MISSED_POSTMARK) + kinds.count(Kind.MISSED_CANCEL)
    assert counted.round_marks.false == kinds.count(Kind.FALSE_ROUND)
    assert counted.board_or_ground.wrong == kinds.count(Kind.WRONG_PLACE)
    assert counted.seal_stations.wrong == kinds.count(Kind.WRONG_STATION)
    assert counted.dates.legible - counted.dates.read == kinds.count(Kind.MISSED_DATE) + kinds.count(Kind.MISREAD_DATE)
    assert counted.dates.false == kinds.count(Kind.FALSE_DATE) + kinds.count(Kind.MISREAD_DATE)
    assert len(counted.flights.wrong) == kinds.count(Kind.WRONG_ANSWER)


def test_a_trap_is_named_where_a_seal_or_a_date_was_claimed() -> None:
    traps = (Trap("hexagon-cachet", (650, 50, 100, 100)), Trap("address-date", (150, 80, 60, 20), "19.08.96"))
    line = ((155.0, 82.0), (205.0, 82.0), (205.0, 98.0), (155.0, 98.0))
    seal = replace(SEEN_SEAL, date=DateReading(OTHER_DAY, 0.8, "", "beside", quad=line))
    result = report(seal, SEEN_POSTMARK, SEEN_CANCEL, found(Shape.OCTAGON, BARE_AT, score=0.6))
    assert said(result, replace(COVER, traps=traps)) == [
        (Kind.FALSE_SEAL, "hexagon cachet taken for an octagon seal (0.60)"),
        (Kind.FALSE_DATE, "19 Aug 1996 in the print taken for a mark's date (0.80)"),
    ]


def test_sure_claims_weigh_more_than_doubtful_ones_and_a_wrong_answer_most() -> None:
    claims = {score: report(*RIGHT.marks, found(Shape.PENTAGON, BARE_AT, score=score)) for score in (0.55, 0.95)}
    doubtful, sure = (badness(mistakes(COVER, claims[score], SETTINGS)) for score in (0.55, 0.95))
    wrong, missed = (badness(mistakes(COVER, CASES[name][0], SETTINGS)) for name in (
        "another flight, and sure of it", "a seal missed",
    ))  # fmt: skip
    assert 0 < doubtful < missed < sure < wrong


def test_a_hardly_visible_mark_is_not_held_against_the_program() -> None:
    faint = replace(COVER, truth=replace(COVER.truth, marks=(replace(SEAL, visible=0.2), POSTMARK, CANCEL)))
    assert said(report(SEEN_POSTMARK, SEEN_CANCEL), faint) == []


def test_a_picture_that_cannot_be_read_is_one_mistake() -> None:
    error = replace(RIGHT, outcome=Outcome.ERROR, marks=(), dates=(), error=("bad", "a.jpg: cut short", ""))
    assert said(error) == [(Kind.NOT_READ, "a.jpg: cut short")]
