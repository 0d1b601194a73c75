"""What people are told of a result is true of that result."""

from dataclasses import replace

import pytest
from example_reports import MARK, READING, REPORT

from postmark_id.models import Kind, Notice, Outcome, Side
from postmark_id.outputs.contract import report_json
from postmark_id.outputs.words import OUTCOMES, distance, mark_look, mark_name, mark_shape, struck, why

GROUND = replace(MARK, kind=Kind.GROUND_CANCEL, on_board=False)
EMBLEM = replace(MARK, kind=Kind.UNKNOWN, on_board=False)
UNKNOWN = replace(MARK, kind=Kind.UNKNOWN, on_board=None)


@pytest.mark.parametrize(
    ("marks", "words"),
    [
        ((), "No postmark or seal was seen on this side."),
        ((GROUND,), "Only a ground cancel was seen."),
        ((GROUND, GROUND), "Only 2 ground cancels were seen."),
        ((EMBLEM,), "Only a printed emblem or club stamp was seen."),
        ((EMBLEM, EMBLEM), "Only 2 printed emblems or club stamps were seen."),
        ((GROUND, EMBLEM), "Only a ground cancel and a printed emblem or club stamp were seen."),
        ((UNKNOWN,), "Seen: 1 mark of which it can't be told whether it was struck aboard."),
        ((UNKNOWN,) * 2, "Seen: 2 marks of which it can't be told whether they were struck aboard."),
        (
            (GROUND, UNKNOWN),
            "Seen: a ground cancel, and 1 mark of which it can't be told whether it was struck aboard.",
        ),
    ],
)
def test_a_cover_without_an_on_board_mark_says_what_was_seen(marks, words):
    report = replace(REPORT, outcome=Outcome.NO_MARK, marks=marks, dates=(), flights=())
    assert why(report_json(report)) == words
    assert OUTCOMES["no-mark"] == "no on-board mark found"
    if not marks:
        assert "either side" in why(report_json(replace(report, back=Side("b.jpg"))))


def test_an_emblem_looks_like_what_is_from_the_ground_but_is_not_said_to_be_struck_there():
    marks = report_json(replace(REPORT, marks=(MARK, GROUND, EMBLEM, UNKNOWN)))["marks"]
    assert [struck(mark) for mark in marks] == ["struck on board", "struck on the ground", "not from aboard", None]
    assert [mark_look(mark) for mark in marks] == [MARK.kind, "ground-cancel", "ground-cancel", "unknown"]
    assert mark_name(marks[2]) == "emblem or stamp"
    assert mark_shape(marks[2]) == MARK.shape.spoken


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("outside-limits", "the date in it lies outside the days that you gave."),
        ("outside-station-life", "the date in it lies outside the life of its station."),
        ("faint-date", "the date in it was read too faintly."),
        ("red-pentagon", "no date could be read; it may stand on the other side."),
    ],
)
def test_a_date_that_was_read_and_left_out_is_not_called_unread(code, words):
    report = replace(REPORT, outcome=Outcome.DATE_UNREAD, dates=(), flights=(), warnings=(Notice(code, "words"),))
    assert why(report_json(report)).endswith(words)


@pytest.mark.parametrize(
    ("event_time", "days_off", "words"),
    [
        ("1997-02-12T15:51Z", 0, "the day of the mark of 12 Feb 1997"),
        ("1997-02-12", 0, "the day of the mark of 12 Feb 1997"),
        ("1997-02-11T22:51Z", 0, "in Moscow time the day of the mark of 12 Feb 1997"),
        ("1997-02-11T15:51Z", -1, "1 day before the mark of 12 Feb 1997"),
        ("1997-02-10T22:51Z", -1, "in Moscow time 1 day before the mark of 12 Feb 1997"),
        ("1998-02-12T15:51Z", 365, "365 days after the mark of 12 Feb 1997"),
    ],
)
def test_the_distance_of_an_event_is_told_by_the_time_that_it_is_counted_in(event_time, days_off, words):
    flight = replace(REPORT.flights[0], event_time=event_time, days_off=days_off)
    document = report_json(replace(REPORT, flights=(flight,)))
    assert distance(document["flights"][0], document) == words


def test_a_flight_of_undated_marks_is_at_the_day_of_no_mark():
    undated = report_json(replace(REPORT, marks=(replace(MARK, date=None),), dates=()))
    assert distance(undated["flights"][0], undated) == "from the marks, not from a date"
    hinted = report_json(replace(REPORT, marks=(replace(GROUND, date=READING),), dates=()))
    assert distance(hinted["flights"][0], hinted) == "the day of the mark of 12 Feb 1997"
