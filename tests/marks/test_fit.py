"""Outlines are fitted where they are, and the wrong shape does not win."""

import cv2
import numpy as np
import pytest

from postmark_id.geometry import angle_between, as_array, iou, regular_polygon
from postmark_id.ink import lay_out
from postmark_id.marks.fit import PATCH_RADIUS, Fit, encircle, fit, nearest_turn
from postmark_id.marks.propose import Proposal
from postmark_id.models import Picture, Point, Scan, Shape
from postmark_id.settings import Settings

SETTINGS = Settings()
CENTRE, RADIUS, TURN = (600.0, 400.0), 150.0, 13.0
INK = (40, 60, 160)


def strike(
    sides: int, *, turn: float = TURN, keep: float = 1.0, length: float = 1.0, seed: int = 0
) -> tuple[Picture, tuple[Point, ...]]:
    """A noisy sheet with one outline, of which a share `keep` is inked and which is `length` times as long as high."""
    rng = np.random.default_rng(seed)
    picture = np.full((900, 1400, 3), 236, np.uint8)
    points = tuple(
        (CENTRE[0] + x * length**0.5, CENTRE[1] + y / length**0.5)
        for x, y in regular_polygon((0.0, 0.0), RADIUS, sides, turn)
    )
    cv2.polylines(picture, [np.round(as_array(points) * 8).astype(np.int32)], True, INK, 5, cv2.LINE_AA, 3)
    if keep < 1:
        wedge = cv2.ellipse2Poly((600, 400), (400, 400), 0, 0, round(360 * (1 - keep)), 3)
        cv2.fillPoly(picture, [np.vstack([wedge, [[600, 400]]]).astype(np.int32)], (236, 236, 236))
    cv2.putText(picture, "12.02.97", (520, 410), cv2.FONT_HERSHEY_SIMPLEX, 1.2, INK, 3, cv2.LINE_AA)
    noisy = picture + rng.normal(0, 4, picture.shape)
    return noisy.clip(0, 255).astype(np.uint8), points


def fitted(picture: Picture, shape: Shape, *, upright: float = 10.0, score: float = 0.5) -> Fit:
    """Fit from a proposal that is a little off."""
    proposal = Proposal(shape, (CENTRE[0] + 8, CENTRE[1] - 6), RADIUS * 1.05, upright, score)
    return fit(lay_out(Scan(picture, "x"), SETTINGS.ink), proposal, SETTINGS.marks, SETTINGS.ink)


@pytest.mark.parametrize("shape", [Shape.PENTAGON, Shape.OCTAGON, Shape.CIRCLE])
def test_an_outline_is_fitted_closely_and_known_by_its_shape(shape: Shape) -> None:
    picture, truth = strike(shape.sides)
    found = fitted(picture, shape)
    assert iou(found.outline.points, truth) > 0.95
    assert found.coverage > 0.95
    assert found.outline.shape is shape
    assert found.ink.name == "blue"


@pytest.mark.parametrize(
    ("octagon", "circle", "said"), [(0.6, 0.35, Shape.CIRCLE), (0.7, 0.25, Shape.OCTAGON), (0.55, 0.05, Shape.OCTAGON)]
)
def test_a_polygon_that_is_little_likelier_than_a_circle_is_taken_for_round(
    octagon: float, circle: float, said: Shape, monkeypatch: pytest.MonkeyPatch
) -> None:
    likely = {Shape.OCTAGON: octagon, Shape.CIRCLE: circle, Shape.PENTAGON: 0.0, Shape.OTHER: 1 - octagon - circle}
    monkeypatch.setattr("postmark_id.marks.fit.shares", lambda *_: likely)
    found = fitted(strike(8)[0], Shape.OCTAGON)
    assert found.outline.shape is said
    assert found.score == octagon  # that there is a mark is not doubted by its being round


@pytest.mark.parametrize(("share", "seen"), [(0.9, 0.9), (0.75, 1.0)])
def test_a_mark_is_looked_around_where_it_was_proposed_when_the_ring_lies_well_within(
    share: float, seen: float
) -> None:
    proposal = Proposal(Shape.PENTAGON, CENTRE, RADIUS / share, 0.0, 0.9)
    around = encircle(lay_out(Scan(strike(0)[0], "x"), SETTINGS.ink), proposal, SETTINGS.ink)
    assert np.linalg.norm(around.axes, axis=0) == pytest.approx(seen * PATCH_RADIUS, rel=0.02)
    assert np.exp(around.circle[2]) == pytest.approx(share * PATCH_RADIUS, rel=0.02)


@pytest.mark.parametrize("shape", [Shape.PENTAGON, Shape.OCTAGON])
def test_print_is_inked_more_evenly_than_a_strike(shape: Shape) -> None:
    picture, points = strike(shape.sides)
    assert fitted(picture, shape, score=0.9).evenness >= SETTINGS.marks.even_as_print
    shade = cv2.GaussianBlur(np.random.default_rng(3).normal(0, 1, picture.shape[:2]), (0, 0), 12.0)
    ink = np.clip(0.75 + 0.15 * shade / shade.std(), 0.2, 1.0)[..., None]
    struck = (236 - (236 - picture.astype(float)) * ink).clip(0, 255).astype(np.uint8)
    found = fitted(struck, shape, score=0.9)
    assert iou(found.outline.points, points) > 0.95
    assert 0.1 < found.evenness < SETTINGS.marks.even_as_print


