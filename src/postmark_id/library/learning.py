"""Learning: a strike joins the mark that it is a strike of, or begins a new one.

A learned mark is a folder like any other. It keeps the picture of every strike, and its reference is worked out
from all of them anew each time, so that no error of an early average stays. The folder is made whole beside the old
one and then takes its place, as every change to a library does.
"""

from __future__ import annotations

import datetime as dt
import math
import shutil
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import tomli_w

from postmark_id.errors import LibraryError
from postmark_id.library.alignment import Strokes
from postmark_id.library.collection import put, staging
from postmark_id.library.impression import Impression, from_picture, to_png
from postmark_id.library.reference import Laid, Recogniser, Reference, average, nearest, read_impression, share
from postmark_id.library.schema import MARK_FILE, DateLine, ReferenceMark, read_mark
from postmark_id.library.store import Library
from postmark_id.scan import load
from postmark_id.settings import RecognitionSettings, ScanSettings

REFERENCE_FILE = "reference.png"
MOST_STRIKES = 60
_LIMITS = ScanSettings(max_mpixels=1.0, max_bytes=1_000_000)


@dataclass(frozen=True, slots=True)
class Lesson:
    """A strike to learn, and what is known of it.

    Attributes
    ----------
    impression : Impression
    scan : str
        Name of the scan that it comes from.
    date_line : DateLine or None
        Where its date stands.
    ink : str
    """

    impression: Impression
    scan: str
    date_line: DateLine | None = None
    ink: str = ""


def _laid(mark: ReferenceMark, impression: Impression, settings: RecognitionSettings) -> Laid:
    """The learned reference of a mark as it lies on a strike."""
    (found,) = nearest(Strokes(impression), [Reference(mark, Strokes(read_impression(mark)))], settings)
    return found


def look_alike(library: Library, impression: Impression, besides: str) -> tuple[ReferenceMark, float] | None:
    """Another learned mark that a strike may be one of."""
    recogniser = Recogniser(mark for mark in library.marks if mark.id != besides)
    found = recogniser.recognise(impression)
    if found is None or not found.accepted:
        return None
    return found.reference.mark, found.pose.agreement


def learn(
    lesson: Lesson,
    fields: Mapping[str, Any],
    folder: Path,
    library: Library,
    *,
    today: dt.date,
    anyway: bool = False,
    settings: RecognitionSettings | None = None,
) -> ReferenceMark:
    """Let a strike join a mark of the user's, or begin one.

    Parameters
    ----------
    lesson : Lesson
    fields : mapping
        As in `mark.toml`: ``id`` always, ``stations`` and ``kind`` for a new mark; the others change what is there.
    folder : Path
        The user's folder; made where it is missing.
    library : Library
        What is there now.
    today : datetime.date
    anyway : bool
        Take the strike in even if it does not look like the ones before.

    Raises
    ------
    LibraryError
        The id belongs to a built-in mark, or the strike does not fit the mark of that id.
    OutputError
        The folder can't be written.
    """
    settings = settings or RecognitionSettings()
    present = library.get(str(fields["id"]))
    if present is not None and present.origin == "built-in":
        if fields.get("replaces") != present.id:
            raise LibraryError(
                f"{present.id} is a mark that came with the program, and is never changed",
                code="built-in-mark",
                hint=f"choose another id, or say --replaces {present.id}",
            )
        present = None
    if present is not None:
        _refuse_strangers(present, lesson.impression, settings, anyway=anyway)
        lesson = _as_reference_stands(lesson, present, settings)
    with staging(folder) as place:
        new = place / str(fields["id"])
        new.mkdir()
        old = _table(present)
        if present is not None:
            for picture in present.pictures:
                target = new / picture.relative_to(present.folder)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(picture, target)
        _fill(new, {**old, **fields}, lesson, today)
        read_mark(new)
        target = present.folder if present is not None else folder / new.name
        if present is None and target.exists():
            raise LibraryError(f"{target}: is in the way", code="duplicate-mark", hint="mend or remove it first")
        put(new, target, place)
    return read_mark(target)


