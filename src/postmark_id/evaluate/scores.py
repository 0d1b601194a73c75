"""Counts that can be added up: those of one cover, of one difficulty, of all covers are the same class.

A rate is None where nothing was there to count, never 0 and never NaN.
"""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Any, TypeVar

C = TypeVar("C", bound="Counts")


def rate(part: float, whole: float) -> float | None:
    """Part of a whole, None where there is no whole."""
    return part / whole if whole else None


class Counts:
    """Base of frozen dataclasses whose fields are whole numbers, tuples, or again `Counts`."""

    __slots__ = ()


def total(items: Sequence[C]) -> C:
    """Sum of counts, field by field; tuples are joined. Needs at least one item."""
    kind: Any = type(items[0])
    return kind(**{f.name: _total_of([getattr(item, f.name) for item in items]) for f in fields(kind)})  # type: ignore[no-any-return]


def _total_of(values: list[Any]) -> Any:
    if isinstance(values[0], Counts):
        return total(values)
    if isinstance(values[0], tuple):
        return tuple(itertools.chain.from_iterable(values))
    return sum(values)


@dataclass(frozen=True, slots=True)
class Detection(Counts):
    """Marks found, reported in vain and missed.

    Attributes
    ----------
    hits, false, missed : int
    ious : tuple of float
        Intersection over union of each hit with the truth.
    rotation_errors : tuple of float
        Degrees between the outlines, up to the symmetry of the shape; empty for circles.
    reading_errors : tuple of float
        Degrees between the reading directions, 0..180, of hits with legible lettering.
    """

    hits: int = 0
    false: int = 0
    missed: int = 0
    ious: tuple[float, ...] = ()
    rotation_errors: tuple[float, ...] = ()
    reading_errors: tuple[float, ...] = ()

    @property
    def precision(self) -> float | None:
        """Share of the reported marks that are there."""
        return rate(self.hits, self.hits + self.false)

    @property
    def recall(self) -> float | None:
        """Share of the marks that are there that were reported."""
        return rate(self.hits, self.hits + self.missed)

    @property
    def f1(self) -> float | None:
        """Harmonic mean of precision and recall."""
        return rate(2 * self.hits, 2 * self.hits + self.false + self.missed)

    @property
    def mean_iou(self) -> float | None:
        """Mean intersection over union of the hits."""
        return statistics.fmean(self.ious) if self.ious else None

    @property
    def median_iou(self) -> float | None:
        """Median intersection over union of the hits."""
        return statistics.median(self.ious) if self.ious else None

    @property
    def median_rotation_error(self) -> float | None:
        """Median error of rotation, degrees."""
        return statistics.median(self.rotation_errors) if self.rotation_errors else None

    def share_upright(self, limit: float) -> float | None:
        """Share of the hits with legible lettering whose reading direction is known to `limit` degrees."""
        return rate(sum(error <= limit for error in self.reading_errors), len(self.reading_errors))


@dataclass(frozen=True, slots=True)
class Tally(Counts):
    """Answers that are right, wrong, or were left open."""

    right: int = 0
    wrong: int = 0
    left_open: int = 0

    @property
    def count(self) -> int:
        """Number of questions."""
        return self.right + self.wrong + self.left_open

    @property
    def share_right(self) -> float | None:
        """Share of right answers among all questions."""
        return rate(self.right, self.count)


