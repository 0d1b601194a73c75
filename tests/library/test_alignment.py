"""Alignment: a mark whose pose is known is laid as it lies."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from postmark_id.library.alignment import Strokes, coarse, refine
from postmark_id.library.impression import MIDDLE, RADIUS, SIDE, Impression
from postmark_id.models import Shape, Station
from postmark_id.synth.designs import Design, draw_design

SCALE = 8.0
TURNS = [0.0, 37.0, 180.0]
SHAPES = [Shape.PENTAGON, Shape.OCTAGON, Shape.CIRCLE]


def rubber(shape):
    drawn = draw_design(Design("rubber", shape, Station.MIR, 50), SCALE)
    mask = drawn.sheet.mask()
    zoom = RADIUS / (drawn.radius * SCALE)
    middle = MIDDLE - zoom * (np.array(mask.shape[::-1]) - 1) / 2
    soft = cv2.GaussianBlur(mask, (0, 0), 0.4 / zoom)
    ink = cv2.warpAffine(soft, np.column_stack([np.eye(2) * zoom, middle]), (SIDE, SIDE))
    return Impression(ink.astype(np.float32), np.ones((SIDE, SIDE), np.float32), shape)


def moved(one, linear, shift):
    matrix = np.column_stack([linear, MIDDLE + np.array(shift) - linear @ (MIDDLE, MIDDLE)])
    ink = cv2.warpAffine(one.ink, matrix, (SIDE, SIDE), flags=cv2.INTER_LINEAR)
    return Impression(ink, one.seen, one.shape), matrix


def laid(mark, reference):
    return refine(mark, reference, coarse(mark, [reference])[0][1])


def turned(degrees):
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.array([[c, -s], [s, c]])


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("turn", TURNS)
@pytest.mark.parametrize("stretch", [1.0, 1.15])
def test_a_mark_is_laid_as_it_lies(shape, turn, stretch):
    one = rubber(shape)
    other, true = moved(one, turned(turn) @ turned(30) @ np.diag([stretch, 1.0]) @ turned(-30), (2.0, -3.0))
    best, *_ = laid(Strokes(other), Strokes(one))
    points = np.array([[x, y, 1.0] for x in (50, 110) for y in (50, 110)])
    assert np.abs(points @ (best.matrix - true).T).max() < 1.5
    assert best.agreement > 0.8


def test_the_pose_that_agrees_best_comes_first():
    one = rubber(Shape.OCTAGON)
    poses = laid(Strokes(moved(one, turned(45), (0.0, 0.0))[0]), Strokes(one))
    assert len(poses) > 1
    assert [pose.agreement for pose in poses] == sorted((pose.agreement for pose in poses), reverse=True)
