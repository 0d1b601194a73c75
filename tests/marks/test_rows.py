"""Rows of letters are followed along rings and lines, in their direction of reading."""

import math

import numpy as np
import pytest

from postmark_id.geometry import angle_between, regular_polygon
from postmark_id.marks.cells import STRIDE
from postmark_id.marks.lettering import Lettering
from postmark_id.marks.rows import (
    ASIDE,
    COS,
    COS_2,
    FIGURES,
    LETTERS,
    LOG_HEIGHT,
    RADIUS,
    SIDE,
    SIN,
    SIN_2,
    Row,
    decode,
    spanned,
)  # fmt: skip
from postmark_id.marks.struck import Struck
from postmark_id.models import Outline, Shape
from postmark_id.settings import LetteringStrips

CELLS = SIDE // STRIDE
CENTRE = (500.0, 300.0)
OUTLINE = Outline(Shape.CIRCLE, CENTRE, 2 * RADIUS, 0.0, regular_polygon(CENTRE, 2 * RADIUS, 0, 0.0))
SETTINGS = LetteringStrips()


def empty() -> np.ndarray:
    maps = np.zeros((8, CELLS, CELLS), np.float32)
    maps[[LETTERS, FIGURES]] = -6.0
    return maps


def write(maps: np.ndarray, middle: np.ndarray, ahead: np.ndarray, height: float, channel: int = LETTERS) -> None:
    """Answer as the network should for a row through some points, pixels of the view from the centre of the mark."""
    for point, way in zip(middle, ahead, strict=True):
        x, y = np.floor((point + SIDE / 2) / STRIDE).astype(int)
        down = np.array([-way[1], way[0]])
        off = (point + SIDE / 2 - (np.array([x, y]) + 0.5) * STRIDE) @ down
        double = 2 * math.atan2(way[1], way[0])
        maps[[channel, COS_2, SIN_2, COS, SIN, LOG_HEIGHT, ASIDE], y, x] = (
            4.0, math.cos(double), math.sin(double), *way, math.log(height), off / height,
        )  # fmt: skip


def write_ring(maps: np.ndarray, radius: float, first: float, last: float, *, clockwise: bool = True) -> None:
    t = np.radians(np.arange(first, last, 2.0))
    points = radius * np.stack([np.cos(t), np.sin(t)], axis=1)
    ahead = np.stack([-np.sin(t), np.cos(t)], axis=1) * (1 if clockwise else -1)
    write(maps, points, ahead, 9.0)


def write_line(maps: np.ndarray, y: float, reach: float, turn: float, channel: int = LETTERS) -> None:
    ahead = np.array([math.cos(math.radians(turn)), math.sin(math.radians(turn))])
    down = np.array([-ahead[1], ahead[0]])
    points = np.arange(-reach, reach, 2.0)[:, None] * ahead + y * down
    write(maps, points, np.tile(ahead, (len(points), 1)), 12.0, channel)


def radii(row: Row) -> np.ndarray:
    return np.linalg.norm(row.midline - np.array(CENTRE), axis=1)


@pytest.mark.parametrize("clockwise", [True, False])
def test_a_row_around_the_centre_is_followed_in_its_direction(clockwise: bool) -> None:
    maps = empty()
    write_ring(maps, 55.0, -140.0, -20.0, clockwise=clockwise)
    (row,) = decode(maps, OUTLINE, SETTINGS)
    assert row.bent
    assert radii(row) == pytest.approx(110.0, abs=2.0)
    assert row.height == pytest.approx(18.0, rel=0.02)
    assert (row.midline[-1][0] > row.midline[0][0]) == clockwise


@pytest.mark.parametrize("turn", [0.0, 30.0, 118.0, 180.0, -90.0])
def test_a_straight_row_is_found_at_any_slope(turn: float) -> None:
    maps = empty()
    write_line(maps, 20.0, 40.0, turn)
    (row,) = decode(maps, OUTLINE, SETTINGS)
    ahead = row.midline[-1] - row.midline[0]
    assert not row.bent
    assert angle_between(math.degrees(math.atan2(ahead[1], ahead[0])), turn) < 3.0
    assert row.length == pytest.approx(160.0, abs=12.0)
    (x1, y1), _, _, (x4, y4) = row.quad
    assert math.dist((x1, y1), (x4, y4)) == pytest.approx(24.0, rel=0.02)


