"""A loose date is told from one in print by what stands in its line, above and below."""

import datetime as dt
import math

import pytest

from postmark_id.dates.alone import REACH, above_and_below, completed, followed, in_print
from postmark_id.dates.engines import Reading
from postmark_id.dates.grammar import ParsedDate
from postmark_id.geometry import as_array, iou, regular_polygon, turned_rectangle
from postmark_id.models import DateReading

LINE = turned_rectangle((500.0, 300.0), 120.0, 20.0, 0.0)


def test_a_line_is_followed_at_both_ends() -> None:
    corners = as_array(followed(LINE, []))
    assert corners[:, 0].min() == pytest.approx(440.0 - REACH * 20.0)
    assert corners[:, 0].max() == pytest.approx(560.0 + REACH * 20.0)
    assert corners[:, 1].min() == pytest.approx(290.0)


def test_a_line_ends_at_the_next_mark() -> None:
    seal = regular_polygon((380.0, 300.0), 50.0, 8, 22.5)
    corners = as_array(followed(LINE, [seal]))
    assert 426.0 < corners[:, 0].min() <= 440.0
    assert corners[:, 0].max() == pytest.approx(560.0 + REACH * 20.0)


@pytest.mark.parametrize("turn", [0.0, 37.0, 180.0, -90.0])
def test_lines_of_a_block_are_sought_across_the_line(turn: float) -> None:
    line = turned_rectangle((500.0, 300.0), 120.0, 20.0, turn)
    found = above_and_below(line, [])
    assert len(found) == 2
    for other in found:
        assert iou(other, line) == 0.0
        assert math.dist(as_array(other).mean(axis=0), (500.0, 300.0)) == pytest.approx(30.0, abs=0.01)


def test_no_line_of_a_block_is_sought_inside_a_mark() -> None:
    seal = regular_polygon((500.0, 370.0), 60.0, 8, 0.0)
    assert len(above_and_below(LINE, [seal])) == 1


@pytest.mark.parametrize(
    ("line", "others", "printed"),
    [
        ("12.07.24", [], False),
        ("2119.04-25", [("", 0.0)], False),
        ("07 MAЯ 1991", [], False),
        ("29 CEHTЯБPЯ 1990", [], False),
        ("POSTFACH 12 04 87", [], True),
        ("N 040203", [], True),
        ("NO. 12.07.24", [], True),
        ("12.07.24", [("D-8000 MUNCHEN", 0.93)], True),
        ("12.07.24", [("D-8000 MUNCHEN", 0.5)], False),
        ("12.07.24", [("*. 1", 0.95)], False),
    ],
)
def test_words_and_number_signs_tell_print(line: str, others: list[tuple[str, float]], printed: bool) -> None:
    assert in_print(Reading(line, 0.9), [Reading(text, score) for text, score in others]) is printed


def test_a_figure_that_was_cut_off_is_put_back() -> None:
    date = DateReading(dt.date(1985, 9, 5), 0.84, "5 09 85 01", place="beside")
    whole = ParsedDate(dt.date(1985, 9, 25), 0.9, "25 09 85 01")
    found = completed(date, [whole])
    assert (found.date, found.text, found.score) == (whole.date, "25 09 85 01", 0.84)
    assert date.date in {other.date for other in found.alternatives}


@pytest.mark.parametrize(
    "other", [dt.date(2010, 2, 5), dt.date(1985, 9, 24), dt.date(1985, 9, 5), dt.date(1986, 9, 25)]
)
def test_another_date_in_the_line_puts_nothing_back(other: dt.date) -> None:
    date = DateReading(dt.date(1985, 9, 5), 0.84, "5 09 85", place="beside")
    assert completed(date, [ParsedDate(other, 0.9)]) == date
