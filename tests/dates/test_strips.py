import cv2
import numpy as np
import pytest

from postmark_id.dates.strips import cut, normalise, turned_about
from postmark_id.geometry import turned_rectangle
from postmark_id.models import Picture


def card(width: int = 400, height: int = 300, shade: int = 240) -> Picture:
    return np.full((height, width, 3), shade, np.uint8)


def with_line(turn: float, size: float = 1.0) -> tuple[Picture, tuple[tuple[float, float], ...]]:
    """A picture with a turned block: dark left third, grey top of the rest."""
    side = round(400 * size)
    quad = turned_rectangle((side / 2, side / 2), 160 * size, 40 * size, turn)
    patch = np.full((40, 160), 255, np.uint8)
    patch[:, :53] = 20
    patch[:20, 53:] = 120
    target = np.asarray(quad, np.float32) - 0.5
    source = np.float32([[0, 0], [160, 0], [160, 40], [0, 40]]) - 0.5
    warp = cv2.getPerspectiveTransform(source, target)
    grey = cv2.warpPerspective(patch, warp, (side, side), borderValue=255)
    return np.repeat(grey[:, :, None], 3, axis=2), quad


@pytest.mark.parametrize("turn", [0.0, 37.0, 90.0, 180.0, 251.0])
@pytest.mark.parametrize("size", [0.7, 1.0, 5.0])
def test_a_line_is_cut_upright_at_any_turn_and_size(turn: float, size: float) -> None:
    pixels, quad = with_line(turn, size)
    strip = cut(pixels, quad, height=40, pad=0.0)
    assert strip.shape == (40, 160, 3)
    assert strip[8:32, 8:45].mean() < 45
    assert 100 < strip[4:15, 62:150].mean() < 140
    assert strip[25:36, 62:150].mean() > 235


def test_the_margin_grows_the_strip_on_all_sides() -> None:
    pixels, quad = with_line(12.0)
    bare, wide = cut(pixels, quad, 48, 0.0), cut(pixels, quad, 48, 0.25)
    assert bare.shape[0] == wide.shape[0] == 48
    assert wide.shape[1] / 48 == pytest.approx((160 + 40) / (40 * 1.5), rel=0.03)
    assert wide[:5].mean() > 230


def test_a_line_partly_outside_the_picture_keeps_its_form() -> None:
    strip = cut(card(), ((-50, -20), (100, -20), (100, 30), (-50, 30)), 40, 0.1)
    assert strip.shape[0] == 40
    assert strip.min() == strip.max() == 240


@pytest.mark.parametrize(
    "quad",
    [
        ((5, 5), (5, 5), (5, 5), (5, 5)),
        ((float("nan"), 0), (1, 0), (1, 1), (0, 1)),
        ((0, 0), (1e6, 0), (1e6, 10), (0, 10)),
        ((900, 900), (990, 900), (990, 930), (900, 930)),
    ],
)
def test_impossible_lines_give_a_strip_all_the_same(quad: tuple[tuple[float, float], ...]) -> None:
    strip = cut(card(), quad, 40)
    assert strip.shape[0] == 40
    assert 20 <= strip.shape[1] <= 960


def test_shrinking_averages_instead_of_taking_single_pixels() -> None:
    pixels = card(2000, 400, 255)
    pixels[::2] = 0
    strip = cut(pixels, ((0, 0), (2000, 0), (2000, 400), (0, 400)), 40, 0.0)
    assert strip.std() < 5
    assert strip.mean() == pytest.approx(127, abs=4)


@pytest.mark.parametrize("ink", [(40, 60, 160), (180, 30, 40), (20, 20, 20), (110, 60, 150)])
@pytest.mark.parametrize("paper", [(245, 240, 225), (200, 165, 120), (120, 150, 90)])
def test_ink_of_any_colour_becomes_dark_on_even_white(ink: tuple[int, ...], paper: tuple[int, ...]) -> None:
    strip = np.full((40, 200, 3), paper, np.uint8)
    strip[10:30, 20:24] = strip[10:30, 60:64] = strip[10:30, 140:144] = ink
    light = np.linspace(1.0, 0.7, 200)[None, :, None]
    grey = normalise((strip * light).astype(np.uint8))
    assert grey.shape == (40, 200)
    assert grey[12:28, 21:23].mean() < 60
    assert grey[12:28, 141:143].mean() < 60
    assert grey[:, 80:130].mean() > 200


def test_an_even_strip_stays_quiet() -> None:
    assert np.unique(normalise(np.full((40, 100, 3), 200, np.uint8))).size == 1


def test_reading_from_the_other_side_turns_the_strip_by_half() -> None:
    pixels, quad = with_line(30.0)
    one, other = cut(pixels, quad, 40, 0.0), cut(pixels, turned_about(quad), 40, 0.0)
    assert np.abs(one[::-1, ::-1].astype(int) - other).mean() < 3
