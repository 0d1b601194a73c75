"""The words that all rooms share: typed, frozen, and free of behaviour beyond explaining themselves.

Conventions that hold everywhere:

* Pictures are ``(height, width, 3)`` uint8 RGB, or ``(height, width)`` for one channel.
* Points are ``(x, y)`` in pixels of the upright scan at full size, origin top left, x right, y down.
* Angles are degrees clockwise as seen on the screen; 0 means that lettering reads from left to right.
* Dates are civil dates without a time zone; times are UTC.
* Scores lie in 0..1 and order results. They are not probabilities unless `evaluate` has shown it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

import numpy as np
import numpy.typing as npt

Picture = npt.NDArray[np.uint8]
Point = tuple[float, float]
Box = tuple[int, int, int, int]
"""x, y, width, height in pixels."""
Quad = tuple[Point, Point, Point, Point]
"""Corners of a line of text in its reading direction: top left, top right, bottom right, bottom left."""

Place = Literal["inside", "beside"]
SideName = Literal["front", "back"]
Agreement = Literal["agree", "disagree", "can't tell"]


class Shape(StrEnum):
    """Outline of a mark."""

    PENTAGON = "pentagon"
    OCTAGON = "octagon"
    CIRCLE = "circle"
    OTHER = "other"

    @property
    def sides(self) -> int:
        """Number of sides; 0 for a circle and for anything else."""
        return {"pentagon": 5, "octagon": 8}.get(self.value, 0)

    @property
    def spoken(self) -> str:
        """As people say it of a mark: a circle is ``round``."""
        return "round" if self is Shape.CIRCLE else self.value


class Kind(StrEnum):
    """What a mark is."""

    STATION_SEAL = "station-seal"
    BOARD_POSTMARK = "board-postmark"
    SOUVENIR_SEAL = "souvenir-seal"
    GROUND_CANCEL = "ground-cancel"
    UNKNOWN = "unknown"


class Station(StrEnum):
    """Space stations of the table. Marks of Salyut-6 are not in the library, its flights are in the table."""

    SALYUT_6 = "Salyut-6"
    SALYUT_7 = "Salyut-7"
    MIR = "Mir"
    ISS = "ISS"

    @property
    def spoken(self) -> str:
        """As it stands in a sentence: ``the ISS``, but ``Mir``."""
        return "the ISS" if self is Station.ISS else self.value


SALYUTS = (Station.SALYUT_6, Station.SALYUT_7)
"""Stations whose names differ in one figure."""


class Outcome(StrEnum):
    """What came of a scan; every scan has exactly one."""

    IDENTIFIED = "identified"
    AMBIGUOUS = "ambiguous"
    NO_EVENT = "no-event"
    DATE_UNREAD = "date-unread"
    NO_MARK = "no-mark"
    ERROR = "error"


class EventKind(StrEnum):
    """What happened on a day of the table."""

    DOCKING = "docking"
    UNDOCKING = "undocking"
    BERTHING = "berthing"
    RELEASE = "release"
    RELOCATION = "relocation"
    LAUNCH = "launch"
    LANDING = "landing"
    EVA = "eva"
    ACCIDENT = "accident"
    EXPERIMENT = "experiment"
    REENTRY = "reentry"
    CREW_HANDOVER = "crew-handover"


@dataclass(frozen=True, slots=True)
class Notice:
    """A warning that travels with a result: a stable code and one careful sentence."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Scan:
    """One upright picture of a cover.

    Attributes
    ----------
    pixels : ndarray, shape (height, width, 3), uint8
        Upright RGB at full size.
    path : str
        Where it came from, as the user named it.
    frame : int
        Frame of a multi-page file, from 0.
    sha256 : str
        Of the bytes that were decoded.
    dpi : float or None
        Resolution, None where the file gives none that can be true.
    turned : int
        Degrees clockwise by which the stored picture was turned to stand upright (EXIF).
    notices : tuple of Notice
        What was noticed while loading.
    """

    pixels: Picture
    path: str
    frame: int = 0
    sha256: str = ""
    dpi: float | None = None
    turned: int = 0
    notices: tuple[Notice, ...] = ()

    @property
    def width(self) -> int:
        """Width in pixels."""
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        """Height in pixels."""
        return int(self.pixels.shape[0])


