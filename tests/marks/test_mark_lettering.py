"""Rows of lettering are found wherever they run in a mark, and come out straight and upright."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from postmark_id.dates.reader import DateReader
from postmark_id.dates.spotting import spot
from postmark_id.geometry import as_array, regular_polygon
from postmark_id.ink import Ink, Sheet, density, lay_out, main_ink
from postmark_id.library.lettering import likeness
from postmark_id.marks.lettering import lettering_of
from postmark_id.marks.rows import Row
from postmark_id.models import Outline, Picture, Scan, Shape
from postmark_id.settings import Settings
from postmark_id.synth.fonts import FONTS, cap_share

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


def write(picture: Picture, word: str, height: int) -> Picture:
    """A word of letters so many pixels high in the middle of a picture."""
    face = ImageFont.truetype(str(FONTS[0]), round(height / cap_share(FONTS[0])))
    paper = Image.fromarray(picture)
    middle = picture.shape[1] / 2, picture.shape[0] / 2
    ImageDraw.Draw(paper).text(middle, word, font=face, fill=INK, anchor="mm")
    return np.asarray(paper, np.uint8)


def with_ring(word: str, depth: float, clock: float) -> Picture:
    """A circle with a word around it, its feet at `depth` radii, its middle at degrees clockwise from the top."""
    unrolled = np.full((2400, 400), 255, np.uint8)  # a row for each angle, a column for each pixel from the centre
    line = np.full((60, 520), 255, np.uint8)
    cv2.putText(line, word, (10, 48), cv2.FONT_HERSHEY_DUPLEX, 1.7, 0, 4, cv2.LINE_AA)
    middle, foot = round(2400 * ((clock - 90) % 360) / 360), round(depth * RADIUS)
    # as many rows as keep the letters in their proportions
    around = cv2.resize(line, (round(520 * 2400 / (2 * np.pi * (foot + 30))), 60), interpolation=cv2.INTER_AREA)
    rows = np.arange(middle - around.shape[1] // 2, middle - around.shape[1] // 2 + around.shape[1]) % 2400
    unrolled[rows, foot : foot + 60] = around[::-1].T
    ring = cv2.warpPolar(unrolled, (800, 800), CENTRE, 400, cv2.WARP_INVERSE_MAP | cv2.INTER_LINEAR)
    picture = blank(outline_of(Shape.CIRCLE))
    picture[ring < 128] = INK
    return picture


def sheet_and_ink(picture: Picture) -> tuple[Sheet, Ink]:
    sheet = lay_out(Scan(picture, "x"), SETTINGS.ink)
    return sheet, main_ink(density(sheet).reshape(-1, 3), SETTINGS.ink)


def strips_of(sheet: Sheet, outline: Outline, ink: Ink) -> list[Picture]:
    (lettering,) = lettering_of(sheet, [(outline, ink)], SETTINGS.marks.lettering)
    return lettering.strips(SETTINGS.marks.lettering)


def texts(reader: DateReader, picture: Picture, outline: Outline) -> list[str]:
    sheet, ink = sheet_and_ink(picture)
    strips = strips_of(sheet, outline, ink)
    assert {strip.shape[0] for strip in strips} <= {SETTINGS.marks.lettering.height}
    return [reading.text.replace(" ", "") for reading, *_ in reader.read_rows(strips)]


@pytest.mark.parametrize("clock", [0.0, 75.0, 200.0])
@pytest.mark.parametrize("depth", [0.6, 0.74])
def test_a_word_around_the_centre_is_read_at_any_depth_and_turn(reader: DateReader, depth: float, clock: float) -> None:
    found = texts(reader, with_ring("HOUSTON", depth, clock), outline_of(Shape.CIRCLE))
    assert likeness("HOUSTON", found) > 0.8


@pytest.mark.parametrize("shape", [Shape.CIRCLE, Shape.PENTAGON, Shape.OCTAGON])
@pytest.mark.parametrize(("height", "turn"), [(36, 0.0), (66, 14.0)])
def test_straight_words_are_read_in_their_size_and_along_their_slope(
    reader: DateReader, shape: Shape, height: int, turn: float
) -> None:
    outline = outline_of(shape)
    picture = write(blank(outline), "SPACE", height)
    about = cv2.getRotationMatrix2D(CENTRE, -turn, 1.0)
    picture = np.asarray(cv2.warpAffine(picture, about, (800, 800), borderValue=(240, 240, 240)), np.uint8)
    sheet, ink = sheet_and_ink(picture)
    readings = reader.read_rows(strips_of(sheet, outline, ink))
    lattices = [reading.lattice for reading, *_ in readings if reading.lattice is not None]
    words = ("SPACE", "SPICE", "PLACE", "HOUSTON")
    assert [one.word for one in spot(lattices, words, SETTINGS.spotting)][:1] == ["SPACE"]


@pytest.mark.parametrize("turn", [60.0, -75.0, 180.0])
def test_straight_words_are_read_whichever_way_up_a_mark_stands(reader: DateReader, turn: float) -> None:
    outline = outline_of(Shape.CIRCLE)
    picture = write(blank(outline), "SPACE", 52)
    about = cv2.getRotationMatrix2D(CENTRE, -turn, 1.0)
    picture = np.asarray(cv2.warpAffine(picture, about, (800, 800), borderValue=(240, 240, 240)), np.uint8)
    sheet, ink = sheet_and_ink(picture)
    found = reader.read_rows(strips_of(sheet, outline, ink))
    assert likeness("SPACE", [reading.text for reading, *_ in found]) == 1.0


@pytest.mark.parametrize("shape", [Shape.OCTAGON, Shape.CIRCLE])
@pytest.mark.parametrize("specks", [0, 400])
def test_letters_left_out_of_a_solid_mark_are_read(reader: DateReader, specks: int, shape: Shape) -> None:
    centre = (700.0, 700.0)
    outline = Outline(shape, centre, 180.0, 0.0, regular_polygon(centre, 180.0, shape.sides, 0.0))
    picture = np.full((1400, 2000, 3), 240, np.uint8)
    corners = np.round(as_array(outline.points)).astype(np.int32)
    cv2.fillPoly(picture, [corners], INK)
    for x, y in np.random.default_rng(5).uniform(540, 860, (specks, 2)).astype(int):  # where the stamp left no ink
        cv2.circle(picture, (int(x), int(y)), 2, (240, 240, 240), -1, cv2.LINE_AA)
    cv2.putText(picture, "SPACE", (595, 720), cv2.FONT_HERSHEY_DUPLEX, 1.9, (240, 240, 240), 5, cv2.LINE_AA)
    sheet = lay_out(Scan(picture, "x"), SETTINGS.ink)
    ink = main_ink(density(sheet)[560:840, 560:840].reshape(-1, 3), SETTINGS.ink)
    assert "SPACE" in [reading.text for reading, *_ in reader.read_rows(strips_of(sheet, outline, ink))]


@pytest.mark.parametrize("grey", [60, 120, 180])
def test_a_round_mark_on_a_dark_stamp_is_not_taken_for_a_solid_one(reader: DateReader, grey: int) -> None:
    centre = (700.0, 700.0)
    outline = Outline(Shape.CIRCLE, centre, 180.0, 0.0, regular_polygon(centre, 180.0, 0, 0.0))
    picture = np.full((1400, 2000, 3), 240, np.uint8)
    cv2.rectangle(picture, (480, 480), (920, 920), (grey, grey, grey + 10), -1)
    cv2.circle(picture, (700, 700), 180, INK, 6, cv2.LINE_AA)
    cv2.putText(picture, "SPACE", (595, 720), cv2.FONT_HERSHEY_DUPLEX, 1.9, INK, 5, cv2.LINE_AA)
    sheet = lay_out(Scan(picture, "x"), SETTINGS.ink)
    ink = main_ink(density(sheet)[560:840, 560:840].reshape(-1, 3), SETTINGS.ink)
    assert "SPACE" in [reading.text for reading, *_ in reader.read_rows(strips_of(sheet, outline, ink))]


def test_the_row_of_the_date_is_told_from_lettering() -> None:
    outline = outline_of(Shape.CIRCLE)
    picture = blank(outline)
    cv2.putText(picture, "SPACE", (230, 420), cv2.FONT_HERSHEY_DUPLEX, 3.0, INK, 8, cv2.LINE_AA)
    sheet, ink = sheet_and_ink(picture)
    (lettering,) = lettering_of(sheet, [(outline, ink)], SETTINGS.marks.lettering)
    date = ((200.0, 330.0), (620.0, 330.0), (620.0, 460.0), (200.0, 460.0))
    elsewhere = tuple((x, y + 200.0) for x, y in date)
    assert lettering.besides(None) == [True]
    assert lettering.besides(date) == [False]
    assert lettering.besides(elsewhere) == [True]


def test_a_row_that_is_cut_closely_has_less_of_what_lies_around(reader: DateReader) -> None:
    outline = outline_of(Shape.CIRCLE)
    sheet, ink = sheet_and_ink(write(blank(outline), "SPACE", 52))
    (lettering,) = lettering_of(sheet, [(outline, ink)], SETTINGS.marks.lettering)
    wide, close = (lettering.strips(SETTINGS.marks.lettering, closely=closely) for closely in (False, True))
    assert [strip.shape[0] for strip in (*wide, *close)] == [SETTINGS.marks.lettering.height] * 2 * len(wide)
    heights = [np.flatnonzero((strip < 128).any(axis=1)) for strip in (wide[0], close[0])]
    assert np.ptp(heights[1]) > 1.2 * np.ptp(heights[0])
    assert likeness("SPACE", [reading.text for reading, *_ in reader.read_rows(close)]) == 1.0


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
    strips = strips_of(lay_out(Scan(both, "x"), SETTINGS.ink), outline, blue)
    assert any("SPACE" in reading.text.replace(" ", "") for reading, *_ in reader.read_rows(strips))


@pytest.mark.parametrize("shape", [Shape.CIRCLE, Shape.PENTAGON, Shape.OCTAGON])
def test_a_mark_over_the_edge_of_the_scan_or_without_ink_does_no_harm(shape: Shape) -> None:
    for picture in (blank(outline_of(shape))[:, 500:], np.full((300, 300, 3), 240, np.uint8)):
        sheet, ink = sheet_and_ink(picture)
        for strip in strips_of(sheet, outline_of(shape), ink):
            assert strip.dtype == np.uint8
            assert strip.ndim == 2


def test_a_ring_that_runs_through_the_end_of_a_date_is_none() -> None:
    turns = np.radians(np.linspace(-80.0, 260.0, 69))
    ring = np.array(CENTRE) + 260.0 * np.stack([np.cos(turns), np.sin(turns)], axis=1)
    x, y = ring[len(ring) // 2]
    assert x > CENTRE[0] - 261.0
    sheet, ink = sheet_and_ink(blank(outline_of(Shape.CIRCLE)))
    (lettering,) = lettering_of(sheet, [(outline_of(Shape.CIRCLE), ink)], SETTINGS.marks.lettering)
    lettering = replace(lettering, rows=(Row(ring, 40.0, 0.9, dated=False, bent=True),))
    date = ((x - 20.0, y - 40.0), (x + 480.0, y - 40.0), (x + 480.0, y + 40.0), (x - 20.0, y + 40.0))
    assert lettering.besides(date) == [True]


def test_a_frame_that_only_the_rows_of_another_mark_run_through_bears_none() -> None:
    frame, other = outline_of(Shape.OCTAGON), outline_of(Shape.CIRCLE)
    picture = write(blank(frame), "EXPEDITION", 40)
    sheet, ink = sheet_and_ink(picture)
    settings = SETTINGS.marks.lettering
    (alone,) = lettering_of(sheet, [(frame, ink)], settings)
    assert alone.rows
    crossed, crossing = lettering_of(sheet, [(frame, ink), (other, ink)], settings)
    assert not crossed.rows
    assert crossing.rows
