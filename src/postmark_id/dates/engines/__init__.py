"""Engines that read a line of text, behind one protocol, so that none of them is needed and each can be replaced.

An engine takes upright strips and gives one `Reading` for each, in the same order, always: a strip that cannot be
read, an engine that hangs or crashes, costs that reading (empty, with a notice) and nothing else. `create` picks
an engine by name; ``auto`` takes our own reader and asks RapidOCR for a second opinion where both are there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
import numpy.typing as npt

from postmark_id.errors import MissingDependencyError
from postmark_id.models import Notice, Picture
from postmark_id.settings import DateSettings

EngineName = Literal["auto", "own", "rapidocr", "tesseract"]
Lattice = npt.NDArray[np.float32]
"""Probability of each symbol at each step along the line: shape (steps, 1 + len(SYMBOLS)), column 0 the blank."""


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """What an engine read on one strip.

    Attributes
    ----------
    text : str
        In the folded alphabet of `postmark_id.dates.alphabet`; empty where nothing was read.
    score : float
        The engine's own confidence, 0..1; not comparable between engines (the grammar's scores are).
    chars : tuple of (str, float)
        Every character of the text with its confidence.
    lattice : ndarray, shape (steps, 1 + len(SYMBOLS)), or None
        All that the engine held possible, where it tells.
    engine : str
        Name of the engine.
    notice : Notice or None
        Why a reading failed.
    """

    text: str
    score: float
    chars: tuple[tuple[str, float], ...] = ()
    lattice: Lattice | None = None
    engine: str = ""
    notice: Notice | None = None


class Engine(Protocol):
    """Reads upright strips."""

    @property
    def name(self) -> str:
        """Short stable name, as given to `create`."""
        ...

    def read(self, strips: Sequence[Picture]) -> list[Reading]:
        """Read strips of shape (height, width) or (height, width, 3), dark on light; one reading for each."""
        ...


@dataclass(frozen=True, slots=True)
class SecondOpinion:
    """An engine whose doubtful strips another one may read, too.

    `read` asks the first engine only; who has the means to judge a reading (`dates.reader`) asks the second.
    """

    first: Engine
    second: Engine
    name: str = "auto"

    def read(self, strips: Sequence[Picture]) -> list[Reading]:
        """Read with the first engine."""
        return self.first.read(strips)


def create(name: EngineName = "auto", settings: DateSettings | None = None) -> Engine:
    """Give an engine by name.

    Raises
    ------
    MissingDependencyError
        If a named engine is not installed, or, for ``auto``, none at all.
    """
    settings = settings or DateSettings()
    if name != "auto":
        return _makers()[name](settings)
    found: list[Engine] = []
    for candidate in ("own", "rapidocr", "tesseract"):
        if candidate == "tesseract" and found:
            break
        try:
            found.append(_makers()[candidate](settings))
        except MissingDependencyError:
            continue
    if not found:
        raise MissingDependencyError(
            "no engine can read dates: the reader's model, rapidocr and tesseract are all missing",
            code="no-ocr",
            hint="pip install rapidocr onnxruntime, or install the package tesseract-ocr",
        )
    return found[0] if len(found) == 1 else SecondOpinion(found[0], found[1])


def reader_of_figures(name: EngineName = "auto", settings: DateSettings | None = None) -> Engine | None:
    """Give the reader of figures that belongs to our own reader; None where another engine is named, or it is missing.

    Parameters
    ----------
    name : EngineName
        As given to `create`.
    settings : DateSettings, optional
    """
    if name not in ("auto", "own"):
        return None
    from postmark_id.dates.engines.own import open_figures  # noqa: PLC0415

    try:
        return open_figures(settings or DateSettings())
    except MissingDependencyError:
        return None


def _makers() -> dict[str, Callable[[DateSettings], Engine]]:
    """Import an engine only when it is asked for: each pulls in a large library."""

    def own(settings: DateSettings) -> Engine:
        from postmark_id.dates.engines.own import open_own  # noqa: PLC0415

        return open_own(settings)

    def rapid(_: DateSettings) -> Engine:
        from postmark_id.dates.engines.rapid import open_rapid  # noqa: PLC0415

        return open_rapid()

    def tesseract(settings: DateSettings) -> Engine:
        from postmark_id.dates.engines.tesseract import open_tesseract  # noqa: PLC0415

        return open_tesseract(settings)

    return {"own": own, "rapidocr": rapid, "tesseract": tesseract}
