"""Labels: what really is on a cover, one JSON file beside each picture.

Only what is measured is kept of a label. A label that can't be understood stops the evaluation: a number
measured on half of the labels would look like a number measured on all.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from postmark_id.errors import UsageError
from postmark_id.models import EventKind, Outcome, Point, Shape, Station


@dataclass(frozen=True, slots=True)
class TrueDate:
    """A date that a mark carries.

    Attributes
    ----------
    date : datetime.date
    legible : bool
        Whether a person could read every figure of it.
    """

    date: dt.date
    legible: bool = True


@dataclass(frozen=True, slots=True)
class TrueMark:
    """A mark that is on the cover.

    Attributes
    ----------
    shape : Shape
    outline : tuple of Point
        Corners, or points of a circle; pixels of the picture.
    on_board : bool
    station : Station or None
    rotation : float
        Degrees clockwise of the lettering.
    lettering_legible : bool
    visible : float
        Share of the outline that is inked and inside the picture, 0..1.
    date : TrueDate or None
    """

    shape: Shape
    outline: tuple[Point, ...]
    on_board: bool
    station: Station | None = None
    rotation: float = 0.0
    lettering_legible: bool = True
    visible: float = 1.0
    date: TrueDate | None = None

    @property
    def legible(self) -> bool:
        """Whether its lettering or its date can be read."""
        return self.lettering_legible or (self.date is not None and self.date.legible)


@dataclass(frozen=True, slots=True)
class TrueFlight:
    """What a legible on-board date means."""

    flight: str
    event: EventKind
    date: dt.date


@dataclass(frozen=True, slots=True)
class Truth:
    """All that is true of one picture.

    Attributes
    ----------
    file : str
        Picture, relative to the labelled folder, with forward slashes.
    difficulty : float
        0..1; 0 where the label gives none.
    marks : tuple of TrueMark
    flights : tuple of TrueFlight
    outcome : Outcome
        What a perfect reader would say.
    """

    file: str
    marks: tuple[TrueMark, ...] = ()
    flights: tuple[TrueFlight, ...] = ()
    outcome: Outcome = Outcome.NO_MARK
    difficulty: float = 0.0

    @property
    def negative(self) -> bool:
        """Whether no on-board mark is on the cover, however faint."""
        return not any(mark.on_board for mark in self.marks)

    def dates(self, *, on_board: bool, legible_only: bool = False) -> frozenset[dt.date]:
        """Dates of the on-board marks, or of the others."""
        return frozenset(
            mark.date.date
            for mark in self.marks
            if mark.date is not None and mark.on_board == on_board and (mark.date.legible or not legible_only)
        )


def truth_from_json(label: dict[str, Any], *, folder: str = "") -> Truth:
    """Understand one label.

    Parameters
    ----------
    label : dict
        The parsed JSON of a label, ``schema_version`` 1.
    folder : str
        Folder of the picture, relative to the labelled folder.

    Raises
    ------
    KeyError, TypeError, ValueError
        Something in the label is missing or of the wrong kind.
    """
    if label.get("schema_version") != 1:
        raise ValueError(f"schema_version is {label.get('schema_version')!r}, not 1")
    return Truth(
        file=str(PurePosixPath(folder) / str(label["file"])),
        difficulty=float(label.get("difficulty") or 0.0),
        marks=tuple(_mark(mark) for mark in label["marks"]),
        flights=tuple(
            TrueFlight(str(f["flight"]), EventKind(f["event"]), dt.date.fromisoformat(f["date"]))
            for f in label["flights"]
        ),
        outcome=Outcome(label["outcome"]),
    )


def _mark(mark: dict[str, Any]) -> TrueMark:
    date = mark.get("date")
    return TrueMark(
        shape=Shape(mark["shape"]),
        outline=tuple((float(x), float(y)) for x, y in mark["outline"]),
        on_board=bool(mark["on_board"]),
        station=None if mark.get("station") is None else Station(mark["station"]),
        rotation=float(mark.get("rotation") or 0.0),
        lettering_legible=bool(mark.get("lettering_legible", True)),
        visible=float(mark.get("visible", 1.0)),
        date=None if date is None else TrueDate(dt.date.fromisoformat(date["date"]), bool(date.get("legible", True))),
    )


def read_labels(folder: Path) -> list[Truth]:
    """Read all labels of a folder and of the folders in it, in the order of their paths.

    A JSON file is a label where it says ``marks`` and ``file``; other JSON files are left alone.

    Raises
    ------
    UsageError
        There is no label, or one can't be understood.
    """
    labels = [truth for path in sorted(folder.rglob("*.json")) if (truth := _read_label(path, folder))]
    if not labels:
        raise UsageError(
            f"{folder}: no labels found",
            code="no-labels",
            hint="a label is a JSON file beside its picture; `postmark-id synth` writes some",
        )
    return labels


def _read_label(path: Path, root: Path) -> Truth | None:
    try:
        label = json.loads(path.read_bytes())
        if not isinstance(label, dict) or not {"marks", "file"} <= label.keys():
            return None
        return truth_from_json(label, folder=path.parent.relative_to(root).as_posix())
    except (KeyError, TypeError, ValueError) as error:
        reason = f"{error} is missing" if isinstance(error, KeyError) else str(error)
        raise UsageError(
            f"{path}: not a label: {reason}", code="bad-label", hint="correct it or move it away"
        ) from error
