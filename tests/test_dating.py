"""What the looks at one mark say together, and what is left out before reading."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from postmark_id.dates.grammar import Window
from postmark_id.dates.strips import turned_about
from postmark_id.dates.trueing import TrueLine
from postmark_id.dating import Dater, _Line, _settled, _Side
from postmark_id.geometry import regular_polygon
from postmark_id.ink import lay_out
from postmark_id.models import DateCandidate, DateReading, Outline, Scan, Shape
from postmark_id.settings import DateSettings, Settings
from postmark_id.trace import Trace

SETTINGS = DateSettings()
DAY = dt.date(1997, 2, 12)


def reading(text: str, score: float, date: dt.date = DAY) -> DateReading:
    return DateReading(date, score, text)


def test_no_reading_settles_nothing() -> None:
    assert _settled([], SETTINGS) is None


def test_a_second_look_that_reads_the_same_makes_surer() -> None:
    alone = _settled([reading("12.02.97", 0.8)], SETTINGS)
    both = _settled([reading("12.02.97", 0.8), reading("12 02 97", 0.7)], SETTINGS)
    assert alone is not None
    assert both is not None
    assert alone.score == pytest.approx(0.8)
    assert both.score > alone.score
    assert both.date == DAY


def test_a_second_look_that_reads_another_date_makes_less_sure_and_stays_an_alternative() -> None:
    other = reading("12.02.91", 0.6, dt.date(1991, 2, 12))
    settled = _settled([reading("12.02.97", 0.9), other], SETTINGS)
    assert settled is not None
    assert settled.date == DAY
    assert settled.score < 0.75
    assert settled.alternatives[0].date == other.date


def test_no_rival_overtakes_the_reading_that_it_makes_less_sure() -> None:
    rival = reading("12.02.91", 0.5, dt.date(1991, 2, 12))
    settled = _settled([reading("12.02.97", 0.51), rival], SETTINGS)
    assert settled is not None
    assert settled.date == DAY
    assert settled.alternatives[0].date == rival.date
    assert settled.alternatives[0].score < settled.score


def test_a_fragment_gives_way_to_the_whole_line_and_speaks_for_it() -> None:
    fragment = reading("4.12.17", 0.95, dt.date(2017, 12, 4))
    whole = reading("14.12.17", 0.7, dt.date(2017, 12, 14))
    settled = _settled([fragment, whole], SETTINGS)
    assert settled is not None
    assert settled.date == whole.date
    assert settled.score == pytest.approx(1.0 - 0.3 * (1.0 - 0.95 * SETTINGS.agreement))


@pytest.mark.parametrize(
    ("piece", "gives_way"), [("6 01 20", True), ("16 01 20", True), ("1996 07", True), ("16 07 20", False)]
)
def test_a_line_that_was_cut_off_through_a_figure_gives_way_too(piece: str, gives_way: bool) -> None:
    whole = replace(reading("1996 01 20", 0.6, dt.date(1996, 1, 20)), quad=None)
    settled = _settled([reading(piece, 0.7, dt.date(2020, 1, 16)), whole], SETTINGS)
    assert settled is not None
    assert (settled.date == whole.date) is gives_way


def test_a_date_among_words_stands_where_a_line_reads_it_too() -> None:
    quad = ((0.0, 0.0), (100.0, 0.0), (100.0, 20.0), (0.0, 20.0))
    lines = [replace(reading("12.02.97", score), quad=tuple(reversed(quad))) for score in (0.3, 0.2)]
    settled = _settled([reading("12.02.97", 0.8), replace(lines[0], quad=quad), lines[1]], SETTINGS)
    assert settled is not None
    assert settled.quad == quad


def test_a_fragment_stays_where_the_longer_reading_is_hardly_believed() -> None:
    fragment = reading("4.12.17", 0.95, dt.date(2017, 12, 4))
    settled = _settled([fragment, reading("14.12.17", 0.1, dt.date(2017, 12, 14))], SETTINGS)
    assert settled is not None
    assert settled.date == fragment.date


def test_what_the_looks_held_possible_is_listed_once_with_its_best_score() -> None:
    maybe = DateCandidate(dt.date(1997, 2, 13), 0.2, "13.02.97")
    first = replace(reading("12.02.97", 0.7), alternatives=(maybe,))
    second = replace(reading("12 02 97", 0.6), alternatives=(replace(maybe, score=0.4),))
    settled = _settled([first, second], SETTINGS)
    assert settled is not None
    assert [c.date for c in settled.alternatives] == [maybe.date]


@pytest.mark.parametrize(
    ("struck", "ink", "score"),
    [
        (0.05, (1.0, 1.0), None),
        (0.2, (1.0, 1.0), 0.54),
        (0.6, (1.0, 1.0), 0.9),
        (0.6, (0.8, 1.0), 0.54),
        (0.6, (1.0, 3.0), 0.27),
    ],
)
def test_a_line_beside_a_seal_counts_less_where_it_may_be_print_and_not_at_all_where_it_is(
    monkeypatch: pytest.MonkeyPatch, struck: float, ink: tuple[float, float], score: float | None
) -> None:
    quad = ((0.0, 0.0), (100.0, 0.0), (100.0, 20.0), (0.0, 20.0))
    monkeypatch.setattr("postmark_id.dating.trued", lambda _pixels, quads: [TrueLine(q, 0.9, struck) for q in quads])
    monkeypatch.setattr("postmark_id.dating.compared", lambda *_: ink)
    dater = Dater.__new__(Dater)
    dater.settings, dater.window, dater.window_of_seals = Settings(), Window(), Window()
    dater.reader = FixedReader()
    outline = Outline(Shape.OCTAGON, (50.0, 100.0), 40.0, 0.0, regular_polygon((50.0, 100.0), 40.0, 8, 0.0))
    side = _Side(SCAN, SHEET, [SimpleNamespace(outline=outline, ink=None)], [], [], [[]], Trace(), SETTINGS)
    dater._read(side, dater._trued(side, [_Line(quad, 0, "beside")]))
    assert [pytest.approx(one.score) for one in side.readings[0]] == ([] if score is None else [score])
    if score is not None:  # another look at the same line, turned about, counts no more
        side.add(0, replace(reading("12.02.97", 0.9), quad=turned_about(quad)))
        assert side.readings[0][1].score == pytest.approx(score)
    assert side.best(0) == (0.0 if score is None else 0.9), "a plain date is plain, whosever it is"


SCAN = Scan(np.full((200, 200, 3), 255, np.uint8), "x")
SHEET = lay_out(SCAN, Settings().ink)


class FixedReader:
    """Reads the same date in every line."""

    def read_lines(self, _pixels: object, quads: list, _windows: object, _places: object) -> list[DateReading]:
        return [replace(reading("12.02.97", 0.9), quad=quad) for quad in quads]
