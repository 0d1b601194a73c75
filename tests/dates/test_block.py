"""A date that was set with words, above or below it, is no strike; one that was struck near them may be."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from postmark_id.dates.block import is_worded, set_with
from postmark_id.dates.engines import Reading
from postmark_id.dates.reader import DateReader
from postmark_id.geometry import iou, turned_rectangle
from postmark_id.models import Picture, Point, Quad
from postmark_id.synth.fonts import FONTS, cap_share

BLACK, VIOLET = (30, 30, 40), (90, 50, 150)
HEIGHT = 22
DATE = "21 MAY 2010"
MIDDLE = (400.0, 300.0)


def page(*lines: tuple[str, float, float, tuple[int, int, int]], turn: float = 0.0) -> tuple[Picture, Quad]:
    """A date in the middle of a sheet, in violet, turned, and lines above or below it; the line of the date."""
    face = ImageFont.truetype(str(FONTS[0]), round(HEIGHT / cap_share(FONTS[0])))
    strike = Image.new("L", (800, 600), 0)
    ImageDraw.Draw(strike).text(MIDDLE, DATE, font=face, fill=255, anchor="mm")
    sheet = Image.new("RGB", (800, 600), (238, 234, 224))
    sheet.paste(VIOLET, mask=strike.rotate(-turn, Image.Resampling.BICUBIC, center=MIDDLE))
    for word, x, y, ink in lines:
        ImageDraw.Draw(sheet).text((MIDDLE[0] + x, MIDDLE[1] + y), word, font=face, fill=ink, anchor="mm")
    wide = face.getlength(DATE) + HEIGHT
    return np.asarray(sheet), turned_rectangle(MIDDLE, wide, 1.35 * HEIGHT, turn)


@pytest.mark.parametrize("down", [-40.0, 40.0])
def test_a_row_in_the_same_ink_centred_with_a_date_was_set_with_it(down: float) -> None:
    pixels, date = page(("SOYUZ T-21", 0.0, down, VIOLET))
    (row,) = set_with(pixels, date)
    reader = DateReader.open("own")
    (read,) = reader.read_lettering([reader.strip(pixels, row)])
    assert is_worded(read), read.text
    assert iou(row, turned_rectangle((MIDDLE[0], MIDDLE[1] + down), 160.0, 1.3 * HEIGHT, 0.0)) > 0.5


def test_rows_on_both_sides_were_set_with_a_date_between_them() -> None:
    pixels, date = page(("SOYUZ T-21", 0.0, -40.0, VIOLET), ("JOINT FLIGHT", 0.0, 40.0, VIOLET))
    assert len(set_with(pixels, date)) == 2


@pytest.mark.parametrize(
    ("lines", "turn"),
    [
        ([], 0.0),
        ([("SOYUZ T-21", 0.0, -40.0, BLACK)], 0.0),
        ([("SOYUZ T-21", 0.0, -40.0, VIOLET)], 30.0),
        ([("SOYUZ T-21", 0.0, -150.0, VIOLET)], 0.0),
        ([("MOSKVA 117049", 150.0, -40.0, VIOLET)], 0.0),
    ],
    ids=["alone", "another ink", "askew", "far off", "not flush"],
)
def test_a_date_that_was_struck_near_print_was_not_set_with_it(
    lines: list[tuple[str, float, float, tuple[int, int, int]]], turn: float
) -> None:
    pixels, date = page(*lines, turn=turn)
    assert set_with(pixels, date) == []


def test_a_line_of_no_ink_or_over_the_edge_does_no_harm() -> None:
    pixels, date = page()
    off: list[Point] = [(x - 390.0, y - 290.0) for x, y in date]
    tl, tr, br, bl = off
    assert set_with(pixels, (tl, tr, br, bl)) == []


@pytest.mark.parametrize(
    ("text", "score", "worded"),
    [
        ("SOYUZT-21", 0.9, True),
        ("МИР3", 0.9, True),
        ("STS-20", 0.9, True),
        ("SOYUZT-21", 0.4, False),
        ("MK", 0.9, False),
        ("14 12 97", 0.9, False),
        ("25 МАЯ 1997", 0.9, False),
        ("12 VIII 97", 0.9, False),
    ],
)
def test_words_are_told_from_dates(text: str, score: float, worded: bool) -> None:
    assert is_worded(Reading(text, score)) is worded
