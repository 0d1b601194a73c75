"""What the network of pairs says of marks that are laid on a reference."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from postmark_id.library.alignment import Pose, Strokes
from postmark_id.library.impression import SIDE as WHOLE
from postmark_id.library.impression import Impression, above_ground
from postmark_id.library.pairs import Field, compared, judged
from postmark_id.models import Shape, Station
from postmark_id.synth.designs import Design, draw_design
from postmark_id.synth.strikes import strike

AS_IT_LIES = np.eye(2, 3, dtype=np.float32)


def design(shape=Shape.OCTAGON, seed=81, **changes):
    return Design(f"{shape}-{seed}", shape, Station.MIR, seed, **changes)


def struck(one, number, wear=0.3):
    """A strike as it lies in its true frame."""
    drawn = draw_design(one, 66.0 / 14.0)
    mask = strike(drawn.sheet.mask(), wear, np.random.default_rng([one.seed, number]), scale=66.0 / 14.0)
    size = 66.0 / (drawn.radius * drawn.sheet.scale)
    middle = (WHOLE - 1) / 2
    h, w = mask.shape
    matrix = np.array([[size, 0, middle - size * (w - 1) / 2], [0, size, middle - size * (h - 1) / 2]])
    ink = np.asarray(cv2.warpAffine(mask, matrix, (WHOLE, WHOLE)), np.float32)
    return Strokes(Impression(ink, np.ones_like(ink), one.shape))


def odds(mark, *references):
    """Log odds against a twin and against another mark, for each reference."""
    return judged(mark, [(one, Pose(AS_IT_LIES, 0.7)) for one in references])


@pytest.mark.parametrize("shape", [Shape.PENTAGON, Shape.OCTAGON, Shape.CIRCLE])
def test_strikes_of_one_mark_are_nearer_to_each_other_than_to_another_mark(shape):
    ((_, one), (_, other)) = odds(struck(design(shape), 1), struck(design(shape), 2), struck(design(shape, 82), 1))
    assert one > 2.0
    assert other < one - 3.0


@pytest.mark.parametrize("change", [{"motif": 1}, {"lower": 3}])
def test_a_near_twin_speaks_against_itself_where_it_differs(change):
    one = design()
    ((same, _), (twin, _)) = odds(struck(one, 1), struck(one, 2), struck(replace(one, **change), 2))
    assert same > twin + 1.0


def test_nothing_laid_on_a_mark_is_no_question():
    assert judged(struck(design(), 1), []) == []


def test_a_place_that_is_unseen_in_one_of_both_counts_in_neither():
    mark, reference = struck(design(), 1), struck(design(), 2)
    hidden = reference.impression.seen.copy()
    hidden[60:100, 60:100] = 0.0
    reference = Strokes(replace(reference.impression, seen=hidden))
    seen = compared(Field.of(mark), Field.of(reference))
    blotted = mark.impression.ink.copy()
    blotted[66:94, 66:94] = 1.0
    ink = np.where(hidden > 0, Field.of(mark).ink, blotted)
    assert np.array_equal(seen, compared(replace(Field.of(mark), ink=ink), Field.of(reference)))
    assert seen.shape == (5, 128, 128)
    assert np.isfinite(seen).all()


def test_broad_dark_ground_is_taken_off_and_the_strokes_on_it_stay():
    ink = np.zeros((WHOLE, WHOLE), np.float32)
    cv2.circle(ink, (80, 80), 50, 1.0, 3)
    ground = np.zeros_like(ink)
    ground[:, 80:] = 0.9
    found = above_ground(ink + ground)
    assert np.abs(found - ink)[20:140, 100:].mean() < 0.02
    assert np.abs(found - ink)[20:140, 20:60].max() < 1e-6
