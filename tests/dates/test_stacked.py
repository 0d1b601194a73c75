"""Parts of a date that stand below each other are read as one line."""

import datetime as dt

import numpy as np
import pytest

from postmark_id.dates.alphabet import SYMBOLS
from postmark_id.dates.engines import Reading
from postmark_id.dates.reader import DateReader
from postmark_id.dates.stacked import joined, turned_over


def by_characters(text: str) -> Reading:
    return Reading(text, 0.9, tuple((symbol, 0.99) for symbol in text), engine="other")


def by_lattice(text: str) -> Reading:
    rows = np.zeros((2 * len(text), 1 + len(SYMBOLS)), np.float32)
    for k, symbol in enumerate(text):
        rows[2 * k, SYMBOLS.index(symbol) + 1] = 1.0
        rows[2 * k + 1, 0] = 1.0
    return Reading(text, 0.9, lattice=rows, engine="own")


class Spelling:
    """An engine that spells the strips by their widths: strips of a column stand for the texts in their order."""

    def __init__(self, read, texts: list[str]) -> None:
        self.name = "own"
        self.read_one, self.texts = read, texts

    def read(self, strips):
        return [self.read_one(self.texts[strip.shape[1] - WIDTH]) for strip in strips]


WIDTH = 40


def strips_for(texts: list[str]) -> list[np.ndarray]:
    return [np.full((40, WIDTH + k), 255, np.uint8) for k in range(len(texts))]


@pytest.mark.parametrize("read", [by_characters, by_lattice])
@pytest.mark.parametrize(
    ("lines", "day"),
    [
        (["JUL 31", "2014"], dt.date(2014, 7, 31)),
        (["20", "III", "1971"], dt.date(1971, 3, 20)),
        (["18", "MAR", "85"], dt.date(1985, 3, 18)),
        (["AM", "OCT", "25", "1984"], dt.date(1984, 10, 25)),
        (["7 III", "Ш", "2009"], dt.date(2009, 3, 7)),
    ],
)
def test_a_date_in_lines_below_each_other_is_read(read, lines, day):
    reader = DateReader(Spelling(read, lines))
    date = max(reader.dates_in_columns([strips_for(lines)]), key=lambda date: date.score)
    assert date.date == day
    assert date.score > 0.5
    assert (date.place, date.quad) == ("inside", None)


@pytest.mark.parametrize("read", [by_characters, by_lattice])
@pytest.mark.parametrize("lines", [["MIR", "1986"], ["32", "1971"]])
def test_lines_that_are_no_date_are_left(read, lines):
    assert DateReader(Spelling(read, lines)).dates_in_columns([strips_for(lines)]) == []


def test_a_column_read_in_several_ways_counts_once():
    lines = ["20", "III", "1971"]
    reader = DateReader(Spelling(by_lattice, lines))
    assert reader.dates_in_columns([strips_for(lines)] * 3) == reader.dates_in_columns([strips_for(lines)])


def test_a_column_turned_over_begins_with_what_was_its_end():
    first, last = np.arange(6, dtype=np.uint8).reshape(2, 3), np.zeros((2, 5), np.uint8)
    end, begin = turned_over([first, last])
    assert end.shape == last.shape
    np.testing.assert_array_equal(begin, [[5, 4, 3], [2, 1, 0]])


def test_joined_lines_keep_what_was_read_and_are_no_surer_than_the_least_sure():
    one = joined([by_lattice("AUG 16"), by_lattice("1983")])
    assert (one.text, one.score, one.engine) == ("AUG 16 1983", 0.9, "own")
    assert one.lattice is not None
    assert len(one.lattice) == 2 * len("AUG 16") + 2 * len("1983") + 3
    assert joined([by_characters("1983")]).chars == by_characters("1983").chars
