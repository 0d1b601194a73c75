"""Drift: what changed between two runs over the same covers.

Scores move a little with every change of the program; only what a user would see differently counts here:
the outcome, the set of on-board dates, and the flight named first for each date.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from postmark_id.models import ScanReport

Shown = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs on one cover.

    Attributes
    ----------
    file : str
    what : {"outcome", "dates", "flights"}
    before, after : tuple of str
    """

    file: str
    what: str
    before: Shown
    after: Shown


@dataclass(frozen=True, slots=True)
class Drift:
    """All changes between two runs.

    Attributes
    ----------
    compared : int
        Covers with a result in both runs.
    changes : tuple of Change
        In the order of the covers.
    """

    compared: int
    changes: tuple[Change, ...]

    def count(self, what: str) -> int:
        """Number of covers on which this changed."""
        return sum(change.what == what for change in self.changes)

    def to_json(self) -> dict[str, Any]:
        """Counts and list, ready for `json.dumps`."""
        return {
            "compared": self.compared,
            **{what: self.count(what) for what in VIEWS},
            "changes": [
                {"file": c.file, "what": c.what, "before": list(c.before), "after": list(c.after)} for c in self.changes
            ],
        }

    def to_text(self) -> str:
        """Counts and list for people."""
        counts = ", ".join(f"{what} {self.count(what)}" for what in VIEWS)
        lines = [f"drift: {self.compared} covers compared; changed: {counts}"]
        width = max((len(c.file) for c in self.changes), default=0)
        lines += [
            f"  {c.file:<{width}}  {c.what:<8} {', '.join(c.before) or '-'}  ->  {', '.join(c.after) or '-'}"
            for c in self.changes
        ]
        return "\n".join(lines) + "\n"


def _outcome(report: ScanReport) -> Shown:
    return (report.outcome.value,)


def _dates(report: ScanReport) -> Shown:
    return tuple(sorted({date.reading.date.isoformat() for date in report.dates}))


def _flights(report: ScanReport) -> Shown:
    first: dict[dt.date, str] = {}
    for flight in sorted(report.flights, key=lambda f: -f.score):
        first.setdefault(flight.date, f"{flight.flight} {flight.event.value}")
    return tuple(f"{day.isoformat()} {name}" for day, name in sorted(first.items()))


VIEWS: dict[str, Callable[[ScanReport], Shown]] = {"outcome": _outcome, "dates": _dates, "flights": _flights}


def drift(covers: Sequence[tuple[str, ScanReport, ScanReport]]) -> Drift:
    """Compare two runs.

    Parameters
    ----------
    covers : sequence of (str, ScanReport, ScanReport)
        File, its result before and its result now.
    """
    changes = tuple(
        Change(file, what, view(before), view(after))
        for file, before, after in covers
        for what, view in VIEWS.items()
        if view(before) != view(after)
    )
    return Drift(len(covers), changes)
