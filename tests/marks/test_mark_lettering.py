"""Rows of lettering are found wherever they run in a mark, and come out straight and upright."""

import cv2
import numpy as np
import pytest

from postmark_id.dates.reader import DateReader
from postmark_id.dates.spotting import spot
from postmark_id.geometry import as_array, regular_polygon
from postmark_id.ink import Ink, Sheet, density, lay_out, main_ink
from postmark_id.library.lettering import likeness
from postmark_id.marks.lettering import aslant_strips, lettering_strips
from postmark_id.models import Outline, Picture, Scan, Shape
from postmark_id.settings import Settings

CENTRE, RADIUS = (400.0, 400.0), 300.0
SETTINGS = Settings()
INK = (40, 40, 60)


@pytest.fixture(scope="module")
def reader() -> DateReader:
    return DateReader.open("own")


def outline_of(shape: Shape, rotation: float = 0.0) -> Outline:
    return Outline(shape, CENTRE, RADIUS, rotation, regular_polygon(CENTRE, RADIUS, shape.sides, rotation))


def blank(outline: Outline) -> Picture:
    picture = np.full((800, 800, 3), 240, np.uint8)
    cv2.polylines(picture, [np.round(as_array(outline.points)).astype(np.int32)], True, INK, 6, cv2.LINE_AA)
    return picture


def with_ring(word: str, depth: float, clock: float) -> Picture:
    """A circle with a word around it, its feet at `depth` radii, its middle at degrees clockwise from the top."""
    unrolled = np.full((2400, 400), 255, np.uint8)  # a row for each angle, a column for each pixel from the centre
    line = np.full((60, 520), 255, np.uint8)
    cv2.putText(line, word, (10, 48), cv2.FONT_HERSHEY_DUPLEX, 1.7, 0, 4, cv2.LINE_AA)
    middle, foot = round(2400 * ((clock - 90) % 360) / 360), round(depth * RADIUS)
    rows = np.arange(middle - 260, middle + 260) % 2400
    unrolled[rows, foot : foot + 60] = line[::-1].T
    ring = cv2.warpPolar(unrolled, (800, 800), CENTRE, 400, cv2.WARP_INVERSE_MAP | cv2.INTER_LINEAR)
    picture = blank(outline_of(Shape.CIRCLE))
    picture[ring < 128] = INK
    return picture


def sheet_and_ink(picture: Picture) -> tuple[Sheet, Ink]:
    sheet = lay_out(Scan(picture, "x"), SETTINGS.ink)
    return sheet, main_ink(density(sheet).reshape(-1, 3), SETTINGS.ink)


def texts(reader: DateReader, picture: Picture, outline: Outline) -> list[str]:
    sheet, ink = sheet_and_ink(picture)
    strips = lettering_strips(sheet, outline, ink, SETTINGS.marks.lettering)
    assert {strip.shape[0] for strip in strips} <= {SETTINGS.marks.lettering.height}
    return [reading.text.replace(" ", "") for reading in reader.read_lettering(strips)]


@pytest.mark.parametrize("clock", [0.0, 75.0, 200.0])
@pytest.mark.parametrize("depth", [0.6, 0.74])
def test_a_word_around_the_centre_is_read_at_any_depth_and_turn(reader: DateReader, depth: float, clock: float) -> None:
    found = texts(reader, with_ring("HOUSTON", depth, clock), outline_of(Shape.CIRCLE))
    assert likeness("HOUSTON", found) > 0.8


