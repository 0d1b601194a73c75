"""Found: how sure it is that an outline is a mark of its shape.

Two networks and the ink have their say: the proposing network saw the whole cover, the close look saw the mark alone,
and the fit says how far the shape is ahead of its rivals on the ink. Their log odds add up with weights that
``training/detector/calibrate.py`` fits. Whether a mark is there and which shape it has are kept apart: a network that
wavers between octagon and circle is still sure of a mark.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from postmark_id.marks.propose import Proposal
from postmark_id.models import Shape
from postmark_id.settings import MarkSettings

SHAPES = (Shape.PENTAGON, Shape.OCTAGON, Shape.CIRCLE)
LEAST = 0.002
"""No shape is quite impossible."""
MOST_LEAD = 0.5
"""A lead on the ink beyond this says no more."""


@dataclass(frozen=True, slots=True)
class Sureness:
    """What the networks think of a place.

    Attributes
    ----------
    noticed : float
        How sure the proposing network was of a mark, of whatever shape, 0..1.
    proposed : dict of Shape to float
        Share of each shape in that.
    present : float
        How sure the close look was of a mark, of whatever shape, 0..1.
    seen : dict of Shape to float
        Share of each shape in that.
    """

    noticed: float
    proposed: dict[Shape, float]
    present: float
    seen: dict[Shape, float]


def sureness(proposal: Proposal) -> Sureness:
    """Take together what the networks think of a proposal; without a close look, the first one speaks for both."""
    peaks = dict.fromkeys(SHAPES, 0.05 * proposal.score)
    for shape, height in (*proposal.rivals, (proposal.shape, proposal.score)):
        peaks[shape] = max(peaks[shape], height)
    noticed, proposed = _shares(peaks)
    present, seen = _shares(proposal.seen) if proposal.seen else (noticed, proposed)
    return Sureness(noticed, proposed, present, seen)


def _shares(heights: Mapping[Shape, float]) -> tuple[float, dict[Shape, float]]:
    of_marks = {shape: max(heights.get(shape, 0.0), LEAST) for shape in SHAPES}
    together = sum(of_marks.values())
    return min(together, 1.0), {shape: height / together for shape, height in of_marks.items()}


def measures(sure: Sureness, shape: Shape, lead: float) -> dict[str, float]:
    """What speaks for a mark of a shape, by the names of `FoundWeights`.

    Parameters
    ----------
    sure : Sureness
    shape : Shape
        As fitted.
    lead : float
        By how much the shape is borne out better by the ink than the best other one.
    """
    return {
        "constant": 1.0,
        "noticed": _log_odds(sure.noticed),
        "proposed": math.log(sure.proposed[shape]),
        "present": _log_odds(sure.present),
        "seen": math.log(sure.seen[shape]),
        "lead": max(-MOST_LEAD, min(MOST_LEAD, lead)),
        "behind": max(-MOST_LEAD, min(0.0, lead)),
        "pentagon": float(shape is Shape.PENTAGON),
        "octagon": float(shape is Shape.OCTAGON),
    }


def found_score(sure: Sureness, shape: Shape, lead: float, settings: MarkSettings) -> float:
    """How sure it is that a mark of a shape is there, 0..1."""
    weights = settings.found_weights
    odds = sum(getattr(weights, name) * measure for name, measure in measures(sure, shape, lead).items())
    return float(1.0 / (1.0 + math.exp(-odds)))


def highest_score(sure: Sureness, settings: MarkSettings) -> float:
    """The best that a fit could come to, whatever it finds on the ink: what stays too low needs no fit."""
    return max(found_score(sure, shape, MOST_LEAD, settings) for shape in SHAPES)


def _log_odds(probability: float) -> float:
    """Logarithm of the odds; bounded, since no network is sure."""
    bounded = min(max(probability, 1e-3), 1 - 1e-3)
    return math.log(bounded / (1 - bounded))
