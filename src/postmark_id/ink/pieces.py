"""Pieces: what hangs together in ink, told by its size."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

Flags = npt.NDArray[np.bool_]


def pieces(inked: Flags, least_area: float, heights: tuple[float, float]) -> Flags:
    """What is inked without specks, and without what is lower or higher than letters are.

    Parameters
    ----------
    inked : ndarray of bool, shape (height, width)
    least_area : float
        Pixels.
    heights : tuple of float
        Least and greatest height of a piece, pixels.
    """
    _, labels, stats, _ = cv2.connectedComponentsWithStats(inked.astype(np.uint8), connectivity=8)
    low, high = heights
    good = (stats[:, cv2.CC_STAT_HEIGHT] >= low) & (stats[:, cv2.CC_STAT_HEIGHT] <= high)
    good &= stats[:, cv2.CC_STAT_AREA] >= least_area
    good[0] = False
    return np.asarray(good[labels])
