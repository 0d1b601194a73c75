"""The pages of the review, and what a person's form says.

The pages work without a script; the one that there is gives every button a key. Names, lettering and reasons come from
files and are escaped.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import jinja2

from postmark_id.batch.verdicts import MarkVerdict, Verdict, is_date
from postmark_id.flights.match import near
from postmark_id.flights.table import FlightTable
from postmark_id.library.schema import is_safe_id
from postmark_id.models import Station
from postmark_id.outputs.contract import NO_MARK, Document, Saying, flight_json
from postmark_id.outputs.report import cover_facts, flight_facts
from postmark_id.outputs.words import KINDS, OUTCOMES, SAYINGS, by_date, visible
from postmark_id.review.covers import Covers

LONGEST_NOTE = 2000
"""Characters of a note that are kept."""
_SAYINGS: Mapping[Saying | None, str] = {None: "to do"} | SAYINGS
_KINDS = {**KINDS, NO_MARK: "no mark at all"}
_ENVIRONMENT = jinja2.Environment(
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    loader=jinja2.PackageLoader("postmark_id.review"),
    trim_blocks=True,
    lstrip_blocks=True,
)

Form = Mapping[str, Sequence[str]]
"""Fields of a form, each as often as it was given."""


def flight_key(flight: Document) -> str:
    """What stands for a flight in a form."""
    return " | ".join(str(flight[part]) for part in ("flight", "event", "event_time", "date"))


@dataclass(frozen=True, slots=True)
class Answer:
    """What a form says of a cover, and what can't be taken in it.

    Attributes
    ----------
    verdict : Verdict
    faults : tuple of str
        Sentences for the person.
    """

    verdict: Verdict
    faults: tuple[str, ...] = ()

    def left_open(self) -> Verdict:
        """The same, but that the person can't decide."""
        return replace(self.verdict, saying="open")


@dataclass(frozen=True, slots=True)
class Filled:
    """The fields of a cover's form as they are shown: as the program sees it, as was said before, or as just typed."""

    chosen: frozenset[str] = frozenset()
    other: str = ""
    marks: Sequence[Mapping[str, str]] = ()
    note: str = ""
    nearby: Sequence[Document] = ()
    faults: Sequence[str] = field(default_factory=tuple)


def list_page(covers: Covers, *, secret: str, show: str = "all") -> str:
    """All covers of a run, the most doubtful first.

    Parameters
    ----------
    covers : Covers
    secret : str
        What a form has to bring back.
    show : str
        An outcome, ``todo``, or ``all``.
    """
    rows = [
        {"number": number, "name": entry.name, "outcome": entry.outcome, "saying": covers.saying(number)}
        for number, entry in enumerate(covers.entries, start=1)
    ]
    outcomes = [name for name in OUTCOMES if any(row["outcome"] == name for row in rows)]
    left = sum(row["saying"] is None for row in rows)
    choices = [("all", "all", len(rows)), ("todo", "to do", left)]
    choices += [(name, OUTCOMES[name], sum(row["outcome"] == name for row in rows)) for name in outcomes]
    kept = [r for r in rows if show in ("all", r["outcome"]) or (show == "todo" and r["saying"] is None)]
    return _ENVIRONMENT.get_template("list.html.j2").render(
        title=visible(covers.folder.name), rows=kept, choices=choices, show=show, outcomes=OUTCOMES, sayings=_SAYINGS,
        total=len(rows), left=left, first=covers.next(0), secret=secret,
    )  # fmt: skip


def cover_page(covers: Covers, number: int, table: FlightTable, *, secret: str, filled: Filled | None = None) -> str:
    """One cover: its picture, what the program says of it, and a form for what the person says.

    Parameters
    ----------
    covers : Covers
    number : int
    table : FlightTable
    secret : str
        What the form has to bring back.
    filled : Filled, optional
        What the form holds; as was said before, or as the program says, if not given.
    """
    document = covers.document(number)
    filled = filled or _filled(document, table)
    sides = [f"/picture/{number}/{side}" for side in ("scan", "back") if covers.picture(number, side) is not None]
    flights = [
        {"key": flight_key(flight), "checked": flight_key(flight) in filled.chosen, **flight_facts(flight, document)}
        for flight in candidates(document, filled.nearby)
    ]
    return _ENVIRONMENT.get_template("cover.html.j2").render(
        cover=cover_facts(document, lambda side: None),
        title=visible(covers.folder.name), number=number, total=len(covers), sides=sides, flights=flights,
        marks=filled.marks, kinds=_KINDS, stations=[str(station) for station in Station], other=filled.other,
        note=filled.note, faults=filled.faults, saying=covers.saying(number), sayings=_SAYINGS, secret=secret,
        names=dict.fromkeys(stay.flight for stay in table.stays), done=covers.said(),
    )  # fmt: skip


def candidates(document: Document, nearby: Sequence[Document]) -> list[Document]:
    """Flights that a person may choose: those of the result, then those near dates that the person gave."""
    return list({flight_key(flight): flight for flight in (*document["flights"], *nearby)}.values())


def flights_near(marks: Sequence[Mapping[str, str]], table: FlightTable) -> list[Document]:
    """Flights near the dates of marks, as a form shows these."""
    found: list[Document] = []
    for mark in marks:
        if is_date(mark["date"]):
            station = Station(mark["station"]) if mark["station"] in _STATIONS else None
            story = near(dt.date.fromisoformat(mark["date"]), table, station=station)
            found += map(flight_json, story.flights)
    return found


