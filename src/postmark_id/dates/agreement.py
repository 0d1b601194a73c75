"""What the marks of one cover say of each other's dates.

Marks of a cover are struck in one sitting more often than chance would have it: the round postmark and the seal of the
segment, two cancels on two stamps. So a candidate that another mark was read as, too, gains on its rivals. It
gains by how surely the other mark reads it, so that two doubtful readings help each other and a sure one decides.
Two readings of one and the same line are one witness, not two.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from postmark_id.geometry import iou
from postmark_id.models import DateReading
from postmark_id.settings import DateSettings

ONE_LINE = 0.1
"""Share of overlap from which two readings are of one line."""


def agreed(readings: Sequence[DateReading | None], settings: DateSettings) -> list[DateReading | None]:
    """Each reading with its candidates weighed anew by the dates of the other marks.

    Parameters
    ----------
    readings : sequence of DateReading or None
        One for each mark of a cover.
    settings : DateSettings
        `same_day` is the odds that two marks bear one date against the odds that a misreading hits another's date.
    """
    return [
        one and _weighed(one, [other for k, other in enumerate(readings) if other and k != number], settings)
        for number, one in enumerate(readings)
    ]


def _weighed(reading: DateReading, others: Sequence[DateReading], settings: DateSettings) -> DateReading:
    """One reading beside the others of its cover; the very same where no other says any of its dates."""
    elsewhere = [_scores(other) for other in others if not _share_a_line(reading, other)]
    candidates = reading.candidates
    support = {one.date: max((says.get(one.date, 0.0) for says in elsewhere), default=0.0) for one in candidates}
    if not any(support.values()):
        return reading
    weights = {one.date: one.score * (1.0 + settings.same_day * support[one.date]) for one in candidates}
    unread = max(0.0, 1.0 - sum(one.score for one in candidates))
    total = sum(weights.values()) + unread
    best, *rest = sorted(
        (replace(one, score=weights[one.date] / total) for one in candidates), key=lambda one: -one.score
    )
    until = reading.until if best.date == reading.date else None
    return replace(reading, date=best.date, score=best.score, text=best.text, alternatives=tuple(rest), until=until)


def _scores(reading: DateReading) -> dict[dt.date, float]:
    return {one.date: one.score for one in reading.candidates}


def _share_a_line(one: DateReading, other: DateReading) -> bool:
    return one.quad is not None and other.quad is not None and iou(one.quad, other.quad) > ONE_LINE