@pytest.mark.parametrize("proposed", [Shape.PENTAGON, Shape.OCTAGON, Shape.CIRCLE])
@pytest.mark.parametrize("drawn", [4, 6, 7])
def test_a_shape_that_no_mark_has_is_not_forced_into_one(proposed: Shape, drawn: int) -> None:
    found = fitted(strike(drawn)[0], proposed)
    assert found.score < SETTINGS.marks.least_found
    assert found.runner_up is Shape.OTHER


@pytest.mark.parametrize("proposed", [Shape.PENTAGON, Shape.OCTAGON, Shape.CIRCLE])
@pytest.mark.parametrize("drawn", [Shape.PENTAGON, Shape.OCTAGON, Shape.CIRCLE])
def test_the_strokes_decide_on_the_shape(proposed: Shape, drawn: Shape) -> None:
    found = fitted(strike(drawn.sides)[0], proposed)
    assert found.outline.shape is drawn


@pytest.mark.parametrize("shape", [Shape.PENTAGON, Shape.OCTAGON, Shape.CIRCLE])
def test_a_third_of_the_outline_may_be_missing(shape: Shape) -> None:
    picture, truth = strike(shape.sides, keep=0.67)
    found = fitted(picture, shape)
    assert iou(found.outline.points, truth) > 0.9
    assert 0.5 < found.coverage < 0.85


@pytest.mark.parametrize("length", [1.15, 1.3])
def test_an_octagon_may_be_longer_than_high(length: float) -> None:
    picture, truth = strike(Shape.OCTAGON.sides, turn=0.0, length=length)
    found = fitted(picture, Shape.OCTAGON, upright=0.0)
    assert iou(found.outline.points, truth) > 0.93
    assert found.coverage > 0.9


def test_the_rotation_is_the_allowed_one_nearest_to_the_lettering() -> None:
    found = fitted(strike(5)[0], Shape.PENTAGON, upright=20.0)
    assert angle_between(found.outline.rotation, TURN) < 2.0


@pytest.mark.parametrize(("wanted", "answer"), [(0.0, 13.0), (40.0, 49.0), (-180.0, 157 - 360.0 + 36), (170.0, 157.0)])
def test_a_pentagon_stands_on_corners_and_sides(wanted: float, answer: float) -> None:
    turned = nearest_turn(13.0, wanted, 5)
    assert angle_between(turned, 13.0, 36.0) == pytest.approx(0.0, abs=1e-6)
    assert angle_between(turned, wanted) <= 18.0
    assert angle_between(turned, answer) == pytest.approx(0.0, abs=1e-6)


def test_a_proposal_at_the_edge_of_the_sheet_is_fitted_without_error() -> None:
    picture, _ = strike(8)
    cut = np.ascontiguousarray(picture[:, 560:])
    proposal = Proposal(Shape.OCTAGON, (40.0, 400.0), 150.0, 0.0, 0.4)
    found = fit(lay_out(Scan(cut, "x"), SETTINGS.ink), proposal, SETTINGS.marks, SETTINGS.ink)
    assert 0.2 < found.coverage < 0.9


@pytest.mark.parametrize(("sides", "shape"), [(5, Shape.PENTAGON), (0, Shape.CIRCLE)])
def test_a_ring_that_touches_the_sides_from_within_is_not_the_outline(
    sides: int, shape: Shape, monkeypatch: pytest.MonkeyPatch
) -> None:
    unrolled = {Shape.CIRCLE: 0.97, Shape.PENTAGON: 0.01, Shape.OCTAGON: 0.01, Shape.OTHER: 0.01}
    monkeypatch.setattr("postmark_id.marks.fit.shapes_around", lambda *_: unrolled)
    picture = np.full((900, 1400, 3), 236, np.uint8)
    points = as_array(regular_polygon(CENTRE, RADIUS, sides, TURN))
    if sides:
        cv2.polylines(picture, [np.round(points * 8).astype(np.int32)], True, INK, 4, cv2.LINE_AA, 3)
    for radius in (0.79, 0.5):
        cv2.circle(picture, (600, 400), round(radius * RADIUS), INK, 4, cv2.LINE_AA)
    doubtful = {Shape.PENTAGON: 0.25, Shape.OCTAGON: 0.65, Shape.CIRCLE: 0.05, Shape.OTHER: 0.05}
    proposal = Proposal(Shape.OCTAGON, (604.0, 396.0), 0.85 * RADIUS, 10.0, 0.9, seen=doubtful)
    found = fit(lay_out(Scan(picture, "x"), SETTINGS.ink), proposal, SETTINGS.marks, SETTINGS.ink)
    assert found.outline.shape is shape
    assert found.score > SETTINGS.marks.least_found
    assert sum(found.shares.values()) == pytest.approx(1.0)
    assert found.outline.radius == pytest.approx(RADIUS if sides else 0.79 * RADIUS, rel=0.05)