@dataclass(frozen=True, slots=True)
class DateCounts(Counts):
    """Dates of a cover, each counted once however many marks carry it.

    Attributes
    ----------
    legible : int
        Legible on-board dates of the labels.
    read : int
        Those of them that were reported exactly.
    among_candidates : int
        Those of them that were reported or stand among the alternatives.
    reported : int
        On-board dates reported.
    false : int
        Reported dates that no on-board mark of the cover carries, legible or not.
    false_from_ground : int
        Those of them that a ground cancel of the cover carries.
    ground_legible, ground_read : int
        Legible dates of other marks, and those read from a mark not taken for an on-board mark.
    """

    legible: int = 0
    read: int = 0
    among_candidates: int = 0
    reported: int = 0
    false: int = 0
    false_from_ground: int = 0
    ground_legible: int = 0
    ground_read: int = 0

    @property
    def recall(self) -> float | None:
        """Share of the legible on-board dates that were read exactly."""
        return rate(self.read, self.legible)

    @property
    def candidate_recall(self) -> float | None:
        """Share of the legible on-board dates that are among the candidates."""
        return rate(self.among_candidates, self.legible)

    @property
    def precision(self) -> float | None:
        """Share of the reported dates that are true."""
        return rate(self.reported - self.false, self.reported)

    @property
    def ground_recall(self) -> float | None:
        """Share of the legible ground dates that were read."""
        return rate(self.ground_read, self.ground_legible)


@dataclass(frozen=True, slots=True)
class FlightCounts(Counts):
    """Covers whose label names flights, and how far up the list these stand.

    Attributes
    ----------
    covers : int
        Covers whose label names at least one flight.
    top1 : int
        Those where every flight of the label is named first for its date; k flights of one date must be
        the first k.
    top3 : int
        Those where every flight of the label is among the first three for its date.
    events_right : int
        Those of `top1` where the events are right, too.
    identified : int
        Covers with the outcome ``identified``.
    wrong : tuple of str
        Files of those of them where the answer is wrong.
    """

    covers: int = 0
    top1: int = 0
    top3: int = 0
    events_right: int = 0
    identified: int = 0
    wrong: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Measures(Counts):
    """Everything measured on a set of covers, or on one.

    Attributes
    ----------
    covers : int
    errors : tuple of str
        Files that could not be processed, or have no result.
    negatives, negatives_clean, negatives_false_seals : int
        Covers without on-board marks; those about which nothing on board was claimed; false seals on them.
    seals : Detection
        Pentagons and octagons on board.
    seal_stations : Tally
        Stations of matched seals whose station the label knows.
    legible_seal_stations : Tally
        The same, of those with legible lettering or a legible date of their own.
    round_marks : Detection
        All round marks, whether on board or not.
    board_postmarks : Detection
        Round marks on board; only those reported as on board count as reported.
    board_or_ground : Tally
        ``on_board`` of matched round marks with legible lettering.
    dates : DateCounts
    flights : FlightCounts
    outcomes : tuple of (str, str)
        Outcome of the label and of the result, a pair for each cover.
    date_scores : tuple of (float, bool)
        Score of each reported on-board date and whether it is true.
    timings : tuple of (str, float)
        Stage and seconds, as reported.
    """

    covers: int = 0
    errors: tuple[str, ...] = ()
    negatives: int = 0
    negatives_clean: int = 0
    negatives_false_seals: int = 0
    seals: Detection = field(default_factory=Detection)
    seal_stations: Tally = field(default_factory=Tally)
    legible_seal_stations: Tally = field(default_factory=Tally)
    round_marks: Detection = field(default_factory=Detection)
    board_postmarks: Detection = field(default_factory=Detection)
    board_or_ground: Tally = field(default_factory=Tally)
    dates: DateCounts = field(default_factory=DateCounts)
    flights: FlightCounts = field(default_factory=FlightCounts)
    outcomes: tuple[tuple[str, str], ...] = ()
    date_scores: tuple[tuple[float, bool], ...] = ()
    timings: tuple[tuple[str, float], ...] = ()

    @property
    def mean_timings(self) -> dict[str, float]:
        """Mean seconds a cover of each stage, in the order of the stages."""
        seconds: dict[str, list[float]] = {}
        for stage, spent in self.timings:
            seconds.setdefault(stage, []).append(spent)
        return {stage: statistics.fmean(spent) for stage, spent in seconds.items()}


@dataclass(frozen=True, slots=True)
class Scores:
    """Measures of all covers and of each difficulty, from easy to hard."""

    overall: Measures
    by_difficulty: tuple[tuple[str, Measures], ...] = ()
