"""Batches, pictures of results, and measuring against labels."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EvaluateSettings:
    """What counts when results are measured against labels."""

    min_iou: float = 0.5
    """Intersection over union from which a reported outline is that of a true mark."""
    min_visible: float = 0.3
    """A true mark of which less is visible is neither a hit nor a miss."""
    upright_within: float = 20.0
    """Degrees to which a reading direction must be known to let the lettering be read."""
    max_difficulties: int = 6
    """Most different difficulties shown one by one; more are shown in bands."""
    difficulty_edges: tuple[float, ...] = (0.3, 0.6)
    """Borders of these bands within 0..1."""
    score_edges: tuple[float, ...] = (0.5, 0.7, 0.8, 0.9, 0.95)
    """Borders of the bins in which scores of dates are compared with the share that is right."""


@dataclass(frozen=True, slots=True)
class OverlaySettings:
    """The annotated picture."""

    max_side: int = 1600
    """Longest side of the annotated picture, pixels."""
    min_side: int = 1000
    """A smaller scan is enlarged to this (at most twice), so that captions don't cover it."""
    jpeg_quality: int = 84
    """Quality of annotated pictures written as JPEG."""


@dataclass(frozen=True, slots=True)
class BatchSettings:
    """Workers of a batch."""

    seconds_per_file: float = 180.0
    """A file that takes longer is given up; the largest legal scan needs about 20."""
    seconds_to_start: float = 300.0
    """A worker that has not loaded its models by then is given up."""
    starts: int = 3
    """Workers that may die in a row while they start, before the run is given up."""
    least_memory: int = 6_000_000_000
    """A worker may always use so many bytes of address space; beyond that up to the memory of the machine."""
    seconds_without_worker: float = 60.0
    """A run on a cluster that has had no worker for so long is given up."""
