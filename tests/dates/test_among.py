"""Dates are found between the words of a row, and figures that are none are not taken for one."""

import datetime as dt

import numpy as np
import pytest

from postmark_id.dates.alphabet import SYMBOLS, fold
from postmark_id.dates.among import bare, has_figures, is_cut_off, pieces
from postmark_id.dates.engines import Reading
from postmark_id.dates.grammar import parse
from postmark_id.dates.reader import DateReader


def by_characters(text: str) -> Reading:
    return Reading(text, 1.0, tuple((symbol, 1.0) for symbol in text))


def by_lattice(text: str, blurred: float = 0.0) -> Reading:
    """Every symbol for two steps with a blank behind; letters are as blurred as is wished, figures sharp."""
    rows = np.zeros((3 * len(text), 1 + len(SYMBOLS)), np.float32)
    for k, symbol in enumerate(text):
        rows[3 * k : 3 * k + 2, SYMBOLS.index(symbol) + 1] = 1.0
        rows[3 * k + 2, 0] = 1.0
        if symbol.isalpha():
            other = SYMBOLS.index("W") + 1
            rows[3 * k : 3 * k + 2] *= 1.0 - blurred
            rows[3 * k : 3 * k + 2, other] += blurred
    return Reading(text, 1.0, lattice=rows)


def dates(row: Reading) -> list[dt.date]:
    return [parse(piece)[0].date for piece in pieces(row) if parse(piece)]


@pytest.mark.parametrize("reading", [by_characters, by_lattice])
@pytest.mark.parametrize(
    ("row", "day"),
    [
        ("VILNIUS 1996 01 20 PREMIER JOUR", dt.date(1996, 1, 20)),
        ("S-GRAVENHAGE 21 APRIL 1964", dt.date(1964, 4, 21)),
        ("23.VII.1935 SPAŁA", dt.date(1935, 7, 23)),
        ("МОСКВА К-9 * 18.06.81", dt.date(1981, 6, 18)),
    ],
)
def test_a_date_between_words_is_read(reading, row, day):
    assert day in dates(reading(fold(row)))


@pytest.mark.parametrize("reading", [by_characters, by_lattice])
@pytest.mark.parametrize(
    "row", ["МОСКВА 103001 ПОЧТАМТ", "ПОЧТА СССР", "50 JAHRE", "СОЮЗ ТМ-24", "BOX 12 OF 365 WOOD PENCILS 1998", ""]
)
def test_figures_among_words_that_are_no_date_are_left(reading, row):
    assert dates(reading(fold(row))) == []


def test_words_as_blurred_as_may_be_take_nothing_from_a_date():
    row = by_lattice("KALININGRAD 12.04.88 GAGARIN", blurred=0.4)
    (piece,) = pieces(row)
    assert parse(piece)[0].score > 0.9 > 10 * max((found.score for found in parse(row)), default=0.0)


def test_what_stands_for_words_is_not_shown():
    reader = DateReader.open("own")
    (date,) = reader.dates_among([(by_lattice("KALININGRAD 12.04.88 GAGARIN"),)])
    assert (date.text, date.date, date.place) == ("12.04.88", dt.date(1988, 4, 12), "inside")
    assert 0.85 * reader.settings.among_words < date.score <= reader.settings.among_words
    assert bare("Ш 12.04.88 Ш") == "12.04.88"


@pytest.mark.parametrize(
    ("text", "enough"), [("NIUS 1996 0120", True), ("20HNU01", True), ("120HNU", False), ("", False)]
)
def test_a_row_with_four_figures_may_bear_a_date(text: str, enough: bool) -> None:
    assert has_figures(by_characters(text)) is enough


@pytest.mark.parametrize(
    ("text", "cut_off"),
    [("09.2002", True), ("04.2011 P", True), ("1996 012", True), ("ESTI-12.09.1996", True),
     ("GOMEL 12.09.96 BELARUS", False), ("POZNAN 2", False), ("", False)],
)  # fmt: skip
def test_a_row_that_figures_begin_or_end_may_be_cut_off(text: str, cut_off: bool) -> None:
    assert is_cut_off(by_characters(text)) is cut_off