def _refuse_strangers(
    present: ReferenceMark, impression: Impression, settings: RecognitionSettings, *, anyway: bool
) -> None:
    """A strike of another mark would spoil what was learned."""
    if present.shape is not impression.shape:
        raise LibraryError(
            f"the shape of {present.id} is {present.shape.value}, that of this strike {impression.shape.value}",
            code="other-mark",
            hint="choose another id, or another mark with --mark or --box",
        )
    if len(present.strikes) >= MOST_STRIKES:
        raise LibraryError(f"{present.id} has {MOST_STRIKES} strikes", code="enough-strikes", hint="it knows enough")
    for strike in present.strikes:
        picture = next(load(strike.picture, _LIMITS, frames={0})).pixels
        known = from_picture(picture, present.shape, str(strike.picture))
        if np.abs(known.ink - impression.ink * impression.seen).mean() < 1e-2:
            raise LibraryError(
                f"{present.id} has learned this strike already, from {strike.scan or strike.picture.name}",
                code="known-strike",
                hint="give another scan",
            )
    odds = math.inf if present.reference is None or anyway else _laid(present, impression, settings).odds
    if odds < settings.same_strike:
        raise LibraryError(
            f"this does not look like {present.id} (score {share(odds - settings.same_strike):.2f}, 0.50 needed)",
            code="other-mark",
            hint="choose another id; if you are sure, say --anyway",
        )


def _as_reference_stands(lesson: Lesson, present: ReferenceMark, settings: RecognitionSettings) -> Lesson:
    """The lesson with its date line as it stands in the learned reference, which may be turned against the strike."""
    line = lesson.date_line
    if line is None or present.reference is None:
        return lesson
    turn = _laid(present, lesson.impression, settings).pose.turn
    c, s = math.cos(math.radians(-turn)), math.sin(math.radians(-turn))
    x, y = line.centre
    centre = (round(x * c - y * s, 3), round(x * s + y * c, 3))
    return replace(lesson, date_line=DateLine(centre, line.size, round(line.rotation - turn, 1)))


def _table(present: ReferenceMark | None) -> dict[str, Any]:
    return {} if present is None else tomllib.loads(present.file.read_text(encoding="utf-8-sig"))


def _fill(new: Path, table: dict[str, Any], lesson: Lesson, today: dt.date) -> None:
    """Write the pictures and the `mark.toml` of a mark that learns one strike more."""
    strikes = list(table.get("strikes", []))
    taken = {strike["picture"] for strike in strikes}
    name = next(name for k in range(1, MOST_STRIKES + 2) if (name := f"strike-{k}.png") not in taken)
    (new / name).write_bytes(to_png(lesson.impression))
    strikes.append({"picture": name, "scan": _plain(lesson.scan), "learned": today.isoformat()})
    shape = lesson.impression.shape
    impressions = [
        from_picture(next(load(new / strike["picture"], _LIMITS, frames={0})).pixels, shape, strike["picture"])
        for strike in strikes
    ]
    (new / REFERENCE_FILE).write_bytes(to_png(average(impressions)))
    pictures = [REFERENCE_FILE, *(picture for picture in table.get("pictures", []) if picture != REFERENCE_FILE), name]
    inks = [*table.get("inks", []), *([lesson.ink] if lesson.ink else [])]
    document = {
        "schema_version": 1,
        **table,
        "shape": shape.value,
        "provenance": table.get("provenance", "learned from strikes"),
        "inks": list(dict.fromkeys(inks)),
        "pictures": pictures,
        "reference": REFERENCE_FILE,
        "strikes": strikes,
    }
    if lesson.date_line is not None:
        document["date_line"] = _mean_line(table.get("date_line"), lesson.date_line, len(strikes))
        document["dated"] = table.get("dated", "yes")
    (new / MARK_FILE).write_bytes(tomli_w.dumps(document, multiline_strings=True).encode("utf-8", "replace"))


def _mean_line(known: Mapping[str, Any] | None, seen: DateLine, count: int) -> dict[str, Any]:
    """Where dates stand on the average; the new one has its share among `count` strikes."""
    new = {"centre": list(seen.centre), "size": list(seen.size), "rotation": seen.rotation}
    if known is None:
        return new
    share = 1.0 / count

    def mean(a: float, b: float) -> float:
        return round(a + share * (b - a), 3)

    return {
        "centre": [mean(a, b) for a, b in zip(known.get("centre", [0.0, 0.0]), seen.centre, strict=True)],
        "size": [mean(a, b) for a, b in zip(known["size"], seen.size, strict=True)],
        "rotation": known.get("rotation", 0.0),
    }


def _plain(text: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in text)[:200]
