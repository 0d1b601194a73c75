"""Pairs: are a mark and the reference that is laid on it one mark?

Wear takes strokes away anywhere, print adds some, and near twins differ in one place only, where both have strokes and
these are unlike. No measure of likeness over the whole mark tells these apart. So many are taken: how strokes correlate
in rings around the middle and locally, at several reaches; where the likeness is least; how much of each has nothing of
the other near it. A small network (``data/pairs.onnx``, trained on rendered strikes by ``training/pairs``) weighs them
up and gives the log odds of one mark against a near twin and against another mark.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from postmark_id.library.alignment import Pose, Strokes, blurred, fetched
from postmark_id.library.impression import SIDE, Floats
from postmark_id.networks import session

EDGE = 8
"""Of an impression, pixels that are left out all around."""
RINGS = ((0.0, 18.0), (18.0, 32.0), (32.0, 45.0), (45.0, 60.0))
"""Inner and outer radii, pixels."""
WHOLE = 50.0
"""Radius within which local measures are taken, pixels."""
LOCAL = (2.5, 4.0, 8.0)
"""Reaches of local correlations, pixels."""
APART = (4.0, 8.0)
"""Reaches within which strokes that have nothing of the other near them are added up, pixels."""
_NEAR = 5
"""Side of the square within which strokes may lie apart and still be the same, pixels."""
_UNLIKE = 0.3
"""Local correlation below which two places count as unlike."""

_AXIS = np.arange(SIDE - 2 * EDGE) - (SIDE - 2 * EDGE - 1) / 2
_DISTANCE = np.hypot(_AXIS[:, None], _AXIS[None])
_MASKS = [np.asarray((inner <= _DISTANCE) & (outer > _DISTANCE), np.float32) for inner, outer in RINGS]
_INSIDE = np.asarray(_DISTANCE < WHOLE, np.float32)
_SPARSE = (slice(2, None, 4), slice(2, None, 4))


@dataclass(frozen=True, slots=True)
class Field:
    """Of an impression: ink and strokes in even strength, and what is seen, shape (160, 160) each."""

    ink: Floats
    strokes: Floats
    seen: Floats

    @classmethod
    def of(cls, one: Strokes) -> Field:
        """The fields of an impression."""
        ink = one.impression.ink * one.seen
        full = float(np.quantile(ink, 0.97)) + 0.05
        return cls(np.asarray(np.clip(ink / full, 0.0, 1.5), np.float32), one.even * np.float32(0.5), one.seen)

    def laid(self, matrix: Floats) -> Field:
        """The same as the reference of a pose lies."""
        return Field(fetched(self.ink, matrix), fetched(self.strokes, matrix), fetched(self.seen, matrix))


def judged(mark: Strokes, laid: Sequence[tuple[Strokes, Pose, int]]) -> list[tuple[float, float]]:
    """What the network says of a mark and of references that are laid on it.

    Parameters
    ----------
    mark : Strokes
    laid : sequence of (Strokes, Pose, int)
        References, how they lie, and how many strikes each was learned from.

    Returns
    -------
    list of (float, float)
        Log odds of one mark against a near twin, and against another mark.
    """
    if not laid:
        return []
    own = Field.of(mark)
    rows = [measures(own.laid(pose.matrix), Field.of(one), pose.agreement, strikes) for one, pose, strikes in laid]
    (odds,) = session("pairs.onnx").run(None, {"measures": np.stack(rows)})
    return [(float(twin), float(other)) for twin, other in odds]


def measures(mark: Field, reference: Field, agreement: float, strikes: int) -> Floats:
    """What is measured of a pair.

    Parameters
    ----------
    mark : Field
        As the reference lies.
    reference : Field
    agreement : float
        Of the pose.
    strikes : int
        That the reference was learned from.

    Returns
    -------
    ndarray, shape (n,), float32
    """
    cut = slice(EDGE, SIDE - EDGE)
    seen = np.asarray((mark.seen > 0.9) & (reference.seen > 0.9), np.float32)[cut, cut]
    own, theirs = mark.strokes[cut, cut] * seen, reference.strokes[cut, cut] * seen
    inside = _INSIDE * seen
    found = [agreement, 1.0 / strikes]
    for ring in _MASKS:
        found += [_correlation(own, theirs, ring * seen), float((ring * seen).sum() / ring.sum())]
    found.append(_correlation(own, theirs, inside))
    for reach in LOCAL:
        found += _local(own, theirs, inside, reach)
    found += _apart(own, theirs, inside)
    for ink in (mark.ink[cut, cut] * seen, reference.ink[cut, cut] * seen):
        found += [float((ink * inside).sum() / (inside.sum() + 1)), float(np.quantile(ink[::3, ::3], 0.9))]
    return np.asarray(found, np.float32)


def _correlation(own: Floats, theirs: Floats, weight: Floats) -> float:
    both = float((own * theirs * weight).sum())
    return both / float(np.sqrt((own * own * weight).sum() * (theirs * theirs * weight).sum() + 1e-3))


def _local(own: Floats, theirs: Floats, inside: Floats, reach: float) -> list[float]:
    """Local correlations: means and lower quantiles, and how much there is of the unlike and of the like."""
    both, mine, other = (
        np.asarray(blurred(np.asarray(field * inside, np.float32), reach)[_SPARSE].ravel(), np.float64)
        for field in (own * theirs, own * own, theirs * theirs)
    )
    local = both / np.sqrt(mine * other + 1e-4)
    within = inside[_SPARSE].ravel()
    mine, other = mine * within, other * within
    least, mean = np.minimum(mine, other), np.sqrt(mine * other)
    found = [float((local * weight).sum() / (weight.sum() + 1e-6)) for weight in (other, mine, least, mean)]
    found += _quantiles(local, least, (0.05, 0.15, 0.3, 0.5)) + _quantiles(local, other, (0.1, 0.3, 0.5, 0.7))
    usual = float(mean.mean()) + 1e-4
    unlike = np.sort(np.maximum(least * (_UNLIKE - local), 0.0)) / usual
    like = np.sort(np.maximum(least * local, 0.0)) / usual
    return [*found, float(unlike[-1]), float(unlike[-8:].mean()), float(unlike.mean()),
            float(like[-30:].mean()), float(like.mean())]  # fmt: skip


def _quantiles(values: np.ndarray, weight: np.ndarray, shares: Sequence[float]) -> list[float]:
    """Weighted quantiles; 0 where nothing weighs anything."""
    order = np.argsort(values)
    sums = np.cumsum(weight[order])
    if sums[-1] <= 0:
        return [0.0 for _ in shares]
    return [float(values[order][min(len(values) - 1, int(np.searchsorted(sums, q * sums[-1])))]) for q in shares]


def _apart(own: Floats, theirs: Floats, inside: Floats) -> list[float]:
    """Strokes that have none of the other near them: of the mark, of the reference, and of both in one place."""
    near = np.ones((_NEAR, _NEAR), np.uint8)
    more, less = np.maximum(own, 0.0), np.maximum(theirs, 0.0)
    alone = np.maximum(more - cv2.dilate(less, near), 0.0) ** 2 * inside
    lacking = np.maximum(less - cv2.dilate(more, near), 0.0) ** 2 * inside
    usual = float(((own**2 + theirs**2) * inside).sum() / (inside.sum() + 1)) + 1e-3
    found = []
    for reach in APART:
        mine, other = (blurred(np.asarray(field, np.float32), reach) / usual for field in (alone, lacking))
        for field in (mine, other, np.sqrt(mine * other)):
            ordered = np.sort(field[_SPARSE].ravel())
            found += [float(ordered[-1]), float(ordered[-12:].mean()), float(ordered.mean())]
    return found