def test_rows_read_in_opposite_directions_or_of_other_sizes_are_not_joined() -> None:
    maps = empty()
    write_ring(maps, 55.0, -170.0, -10.0)
    write_ring(maps, 55.0, 10.0, 170.0, clockwise=False)
    write_line(maps, 0.0, 30.0, 0.0, FIGURES)
    rows = decode(maps, OUTLINE, SETTINGS)
    assert sorted((row.bent, row.dated) for row in rows) == [(False, True), (True, False), (True, False)]


@pytest.mark.parametrize("stretch", [0.9, 1.12])
def test_a_row_lies_on_the_ellipse_of_a_mark_seen_from_the_side(stretch: float) -> None:
    maps = empty()
    write_ring(maps, 55.0, -140.0, -20.0)
    aslant = around(CENTRE, stretch)
    (row,) = decode(maps, aslant, SETTINGS)
    straightened = (row.midline - CENTRE) / (stretch, 1 / stretch)
    assert np.linalg.norm(straightened, axis=1) == pytest.approx(55.0 / RADIUS * 120.0, abs=1.5)


def test_a_ring_need_not_be_quite_round_nor_quite_in_the_middle() -> None:
    maps = empty()
    t = np.radians(np.arange(-170.0, 60.0, 2.0))
    points = 52.0 * np.stack([1.06 * np.cos(t), 0.94 * np.sin(t)], axis=1) + (2.0, 1.0)
    ahead = np.stack([-1.06 * np.sin(t), 0.94 * np.cos(t)], axis=1)
    write(maps, points, ahead / np.linalg.norm(ahead, axis=1, keepdims=True), 9.0)
    (row,) = decode(maps, OUTLINE, SETTINGS)
    assert row.bent
    seen = (row.midline - CENTRE) / 2.0
    off = np.linalg.norm(points[:, None] - seen[None], axis=2).min(axis=1)
    assert off.max() < 1.5, "a circle would lie off by three pixels and more"


def test_a_ring_is_parted_where_it_begins_to_be_read_the_other_way() -> None:
    maps = empty()
    write_ring(maps, 55.0, -180.0, 10.0)
    write_ring(maps, 55.0, 10.0, 178.0, clockwise=False)
    for turn in (10.0, 178.0):  # where both meet, the network doesn't know
        x, y = np.floor((55.0 * np.array([math.cos(math.radians(turn)), math.sin(math.radians(turn))]) + 80) / STRIDE)
        maps[[COS, SIN], int(y) - 2 : int(y) + 3, int(x) - 2 : int(x) + 3] *= 0.05
    rows = decode(maps, OUTLINE, SETTINGS)
    assert sorted(round(row.length / 100.0) for row in rows) == [3, 4]
    assert all(row.ahead[0] > 0 for row in rows), "both are read from left to right"


def test_a_row_all_around_is_followed_beyond_its_beginning() -> None:
    maps = empty()
    write_ring(maps, 55.0, 0.0, 360.0)
    (row,) = decode(maps, OUTLINE, SETTINGS)
    assert row.length > 1.1 * 2 * math.pi * 110.0


def test_a_strip_holds_the_row_with_its_margins() -> None:
    maps = empty()
    write_line(maps, 0.0, 40.0, 0.0)
    (row,) = decode(maps, OUTLINE, SETTINGS)
    x, y = row.unrolled(40, 0.25, 0.5)
    assert x.shape == y.shape
    assert len(x) == 40
    assert y.max() - y.min() == pytest.approx(1.5 * row.height, rel=0.02)
    assert x.max() - x.min() == pytest.approx(row.length + row.height, rel=0.02)
    assert (np.diff(x, axis=1) > 0).all(), "from left to right"


def test_nothing_is_seen_in_nothing_and_a_single_letter_is_no_row() -> None:
    maps = empty()
    assert decode(maps, OUTLINE, SETTINGS) == []
    write_line(maps, 0.0, 3.0, 0.0)
    assert decode(maps, OUTLINE, SETTINGS) == []


