"""Learned marks: impressions, their average, and what is recognised by them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from postmark_id.errors import LibraryError
from postmark_id.geometry import turned_rectangle
from postmark_id.ink import lay_out
from postmark_id.library import ReferenceMark
from postmark_id.library.alignment import Strokes
from postmark_id.library.impression import RADIUS, SIDE, Impression, from_picture, ink_of, rectify, to_picture
from postmark_id.library.reference import Recogniser, Reference, average
from postmark_id.library.schema import Dated, Strike
from postmark_id.models import Kind, Outline, Scan, Shape, Station
from postmark_id.settings import InkSettings
from postmark_id.synth.designs import Design, draw_design
from postmark_id.synth.strikes import strike

SHAPES = [Shape.PENTAGON, Shape.OCTAGON, Shape.CIRCLE]
SCALE = 10.0
BLUE = np.array([40.0, 64.0, 160.0])


def design(shape=Shape.OCTAGON, seed=50, **changes):
    return Design(f"{shape}-{seed}", shape, Station.MIR, seed, **changes)


def struck(one, *, turn=0.0, wear=0.0, seed=1, slant=0.0, ink=BLUE):
    """A scan of a white card on which a design is struck, and its true outline."""
    drawn = draw_design(one, SCALE)
    rng = np.random.default_rng(seed)
    mask = strike(drawn.sheet.mask(), wear, rng, scale=SCALE) if wear else drawn.sheet.mask()
    side, middle = 520, 260.0
    c, s = np.cos(np.radians(turn)), np.sin(np.radians(turn))
    linear = np.array([[c, -s], [s, c]]) @ np.array([[1.0 + slant, 0.0], [0.0, 1.0 - slant]])
    centre = (np.array(mask.shape[::-1]) - 1) / 2
    matrix = np.column_stack([linear, middle - linear @ centre])
    laid = cv2.warpAffine(mask, matrix, (side, side))[..., None]
    pixels = np.round(250.0 * (1 - laid) + ink * laid).astype(np.uint8)
    corners = tuple((float(x), float(y)) for x, y in np.array(drawn.outline) * SCALE @ linear.T + middle)
    outline = Outline(one.shape, (middle, middle), drawn.radius * SCALE, turn, corners)
    return Scan(pixels, "card.png"), outline


def impression_of(one, hidden=(), **how):
    scan, outline = struck(one, **how)
    settings = InkSettings()
    sheet = lay_out(scan, settings)
    return rectify(sheet, outline, ink_of(sheet, outline, settings), hidden)


def learned(one, *strikes):
    mark = ReferenceMark(
        one.id, one.id, (one.station,), Kind.STATION_SEAL, one.shape, Dated.NO, Path("nowhere"),
        strikes=tuple(Strike(Path(f"strike-{k}.png")) for k, _ in enumerate(strikes)),
    )  # fmt: skip
    return Reference(mark, Strokes(average(strikes)))


def recogniser_of(*references):
    result = Recogniser(())
    result.references = references
    return result


def correlation(a, b):
    return float(np.corrcoef(a.ink.ravel(), b.ink.ravel())[0, 1])


@pytest.mark.parametrize("shape", SHAPES)
def test_a_mark_looks_the_same_whatever_its_turn_its_slant_and_its_ink(shape):
    upright = impression_of(design(shape))
    assert correlation(upright, impression_of(design(shape), turn=71.0, slant=0.04)) > 0.85
    assert correlation(upright, impression_of(design(shape), turn=-20.0, ink=np.array([200.0, 40.0, 50.0]))) > 0.9


def test_what_is_hidden_counts_as_unseen():
    quad = turned_rectangle((260.0, 260.0), 100.0, 30.0, 0.0)
    shown, hidden = impression_of(design()), impression_of(design(), hidden=[quad])
    assert shown.seen.all()
    assert hidden.seen[SIDE // 2, SIDE // 2] == 0
    assert 0.01 < 1 - hidden.seen.mean() < 0.2


def test_another_ink_on_a_mark_is_left_out():
    scan, outline = struck(design())
    clean = rectify(lay_out(scan, InkSettings()), outline, ink_of(lay_out(scan, InkSettings()), outline, InkSettings()))
    written = scan.pixels.copy()
    cv2.line(written, (140, 260), (380, 250), (200, 30, 40), 14)
    sheet = lay_out(replace(scan, pixels=written), InkSettings())
    impression = rectify(sheet, outline, ink_of(sheet, outline, InkSettings()))
    assert correlation(clean, impression) > 0.95


def test_a_picture_of_an_impression_gives_it_back():
    one = impression_of(design(), hidden=[turned_rectangle((260.0, 240.0), 90.0, 20.0, 12.0)])
    again = from_picture(to_picture(one), one.shape, "strike-1.png")
    assert np.abs(again.ink * one.seen - one.ink * one.seen).max() < 1 / 255
    assert np.array_equal(again.seen, one.seen)


def test_a_picture_of_another_size_is_no_impression():
    with pytest.raises(LibraryError, match=r"strike-1.png: is no learned picture of 160 x 160"):
        from_picture(np.zeros((20, 20, 3), np.uint8), Shape.CIRCLE, "strike-1.png")


@pytest.mark.parametrize("shape", SHAPES)
def test_five_worn_strikes_together_are_nearer_to_the_rubber_than_one_of_them_is(shape):
    clean = impression_of(design(shape))
    worn = [impression_of(design(shape), wear=0.6, seed=k, turn=7.0 * k) for k in range(5)]
    assert correlation(clean, average(worn)) > np.mean([correlation(clean, one) for one in worn]) + 0.03


def test_the_average_stands_as_its_first_strike_does():
    one = design(Shape.CIRCLE)
    turned = replace(impression_of(one, wear=0.3, seed=3))
    matrix = cv2.getRotationMatrix2D(((SIDE - 1) / 2, (SIDE - 1) / 2), 40.0, 1.0)
    first = Impression(cv2.warpAffine(turned.ink, matrix, (SIDE, SIDE)), turned.seen, Shape.CIRCLE)
    others = [impression_of(one, wear=0.3, seed=k) for k in (4, 5)]
    assert correlation(first, average([first, *others])) > 0.7


@pytest.mark.parametrize("shape", SHAPES)
def test_a_learned_mark_is_recognised_under_any_turn_and_another_one_is_none_of_these(shape):
    designs = [design(shape, seed) for seed in (61, 62, 63)]
    knows = recogniser_of(*(learned(one, impression_of(one, wear=0.3)) for one in designs[:2]))
    for one in designs[:2]:
        found = knows.recognise(impression_of(replace(one), turn=130.0, wear=0.3, seed=8, slant=0.02))
        assert found.accepted
        assert found.reference.mark.id == one.id
        assert one.id in found.reason
    stranger = knows.recognise(impression_of(designs[2], wear=0.3, seed=9))
    assert not stranger.accepted
    assert stranger.reason.startswith("none of the learned marks: nearest")


def test_the_turn_of_a_recognised_mark_is_told():
    one = design(Shape.CIRCLE, 64)
    scan, outline = struck(one, turn=50.0)
    sheet = lay_out(scan, InkSettings())
    impression = rectify(sheet, replace(outline, rotation=0.0), ink_of(sheet, outline, InkSettings()))
    found = recogniser_of(learned(one, impression_of(one))).recognise(impression)
    assert found.pose.turn == pytest.approx(50.0, abs=2.0)


@pytest.mark.parametrize("change", [{"motif": 1}, {"lower": 3}])
def test_twins_are_told_apart_where_they_differ(change):
    one = design(Shape.OCTAGON, 65)
    other = replace(one, id="twin", **change)
    knows = recogniser_of(*(learned(d, *(impression_of(d, wear=0.3, seed=k) for k in range(3))) for d in (one, other)))
    for d in (one, other):
        found = knows.recognise(impression_of(d, wear=0.3, seed=11, turn=20.0))
        assert (found.reference.mark.id, found.accepted) == (d.id, True)
        assert found.runner_up is not None


def test_a_plain_twin_that_nobody_taught_is_none_of_the_learned_marks():
    one = design(Shape.OCTAGON, 65)
    knows = recogniser_of(learned(one, impression_of(one, wear=0.2)))
    assert knows.recognise(impression_of(one, wear=0.2, seed=5)).accepted
    assert not knows.recognise(impression_of(replace(one, motif=1), wear=0.2, seed=4)).accepted


def test_marks_without_a_learned_picture_are_never_compared():
    mark = learned(design(), impression_of(design())).mark
    assert Recogniser([replace(mark, pictures=(Path("schematic.png"),))]).references == ()
    assert Recogniser(()).recognise(impression_of(design())) is None


def test_a_learned_picture_that_can_not_be_read_is_a_problem_and_the_others_work(tmp_path):
    (tmp_path / "reference.png").write_bytes(b"no picture")
    mark = learned(design(), impression_of(design())).mark
    broken = replace(mark, folder=tmp_path, reference=tmp_path / "reference.png")
    knows = Recogniser([broken])
    assert knows.references == ()
    assert "reference.png" in knows.problems[0].notice.message


def test_dates_do_not_hinder_when_they_are_hidden():
    one = design(Shape.CIRCLE, 66, dated=True)
    quad = turned_rectangle((260.0, 260.0), RADIUS, 12.0, 0.0)
    knows = recogniser_of(learned(one, impression_of(one, hidden=[quad])))
    assert knows.recognise(impression_of(one, hidden=[quad], wear=0.3, seed=4)).accepted
