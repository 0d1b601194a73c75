"""Drawn marks: the truth about a mark lies where its ink lies."""

from __future__ import annotations

import datetime as dt
import math
import re
from itertools import pairwise

import cv2
import numpy as np
import pytest

from postmark_id.geometry import as_array
from postmark_id.models import Kind, Shape, Station
from postmark_id.synth import fonts, ground, marks
from postmark_id.synth.outlines import hand_cut, reverse_out
from postmark_id.synth.sheet import Sheet
from postmark_id.synth.writing import write_date

SCALE = 8.0
DRAWERS = {
    "pentagon": lambda r, d: marks.draw_seal(Station.SALYUT_7, Shape.PENTAGON, r, SCALE, date=d),
    "octagon": lambda r, d: marks.draw_seal(Station.MIR, Shape.OCTAGON, r, SCALE, date=d),
    "postmark": lambda r, d: marks.draw_postmark(Station.ISS, r, SCALE, d, new=True, wheels=0.3),
    "segment": lambda r, d: marks.draw_segment_seal(r, SCALE, d),
    "cancel": lambda r, d: ground.draw_cancel(r, SCALE, d),
    "pictorial": lambda r, d: ground.draw_pictorial(r, SCALE, d),
    "rescue": lambda r, d: ground.draw_rescue_pentagon(r, SCALE, d),
    "loose": lambda r, d: marks.draw_loose_date(r, SCALE, d),
}


def a_date(rng):
    return write_date(dt.date(1997, 2, 12), "dd.mm.yy", rng)


def quad_mask(sheet, quad, grow=1.0):
    corners = np.asarray([sheet.pixel(p) for p in quad])
    corners = corners.mean(axis=0) + (corners - corners.mean(axis=0)) * grow
    mask = np.zeros(sheet.ink.shape, np.uint8)
    cv2.fillConvexPoly(mask, np.round(corners).astype(np.int32), 1)
    return mask.astype(bool)


@pytest.mark.parametrize("name", DRAWERS)
def test_the_ink_of_a_date_lies_in_its_quad(name):
    for seed in range(8):
        rng = np.random.default_rng([seed, 3])
        mark = DRAWERS[name](rng, a_date(rng))
        assert mark.date is not None
        for _, quad in mark.date_line.letters:
            inside = mark.sheet.ink[quad_mask(mark.sheet, quad, 0.9)]
            assert inside.max() > 150, (name, seed)
        corners = np.asarray(mark.date_line.quad)
        width = np.linalg.norm(corners[1] - corners[0])
        height = np.linalg.norm(corners[3] - corners[0])
        assert width > (2 * height if mark.date_rows == 1 else 0)
        assert height > max(quad[3][1] - quad[0][1] for _, quad in mark.date_line.letters) * (mark.date_rows - 1)


@pytest.mark.parametrize("form", ["MON d yyyy", "MONTH d, yyyy", "dd.mm.yy", "dd FRE yyyy"])
def test_a_date_in_pieces_is_remembered_as_one(form):
    seen = set()
    for seed in range(12):
        rng = np.random.default_rng([seed, 6])
        date = write_date(dt.date(1997, 2, 12), form, rng)
        mark = ground.draw_cancel(rng, SCALE, date, place=("HOUSTON", "TEXAS", True))
        seen.add(mark.design.split()[2])
        assert re.findall(r"\w+", mark.date.text) == re.findall(r"\w+", date.text)
        assert "".join(c for c, _ in mark.date_line.letters) == mark.date.text.replace(" ", "")
        feet = [quad[3][1] for char, quad in mark.date_line.letters if char.isalnum()]
        height = max(quad[3][1] - quad[0][1] for _, quad in mark.date_line.letters)
        assert 1 + sum(b - a > 0.5 * height for a, b in pairwise(feet)) == mark.date_rows
    assert "stacked" in seen


@pytest.mark.parametrize("name", [n for n in DRAWERS if n not in {"loose", "pictorial"}])
def test_ink_follows_the_outline_and_stays_near_it(name):
    for seed in range(8):
        rng = np.random.default_rng([seed, 4])
        mark = DRAWERS[name](rng, a_date(rng))
        sheet = mark.sheet
        near = np.zeros(sheet.ink.shape, np.uint8)
        points = np.round([sheet.pixel(p) for p in mark.outline]).astype(np.int32)
        cv2.polylines(near, [points], True, 255, round(1.6 * SCALE))
        thin = np.zeros_like(near)
        cv2.polylines(thin, [points], True, 255, 1)
        inked = cv2.dilate(sheet.ink, np.ones((9, 9), np.uint8))
        assert (inked[thin > 0] > 100).mean() > 0.75, (name, seed)