def row_at(x: float, y: float, *, height: float = 20.0, dated: bool = True) -> Row:
    return Row(np.array([[x, y], [x + 40, y], [x + 80, y]], float), height, 1.0, dated=dated, bent=False)


def test_rows_of_one_line_are_known_however_far_apart_they_lie() -> None:
    day, year = row_at(0, 0), row_at(300, 5)
    assert day.goes_on_in(year)
    assert not year.goes_on_in(day)
    assert not day.goes_on_in(row_at(300, 30)), "lies in the next line"
    assert not day.goes_on_in(row_at(300, 5, height=40.0)), "is larger"
    assert not day.goes_on_in(row_at(40, 2)), "overlaps"
    left, right = spanned(day, year)[0], spanned(day, year)[1]
    assert left == (0.0, -10.0)
    assert right[0] == 380.0


def test_a_date_in_two_parts_is_given_as_one_strip() -> None:
    struck = Struck(np.zeros((400, 400), np.float32), -10.0, -100.0, 1.0)
    lettering = Lettering(struck, (row_at(0, 0), row_at(200, 0), row_at(0, 60, dated=False)))
    (_, day), (_, year), (quad, whole) = lettering.dates(SETTINGS)
    assert whole.shape == (SETTINGS.height, day.shape[1] + year.shape[1])
    assert quad == spanned(*lettering.rows[:2])
    assert lettering.besides(quad) == [False, False, True]


def test_parts_of_a_date_are_joined_whichever_way_each_was_seen() -> None:
    struck = Struck(np.zeros((400, 400), np.float32), -10.0, -100.0, 1.0)
    year = row_at(200, 0)
    turned = Row(year.midline[::-1], year.height, 0.9, dated=True, bent=False)
    assert turned.turned_like(year).midline.tolist() == year.midline.tolist()
    *_, (quad, _) = Lettering(struck, (row_at(0, 0), turned)).dates(SETTINGS)
    assert quad == spanned(row_at(0, 0), year)


def around(centre: tuple[float, float], stretch: float = 1.0) -> Outline:
    """A round mark seen from the side: longer than high by some share of its radius."""
    points = (np.array(regular_polygon((0.0, 0.0), 120.0, 0, 0.0)) * (stretch, 1 / stretch) + centre).tolist()
    return Outline(Shape.CIRCLE, centre, 120.0, 0.0, tuple((x, y) for x, y in points))


def test_a_row_around_a_mark_seen_from_the_side_goes_on_along_its_ellipse() -> None:
    turns = np.linspace(0.2, 1.0, 9)
    ring = 100.0 * np.stack([1.1 * np.cos(turns), np.sin(turns) / 1.1], axis=1)
    longer = Row(ring, 20.0, 1.0, dated=False, bent=True).longer(2.0, around((0.0, 0.0), 1.1)).midline
    assert np.linalg.norm(longer * (1 / 1.1, 1.1), axis=1) == pytest.approx(100.0)
    assert len(longer) > len(ring)


def test_a_row_goes_on_along_its_line_or_its_ring() -> None:
    straight = row_at(0, 0).longer(2.0, OUTLINE)
    assert straight.midline[[0, -1]].tolist() == [[-40.0, 0.0], [120.0, 0.0]]
    for turns in (np.linspace(0.0, 1.0, 9), np.linspace(1.0, 0.0, 9)):
        ring = 100.0 * np.stack([np.cos(turns), np.sin(turns)], axis=1) + (50.0, 60.0)
        longer = Row(ring, 20.0, 1.0, dated=False, bent=True).longer(2.0, around((50.0, 60.0))).midline - (50.0, 60.0)
        assert np.linalg.norm(longer, axis=1) == pytest.approx(100.0)
        ends = np.arctan2(longer[[0, -1], 1], longer[[0, -1], 0])
        assert sorted(ends) == pytest.approx([-0.4, 1.4])


def test_a_row_around_a_whole_ring_does_not_grow_beyond_it() -> None:
    turns = np.linspace(0.0, 2.2 * math.pi, 40)
    ring = 100.0 * np.stack([np.cos(turns), np.sin(turns)], axis=1)
    longer = Row(ring, 20.0, 1.0, dated=False, bent=True).longer(4.0, around((0.0, 0.0))).midline
    assert longer[[0, -1]] == pytest.approx(ring[[0, -1]])