def answer(form: Form, document: Document, table: FlightTable) -> Answer:
    """What a form says of a cover."""
    faults: list[str] = []
    nearby = flights_near(_marks(form, document), table)
    known = {flight_key(flight): flight for flight in candidates(document, nearby)}
    flights = [_named(known[key]) for key in form.get("flight", ()) if key in known]
    if other := _one(form, "other"):
        names = table.find(other)
        if len(names) == 1:
            flights.append({"flight": names[0]})
        else:
            may_be = f"may be {' or '.join(names)}" if names else "is no flight of the table"
            faults.append(f"{other!r} {may_be}.")
    marks = []
    for place, mark in enumerate(document["marks"]):
        said, wrong = _mark(form, place, mark)
        faults += wrong
        if said is not None:
            marks.append(said)
    verdict = Verdict(
        _saying(document, flights, marks), tuple(flights), tuple(marks), _one(form, "note")[:LONGEST_NOTE]
    )
    return Answer(verdict, tuple(faults))


def typed(form: Form, document: Document, table: FlightTable, faults: Sequence[str] = ()) -> Filled:
    """The form as the person left it, with the flights near its dates."""
    marks = _marks(form, document)
    chosen, nearby = frozenset(form.get("flight", ())), flights_near(marks, table)
    return Filled(chosen, _one(form, "other"), marks, _one(form, "note"), nearby, faults)


_FIELDS = ("kind", "station", "date", "teach")
_STATIONS = frozenset(str(station) for station in Station)


def _marks(form: Form, document: Document) -> list[dict[str, str]]:
    """The fields of the marks, as a person left them."""
    return [{part: _one(form, f"{part}-{place}") for part in _FIELDS} for place in range(len(document["marks"]))]


def _filled(document: Document, table: FlightTable) -> Filled:
    """The form as it stands before anybody types: what was said before, else what the program says."""
    said = document.get("review")
    marks = [_seen(mark) | {"teach": ""} for mark in document["marks"]]
    if said is None:
        return Filled(frozenset(map(flight_key, _leading(document))), marks=marks)
    for one in said["marks"]:
        if one["mark"] < len(marks):
            marks[one["mark"]] = {part: one[part] or "" for part in _FIELDS}
    chosen = [flight for flight in said["flights"] if "event" in flight]
    other = next((flight["flight"] for flight in said["flights"] if "event" not in flight), "")
    return Filled(frozenset(map(flight_key, chosen)), other, marks, said["note"], flights_near(marks, table))


def _leading(document: Document) -> list[Document]:
    """The flights that the program is sure of."""
    return [group[0] for group in by_date(document)] if document["outcome"] == "identified" else []


def _seen(mark: Document) -> dict[str, str]:
    """What the program says of a mark, as its form shows it."""
    return {
        "kind": mark["kind"],
        "station": mark["station"] or "",
        "date": mark["date"]["date"] if mark["date"] else "",
    }


def _mark(form: Form, place: int, mark: Document) -> tuple[MarkVerdict | None, list[str]]:
    """What a form says of a mark, if it says something new, and what can't be taken."""
    seen = _seen(mark)
    said = {part: _one(form, f"{part}-{place}") if f"{part}-{place}" in form else seen[part] for part in seen}
    teach, faults = _one(form, f"teach-{place}"), []
    if said["kind"] not in _KINDS:
        said["kind"] = seen["kind"]
    if said["station"] not in _STATIONS:
        said["station"] = ""
    if said["date"] and not is_date(said["date"]):
        faults.append(f"{said['date']!r} of mark {place + 1} is no date; write it as 1997-02-12.")
    if teach and not is_safe_id(teach):
        faults.append(f"{teach!r} can't be the id of a mark; use small letters a-z, figures and dashes.")
    if teach and not said["station"]:
        faults.append(f"Mark {place + 1} needs a station, so that it can be learned.")
    if faults or (said == seen and not teach):
        return None, faults
    x, y, width, height = mark["box"]
    station, date = said["station"] or None, said["date"] or None
    side = mark.get("side", "front")
    return MarkVerdict(place, (x, y, width, height), said["kind"], station, date, teach, side), []


def _saying(document: Document, flights: Sequence[Document], marks: Sequence[MarkVerdict]) -> Saying:
    """Whether the program was right, by what the person says."""
    seen = [_seen(mark) for mark in document["marks"]]
    told = [{"kind": m.kind, "station": m.station or "", "date": m.date or ""} for m in marks]
    if any(one != seen[m.mark] for one, m in zip(told, marks, strict=True)):
        return "corrected"
    leading = [_named(flight) for flight in _leading(document)]
    if not flights and document["outcome"] == "ambiguous":
        return "open"
    # out of what the program left open, any of its suggestions is right
    suggested = [_named(flight) for flight in document["flights"]]
    chosen = not leading and all(flight in suggested for flight in flights)
    return "confirmed" if flights == leading or chosen else "corrected"


def _named(flight: Document) -> Document:
    return {part: flight[part] for part in ("flight", "station", "event", "event_time", "date")}


def _one(form: Form, name: str) -> str:
    return next(iter(form.get(name, ())), "").strip()


def message_page(title: str, heading: str, words: str) -> str:
    """A page that only says something."""
    template = _ENVIRONMENT.get_template("bye.html.j2")
    return template.render(title=visible(title), heading=heading, words=visible(words))
