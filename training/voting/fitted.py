"""The network, and its outlines fitted to the ink and scored as the pipeline does."""

from __future__ import annotations

from training.voting.proposed import Proposed

from postmark_id.ink import lay_out
from postmark_id.marks.closeup import look_closely
from postmark_id.marks.fit import fit
from postmark_id.marks.propose import propose as propose_by_network
from postmark_id.models import Picture, Scan
from postmark_id.settings import Settings


def propose(pixels: Picture) -> list[Proposed]:
    """Outlines that the network proposes, fitted, surest first."""
    settings = Settings()
    sheet = lay_out(Scan(pixels, ""), settings.ink)
    marks = look_closely(sheet, propose_by_network(sheet, settings.marks).marks, settings.marks)
    fits = [fit(sheet, mark, settings.marks, settings.ink) for mark in marks]
    return sorted((Proposed(one.outline, one.score) for one in fits), key=lambda p: -p.score)
