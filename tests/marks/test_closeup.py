"""The close look finds the place, the turn and the date line of a mark that was proposed a little off."""

import math

import numpy as np
import pytest

from postmark_id.geometry import angle_between, as_array, turned_rectangle
from postmark_id.ink import lay_out
from postmark_id.marks import closeup
from postmark_id.marks.closeup import RADIUS, SIDE, STRIDE, decode, look_closely
from postmark_id.marks.propose import Proposal
from postmark_id.models import Scan, Shape
from postmark_id.settings import Settings
from postmark_id.synth.covers import render_cover

SETTINGS = Settings()
PROPOSAL = Proposal(Shape.CIRCLE, (500.0, 300.0), 92.0, 0.0, 0.5)
CELLS = SIDE // STRIDE
MIDDLE = CELLS // 2
ZOOM = PROPOSAL.radius / RADIUS


def answer(turn: float, ahead: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """What the network says of a date line in the middle cell, turned by some degrees."""
    maps = np.full((9, CELLS, CELLS), -6.0, np.float32)
    along = math.radians(turn)
    at = maps[:, MIDDLE, MIDDLE]
    at[closeup.DATE], at[closeup.DX], at[closeup.DY] = 3.0, 0.25, -0.5
    at[closeup.COS_2], at[closeup.SIN_2] = math.cos(2 * along), math.sin(2 * along)
    at[closeup.COS], at[closeup.SIN] = ahead * math.cos(along), ahead * math.sin(along)
    at[closeup.LOG_WIDTH], at[closeup.LOG_HEIGHT] = math.log(12.0), math.log(3.0)
    whole = np.zeros(9, np.float32)
    whole[3], whole[closeup.MARK_DX], whole[closeup.MARK_LOG_RADIUS], whole[closeup.UPRIGHT_COS] = 5.0, 0.5, 0.1, 1.0
    return maps, whole


@pytest.mark.parametrize("turn", [0.0, 40.0, 100.0, 179.0, -120.0])
def test_a_line_is_decoded_in_its_place_and_direction(turn: float) -> None:
    improved = decode(PROPOSAL, *answer(turn), SETTINGS.marks)
    assert improved.lines
    line = 12.0 * STRIDE * ZOOM
    wanted = turned_rectangle((500.0 + 0.75 * STRIDE * ZOOM, 300.0), line, line / 4, turn)
    np.testing.assert_allclose(as_array(improved.lines[0].quad), as_array(wanted), atol=0.1)


def test_where_the_direction_is_unknown_the_slope_remains() -> None:
    improved = decode(PROPOSAL, *answer(30.0, ahead=0.0), SETTINGS.marks)
    assert improved.lines
    (x1, y1), (x2, y2), *_ = improved.lines[0].quad
    assert angle_between(math.degrees(math.atan2(y2 - y1, x2 - x1)), 30.0, 180.0) < 0.1


def test_the_outline_moves_and_the_shape_gets_a_probability() -> None:
    improved = decode(PROPOSAL, *answer(0.0), SETTINGS.marks)
    assert improved.centre == pytest.approx((500.0 + 0.5 * RADIUS * ZOOM, 300.0))
    assert improved.radius == pytest.approx(92.0 * math.exp(0.1))
    assert sum(improved.seen.values()) == pytest.approx(1.0)
    assert improved.seen[Shape.CIRCLE] > 0.9


def test_a_faint_peak_is_no_line() -> None:
    maps, whole = answer(0.0)
    maps[closeup.DATE] = -4.0
    assert decode(PROPOSAL, maps, whole, SETTINGS.marks).lines == ()


@pytest.mark.parametrize("seed", [3, 5])
def test_marks_of_a_rendered_cover_are_seen_better_than_they_were_proposed(seed: int) -> None:
    cover = render_cover(seed, 0.1, dpi=200, scenario="seal-with-postmark")
    sheet = lay_out(Scan(cover.pixels, "x"), SETTINGS.ink)
    truth = [m for m in cover.label["marks"] if m["shape"] == "circle" and m["date"] and m["date"]["legible"]]
    assert truth
    for mark in truth:
        outline = np.asarray(mark["outline"])
        centre = outline.mean(axis=0)
        radius = float(np.linalg.norm(outline - centre, axis=1).mean())
        off = (float(centre[0] + 0.1 * radius), float(centre[1] - 0.08 * radius))
        (improved,) = look_closely(sheet, [Proposal(Shape.CIRCLE, off, 1.08 * radius, 0.0, 0.5)], SETTINGS.marks)
        assert math.dist(improved.centre, centre) < 0.08 * radius
        assert improved.lines
        middle = np.asarray(mark["date"]["quad"]).mean(axis=0)
        assert math.dist(improved.lines[0].centre, middle) < 0.12 * radius


@pytest.mark.parametrize("centre", [(0.0, 0.0), (399.0, 10.0), (200.0, 450.0)])
def test_a_proposal_at_the_edge_of_the_sheet_is_looked_at_without_error(centre: tuple[float, float]) -> None:
    sheet = lay_out(Scan(np.full((300, 400, 3), 230, np.uint8), "x"), SETTINGS.ink)
    for radius in (3.0, 60.0, 900.0):
        assert len(look_closely(sheet, [Proposal(Shape.OCTAGON, centre, radius, 0.0, 0.4)], SETTINGS.marks)) == 1
