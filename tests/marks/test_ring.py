"""Outlines are straight once they are unrolled, also those of marks that lie aslant."""

import cv2
import numpy as np
import pytest

from postmark_id.marks.ring import TURNS, unrolled

CENTRE = (160.0, 150.0)


@pytest.mark.parametrize(("wide", "aslant"), [(0.0, 0.0), (0.15, 0.0), (-0.1, 0.12)])
def test_an_ellipse_becomes_a_straight_line(wide: float, aslant: float) -> None:
    axes = 100.0 * np.array([[1.0 + wide, aslant], [aslant, 1.0 - wide]], np.float32)
    turns = np.linspace(0, 2 * np.pi, 200)
    points = np.stack([np.cos(turns), np.sin(turns)], axis=1) @ axes.T + CENTRE
    values = np.zeros((320, 320, 3), np.float32)
    cv2.polylines(values, [np.round(points * 8).astype(np.int32)], True, (1.0, 1.0, 1.0), 3, cv2.LINE_AA, 3)
    straight = unrolled(values, CENTRE, axes)[..., 0].argmax(axis=0)
    assert len(straight) == TURNS
    assert np.ptp(straight) <= 2
    if wide or aslant:
        assert np.ptp(unrolled(values, CENTRE, 100.0 * np.eye(2, dtype=np.float32))[..., 0].argmax(axis=0)) > 10
