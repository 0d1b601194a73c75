"""The annotated picture is bounded, shows every mark in its colour, and never changes the scan."""

import io
from dataclasses import replace

import numpy as np
import pytest
from example_reports import MARK, READING, REPORT
from PIL import Image

from postmark_id.errors import OutputError, OverwriteError
from postmark_id.geometry import regular_polygon, turned_rectangle, widened
from postmark_id.models import Kind, Outline, Shape
from postmark_id.outputs.contract import report_json
from postmark_id.outputs.overlay import COLOURS, DATE_COLOUR, annotate, caption, encode, save_overlay
from postmark_id.settings import OverlaySettings

SETTINGS = OverlaySettings()
PAPER = (240, 230, 205)


def paper(width=1200, height=800):
    return np.full((height, width, 3), PAPER, np.uint8)


def mark_at(x, y, radius=90.0, **changes):
    points = regular_polygon((x, y), radius, 8, 0)
    outline = Outline(Shape.OCTAGON, (x, y), radius, 0.0, points)
    return replace(MARK, outline=outline, **changes)


def drawn(*marks, pixels=None):
    return annotate(paper() if pixels is None else pixels, report_json(replace(REPORT, marks=marks)), SETTINGS)


def count(picture, colour, tolerance=12):
    return int((np.abs(picture.astype(int) - colour).max(axis=2) <= tolerance).sum())


@pytest.mark.parametrize("kind", list(Kind))
def test_a_mark_is_outlined_in_the_colour_of_its_kind(kind):
    picture = drawn(mark_at(600, 400, kind=kind))
    assert count(picture, COLOURS[str(kind)]) > 600
    assert count(drawn(), COLOURS[str(kind)]) == 0


def test_the_scan_itself_is_not_drawn_on():
    pixels = paper()
    drawn(mark_at(600, 400), pixels=pixels)
    assert np.array_equal(pixels, paper())


@pytest.mark.parametrize(
    ("size", "expected"), [((4000, 2000), (1600, 800)), ((1200, 800), (1200, 800)), ((400, 300), (800, 600))]
)
def test_the_picture_is_bounded_and_small_scans_are_enlarged_at_most_twice(size, expected):
    picture = drawn(mark_at(100, 100, 60), pixels=paper(*size))
    assert (picture.shape[1], picture.shape[0]) == expected


def test_captions_stay_inside_and_do_not_cover_each_other():
    alone = [np.any(drawn(mark_at(x, y)) != drawn(), axis=2).sum() for x, y in ((50, 50), (1150, 760))]
    both = np.any(drawn(mark_at(50, 50), mark_at(1150, 760)) != drawn(), axis=2).sum()
    assert both == pytest.approx(sum(alone), rel=0.02)
    near = np.any(drawn(mark_at(600, 400), mark_at(640, 420)) != drawn(), axis=2).sum()
    apart = np.any(drawn(mark_at(300, 400), mark_at(900, 420)) != drawn(), axis=2).sum()
    assert near > 0.8 * apart


def test_a_mark_outside_the_picture_or_of_the_back_does_no_harm():
    picture = drawn(mark_at(-500, -500), mark_at(1190, 790), mark_at(600, 400, side="back"))
    assert picture.shape == (800, 1200, 3)
    assert count(picture[300:500, 450:750], COLOURS["board-postmark"]) == 0


def test_the_box_of_a_date_leaves_its_figures_free():
    pixels = paper()
    pixels[390:411, 500:701] = 0
    quad = turned_rectangle((600, 400), 200, 20, 0)
    (ink,) = {tuple(pixels[400, 600])}
    picture = drawn(mark_at(600, 400, 250, date=replace(READING, quad=quad)), pixels=pixels)
    assert np.all(picture[390:411, 500:701] == ink)
    assert count(picture[370:431, 480:721], DATE_COLOUR) > 400


@pytest.mark.parametrize("turn", [0, 30, 90, 200])
def test_a_line_is_widened_alike_on_all_four_sides(turn):
    for width, height in ((200, 20), (20, 20), (30, 90)):
        found = np.array(widened(turned_rectangle((5, 7), width, height, turn), 3))
        assert found == pytest.approx(np.array(turned_rectangle((5, 7), width + 6, height + 6, turn)), abs=1e-9)
    flat = turned_rectangle((5, 7), 200, 0, turn)
    assert np.isfinite(widened(flat, 3)).all()
    assert widened(((1.0, 1.0),) * 4, 3) == ((1.0, 1.0),) * 4


def test_a_slanting_line_gets_the_whole_margin_too():
    assert widened(((10, 0), (30, 0), (20, 10), (0, 10)), 2)[0][1] == pytest.approx(-2)


def test_a_caption_names_mark_station_date_and_score():
    (mark,) = report_json(replace(REPORT, marks=(MARK,)))["marks"]
    assert caption(mark) == ("Board postmark · Mir", "12 Feb 1997 · 0.97")
    (plain,) = report_json(replace(REPORT, marks=(replace(MARK, station=None, date=None, kind=Kind.UNKNOWN),)))["marks"]
    assert caption(plain) == ("Unknown octagon", "score 0.93")


def test_the_letters_of_captions_include_cyrillic():
    from postmark_id.outputs.overlay import _font

    shapes = {letter: _font("Bold", 40).getmask(letter).getbbox() for letter in "ЖФЩ\ue000"}
    missing = bytes(_font("Bold", 40).getmask("\ue000"))
    assert all(bytes(_font("Bold", 40).getmask(letter)) != missing for letter in "ЖФЩ")
    assert shapes["Щ"] is not None


@pytest.mark.parametrize(("suffix", "kind"), [(".png", "PNG"), (".JPG", "JPEG"), (".webp", "WEBP")])
def test_the_suffix_decides_the_format(suffix, kind):
    assert Image.open(io.BytesIO(encode(paper(60, 40), suffix, SETTINGS))).format == kind


def test_another_suffix_and_an_existing_file_are_refused(tmp_path):
    document = report_json(REPORT)
    with pytest.raises(OutputError, match="annotated picture"):
        save_overlay(tmp_path / "a.gif", paper(), document, SETTINGS)
    save_overlay(tmp_path / "a.png", paper(), document, SETTINGS)
    with pytest.raises(OverwriteError):
        save_overlay(tmp_path / "a.png", paper(), document, SETTINGS)
