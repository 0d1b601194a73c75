"""Ink density does not care about paper and light, and two inks come apart."""

import cv2
import numpy as np
import pytest

from postmark_id.ink import density, density_around, lay_out, layer, main_ink
from postmark_id.ink.flatten import shrunk
from postmark_id.models import Picture, Scan
from postmark_id.settings import InkSettings

SETTINGS = InkSettings()
BLUE = np.array([0.15, 0.25, 0.75])
BLACK = np.array([0.12, 0.12, 0.12])
INKS = {
    "black": (0.12, 0.12, 0.12),
    "blue": (0.15, 0.25, 0.75),
    "violet": (0.45, 0.15, 0.65),
    "red": (0.80, 0.12, 0.12),
    "green": (0.10, 0.55, 0.25),
}


def sheet_with(strokes: list[tuple[tuple[int, int], tuple[int, int], np.ndarray]], paper: np.ndarray) -> Picture:
    """Paper of shape (400, 600, 3) in 0..1 with ink strokes multiplied onto it."""
    picture = paper.copy()
    for start, end, ink in strokes:
        mask = cv2.line(np.zeros((400, 600), np.uint8), start, end, 1, 9).astype(bool)
        picture[mask] *= ink
    return (picture * 255).astype(np.uint8)


def white() -> np.ndarray:
    return np.full((400, 600, 3), 0.95)


def test_bare_paper_has_no_density_under_uneven_light() -> None:
    light = np.linspace(0.55, 0.97, 600)[None, :, None] * np.ones((400, 600, 3))
    sheet = lay_out(Scan(sheet_with([], light), "x"), SETTINGS)
    assert float(density(sheet).max()) < 0.1


def test_a_stroke_is_as_dense_on_dark_paper_as_on_light() -> None:
    strokes = [((100, 200), (500, 200), BLUE)]
    found = []
    for tone in (0.95, 0.6):
        sheet = lay_out(Scan(sheet_with(strokes, np.full((400, 600, 3), tone)), "x"), SETTINGS)
        found.append(density(sheet)[200, 300])
    np.testing.assert_allclose(found[0], found[1], atol=0.25)


@pytest.mark.parametrize("name", sorted(INKS))
def test_an_ink_gets_its_collectors_name(name: str) -> None:
    sheet = lay_out(Scan(sheet_with([((50, 200), (550, 200), np.array(INKS[name]))], white()), "x"), SETTINGS)
    assert main_ink(density(sheet)[196:204, 60:540], SETTINGS).name == name


def test_a_blue_strike_is_seen_without_a_black_one_across_it() -> None:
    strokes = [((50, 200), (550, 200), BLUE), ((300, 50), (300, 350), BLACK)]
    values = density(lay_out(Scan(sheet_with(strokes, white()), "x"), SETTINGS))
    blue = main_ink(values[196:204, 60:250], SETTINGS)
    only_blue = layer(values, blue, purity=2.0)
    assert float(only_blue[200, 150]) > 0.8
    assert float(only_blue[100, 300]) < 0.25
    assert float(layer(values, blue)[100, 300]) > 0.5, "black holds blue, too: without purity it counts"


def test_a_box_of_the_sheet_agrees_with_the_whole() -> None:
    sheet = lay_out(Scan(sheet_with([((50, 60), (550, 300), BLUE)], white()), "x"), SETTINGS)
    np.testing.assert_allclose(density(sheet, (100, 50, 200, 150)), density(sheet)[50:200, 100:300], atol=1e-2)


@pytest.mark.parametrize(
    ("points", "room", "box"),
    [
        ([[100.5, 50.2], [180.0, 90.0]], 4.0, (96, 46, 88, 48)),
        ([[-50.0, 380.0], [20.0, 500.0]], 4.0, (0, 376, 24, 24)),
        ([[900.0, 900.0]], 2.0, (598, 398, 2, 2)),
    ],
)
def test_the_part_around_points_ends_at_the_edges_of_the_sheet(
    points: list[list[float]], room: float, box: tuple[int, int, int, int]
) -> None:
    sheet = lay_out(Scan(sheet_with([((50, 60), (550, 390), BLUE)], white()), "x"), SETTINGS)
    values, edges = density_around(sheet, np.array(points), room)
    assert edges == box[:2]
    np.testing.assert_array_equal(values, density(sheet, box))


def test_the_working_copy_is_bounded() -> None:
    big = np.full((3000, 5000, 3), 250, np.uint8)
    sheet = lay_out(Scan(big, "x"), SETTINGS)
    assert max(sheet.pixels.shape) == SETTINGS.working_side
    assert sheet.scale == pytest.approx(SETTINGS.working_side / 5000)


@pytest.mark.parametrize(
    ("size", "smaller"), [((300, 200), (300, 200)), ((300, 200), (171, 114)), ((1001, 703), (134, 94))]
)
def test_a_shrunk_picture_shows_the_same_in_the_same_places(size, smaller):
    (width, height), (wide, tall) = size, smaller
    x, y = np.meshgrid((np.arange(width) + 0.5) / width, (np.arange(height) + 0.5) / height)
    pixels = np.stack([255 * x, 255 * y, 255 * (np.hypot(x - 0.3, y - 0.6) > 0.1)], axis=2).astype(np.uint8)
    small = shrunk(pixels, smaller)
    assert small.shape == (tall, wide, 3)
    x, y = np.meshgrid((np.arange(wide) + 0.5) / wide, (np.arange(tall) + 0.5) / tall)
    assert np.abs(small[..., 0] - 255 * x).max() < 4
    assert np.abs(small[..., 1] - 255 * y).max() < 4
    spot = small[..., 2] < 128
    assert spot.mean() == pytest.approx(0.0314, abs=0.003)
    assert (x[spot].mean(), y[spot].mean()) == pytest.approx((0.3, 0.6), abs=0.004)


def test_a_thin_stroke_survives_being_made_small():
    pixels = np.full((1500, 1500, 3), 250, np.uint8)
    pixels[:, 703:706] = 0
    small = shrunk(pixels, (210, 210))
    assert (small.min(axis=1) < 180).all()
