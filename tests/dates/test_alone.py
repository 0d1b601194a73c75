"""A loose date is told from one in print by what else stands in its line."""

import datetime as dt

import pytest

from postmark_id.dates.alone import REACH, completed, followed, in_print
from postmark_id.dates.engines import Reading
from postmark_id.dates.grammar import ParsedDate
from postmark_id.geometry import as_array, regular_polygon, turned_rectangle
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


@pytest.mark.parametrize(
    ("line", "printed"),
    [
        ("12.07.24", False),
        ("2119.04-25", False),
        ("07 MAЯ 1991", False),
        ("29 CEHTЯБPЯ 1990", False),
        ("27 АПРЕЛЯ 2004", False),
        ("3 МАРТА 1995", False),
        ("POSTFACH 12 04 87", True),
        ("27 ИЮЛЯ 1982 Г.", True),
        ("27 ИЮЛЯ 1982", False),
        ("N 040203", True),
        ("NO. 12.07.24", True),
    ],
)
def test_words_and_number_signs_tell_print(line: str, printed: bool) -> None:
    assert in_print(Reading(line, 0.9)) is printed


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
