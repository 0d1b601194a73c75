"""The summary says what matters, fits its width, and shows no control character of a file."""

from dataclasses import replace

import pytest
from example_reports import FAILED, MARK, REPORT, TWO_DATES

from postmark_id.models import Expectation, Kind, Outcome, ScanReport, Side
from postmark_id.outputs.contract import report_json
from postmark_id.outputs.text import summary


def test_a_summary_names_flight_date_mark_reasons_people_and_warnings():
    text = " ".join(summary(report_json(REPORT)).split())
    for words in (
        "Flight identified", "Soyuz TM-25: docking, Mir", "12 Feb 1997, 15:51 UTC",
        "the day of the mark of 12 Feb 1997",
        "board postmark",
        "struck on board", "'12.02.97'", "13 Feb 1997", "МИР", "eight sides", "Korzun, Kaleri", "warning wrong-year",
        "The cover was aboard.", "nothing about authenticity", "to 13 Feb 1997", "mir-octagon",
    ):  # fmt: skip
        assert words in text


@pytest.mark.parametrize("answer", ["agree", "disagree", "can't tell"])
def test_every_answer_on_an_expected_flight_is_shown_with_its_reason(answer):
    expected = Expectation("Soyuz TM-25", answer, "No date of an on-board mark was read.")
    text = " ".join(summary(report_json(replace(REPORT, expectation=expected))).split())
    assert f"Expected Soyuz TM-25: {answer}. No date of an on-board mark was read." in text
    assert "Expected" not in summary(report_json(REPORT))


@pytest.mark.parametrize("width", [20, 40, 60, 80, 120])
def test_no_line_is_wider_than_asked_and_forty_is_the_least(width):
    long = replace(REPORT, story=("Words that go on and on until the line is full. " * 4,), path="a b " * 40)
    assert max(len(line) for line in summary(report_json(long), width=width).splitlines()) <= max(40, width)


@pytest.mark.parametrize("outcome", [o for o in Outcome if o is not Outcome.ERROR])
def test_every_outcome_has_a_headline(outcome):
    text = summary(report_json(ScanReport("a.jpg", 1, "", 9, 9, None, outcome)))
    assert text.splitlines()[0] == "a.jpg#2"
    assert len(text.splitlines()) >= 2


def test_the_other_side_is_mentioned_only_where_it_was_not_looked_at():
    for outcome, words in ((Outcome.DATE_UNREAD, "the other side"), (Outcome.NO_MARK, "on this side")):
        one = ScanReport("a.jpg", 0, "", 9, 9, None, outcome)
        assert words in summary(report_json(one))
        assert words not in summary(report_json(replace(one, back=Side("b.jpg"))))


def test_flights_of_two_dates_go_together_and_those_of_one_date_rival_each_other():
    lines = [line.strip() for line in summary(report_json(TWO_DATES)).splitlines()]
    told = [line.split(":")[0] for line in lines if line in ("and", "or", "with") or line[:5] in ("Soyuz", "Progr")]
    assert told == ["Soyuz TM-24", "or", "Progress M-32", "and", "Soyuz TM-25", "with", "Soyuz TM-25"]


def test_what_keeps_a_date_open_is_the_headline_and_is_said_once():
    text = " ".join(summary(report_json(TWO_DATES)).split())
    assert "Left open. 1996-08-19 stays open. It is worn." in text
    assert text.count("It is worn.") == 1
    assert "The cover was aboard." in text


def test_a_failed_scan_says_cause_and_remedy():
    text = summary(report_json(FAILED))
    assert "empty-file: b.jpg: empty" in text
    assert "rescan" in text


def test_control_characters_are_shown_and_not_obeyed():
    nasty = replace(REPORT, path="a\x1b[31m\r\u202e\udcff.jpg", marks=(replace(MARK, text=("\x1b]0;title\x07",)),))
    text = summary(report_json(nasty))
    assert not any(c in text for c in "\x1b\x07\r\u202e\udcff")
    assert "\\x1b[31m" in text


def test_colour_changes_nothing_but_colour():
    import re

    document = report_json(REPORT)
    assert re.sub(r"\x1b\[\d+m", "", summary(document, colour=True)) == summary(document)
    assert "\x1b[" in summary(document, colour=True)


def test_a_ground_cancel_and_a_mark_of_the_back_are_called_so():
    marks = (replace(MARK, kind=Kind.GROUND_CANCEL, on_board=False), replace(MARK, side="back"))
    text = " ".join(summary(report_json(replace(REPORT, marks=marks)), width=120).split())
    assert "ground cancel, octagon, Mir, struck on the ground" in text
    assert "on the back" in text
