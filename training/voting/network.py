"""The network of `postmark_id.marks.propose` behind the same interface."""

from __future__ import annotations

import math
from dataclasses import replace

from proposed import Proposed, polygon

from postmark_id.ink import lay_out
from postmark_id.marks.propose import propose as propose_by_network
from postmark_id.models import Picture, Scan, Shape
from postmark_id.settings import Settings

CORNER_AT_ZERO = {Shape.PENTAGON: -90.0, Shape.OCTAGON: -67.5}
"""Direction of a corner of an upright outline, degrees."""


def propose(pixels: Picture) -> list[Proposed]:
    """What the network proposes before anything is fitted."""
    settings = Settings()
    marks = replace(settings.marks, lowest_proposal=0.02)
    found = [
        polygon(p.shape, p.centre, p.radius, _rotation(p.shape, p.phase), p.score)
        for p in propose_by_network(lay_out(Scan(pixels, ""), settings.ink), marks).marks
    ]
    return sorted(found, key=lambda p: -p.score)


def _rotation(shape: Shape, phase: float) -> float:
    if shape not in CORNER_AT_ZERO:
        return 0.0
    return (math.degrees(phase) - CORNER_AT_ZERO[shape]) % (360.0 / shape.sides)
