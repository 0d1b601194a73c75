"""The rows of a date below each other are found by their ink where one of them was seen, and read as one line."""

import datetime as dt
import math

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from postmark_id.dates.reader import DateReader
from postmark_id.geometry import iou, regular_polygon, turned_rectangle
from postmark_id.marks.columns import columns_of
from postmark_id.marks.rows import Row
from postmark_id.marks.struck import Struck
from postmark_id.models import Outline, Shape
from postmark_id.settings import LetteringStrips

SIDE, RADIUS = 400, 190.0
CENTRE = (SIDE / 2, SIDE / 2)
OUTLINE = Outline(Shape.CIRCLE, CENTRE, RADIUS, 0.0, regular_polygon(CENTRE, RADIUS, 0, 0.0))
SETTINGS = LetteringStrips()
FONT = ImageFont.load_default(48)
TALL = 35.0
"""Height of its figures, pixels."""
FAINT = 200
"""Grey of a strip from which something is inked, on a dark stamp, too."""


def struck_with(lines: dict[int, str], *, turned: float = 0.0, ground: float = 0.0, ring: bool = False) -> Struck:
    """The ink of a mark with lines of text, each with its middle at an ordinate."""
    page = Image.new("L", (SIDE, SIDE), 0)
    draw = ImageDraw.Draw(page)
    draw.rectangle((0, 0, SIDE, SIDE // 2 - 20), fill=round(255 * ground))
    for y, text in lines.items():
        draw.text((SIDE / 2, y), text, 255, FONT, anchor="mm")
    if ring:
        draw.ellipse((70, 70, SIDE - 70, SIDE - 70), outline=255, width=4)
    return Struck(np.asarray(page.rotate(-turned, Image.Resampling.BICUBIC), np.float32) / 255, 0.0, 0.0, 1.0)


def row_at(y: float, wide: float, *, turned: float = 0.0, dated: bool = True) -> Row:
    c, s = math.cos(math.radians(turned)), math.sin(math.radians(turned))
    x = np.linspace(-wide / 2, wide / 2, 3)
    down = y - CENTRE[1]
    midline = np.stack([CENTRE[0] + x * c - down * s, CENTRE[1] + x * s + down * c], axis=1)
    return Row(midline, TALL, 0.9, dated=dated, bent=False)


def longest(struck: Struck, *rows: Row) -> np.ndarray:
    return max(strips_of(struck, *rows), key=lambda strip: strip.shape[1])


def strips_of(struck: Struck, *rows: Row) -> list[np.ndarray]:
    return [strip for _, strip in columns_of(struck, OUTLINE, rows, SETTINGS)]


def groups(strip: np.ndarray) -> int:
    """Runs of ink that are parted by at least a quarter of the height, as rows laid beside each other are."""
    inked = np.flatnonzero((strip < FAINT).any(axis=0))
    return 1 + int((np.diff(inked) > SETTINGS.height / 4).sum())


@pytest.mark.parametrize("turned", [0.0, 30.0, 180.0])
@pytest.mark.parametrize("seen", [(140, 60.0), (200, 20.0), (260, 110.0)], ids=["day", "month", "year"])
def test_the_others_of_a_column_are_found_from_any_row(turned, seen):
    struck = struck_with({140: "24", 200: "7", 260: "1986"}, turned=turned)
    strip = longest(struck, row_at(*seen, turned=turned))
    assert strip.shape[0] == SETTINGS.height
    assert groups(strip) == 3


@pytest.mark.parametrize("turned", [0.0, 30.0, 180.0])
def test_it_is_known_where_a_column_lies(turned):
    struck = struck_with({140: "24", 200: "7", 260: "1986"}, turned=turned)
    columns = columns_of(struck, OUTLINE, [row_at(260, 110, turned=turned)], SETTINGS)
    whole = turned_rectangle(CENTRE, 115.0, 155.0, turned)
    assert max(iou(quad, whole) for quad, _ in columns) > 0.85
    assert all(math.dist(quad[0], whole[0]) < math.dist(quad[0], whole[2]) for quad, _ in columns), "the way it reads"


def test_a_column_is_read_from_the_top():
    struck = struck_with({140: "8", 200: "8", 260: "8888"})
    strip = longest(struck, row_at(260, 110))
    middle = strip.shape[1] // 2
    assert (strip[:, :middle] < 128).sum() < (strip[:, middle:] < 128).sum()


def test_rows_with_an_emblem_between_are_tried_together():
    struck = struck_with({140: "24", 200: "O", 260: "86"})
    strips = strips_of(struck, row_at(260, 60))
    assert {groups(strip) for strip in strips} == {2, 3}
    assert sum(groups(strip) == 2 for strip in strips) == 3 * sum(groups(strip) == 3 for strip in strips)


def test_rows_that_hardly_stand_apart_are_parted():
    struck = struck_with({162: "24", 200: "08", 238: "86"})
    blank = ~(struck.amount[145:255] > 0.5).any(axis=1)
    assert 0 < blank.sum() < 16
    assert groups(longest(struck, row_at(200, 60))) == 3


def test_a_row_seen_a_little_aslant_is_laid_true():
    struck = struck_with({155: "24JUL", 200: "AUG15", 245: "1986"})
    assert groups(longest(struck, row_at(200, 150, turned=8.0))) == 3


@pytest.mark.parametrize("aslant", [0.0, 6.0])
def test_a_column_that_was_taken_for_a_row_is_found(aslant):
    struck = struck_with({140: "24", 200: "08", 260: "86"})
    assert groups(longest(struck, row_at(200, 100, turned=90.0 + aslant))) == 3


def test_rows_on_a_dark_stamp_and_within_a_ring_are_found():
    struck = struck_with({140: "24", 200: "7", 260: "1986"}, ground=0.6, ring=True)
    strips = strips_of(struck, row_at(260, 110))
    assert any(groups(strip) == 3 and strip[:3].min() > FAINT for strip in strips), "the stamp is gone"


def test_words_beside_a_row_are_cut_off_once():
    struck = struck_with({140: "24", 200: "7", 260: "1986    HAUPTSTR"})
    widths = {strip.shape[1] for strip in strips_of(struck, row_at(140, 60))}
    with_words, without = sorted(widths)[-1], 3 * SETTINGS.height
    assert with_words > 2 * without
    assert any(without < width < 2 * without for width in widths)


def test_a_lone_row_is_no_column():
    assert strips_of(struck_with({200: "24.07.86"}), row_at(200, 180)) == []


def test_lines_and_pictures_are_no_rows():
    struck = struck_with({200: "24.07.86"})
    struck.amount[140:143, 120:280] = 1.0
    struck.amount[225:330:4, 150:250] = 1.0
    assert strips_of(struck, row_at(200, 180)) == []


def test_nothing_is_sought_where_no_straight_row_was_seen():
    struck = struck_with({140: "24", 200: "7", 260: "1986"})
    bent = Row(row_at(260, 110).midline, TALL, 0.9, dated=False, bent=True)
    assert strips_of(struck, bent) == []
    assert strips_of(struck) == []


def dates_of(lines: dict[int, str], *, turned: float) -> list:
    """What the program's own reader makes of a column of which the last row is seen."""
    strips = strips_of(struck_with(lines, turned=turned), row_at(max(lines), 110, turned=turned))
    assert strips
    return [date for date in DateReader.open("own").read_strips(strips) if date is not None]


@pytest.mark.parametrize("turned", [0.0, 30.0])
@pytest.mark.parametrize(
    ("lines", "day"),
    [
        ({160: "JUL 31", 220: "2014"}, dt.date(2014, 7, 31)),
        ({140: "20", 200: "III", 260: "1971"}, dt.date(1971, 3, 20)),
        ({140: "18", 200: "MAR", 260: "85"}, dt.date(1985, 3, 18)),
    ],
)
def test_a_date_in_lines_below_each_other_is_read(lines, day, turned):
    dates = dates_of(lines, turned=turned)
    best = max(dates, key=lambda date: date.score)
    assert best.date == day
    assert best.score > 0.5
    assert (best.place, best.quad) == ("inside", None)


@pytest.mark.parametrize("lines", [{160: "MIR", 220: "1986"}, {160: "32", 220: "1971"}])
def test_lines_that_are_no_date_are_left(lines):
    assert dates_of(lines, turned=0.0) == []
