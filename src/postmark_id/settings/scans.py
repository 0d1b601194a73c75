"""Limits of what is loaded, and how paper and inks are told apart."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ScanSettings:
    """Limits of the loader."""

    max_mpixels: float = 200.0
    """Largest picture decoded, millions of pixels."""
    max_bytes: int = 1_000_000_000
    """Largest file read."""
    max_frames: int = 20
    """Frames taken from a multi-page file."""
    first_frame: bool = False
    """Take only the first frame of every file."""
    min_side: int = 32
    """Smallest side of a picture worth looking at, pixels."""
    allow_truncated: bool = False
    """Decode what is there of a truncated file, with a warning."""
    max_side: int = 32_000
    """Longest side decoded, pixels; OpenCV's warps stop at 32,767."""
    min_dpi: float = 72.0
    """A resolution must be above this to be believed: 72 itself is what programs write that know none."""
    max_dpi: float = 4800.0
    """Highest resolution believed."""
    max_extent_mm: float = 1000.0
    """A picture that its resolution would make longer than this has a wrong resolution."""
    max_jpeg_passes: int = 500
    """Passes of a progressive JPEG; honest ones have about ten, hostile ones thousands."""
    max_metadata_bytes: int = 64_000
    """Larger text and EXIF chunks of a PNG are left out before decoding."""
    max_profile_bytes: int = 4_000_000
    """Larger colour profiles are ignored."""


@dataclass(frozen=True, slots=True)
class InkSettings:
    """The working copy, its paper and its inks."""

    working_side: int = 1600
    """Long side of the working copy on which marks are fitted, pixels."""
    paper_side: int = 240
    """Long side of the map of the paper's colour, pixels."""
    paper_reach: int = 6
    """Reach of the search for bare paper, pixels of that map (about 5 mm of a cover)."""
    other_paper: float = 22.0
    """Grey levels by which the ground differs from the cover's paper where it is a stamp or other print."""
    faintest_density: float = 0.12
    """Sum of the densities of red, green and blue from which a pixel counts as inked."""
    neutral_spread: float = 0.16
    """Ink whose three densities differ by less is called black."""
    pink_strength: float = 0.45
    """Red ink weaker than this is called pink."""
    hues: tuple[tuple[float, str], ...] = (
        (22.0, "red"), (60.0, "brown"), (175.0, "green"), (243.0, "blue"), (305.0, "violet"), (345.0, "pink"),
    )  # fmt: skip
    """Upper limit of the hue in degrees, and its name; beyond the last is red."""
