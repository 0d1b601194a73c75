"""``RUN/reviews.jsonl``: what people said of the covers of a run.

A line is added for each verdict, and the last one on a cover counts; so nothing that was said is ever lost, and what a
crash cut short is passed over. A verdict belongs to what a file held: a scan that was made anew wants a new one. It
becomes the key ``review`` of a document where tables and pages are put together, and is no part of a result.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, get_args

from postmark_id.errors import OutputError
from postmark_id.models import Kind, Station
from postmark_id.outputs.atomic import refuse_existing
from postmark_id.outputs.contract import NO_MARK, Document, Saying, dumps

NAME = "reviews.jsonl"
VERSION = 1
KINDS: tuple[str, ...] = (*(str(kind) for kind in Kind), NO_MARK)

Page = tuple[str, int, str]
"""Name of a file, number of the page from 0, and the hash of the file."""


@dataclass(frozen=True, slots=True)
class MarkVerdict:
    """What a person says of a mark.

    Attributes
    ----------
    mark : int
        Its place among the marks of the document, from 0.
    box : tuple of int
        x, y, width, height in pixels of its scan, which finds it again where the marks are counted anew.
    kind : str
        Of `KINDS`.
    station : str or None
    date : str or None
        ISO; None where it bears none or nobody can read it.
    teach : str
        Id of the reference mark that it is to be learned as; empty for none.
    side : {"front", "back"}
    """

    mark: int
    box: tuple[int, int, int, int]
    kind: str
    station: str | None = None
    date: str | None = None
    teach: str = ""
    side: str = "front"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a person says of a cover.

    Attributes
    ----------
    saying : Saying
    flights : tuple of Document
        The right ones: ``flight``, and where it was chosen from a list ``station``, ``event``, ``event_time`` and
        ``date``.
    marks : tuple of MarkVerdict
        Those of which the program said something else, or that are to be learned.
    note : str
    at : str
        UTC, ISO.
    """

    saying: Saying
    flights: tuple[Document, ...] = ()
    marks: tuple[MarkVerdict, ...] = ()
    note: str = ""
    at: str = ""

    def as_json(self) -> Document:
        """As it stands in documents."""
        return {
            "verdict": self.saying,
            "flights": [dict(flight) for flight in self.flights],
            "marks": [
                {
                    "mark": one.mark, "side": one.side, "box": list(one.box), "kind": one.kind,
                    "station": one.station, "date": one.date, "teach": one.teach or None,
                }
                for one in self.marks
            ],
            "note": self.note,
            "at": self.at,
        }  # fmt: skip

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Verdict:
        """Of what stands in documents.

        Raises
        ------
        ValueError, KeyError, TypeError
            It is no verdict.
        """
        marks = tuple(_mark_from(one) for one in said["marks"])
        flights = tuple(_flight_from(one) for one in said["flights"])
        if said["verdict"] not in get_args(Saying):
            raise ValueError(f"{said['verdict']!r} is no verdict")
        return cls(said["verdict"], flights, marks, str(said.get("note", "")), str(said.get("at", "")))


@dataclass(frozen=True, slots=True)
class Verdicts:
    """The last verdict on each page of a run."""

    last: Mapping[Page, Verdict] = field(default_factory=dict)

    def on(self, document: Document) -> Verdict | None:
        """What was said of a document, or None."""
        return self.last.get(page_of(document))

    def tell(self, document: Document) -> Document:
        """The document with what was said of it."""
        verdict = self.on(document)
        bare = {key: value for key, value in document.items() if key != "review"}
        return bare if verdict is None else {**bare, "review": verdict.as_json()}


def is_date(text: str) -> bool:
    """Whether a text is a date as verdicts hold it: ``1997-02-12``."""
    try:
        return dt.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def page_of(document: Document) -> Page:
    """Which page a document is about."""
    scan = document["scan"]
    return scan["path"], scan["frame"], scan["sha256"]


def read_verdicts(folder: Path) -> Verdicts:
    """The verdicts of a run; lines that are none are passed over."""
    last: dict[Page, Verdict] = {}
    for line in _lines(folder / NAME):
        try:
            said = json.loads(line)
            if said["review_version"] == VERSION:
                last[str(said["path"]), int(said["frame"]), str(said["sha256"])] = Verdict.from_json(said)
        except (ValueError, KeyError, TypeError):
            continue
    return Verdicts(last)


def add(folder: Path, document: Document, verdict: Verdict) -> Verdict:
    """Write down a verdict, and give it with its time.

    Raises
    ------
    OutputError
        It can't be written.
    """
    path, frame, sha256 = page_of(document)
    verdict = replace(verdict, at=dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
    line = {"review_version": VERSION, "path": path, "frame": frame, "sha256": sha256, **verdict.as_json()}
    target = folder / NAME
    refuse_existing(target, overwrite=True)
    try:
        # A line that was cut short must not spoil the next one.
        with target.open("ab+") as file:
            torn = file.tell() > 0 and file.seek(-1, os.SEEK_END) >= 0 and file.read(1) != b"\n"
            file.write(b"\n" * torn + dumps(line).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise OutputError(
            f"{target}: can't be written: {error.strerror or error}", code="output-failed", hint="check the disk"
        ) from error
    return verdict


def _lines(path: Path) -> Iterator[bytes]:
    try:
        yield from path.read_bytes().splitlines()
    except OSError:
        return


def _mark_from(said: Mapping[str, Any]) -> MarkVerdict:
    x, y, width, height = (int(edge) for edge in said["box"])
    kind, station, date = said["kind"], said["station"], said["date"]
    if kind not in KINDS or (station is not None and station not in tuple(Station)):
        raise ValueError(f"{kind!r} of {station!r} is no mark")
    if date is not None and not is_date(date):
        raise ValueError(f"{date!r} is no date")
    side = "back" if said.get("side") == "back" else "front"
    return MarkVerdict(int(said["mark"]), (x, y, width, height), kind, station, date, str(said["teach"] or ""), side)


def _flight_from(said: Mapping[str, Any]) -> Document:
    names = ("flight", "station", "event", "event_time", "date")
    return {name: str(said[name]) for name in names if name == "flight" or said.get(name)}
