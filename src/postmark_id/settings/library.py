"""The reference library, what counts as one of its marks, and what lettering names."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LibrarySettings:
    """Limits of the reference library; marks may come from strangers."""

    max_toml_bytes: int = 64_000
    """Largest mark.toml read."""
    max_text: int = 4_000
    """Longest text of one field, characters."""
    max_items: int = 64
    """Longest list in a mark.toml."""
    max_pictures: int = 200
    """Pictures of one mark."""
    max_picture_bytes: int = 20_000_000
    """Largest picture of a mark."""
    max_picture_mpixels: float = 40.0
    """Largest picture of a mark that `marks validate` decodes, millions of pixels."""
    max_marks: int = 5_000
    """Marks read from one folder; the rest is reported and left."""
    max_archive_bytes: int = 500_000_000
    """Unpacked size of an archive that `marks import` takes."""
    max_archive_files: int = 20_000
    """Files in an archive that `marks import` takes."""


@dataclass(frozen=True, slots=True)
class RecognitionSettings:
    """When a found mark counts as one that was learned. Measured in docs/decisions/0015-a-look-at-pairs.md."""

    candidates: int = 5
    """Learned marks that are compared closely, the best of a rough comparison with all."""
    poses: int = 2
    """Ways to lay each of them on a mark that are judged; the likelier counts."""
    least_odds: float = 3.25
    """Log odds against another mark that are needed."""
    least_twin: float = -3.0
    """Log odds against a near twin that are needed: what clearly differs in a part is a twin that was not learned."""
    agreeing: float = 6.0
    """What full agreement adds to the odds against a near twin, where several learned marks are likely."""
    sure_margin: float = 1.0
    """Odds beyond what is needed, from which the match names the station."""
    least_lead: float = 0.05
    """Lead over the next candidate that is needed."""
    same_strike: float = 1.0
    """Odds against what was learned of a mark, below which a further strike is taken for another mark's."""
    least_ink: float = 0.04
    """Share of ink below which `marks learn` calls a strike faint."""
    most_blur: float = 0.6
    """Blur of a mark's picture, 0..1, above which `marks learn` calls it out of focus; rendered ones have up to 0.5."""


@dataclass(frozen=True, slots=True)
class LetteringSettings:
    """When a wording counts as read."""

    accept: float = 0.5
    """Weight of evidence, 0..1, from which a station or a place is named."""
    lead: float = 0.15
    """Lead over the second station that is needed to name the first."""
    accept_post: float = 0.55
    """Weight of evidence from which the post is taken as named; the bare word is not enough."""
    accept_souvenir: float = 0.4
    """Weight of evidence from which a mark is called a souvenir seal."""
    overlap: float = 0.3
    """Share of a wording that may lie on the place of another one that explains more; else it counts as the same."""
    least_strange: int = 5
    """Letters that a word unknown from any mark must have to speak for a post office on the ground."""
    least_unlike: float = 0.6
    """Share of plain letters in words of no mark aboard from which a lone МИР or ISS among them names no station."""
    strange_likeness: float = 75.0
    """Likeness to a known wording, or a part of one, from which a word is none of those; 100 for the same."""
