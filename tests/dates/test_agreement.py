"""Marks of one cover that bear one date help each other; two readings of one line don't."""

from __future__ import annotations

import datetime as dt

import pytest

from postmark_id.dates.agreement import agreed
from postmark_id.models import DateCandidate, DateReading, Quad
from postmark_id.settings import DateSettings

TRUE, WRONG = dt.date(1996, 9, 9), dt.date(1996, 9, 3)
HERE: Quad = ((0, 0), (100, 0), (100, 20), (0, 20))
THERE: Quad = ((400, 0), (500, 0), (500, 20), (400, 20))


def _reading(
    date: dt.date, score: float, other: dt.date | None = None, second: float = 0.0, quad: Quad = HERE
) -> DateReading:
    rest = (DateCandidate(other, second, str(other)),) if other else ()
    return DateReading(date, score, str(date), alternatives=rest, until=dt.date(1996, 9, 30), quad=quad)


def _agreed(*readings: DateReading | None) -> list[DateReading | None]:
    return agreed(readings, DateSettings())


def test_a_sure_mark_decides_between_the_candidates_of_a_doubtful_one() -> None:
    doubtful, sure = _agreed(_reading(WRONG, 0.5, TRUE, 0.3), _reading(TRUE, 0.95, quad=THERE))
    assert doubtful is not None
    assert sure is not None
    assert (doubtful.date, doubtful.text, doubtful.until) == (TRUE, str(TRUE), None)
    assert [one.date for one in doubtful.alternatives] == [WRONG]
    assert doubtful.score > 0.75
    assert sure.date == TRUE


def test_two_doubtful_marks_with_one_date_are_surer_together() -> None:
    for one in _agreed(_reading(TRUE, 0.2), _reading(TRUE, 0.25, WRONG, 0.1, quad=THERE)):
        assert one is not None
        assert one.date == TRUE
        assert 0.3 < one.score < 0.9


def test_scores_stay_between_nothing_and_one() -> None:
    for one in _agreed(_reading(TRUE, 0.99, WRONG, 0.01), _reading(TRUE, 1.0, quad=THERE)):
        assert one is not None
        assert 0.9 < one.score <= 1.0
        assert one.score + sum(c.score for c in one.alternatives) == pytest.approx(1.0, abs=0.01)


def test_two_readings_of_one_line_are_one_witness() -> None:
    readings = (_reading(WRONG, 0.5, TRUE, 0.3), _reading(TRUE, 0.95))
    assert _agreed(*readings) == list(readings)


@pytest.mark.parametrize("other", [None, _reading(dt.date(1997, 2, 12), 0.95, quad=THERE)])
def test_marks_with_other_dates_or_none_change_nothing(other: DateReading | None) -> None:
    reading = _reading(WRONG, 0.5, TRUE, 0.3)
    assert _agreed(reading, other) == [reading, other]