@pytest.mark.parametrize("name", DRAWERS)
def test_a_mark_has_a_size_that_marks_have(name):
    for seed in range(8):
        rng = np.random.default_rng([seed, 5])
        mark = DRAWERS[name](rng, a_date(rng))
        assert 9.0 <= mark.radius <= 34.0


def test_known_marks_carry_their_library_id():
    rng = np.random.default_rng(1)
    seals = {
        (Station.SALYUT_7, Shape.PENTAGON): "salyut7-pentagon",
        (Station.MIR, Shape.PENTAGON): "mir-pentagon",
        (Station.MIR, Shape.OCTAGON): "mir-octagon",
        (Station.ISS, Shape.OCTAGON): "iss-octagon",
        (Station.ISS, Shape.PENTAGON): None,
    }
    for (station, shape), reference in seals.items():
        mark = marks.draw_seal(station, shape, rng, SCALE)
        assert mark.reference == reference
        assert mark.on_board
    assert marks.draw_postmark(Station.ISS, rng, SCALE, a_date(rng)).reference == "iss-postmark-old"
    assert marks.draw_expedition_seal(rng, SCALE, 12).reference == "iss-expedition-seal"
    assert marks.draw_crew_stamp(Station.MIR, rng, SCALE).kind is Kind.UNKNOWN


def test_ground_marks_are_not_from_on_board():
    rng = np.random.default_rng(1)
    drawn = (
        ground.draw_cancel(rng, SCALE, a_date(rng)),
        ground.draw_pictorial(rng, SCALE, a_date(rng)),
        ground.draw_rescue_pentagon(rng, SCALE, None),
    )
    for mark in drawn:
        assert mark.kind is Kind.GROUND_CANCEL
        assert not mark.on_board
        assert mark.station is None


def test_a_hand_cut_polygon_keeps_its_corners_and_about_its_area():
    corners = hand_cut(5, 15.0, np.random.default_rng(2), 0.02)
    assert len(corners) == 5
    assert cv2.contourArea(as_array(corners)) == pytest.approx(2.378 * 15.0**2, rel=0.15)


@pytest.mark.parametrize("sides", [5, 8])
def test_some_polygons_are_drawn_out_and_none_is_narrower_than_a_regular_one(sides: int):
    drawn = [as_array(hand_cut(sides, 15.0, np.random.default_rng(seed), 0.0)) for seed in range(300)]
    reach = np.array([np.hypot(*corners.T).max() for corners in drawn])
    narrowest = np.array([-cv2.pointPolygonTest(corners, (0.0, 0.0), measureDist=True) for corners in drawn])
    long = reach > 15.0 * 1.15
    assert 0.03 < long.mean() < 0.12
    assert reach.max() < 24.0
    assert np.abs(narrowest)[long].min() > 15.0 * math.cos(math.pi / sides) * 0.98


def test_reversing_out_swaps_ink_and_paper_inside_only():
    sheet = Sheet(20, 20, SCALE)
    sheet.circle((0.0, 0.0), 2.0)
    reverse_out(sheet, ((-6, -6), (6, -6), (6, 6), (-6, 6)))
    x, y = (int(v) for v in sheet.pixel((0.0, 0.0)))
    assert sheet.ink[y, x] == 0
    x, y = (int(v) for v in sheet.pixel((4.0, 4.0)))
    assert sheet.ink[y, x] == 255
    assert sheet.ink[2, 2] == 0


def test_a_line_of_text_fits_where_it_must():
    sheet = Sheet(60, 20, SCALE)
    line = sheet.text("МЕЖДУНАРОДНАЯ СТАНЦИЯ", (0.0, 0.0), 4.0, fonts.FONTS[0], fit=20.0)
    (x0, _), (x1, _), _, _ = line.quad
    assert x1 - x0 <= 20.5
    ink = np.argwhere(sheet.ink > 60)
    assert (ink[:, 1].max() - ink[:, 1].min()) / SCALE <= 20.5


def test_text_turned_upside_down_has_its_quad_turned():
    sheet = Sheet(40, 20, SCALE)
    line = sheet.text("12.02.97", (0.0, 0.0), 3.0, fonts.FONTS[0], turn=180.0)
    (x0, y0), (x1, _), (_, y2), _ = line.quad
    assert x0 > x1
    assert y0 > y2


def test_letters_on_an_arc_stand_at_its_radius():
    sheet = Sheet(40, 40, SCALE)
    for inward, middle in ((False, 0.0), (True, 180.0)):
        line = sheet.arc("ПОЧТА", (0.0, 0.0), 14.0, 2.0, fonts.FONTS[0], middle=middle, inward=inward)
        for _, quad in line.letters:
            x, y = np.mean(quad, axis=0)
            assert np.hypot(x, y) == pytest.approx(14.0, abs=0.6)
        first, last = (np.mean(line.letters[k][1], axis=0)[0] for k in (0, -1))
        assert first < last
