"""Geometry: how far polygons lie across each other."""

from __future__ import annotations

import numpy as np
import pytest

from postmark_id.geometry import beside, iou, regular_polygon, runs
from postmark_id.models import Point

SQUARE: tuple[Point, ...] = ((0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0))


@pytest.mark.parametrize(
    ("other", "share"),
    [
        (SQUARE, 1.0),
        (SQUARE[::-1], 1.0),
        (tuple((x + 1.0, y) for x, y in SQUARE), 1 / 3),
        (tuple((x + 2.0, y) for x, y in SQUARE), 0.0),
        (tuple((x + 9.0, y) for x, y in SQUARE), 0.0),
        (tuple((x / 2 + 0.5, y / 2 + 0.5) for x, y in SQUARE), 0.25),
        (((1.0, 1.0),) * 4, 0.0),
    ],
    ids=["itself", "the other way round", "half beside", "touching", "apart", "within", "a point"],
)
def test_polygons_share_what_both_cover(other: tuple[Point, ...], share: float) -> None:
    assert iou(SQUARE, other) == pytest.approx(share, abs=1e-6)
    assert iou(other, SQUARE) == pytest.approx(share, abs=1e-6)


@pytest.mark.parametrize("sides", [3, 5, 8, 36])
def test_a_polygon_is_itself_wherever_it_lies(sides: int) -> None:
    polygon = regular_polygon((1234.5, 8765.4), 77.7, sides, 13.0)
    assert iou(polygon, polygon) == pytest.approx(1.0, abs=1e-4)


@pytest.mark.parametrize(("rotation", "there"), [(0.0, (13.0, 24.0)), (90.0, (6.0, 23.0)), (180.0, (7.0, 16.0))])
def test_ahead_and_to_the_right_are_those_of_one_who_looks_along(rotation: float, there: Point) -> None:
    assert beside(np.array((10.0, 20.0)), rotation, 3.0, 4.0) == pytest.approx(there)


@pytest.mark.parametrize(
    ("gap", "found"), [(0, [(0, 1), (2, 4), (7, 8)]), (1, [(0, 4), (7, 8)]), (3, [(0, 8)]), (9, [(0, 8)])]
)
def test_runs_that_stand_near_are_one(gap: int, found: list[tuple[int, int]]) -> None:
    assert runs(np.array([1, 0, 1, 1, 0, 0, 0, 1], bool), gap) == found
    assert runs(np.zeros(8, bool), gap) == []
