"""One reference mark: a folder with a `mark.toml` and pictures, read strictly and reported kindly.

A mark is data that a collector writes by hand, or that came in an archive from somebody else, so nothing of it is
trusted: sizes are capped before anything is parsed, a picture must lie inside the folder of its mark, and each
fault names file and line. TOML is the format because it has no aliases, no tags and no guessing of types; what it
has (dates without quotes, figures) is accepted where it means the same thing.

Pictures are only looked at by their first bytes here, which is what keeps loading fast; `scan` is the place
that opens images, and ``marks validate`` decodes each one through it.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar

from postmark_id.errors import LibraryError
from postmark_id.library.fields import PERIOD, looks_like_picture, period_bound
from postmark_id.models import Kind, Shape, Station
from postmark_id.settings import LibrarySettings

T = TypeVar("T", bound=StrEnum)

MARK_FILE = "mark.toml"
ID_PATTERN = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")
RESERVED_IDS = frozenset({"con", "prn", "aux", "nul"} | {f"{d}{n}" for d in ("com", "lpt") for n in range(1, 10)})
"""Names that Windows can't have as a folder."""


class Dated(StrEnum):
    """Whether a mark carries a date of its own."""

    YES = "yes"
    NO = "no"
    FIXED = "fixed"
    UNKNOWN = "unknown"


class WordingStatus(StrEnum):
    """How sure a wording is."""

    DOCUMENTED = "documented"
    """Read off a mark, or quoted from it."""
    TRANSLATION = "translation"
    """Known only in translation."""
    BACK_TRANSLATION = "back-translation"
    """Our guess at the original of a documented translation."""


@dataclass(frozen=True, slots=True)
class Lettering:
    """One wording of a mark."""

    text: str
    language: str = ""
    status: WordingStatus = WordingStatus.DOCUMENTED


@dataclass(frozen=True, slots=True)
class DateLine:
    """Where the date of a mark sits, in radii of the mark from its centre, the lettering upright.

    Attributes
    ----------
    centre : tuple of float
        x to the right and y down.
    size : tuple of float
        Width and height of the line.
    rotation : float
        Degrees clockwise against the lettering.
    """

    centre: tuple[float, float]
    size: tuple[float, float]
    rotation: float = 0.0


@dataclass(frozen=True, slots=True)
class Strike:
    """A strike that a mark was learned from: its picture, the name of its scan, and the day of learning."""

    picture: Path
    scan: str = ""
    learned: dt.date | None = None


@dataclass(frozen=True, slots=True)
class ReferenceMark:
    """What is known of one mark.

    Attributes
    ----------
    id : str
        Stable name in small letters, such as ``"mir-octagon"``.
    name : str
        For people.
    stations : tuple of Station
        Where it was used; more than one for personal marks of crews.
    kind : Kind
    shape : Shape
    dated : Dated
    fixed_date : datetime.date or None
        The date of a mark whose date can't be changed.
    date_formats : tuple of str
        Such as ``"dd.mm.yy"``; ``tt`` is the hour.
    lettering : tuple of Lettering
    inks : tuple of str
    first, last : datetime.date or None
        Documented use, both included; None is open.
    size_mm : float or None
        Largest diameter of the strike.
    date_line : DateLine or None
    source, provenance, licence, notes : str
        Where the knowledge and the pictures come from. Provenance ``"schematic"`` means drawn by us.
    replaces : str or None
        Id of the mark that this one stands in for.
    pictures : tuple of Path
    reference : Path or None
        The one of the pictures by which the mark is recognised: what is learned from the strikes.
    strikes : tuple of Strike
    folder : Path
    origin : {"built-in", "user"}
    """

    id: str
    name: str
    stations: tuple[Station, ...]
    kind: Kind
    shape: Shape
    dated: Dated
    folder: Path
    origin: str = "user"
    fixed_date: dt.date | None = None
    date_formats: tuple[str, ...] = ()
    lettering: tuple[Lettering, ...] = ()
    inks: tuple[str, ...] = ()
    first: dt.date | None = None
    last: dt.date | None = None
    size_mm: float | None = None
    date_line: DateLine | None = None
    source: str = ""
    provenance: str = ""
    licence: str = ""
    notes: str = ""
    replaces: str | None = None
    pictures: tuple[Path, ...] = ()
    reference: Path | None = None
    strikes: tuple[Strike, ...] = ()

    @property
    def station(self) -> Station | None:
        """The one station of the mark, None where it was used on several."""
        return self.stations[0] if len(self.stations) == 1 else None

    @property
    def file(self) -> Path:
        """The TOML file that it was read from."""
        return self.folder / MARK_FILE


