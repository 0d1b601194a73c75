"""Parts of a date that stand below each other are read as one line."""

import datetime as dt

import numpy as np
import pytest

from postmark_id.dates.alphabet import SYMBOLS
from postmark_id.dates.engines import Reading
from postmark_id.dates.reader import DateReader
from postmark_id.dates.stacked import joined


def by_characters(text: str) -> Reading:
    return Reading(text, 0.9, tuple((symbol, 0.99) for symbol in text), engine="other")


def by_lattice(text: str) -> Reading:
    rows = np.zeros((2 * len(text), 1 + len(SYMBOLS)), np.float32)
    for k, symbol in enumerate(text):
        rows[2 * k, SYMBOLS.index(symbol) + 1] = 1.0
        rows[2 * k + 1, 0] = 1.0
    return Reading(text, 0.9, lattice=rows, engine="own")


@pytest.mark.parametrize("read", [by_characters, by_lattice])
@pytest.mark.parametrize(
    ("lines", "day"),
    [
        (("JUL 31", "2014"), dt.date(2014, 7, 31)),
        (("20", "III", "1971"), dt.date(1971, 3, 20)),
        (("18", "MAR", "85"), dt.date(1985, 3, 18)),
    ],
)
def test_a_date_in_lines_below_each_other_is_read(read, lines, day):
    (date,) = DateReader.open("own").dates_below([[read(line) for line in lines]])
    assert date.date == day
    assert date.score > 0.5
    assert (date.place, date.quad) == ("inside", None)


@pytest.mark.parametrize("read", [by_characters, by_lattice])
def test_lines_that_are_no_date_are_left(read):
    assert DateReader.open("own").dates_below([[read("MIR"), read("1986")], [read("32"), read("1971")]]) == []


def test_joined_lines_keep_what_was_read_and_are_no_surer_than_the_least_sure():
    one = joined([by_lattice("AUG 16"), by_lattice("1983")])
    assert (one.text, one.score, one.engine) == ("AUG 16 1983", 0.9, "own")
    assert one.lattice is not None
    assert len(one.lattice) == 2 * len("AUG 16") + 2 * len("1983") + 3
    assert joined([by_characters("1983")]).chars == by_characters("1983").chars
