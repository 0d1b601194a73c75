"""The network of `postmark_id.marks.propose` behind the same interface; it gives no rotation of the outline."""

from __future__ import annotations

from dataclasses import replace

from training.voting.proposed import Proposed, polygon

from postmark_id.ink import lay_out
from postmark_id.marks.propose import propose as propose_by_network
from postmark_id.models import Picture, Scan
from postmark_id.settings import Settings

LOWEST_PEAK = 0.02


def propose(pixels: Picture) -> list[Proposed]:
    """What the network proposes before anything is fitted."""
    settings = Settings()
    marks = replace(settings.marks, lowest_proposal=LOWEST_PEAK)
    proposals = propose_by_network(lay_out(Scan(pixels, ""), settings.ink), marks).marks
    found = [polygon(p.shape, p.centre, p.radius, 0.0, p.score) for p in proposals]
    return sorted(found, key=lambda p: -p.score)
