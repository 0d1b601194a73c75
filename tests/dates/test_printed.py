"""Lines of print outside the marks are found and read, and those in marks are left out."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from postmark_id.dates.printed import PrintedLine, printed_lines, read_print
from postmark_id.dates.reader import DateReader
from postmark_id.flights.named import names_in
from postmark_id.flights.table import FlightTable
from postmark_id.ink import Sheet, lay_out
from postmark_id.models import Scan, Station
from postmark_id.settings import Settings
from postmark_id.synth.covers import RenderedCover, render_plan
from postmark_id.synth.plan import Plan, Wanted

SETTINGS = Settings()
POSTMARK = Wanted("postmark", Station.MIR, date=dt.date(1997, 2, 12))


@pytest.fixture(scope="module")
def reader() -> DateReader:
    return DateReader.open("auto", SETTINGS.dates)


def cover(seed: int, *words: str) -> RenderedCover:
    return render_plan(Plan("printed", (POSTMARK,), 0, cachet=words), seed, 0.1, dpi=300)


def sheet_of(pixels: np.ndarray) -> Sheet:
    return lay_out(Scan(pixels, "cover.jpg"), SETTINGS.ink)


def lines_of(rendered: RenderedCover, reader: DateReader) -> list[PrintedLine]:
    marks = [mark["outline"] for mark in rendered.label["marks"]]
    return read_print(rendered.pixels, sheet_of(rendered.pixels), marks, reader, SETTINGS.print)


@pytest.mark.parametrize(
    ("seed", "words", "flights"),
    [
        (71002, ("СОЮЗ ТМ-25", "МЕЖДУНАРОДНЫЙ ЭКИПАЖ"), ("Soyuz TM-25",)),
        (71004, ("SPACE MAIL", "STS-84"), ("STS-84",)),
        (71006, ("МЕЖДУНАРОДНЫЙ ЭКИПАЖ", "FLOWN IN SPACE"), ()),
    ],
)
def test_a_cachet_is_read_and_names_what_it_names(
    reader: DateReader, seed: int, words: tuple[str, ...], flights: tuple[str, ...]
) -> None:
    lines = lines_of(cover(seed, *words), reader)
    assert names_in([line.readings for line in lines], FlightTable.load()) == flights


def test_what_stands_in_a_mark_is_left_out(reader: DateReader) -> None:
    rendered = cover(71002, "СОЮЗ ТМ-25")
    sheet = sheet_of(rendered.pixels)
    height, width = rendered.pixels.shape[:2]
    everywhere = [(0.0, 0.0), (width, 0.0), (width, height), (0.0, height)]
    assert lines_of(rendered, reader)
    assert read_print(rendered.pixels, sheet, [everywhere], reader, SETTINGS.print) == []


@pytest.mark.parametrize("side", [32, 400])
def test_paper_and_noise_bear_no_lines_of_print(reader: DateReader, side: int) -> None:
    paper = np.full((side, side, 3), 240, np.uint8)
    noise = np.random.default_rng(5).integers(0, 256, (side, side, 3), dtype=np.uint8)
    assert printed_lines(sheet_of(paper), SETTINGS.print) == []
    for pixels in (paper, noise):
        assert read_print(pixels, sheet_of(pixels), [], reader, SETTINGS.print) == []


def test_lines_are_in_pixels_of_the_full_scan(reader: DateReader) -> None:
    small = cover(71002, "СОЮЗ ТМ-25").pixels
    large = np.ascontiguousarray(small.repeat(2, axis=0).repeat(2, axis=1))
    boxes = [np.asarray(printed_lines(sheet_of(pixels), SETTINGS.print)[0]) for pixels in (small, large)]
    np.testing.assert_allclose(boxes[1], 2 * boxes[0], atol=12)
