"""What each stage saw and dropped, for people who want to know why: ``check --explain`` and ``--debug-dir``.

Stages count the outlines of a side from 0, in their own order, and some of these are dropped later on; people count
marks from 1, as the summary and ``--mark`` do. So what is said of an outline waits for its name until `name_outlines`.
"""

from __future__ import annotations

from collections.abc import Sequence
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
    _nameless_notes: list[tuple[int, int]] = field(default_factory=list)
    """Place of a note, and the outline that it is about."""
    _nameless_pictures: list[tuple[int, int]] = field(default_factory=list)

    def note(self, stage: str, sentence: str, *, outline: int | None = None) -> None:
        """Remember a sentence, on one outline of the side where that is given."""
        if outline is not None:
            self._nameless_notes.append((len(self.notes), outline))
        self.notes.append((stage, sentence))

    def picture(self, name: str, picture: Picture, *, outline: int | None = None) -> None:
        """Remember a picture, if pictures are wanted.

        The name begins with the number of the stage; that of the outline, where one is given, will come behind it.
        """
        if self.with_pictures:
            if outline is not None:
                self._nameless_pictures.append((len(self.pictures), outline))
            self.pictures.append((name, picture))

    def name_outlines(self, names: Sequence[str]) -> None:
        """Say what the outlines of a side are called, now that it is known which of them are marks."""
        for place, outline in self._nameless_notes:
            stage, sentence = self.notes[place]
            self.notes[place] = stage, f"{names[outline]}: {sentence}"
        for place, outline in self._nameless_pictures:
            name, picture = self.pictures[place]
            stage, _, rest = name.partition("-")
            self.pictures[place] = f"{stage}-{'-'.join(names[outline].split())}-{rest}", picture
        self._nameless_notes.clear()
        self._nameless_pictures.clear()
