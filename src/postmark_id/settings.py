"""Every threshold and limit, typed and documented, in one place; a class for each room.

Code takes these objects as arguments and holds no number of its own that a person might want to change.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ScanSettings:
    """Limits of the loader."""

    max_mpixels: float = 200.0
    """Largest picture decoded, millions of pixels."""
    max_bytes: int = 1_000_000_000
    """Largest file read."""
    max_frames: int = 20
    """Frames taken from a multi-page file."""
    min_side: int = 32
    """Smallest side of a picture worth looking at, pixels."""
    allow_truncated: bool = False
    """Decode what is there of a truncated file, with a warning."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings of a run."""

    scan: ScanSettings = field(default_factory=ScanSettings)
