"""What each stage saw and dropped, for people who want to know why: ``check --explain`` and ``--debug-dir``."""

from __future__ import annotations

from dataclasses import dataclass, field

from postmark_id.models import Picture


@dataclass(slots=True)
class Trace:
    """Notes and pictures of the stages, in the order in which they came.

    Attributes
    ----------
    notes : list of (stage, sentence)
    pictures : list of (name, picture)
        Filled only where `with_pictures` is set.
    with_pictures : bool
    """

    with_pictures: bool = False
    notes: list[tuple[str, str]] = field(default_factory=list)
    pictures: list[tuple[str, Picture]] = field(default_factory=list)

    def note(self, stage: str, sentence: str) -> None:
        """Remember a sentence."""
        self.notes.append((stage, sentence))

    def picture(self, name: str, picture: Picture) -> None:
        """Remember a picture, if pictures are wanted."""
        if self.with_pictures:
            self.pictures.append((name, picture))