@dataclass(frozen=True, slots=True)
class Outline:
    """Fitted outline of a mark.

    Attributes
    ----------
    shape : Shape
    centre : Point
    radius : float
        Circumradius in pixels: centre to corner for a polygon, mean radius for a circle.
    rotation : float
        Degrees clockwise of the lettering where it is known; else of the shape, up to its symmetry.
    points : tuple of Point
        The corners of a polygon, or 36 points of a circle (an ellipse on an oblique photograph).
    """

    shape: Shape
    centre: Point
    radius: float
    rotation: float
    points: tuple[Point, ...]

    @property
    def slant(self) -> npt.NDArray[np.float64]:
        """What makes the unit circle the ellipse through the corners, without a turn; shape (2, 2), pixels.

        Raises
        ------
        ValueError
            If the points run anticlockwise.
        """
        turn = np.arange(len(self.points)) * (2 * np.pi / len(self.points))
        unit = np.stack([np.cos(turn), np.sin(turn)], axis=1)
        around = np.asarray(self.points, dtype=np.float64)
        found = np.linalg.lstsq(unit, around - around.mean(axis=0), rcond=None)[0].T
        left, sizes, right = np.linalg.svd(found)
        if np.linalg.det(left @ right) < 0:
            raise ValueError("the points of an outline run anticlockwise")
        slant: npt.NDArray[np.float64] = left @ np.diag(sizes) @ left.T
        return slant

    @property
    def box(self) -> Box:
        """Upright bounding box."""
        xs = [x for x, _ in self.points]
        ys = [y for _, y in self.points]
        left, top = int(np.floor(min(xs))), int(np.floor(min(ys)))
        return left, top, int(np.ceil(max(xs))) - left, int(np.ceil(max(ys))) - top


@dataclass(frozen=True, slots=True)
class DateCandidate:
    """One date that a reading may stand for."""

    date: dt.date
    score: float
    text: str = ""


@dataclass(frozen=True, slots=True)
class DateReading:
    """A date read from a mark, best candidate first, with the others kept.

    Attributes
    ----------
    date : datetime.date
    score : float
    text : str
        As the engine read it.
    place : {"inside", "beside"}
    alternatives : tuple of DateCandidate
        Further candidates, best first, without the chosen one.
    hour : int or None
        Hour of a postmark that carries one.
    until : datetime.date or None
        Last day where the mark gives a range.
    engine : str
        Which OCR engine read it.
    quad : Quad or None
        Where the line stands, full-size pixels.
    """

    date: dt.date
    score: float
    text: str
    place: Place = "inside"
    alternatives: tuple[DateCandidate, ...] = ()
    hour: int | None = None
    until: dt.date | None = None
    engine: str = ""
    quad: Quad | None = None

    @property
    def candidates(self) -> tuple[DateCandidate, ...]:
        """The chosen date and the alternatives."""
        return DateCandidate(self.date, self.score, self.text), *self.alternatives


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark found on a cover."""

    kind: Kind
    outline: Outline
    score: float
    station: Station | None = None
    on_board: bool | None = None
    reference: str | None = None
    ink: str = ""
    text: tuple[str, ...] = ()
    date: DateReading | None = None
    reasons: tuple[str, ...] = ()
    aboard_sure: bool = True
    """False where nothing but its shape, its place on the cover and its date say that a mark was struck aboard."""
    side: SideName = "front"
    """Side of the cover where both were given; coordinates are those of that side's picture."""

    @property
    def shape(self) -> Shape:
        """Outline of the mark."""
        return self.outline.shape


@dataclass(frozen=True, slots=True)
class BoardDate:
    """A date of an on-board mark, with the people who were aboard that day."""

    reading: DateReading
    mark: int
    aboard: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FlightMatch:
    """A flight that a date suggests, and why."""

    flight: str
    station: Station
    event: EventKind
    event_time: str
    """ISO time in UTC, ``1997-02-12T15:51Z``, or only a date where no time is known."""
    date: dt.date
    """The date of the mark (or hint) that this match explains."""
    days_off: int
    score: float
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Expectation:
    """Whether the dates of a cover agree with a flight that the user named, and why."""

    flight: str
    """As the user wrote it."""
    answer: Agreement
    reason: str


@dataclass(frozen=True, slots=True)
class Side:
    """The scan of the other side of a cover, as a report names it; see `Scan` for its parts."""

    path: str
    frame: int = 0
    sha256: str = ""
    width: int = 0
    height: int = 0
    dpi: float | None = None


@dataclass(frozen=True, slots=True)
class ScanReport:
    """Everything found on one scan; `outputs.contract` turns it into the JSON of the contract."""

    path: str
    frame: int
    sha256: str
    width: int
    height: int
    dpi: float | None
    outcome: Outcome
    marks: tuple[Mark, ...] = ()
    dates: tuple[BoardDate, ...] = ()
    flights: tuple[FlightMatch, ...] = ()
    warnings: tuple[Notice, ...] = ()
    timings: dict[str, float] = field(default_factory=dict)
    story: tuple[str, ...] = ()
    """What the dates tell together, a sentence each."""
    error: tuple[str, str, str] | None = None
    """code, message, hint of a scan that could not be processed."""
    back: Side | None = None
    """The other side, where front and back were examined as one cover."""
    expectation: Expectation | None = None
    """The flight that the user expects against the dates; None where none is expected."""
