"""Lettering along an outline comes out straight, upright and in reading order."""

import math

import cv2
import numpy as np
import pytest

from postmark_id.geometry import regular_polygon
from postmark_id.marks.lettering import lettering_strips, unroll
from postmark_id.models import Outline, Picture, Shape
from postmark_id.settings import LetteringStrips

CENTRE, RADIUS = (200.0, 200.0), 150.0


def outline_of(shape: Shape, rotation: float = 0.0) -> Outline:
    return Outline(shape, CENTRE, RADIUS, rotation, regular_polygon(CENTRE, RADIUS, shape.sides, rotation))


def with_dot(clock: float, distance: float) -> Picture:
    """White with one black dot, at degrees clockwise from the top and a distance from the centre."""
    picture = np.full((400, 400, 3), 255, np.uint8)
    turn = math.radians(clock - 90)
    spot = CENTRE[0] + distance * math.cos(turn), CENTRE[1] + distance * math.sin(turn)
    cv2.circle(picture, (round(spot[0]), round(spot[1])), 6, (0, 0, 0), -1)
    return picture


def dot_in(strip: Picture) -> tuple[float, float]:
    """Place of the darkest column and row, as shares of the strip."""
    dark = 255.0 - strip.mean(axis=2)
    weights = np.where(dark > 100, dark, 0.0)
    rows, columns = weights.sum(axis=1), weights.sum(axis=0)
    return float(np.argmax(columns) / len(columns)), float(rows @ np.arange(len(rows)) / rows.sum() / len(rows))


@pytest.mark.parametrize("shape", [Shape.CIRCLE, Shape.PENTAGON, Shape.OCTAGON])
def test_the_band_runs_clockwise_from_the_foot(shape: Shape) -> None:
    apothem = math.cos(math.pi / shape.sides) if shape.sides else 1.0
    at = [dot_in(unroll(with_dot(clock, 0.85 * RADIUS * apothem), outline_of(shape), 0.7, 1.0, 40))[0]
          for clock in (270.0, 0.0, 90.0)]  # fmt: skip
    # the strip begins near the foot, at a corner of it where there is one, and is 1.15 turns long
    np.testing.assert_allclose(np.diff(at), np.array([0.25, 0.25]) / 1.15, atol=0.02)
    assert at[0] == pytest.approx(0.25 / 1.15, abs=0.1)


def test_the_outer_edge_is_the_top() -> None:
    outer = dot_in(unroll(with_dot(0.0, 0.95 * RADIUS), outline_of(Shape.CIRCLE), 0.7, 1.0, 40))
    inner = dot_in(unroll(with_dot(0.0, 0.75 * RADIUS), outline_of(Shape.CIRCLE), 0.7, 1.0, 40))
    assert outer[1] < 0.4
    assert inner[1] > 0.6


def test_a_turned_mark_gives_the_same_strip() -> None:
    straight = unroll(with_dot(60.0, 0.85 * RADIUS), outline_of(Shape.CIRCLE, 0.0), 0.7, 1.0, 40)
    turned = unroll(with_dot(100.0, 0.85 * RADIUS), outline_of(Shape.CIRCLE, 40.0), 0.7, 1.0, 40)
    assert dot_in(straight)[0] == pytest.approx(dot_in(turned)[0], abs=0.02)


def test_a_mark_over_the_edge_of_the_scan_still_gives_all_its_strips() -> None:
    settings = LetteringStrips()
    strips = lettering_strips(with_dot(0.0, 100.0)[:, 150:], outline_of(Shape.OCTAGON), settings)
    assert len(strips) == 2 * len(settings.bands) + len(settings.lines)
    assert {strip.shape[0] for strip in strips} == {settings.height}
