"""Found: whether a place holds a mark, and of which shape.

Three networks have their say: the proposing one saw the whole cover, the close look saw the mark as a picture, and the
ring saw its outline unrolled. Each says of every shape how much likelier it is than no mark at all; these log odds add
up with weights that ``training/ring/calibrate.py`` fits on covers that none of them learned from.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from postmark_id.marks.propose import Proposal
from postmark_id.models import Shape
from postmark_id.settings import FoundWeights

SHAPES = (Shape.PENTAGON, Shape.OCTAGON, Shape.CIRCLE)
SUREST = 7.0
"""Log odds beyond which a network says no more."""


def shares(proposal: Proposal, around: Mapping[Shape, float], weights: FoundWeights) -> dict[Shape, float]:
    """How likely each shape is at a proposed place, ``Shape.OTHER`` for no mark; together 1.

    Parameters
    ----------
    proposal : Proposal
        After the close look; without it the ring speaks for both.
    around : mapping of Shape to float
        What the ring makes of the place, as `ring.shapes_around` gives it.
    weights : FoundWeights
    """
    odds = {Shape.OTHER: 0.0}
    for shape in SHAPES:
        said = measures(proposal, around, shape)
        odds[shape] = sum(getattr(weights, name) * measure for name, measure in said.items())
    highest = max(odds.values())
    together = sum(math.exp(v - highest) for v in odds.values())
    return {shape: math.exp(v - highest) / together for shape, v in odds.items()}


def measures(proposal: Proposal, around: Mapping[Shape, float], shape: Shape) -> dict[str, float]:
    """What speaks for a mark of a shape, by the names of `FoundWeights`; parameters as in `shares`."""
    return {
        **{str(one): float(one is shape) for one in SHAPES},
        "noticed": _noticed(proposal),
        "seen": _against_none(proposal.seen or around, shape),
        "around": _against_none(around, shape),
    }


def _noticed(proposal: Proposal) -> float:
    """Log odds of any mark, of whatever shape, by the proposing network."""
    peaks = proposal.score + sum(score for _, score in proposal.rivals)
    return _bounded(math.log(peaks) - math.log(max(1.0 - peaks, 1e-3)))


def _against_none(said: Mapping[Shape, float], shape: Shape) -> float:
    """Logarithm of how much likelier a shape is than no mark.

    No mark is held so likely that the likeliest shape just reaches the bound: were the odds of each shape bounded by
    themselves, two shapes at the bound would count alike, however sure the network is of one of them.
    """
    likeliest = max(said.get(one, 0.0) for one in SHAPES)
    none = max(said.get(Shape.OTHER, 0.0), likeliest * math.exp(-SUREST), 1e-6)
    return _bounded(math.log(max(said.get(shape, 0.0), 1e-6)) - math.log(none))


def _bounded(odds: float) -> float:
    return max(-SUREST, min(SUREST, odds))
