"""Rough lines are laid true on dates that no training saw, and places without figures are told from them."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from postmark_id.dates.trueing import COLUMNS, ROWS, moved, trued, window
from postmark_id.geometry import iou, turned_rectangle
from postmark_id.models import Picture, Quad


def dated(turn: float, *, text: str = "12.02.97") -> tuple[Picture, Quad]:
    """A round postmark with a date in its middle, and where the date stands."""
    picture = np.full((500, 500, 3), 240, np.uint8)
    cv2.circle(picture, (250, 250), 150, (120, 40, 40), 5, cv2.LINE_AA)
    (width, height), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, 1.3, 4)
    at = 250 - width // 2, 250 + height // 2
    cv2.putText(picture, text, at, cv2.FONT_HERSHEY_SIMPLEX, 1.3, (120, 40, 40), 4, cv2.LINE_AA)
    about = cv2.getRotationMatrix2D((250, 250), -turn, 1.0)
    picture = cv2.warpAffine(picture, about, (500, 500), borderValue=(240, 240, 240))
    return np.asarray(picture, np.uint8), turned_rectangle((250, 250), width, height, turn)


def off(quad: Quad) -> Quad:
    """A rough line about a true one: shifted, turned, too high."""
    return moved(quad, (0.5, 0.25, 0.9, 0.0, 0.25))


@pytest.mark.parametrize("turn", [0.0, 35.0, 180.0, -100.0])
def test_a_rough_line_is_laid_along_the_figures(turn: float) -> None:
    picture, quad = dated(turn)
    rough = off(quad)
    (line,) = trued(picture, [rough])
    # the room at the ends is meant: what counts is the slope and the place across the line
    assert iou(line.quad, quad) > max(0.55, iou(rough, quad) + 0.1)
    assert line.present > 0.9
    along = np.subtract(line.quad[1], line.quad[0])
    slope = (np.degrees(np.arctan2(along[1], along[0])) - turn + 90.0) % 180.0 - 90.0
    assert abs(slope) < 4.0


def test_bare_paper_holds_no_line() -> None:
    picture, quad = dated(0.0)
    empty = turned_rectangle((60.0, 460.0), 60.0, 14.0, 0.0)
    line, nothing = trued(picture, [quad, empty])
    assert nothing.present < 0.5 < line.present


def test_more_lines_than_go_at_once_keep_their_order() -> None:
    picture, quad = dated(0.0)
    empty = turned_rectangle((60.0, 460.0), 60.0, 14.0, 0.0)
    lines = trued(picture, [off(quad), empty] * 12)
    assert [line.present > 0.5 for line in lines] == [True, False] * 12
    assert trued(picture, []) == []


def test_a_line_moved_by_nothing_stays_but_for_its_usual_width() -> None:
    quad = turned_rectangle((100.0, 80.0), 100.0, 20.0, 30.0)
    assert iou(moved(quad, (0.0, 0.0, 0.0, 0.0, 0.0)), quad) == pytest.approx(1.0)


def test_a_window_has_one_size_even_for_a_line_of_no_size() -> None:
    picture, quad = dated(0.0)
    point: Quad = ((5.0, 5.0),) * 4
    assert window(picture, quad).shape == window(picture, point).shape == (ROWS, COLUMNS)