KEYS = (
    "schema_version",
    "id",
    "name",
    "stations",
    "kind",
    "shape",
    "dated",
    "fixed_date",
    "date_formats",
    "lettering",
    "inks",
    "first",
    "last",
    "size_mm",
    "date_line",
    "source",
    "provenance",
    "licence",
    "notes",
    "replaces",
    "pictures",
    "reference",
    "strikes",
)
_LETTERING_KEYS = ("text", "language", "status")
_STRIKE_KEYS = ("picture", "scan", "learned")
_DATE_LINE_KEYS = ("centre", "size", "rotation")


def read_mark(folder: Path, *, origin: str = "user", settings: LibrarySettings | None = None) -> ReferenceMark:
    """Read the mark that lives in a folder.

    Raises
    ------
    LibraryError
        With ``file:line: cause`` and a remedy; the first fault that was found.
    """
    return _Reader(folder, settings or LibrarySettings()).mark(origin)


def is_safe_id(text: str) -> bool:
    """Whether a text can be the id of a mark and the name of its folder on every system."""
    return bool(ID_PATTERN.fullmatch(text)) and text not in RESERVED_IDS


class _Reader:
    """Holds the text of one file, so that each complaint can point at a line of it."""

    def __init__(self, folder: Path, settings: LibrarySettings) -> None:
        self.folder = folder
        self.file = folder / MARK_FILE
        self.settings = settings
        self.text = ""
        self.table: Mapping[str, Any] = {}

    # -- complaints -------------------------------------------------------------------------------------------

    def fault(self, key: str, message: str, hint: str = "", code: str = "bad-mark") -> LibraryError:
        line = self._line(key)
        where = f"{self.file}:{line}" if line else f"{self.file}"
        return LibraryError(f"{where}: {message}", code=code, hint=hint)

    def _line(self, key: str) -> int | None:
        """Line of a key: where a line begins with it, else inside an inline table."""
        if not key:
            return None
        name = rf"[\"']?{re.escape(key)}[\"']?\s*(?:=|\.|\])"
        for pattern in (rf"^\s*(?:\[\[?\s*)?{name}", rf"^.*[{{,]\s*{name}"):
            found = re.search(pattern, self.text, re.MULTILINE)
            if found:
                return self.text.count("\n", 0, found.end()) + 1
        return None

    # -- the file ---------------------------------------------------------------------------------------------

    def mark(self, origin: str) -> ReferenceMark:
        self._parse()
        self._known_keys(self.table, KEYS, "")
        version = self.table.get("schema_version", 1)
        if version != 1:
            raise self.fault("schema_version", f"schema_version is {version!r}, this program reads 1")
        ident = self._text("id", required=True)
        if not is_safe_id(ident):
            raise self.fault("id", f"{ident!r} can't be an id", "use small letters a-z, figures and dashes")
        first, last = self._day("first", end=False), self._day("last", end=True)
        if first and last and first > last:
            raise self.fault("last", f"the use ends ({last}) before it begins ({first})", "swap first and last")
        dated = self._choice("dated", Dated, Dated.UNKNOWN)
        fixed = self._day("fixed_date", end=False)
        if (dated is Dated.FIXED) != (fixed is not None):
            raise self.fault("dated", 'dated = "fixed" and fixed_date belong together', "give both or neither")
        return ReferenceMark(
            id=ident,
            name=self._text("name") or ident,
            stations=self._stations(),
            kind=self._choice("kind", Kind, None),
            shape=self._choice("shape", Shape, None),
            dated=dated,
            fixed_date=fixed,
            date_formats=self._texts("date_formats"),
            lettering=self._lettering(),
            inks=self._texts("inks"),
            first=first,
            last=last,
            size_mm=self._size(),
            date_line=self._date_line(),
            source=self._text("source"),
            provenance=self._text("provenance"),
            licence=self._text("licence"),
            notes=self._text("notes"),
            replaces=self._text("replaces") or None,
            pictures=self._pictures(),
            reference=self._among_pictures("reference", self.table["reference"]) if "reference" in self.table else None,
            strikes=self._strikes(),
            folder=self.folder,
            origin=origin,
        )

    def _parse(self) -> None:
        try:
            with self.file.open("rb") as stream:
                data = stream.read(self.settings.max_toml_bytes + 1)
        except OSError as error:
            raise self.fault("", f"can't be read: {error.strerror or error}") from error
        if len(data) > self.settings.max_toml_bytes:
            raise self.fault("", f"is larger than {self.settings.max_toml_bytes} bytes", "a mark needs a page at most")
        try:
            self.text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = data[: error.start].count(b"\n") + 1
            raise LibraryError(
                f"{self.file}:{line}: is not UTF-8 text", code="bad-mark", hint="save it as UTF-8"
            ) from error
        try:
            self.table = tomllib.loads(self.text)
        except tomllib.TOMLDecodeError as error:
            raise self._syntax(str(error)) from error
        except RecursionError as error:
            raise self.fault("", "is nested too deeply") from error

    def _syntax(self, message: str) -> LibraryError:
        found = re.search(r"\(at line (\d+), column (\d+)\)", message)
        where = f"{self.file}:{found[1]}:{found[2]}" if found else f"{self.file}"
        cause = message.split(" (at ", maxsplit=1)[0]
        return LibraryError(f"{where}: no valid TOML: {cause}", code="bad-mark", hint="see docs/library.md")

    def _known_keys(self, table: Mapping[str, Any], known: Iterable[str], where: str) -> None:
        for key in table:
            if key not in known:
                near = difflib.get_close_matches(key, list(known), n=1)
                hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(known)}"
                raise self.fault(key, f"unknown key {key!r}{where}", hint)

    # -- fields -----------------------------------------------------------------------------------------------

    def _text(self, key: str, *, required: bool = False) -> str:
        value = self.table.get(key)
        if value is None:
            if required:
                raise self.fault("", f"{key!r} is missing", f'add a line {key} = "..."')
            return ""
        return self._plain(key, value)

    def _plain(self, key: str, value: object) -> str:
        if not isinstance(value, str):
            raise self.fault(key, f"{key} is {value!r}, not a text", "put it in quotation marks")
        if len(value) > self.settings.max_text:
            raise self.fault(key, f"{key} is longer than {self.settings.max_text} characters")
        if any(not c.isprintable() and c not in "\n\t" for c in value):
            raise self.fault(key, f"{key} holds control characters", "remove them")
        return value.strip()

    def _texts(self, key: str) -> tuple[str, ...]:
        value = self.table.get(key, [])
        if not isinstance(value, list):
            raise self.fault(key, f"{key} is {value!r}, not a list", f'write {key} = ["..."]')
        if len(value) > self.settings.max_items:
            raise self.fault(key, f"{key} has more than {self.settings.max_items} entries")
        return tuple(self._plain(key, item) for item in value)

    def _choice(self, key: str, kind: type[T], default: T | None) -> T:
        value = self.table.get(key)
        if value is None:
            if default is None:
                raise self.fault("", f"{key!r} is missing", f"one of {_listed(kind)}")
            return default
        return self._member(key, kind, value)

    def _member(self, key: str, kind: type[T], value: object) -> T:
        choices = [member.value for member in kind]
        if value in choices:
            return kind(value)
        near = difflib.get_close_matches(str(value), choices, n=1)
        raise self.fault(
            key, f"{key} is {value!r}", f"did you mean {near[0]!r}?" if near else f"one of {_listed(kind)}"
        )

    def _stations(self) -> tuple[Station, ...]:
        names = self._texts("stations")
        if not names and self.table.get("kind") != Kind.GROUND_CANCEL.value:
            raise self.fault("stations", "'stations' is missing or empty", f"one or more of {_listed(Station)}")
        stations = tuple(self._member("stations", Station, name) for name in names)
        if len(set(stations)) != len(stations):
            raise self.fault("stations", "a station is named twice", "name each once")
        return stations

    def _day(self, key: str, *, end: bool, table: Mapping[str, Any] | None = None) -> dt.date | None:
        value = (self.table if table is None else table).get(key)
        if value is None:
            return None
        if isinstance(value, dt.datetime):
            value = value.date()
        if isinstance(value, dt.date):
            return value
        text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
        found = PERIOD.fullmatch(text) if isinstance(text, str) else None
        try:
            if found is None:
                raise ValueError
            return period_bound(found, end=end)
        except ValueError:
            raise self.fault(
                key, f"{key} is {value!r}, not a date", 'write "1987-11-23", "1987-11" or "1987"'
            ) from None

    def _number(self, key: str, value: object, low: float, high: float) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise self.fault(key, f"{key} is {value!r}", f"a number from {low:g} to {high:g}")
        return float(value)

    def _size(self) -> float | None:
        value = self.table.get("size_mm")
        return None if value is None else self._number("size_mm", value, 3.0, 200.0)

    def _lettering(self) -> tuple[Lettering, ...]:
        value = self.table.get("lettering", [])
        if not isinstance(value, list) or len(value) > self.settings.max_items:
            raise self.fault("lettering", "lettering is not a list of tables", "write [[lettering]] and text = ...")
        return tuple(self._one_lettering(item) for item in value)

    def _one_lettering(self, item: object) -> Lettering:
        if isinstance(item, str):
            return Lettering(self._plain("lettering", item))
        if not isinstance(item, dict):
            raise self.fault("lettering", f"lettering holds {item!r}", "write [[lettering]] and text = ...")
        self._known_keys(item, _LETTERING_KEYS, " in lettering")
        if not item.get("text"):
            raise self.fault("lettering", "a lettering has no text", 'add text = "..."')
        status = self._member("status", WordingStatus, item.get("status", WordingStatus.DOCUMENTED.value))
        return Lettering(self._plain("text", item["text"]), self._plain("language", item.get("language", "")), status)

    def _date_line(self) -> DateLine | None:
        value = self.table.get("date_line")
        if value is None:
            return None
        if not isinstance(value, dict):
            raise self.fault("date_line", "date_line is not a table", "write [date_line] and centre, size below")
        self._known_keys(value, _DATE_LINE_KEYS, " in date_line")
        rotation = self._number("rotation", value.get("rotation", 0.0), -360.0, 360.0)
        return DateLine(
            self._pair("centre", value.get("centre", [0.0, 0.0]), -4.0, 4.0),
            self._pair("size", value.get("size"), 0.01, 4.0),
            rotation,
        )

    def _pair(self, key: str, value: object, low: float, high: float) -> tuple[float, float]:
        if not isinstance(value, list) or len(value) != 2:
            raise self.fault(key, f"{key} is {value!r}", f"two numbers in radii, such as {key} = [0.0, 0.3]")
        return self._number(key, value[0], low, high), self._number(key, value[1], low, high)

    # -- pictures ---------------------------------------------------------------------------------------------

    def _pictures(self) -> tuple[Path, ...]:
        names = self._texts("pictures")
        if len(names) > self.settings.max_pictures:
            raise self.fault("pictures", f"more than {self.settings.max_pictures} pictures")
        return tuple(self._picture(name) for name in names)

    def _among_pictures(self, key: str, value: object) -> Path:
        name = self._plain(key, value)
        if name not in self.table.get("pictures", []):
            raise self.fault(key, f"{key} {name!r} is none of the pictures", "name it in pictures, too")
        return self.folder / PurePosixPath(name.replace("\\", "/"))

    def _strikes(self) -> tuple[Strike, ...]:
        value = self.table.get("strikes", [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.fault("strikes", "strikes is not a list of tables", "write [[strikes]] and picture = ...")
        for item in value:
            self._known_keys(item, _STRIKE_KEYS, " in strikes")
        return tuple(
            Strike(
                self._among_pictures("picture", item.get("picture")),
                self._plain("scan", item.get("scan", "")),
                self._day("learned", end=False, table=item),
            )
            for item in value
        )

    def _picture(self, name: str) -> Path:
        pure = PurePosixPath(name.replace("\\", "/"))
        if pure.is_absolute() or ".." in pure.parts or ":" in name or not pure.parts:
            raise self.fault("pictures", f"picture {name!r} lies outside the folder of the mark", "put it inside")
        path = self.folder / pure
        try:
            inside = path.resolve().is_relative_to(self.folder.resolve())
            regular = path.is_file()
            size = path.stat().st_size if regular else 0
        except (OSError, RuntimeError) as error:
            raise self.fault("pictures", f"picture {name!r} can't be read: {error}") from error
        if not inside:
            raise self.fault("pictures", f"picture {name!r} links to a place outside the folder", "copy it inside")
        if not regular:
            raise self.fault("pictures", f"picture {name!r} is missing", "add the file or take the line out")
        if size > self.settings.max_picture_bytes:
            limit = self.settings.max_picture_bytes // 1_000_000
            raise self.fault("pictures", f"picture {name!r} is larger than {limit} MB", "crop it to the mark")
        if not looks_like_picture(path):
            raise self.fault("pictures", f"picture {name!r} is no picture", "use PNG, JPEG, TIFF, WebP or BMP")
        return path


def _listed(kind: type[StrEnum]) -> str:
    return ", ".join(member.value for member in kind)