@pytest.mark.parametrize("shape", [Shape.CIRCLE, Shape.PENTAGON, Shape.OCTAGON])
@pytest.mark.parametrize(("height", "turn"), [(1.6, 0.0), (3.0, 14.0)])
def test_straight_words_are_read_in_their_size_and_along_their_slope(
    reader: DateReader, shape: Shape, height: float, turn: float
) -> None:
    outline = outline_of(shape)
    picture = blank(outline)
    (width, tall), _ = cv2.getTextSize("SPACE", cv2.FONT_HERSHEY_DUPLEX, height, 6)
    cv2.putText(
        picture, "SPACE", (400 - width // 2, 400 + tall // 2), cv2.FONT_HERSHEY_DUPLEX, height, INK, 6, cv2.LINE_AA
    )
    about = cv2.getRotationMatrix2D(CENTRE, -turn, 1.0)
    picture = np.asarray(cv2.warpAffine(picture, about, (800, 800), borderValue=(240, 240, 240)), np.uint8)
    sheet, ink = sheet_and_ink(picture)
    readings = reader.read_lettering(lettering_strips(sheet, outline, ink, SETTINGS.marks.lettering))
    lattices = [reading.lattice for reading in readings if reading.lattice is not None]
    words = ("SPACE", "SPICE", "PLACE", "HOUSTON")
    assert [one.word for one in spot(lattices, words, SETTINGS.spotting)][:1] == ["SPACE"]


@pytest.mark.parametrize("turn", [60.0, -75.0, 180.0])
def test_straight_words_are_read_whichever_way_up_a_mark_stands(reader: DateReader, turn: float) -> None:
    outline = outline_of(Shape.CIRCLE)
    picture = blank(outline)
    (width, tall), _ = cv2.getTextSize("SPACE", cv2.FONT_HERSHEY_DUPLEX, 2.4, 6)
    at = 400 - width // 2, 400 + tall // 2
    cv2.putText(picture, "SPACE", at, cv2.FONT_HERSHEY_DUPLEX, 2.4, INK, 6, cv2.LINE_AA)
    about = cv2.getRotationMatrix2D(CENTRE, -turn, 1.0)
    picture = np.asarray(cv2.warpAffine(picture, about, (800, 800), borderValue=(240, 240, 240)), np.uint8)
    sheet, ink = sheet_and_ink(picture)
    found = reader.read_lettering(aslant_strips(sheet, outline, ink, SETTINGS.marks.lettering))
    assert likeness("SPACE", [reading.text for reading in found]) == 1.0
    assert not any("SPACE" in text for text in texts(reader, picture, outline)), "upright rows alone would do"


def test_ink_of_another_colour_is_left_out(reader: DateReader) -> None:
    outline = outline_of(Shape.CIRCLE)
    picture = np.full((800, 800, 3), 240, np.uint8)
    cv2.putText(picture, "SPACE", (250, 430), cv2.FONT_HERSHEY_DUPLEX, 3.0, (30, 40, 200), 6, cv2.LINE_AA)
    alone = lay_out(Scan(picture, "x"), SETTINGS.ink)
    blue = main_ink(density(alone).reshape(-1, 3), SETTINGS.ink)
    below = np.full((800, 800, 3), 255, np.uint8)
    for x in range(200, 600, 24):
        cv2.line(below, (x, 300), (x + 60, 500), (250, 225, 40), 8, cv2.LINE_AA)
    both = np.minimum(picture, below)
    strips = lettering_strips(lay_out(Scan(both, "x"), SETTINGS.ink), outline, blue, SETTINGS.marks.lettering)
    assert any("SPACE" in reading.text.replace(" ", "") for reading in reader.read_lettering(strips))


@pytest.mark.parametrize("shape", [Shape.CIRCLE, Shape.PENTAGON, Shape.OCTAGON])
def test_a_mark_over_the_edge_of_the_scan_or_without_ink_does_no_harm(shape: Shape) -> None:
    for picture in (blank(outline_of(shape))[:, 500:], np.full((300, 300, 3), 240, np.uint8)):
        sheet, ink = sheet_and_ink(picture)
        for strip in lettering_strips(sheet, outline_of(shape), ink, SETTINGS.marks.lettering):
            assert strip.dtype == np.uint8
            assert strip.ndim == 2
