"""Pairs: are a mark and the reference that is laid on it one mark?

Wear takes strokes away anywhere, print adds some, and near twins differ in one place only, where both have strokes and
these are unlike. No measure of likeness over the whole mark tells these apart. So a convolutional network
(``data/pairs.onnx``, trained on rendered strikes by ``training/pairs``) looks at both as they lie on each other and
gives the log odds of one mark against a near twin and against another mark.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from postmark_id.library.alignment import Pose, Strokes, fetched
from postmark_id.library.impression import SIDE, Floats
from postmark_id.networks import session

EDGE = 16
"""Of an impression, pixels that are left out all around: they lie beyond nearly every outline."""
_FULL, _FAINTEST = 0.97, 0.05
"""Quantile of the ink that counts as full, and what is added to it, so that a faint strike stays faint."""
_MOST_INK, _MOST_STROKES = 1.5, 3.97


@dataclass(frozen=True, slots=True)
class Field:
    """Of an impression: strokes and ink in even strength, and what is seen, shape (160, 160) each."""

    strokes: Floats
    ink: Floats
    seen: Floats

    @classmethod
    def of(cls, one: Strokes) -> Field:
        """The fields of an impression."""
        ink = one.impression.ink * one.seen
        full = float(np.quantile(ink, _FULL)) + _FAINTEST
        strokes = np.clip(one.even * 0.5, -_MOST_STROKES, _MOST_STROKES)
        return cls(
            np.asarray(strokes, np.float32), np.asarray(np.clip(ink / full, 0.0, _MOST_INK), np.float32), one.seen
        )

    def laid(self, matrix: Floats) -> Field:
        """The same as the reference of a pose lies."""
        return Field(fetched(self.strokes, matrix), fetched(self.ink, matrix), fetched(self.seen, matrix))


def judged(mark: Strokes, laid: Sequence[tuple[Strokes, Pose]]) -> list[tuple[float, float]]:
    """What the network says of a mark and of references that are laid on it.

    Parameters
    ----------
    mark : Strokes
    laid : sequence of (Strokes, Pose)
        References, and how they lie.

    Returns
    -------
    list of (float, float)
        Log odds of one mark against a near twin, and against another mark.
    """
    if not laid:
        return []
    own = Field.of(mark)
    pairs = np.stack([compared(own.laid(pose.matrix), Field.of(one)) for one, pose in laid])
    (odds,) = session("pairs.onnx").run(None, {"pairs": pairs})
    return [(float(twin), float(other)) for twin, other in odds]


def compared(mark: Field, reference: Field) -> Floats:
    """What the network sees of a mark as the reference lies, and of the reference.

    Returns
    -------
    ndarray, shape (5, 128, 128), float32
        Strokes of both, ink of both, and where both are seen; 0 where one of them is not.
    """
    both = np.asarray((mark.seen > 0.9) & (reference.seen > 0.9), np.float32)
    cut = slice(EDGE, SIDE - EDGE)
    fields = np.stack([mark.strokes, reference.strokes, mark.ink, reference.ink, np.ones_like(both)])
    return np.ascontiguousarray((fields * both)[:, cut, cut])
