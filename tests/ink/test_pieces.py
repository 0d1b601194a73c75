"""Specks and long lines are no letters."""

import numpy as np

from postmark_id.ink import pieces


def test_pieces_are_kept_by_their_area_and_height() -> None:
    inked = np.zeros((40, 60), bool)
    inked[10:20, 5:9] = True  # a stroke
    inked[2:4, 20:22] = True  # a speck
    inked[30:32, 10:50] = True  # a line
    inked[0:40, 55:57] = True  # a rule
    kept = pieces(inked, least_area=10, heights=(5, 15))
    assert kept[10:20, 5:9].all()
    assert kept.sum() == 40
    assert pieces(inked, least_area=10, heights=(0, 15))[30:32, 10:50].all()


def test_nothing_is_kept_of_nothing() -> None:
    assert not pieces(np.zeros((4, 4), bool), 0, (0, 10)).any()
