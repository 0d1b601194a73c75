"""``report.html``: every cover of a run on one page, what wants a look first.

The page needs no script and nothing from elsewhere: its style stands in it, allowed by its hash, and the policy
forbids all else but pictures beside it. Names, lettering and reasons come from files and are escaped; addresses
of pictures are relative and percent-encoded. Pictures load as they come into view, so 5,000 covers open at once.
"""

from __future__ import annotations

import base64
import hashlib
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib.resources import files
from urllib.parse import quote

import jinja2
from markupsafe import Markup

from postmark_id import __version__
from postmark_id.flights.table import ATTRIBUTION
from postmark_id.outputs.atomic import writing
from postmark_id.outputs.contract import Document
from postmark_id.outputs.words import (
    CAUTION,
    DOUBT,
    KINDS,
    OUTCOMES,
    by_date,
    cover_name,
    day,
    distance,
    doubt,
    event,
    joint,
    mark_look,
    mark_name,
    mark_shape,
    moment,
    reasons,
    reviewed,
    scan_name,
    story,
    struck,
    visible,
    why,
)

Picture = Callable[[Document], str | None]
"""Path of the picture of a side (``scan`` or ``back`` of a document) relative to the page, None where there is none."""


_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; img-src 'self' data:"


def write_report(
    path: str | os.PathLike[str],
    documents: Iterable[Document],
    *,
    title: str,
    picture: Picture,
    overwrite: bool = False,
) -> None:
    """Write the page.

    Parameters
    ----------
    path : path-like
    documents : iterable of Document
    title : str
    picture : callable
        See `Picture`; ``/`` between folders.
    overwrite : bool

    Raises
    ------
    OverwriteError, OutputError
    """
    ordered = sorted(documents, key=doubt)
    with writing(path, overwrite=overwrite) as file:
        for piece in render(ordered, title=title, picture=picture):
            file.write(piece.encode("utf-8", "backslashreplace"))


def render(documents: Sequence[Document], *, title: str, picture: Picture) -> Iterator[str]:
    """Pieces of the page, in the order of the documents."""
    style = source("report.css")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=False)
    counts = Counter(document["outcome"] for document in documents)
    stream = environment.from_string(source("report.html.j2")).stream(
        # The style is our own file and must not be escaped, or its hash would not fit.
        style=Markup(style),
        policy=f"{_POLICY}; style-src 'sha256-{digest}'",
        title=visible(title),
        version=__version__,
        caution=CAUTION,
        attribution=ATTRIBUTION,
        total=len(documents),
        kinds=KINDS,
        choices=_choices(counts, len(documents)),
        covers=(cover_facts(document, picture) for document in documents),
        names=sorted((cover_name(document), number) for number, document in enumerate(documents, start=1)),
    )
    stream.enable_buffering(200)
    yield from stream


def source(name: str) -> str:
    """A template, or the style of the page."""
    return files("postmark_id.outputs").joinpath(f"templates/{name}").read_text("utf-8")


def _choices(counts: Counter[str], total: int) -> list[dict[str, object]]:
    choices: list[dict[str, object]] = [{"name": "all", "count": total, "words": "all"}]
    return choices + [{"name": name, "count": counts[name], "words": OUTCOMES[name]} for name in DOUBT if counts[name]]


def _pictures(document: Document, picture: Picture) -> Iterator[dict[str, object]]:
    """Front and back of a cover, those of which there is a picture."""
    sides: list[tuple[str, Document]] = [("", document["scan"])]
    if "back" in document:
        sides.append((" (back)", document["back"]))
    for words, side in sides:
        path = picture(side) if document["outcome"] != "error" else None
        if path:
            yield {
                "path": quote(path.encode("utf-8", "surrogateescape")),
                "name": scan_name({"scan": side}) + words,
                "width": side["width"],
                "height": side["height"],
            }


def cover_facts(document: Document, picture: Picture) -> dict[str, object]:
    """What a page tells of a cover, in words that are safe to show.

    Parameters
    ----------
    document : Document
    picture : callable
        See `Picture`.
    """
    crews = {date["date"]: date["aboard"] for date in document["dates"] if date["aboard"]}
    return {
        "name": cover_name(document),
        "outcome": document["outcome"],
        "outcome_words": OUTCOMES[document["outcome"]],
        "pictures": list(_pictures(document, picture)),
        "error": {key: visible(text) for key, text in document["error"].items()} if "error" in document else None,
        "why": visible(why(document)),
        "dates": [
            [flight_facts(flight, document, flights[:rank]) for rank, flight in enumerate(flights)]
            for flights in by_date(document)
        ],
        "marks": [_mark(mark) for mark in document["marks"]],
        "aboard": [
            {"day": day(date), "people": [visible(p) for p in people]} for date, people in sorted(crews.items())
        ],
        "story": [visible(sentence) for sentence in story(document)],
        "warnings": [{key: visible(text) for key, text in notice.items()} for notice in document["warnings"]],
        "review": visible(reviewed(document["review"])) if "review" in document else None,
    }


def flight_facts(flight: Document, document: Document, above: Sequence[Document] = ()) -> dict[str, object]:
    """What a page tells of a flight, which stands below others of its cover."""
    return {
        "joint": joint(flight, above, document),
        "name": flight["flight"],
        "event": event(flight["event"]),
        "station": flight["station"],
        "moment": moment(flight["event_time"]),
        "distance": distance(flight, document),
        "score": f"{flight['score']:.2f}",
        "reasons": [visible(reason) for reason in reasons(flight, document)],
    }


def _mark(mark: Document) -> dict[str, object]:
    ink = f"{mark['ink']} ink" if mark["ink"] else None
    back = "on the back" if mark.get("side") == "back" else None
    return {
        "kind": mark_look(mark),
        "title": mark_name(mark).capitalize() + (f", {mark['station']}" if mark["station"] else ""),
        "facts": [visible(fact) for fact in (mark_shape(mark), struck(mark), ink, mark["reference"], back) if fact],
        "score": f"{mark['score']:.2f}",
        "date": _date(mark["date"]) if mark["date"] else None,
        "text": [visible(line) for line in mark["text"]],
        "reasons": [visible(reason) for reason in mark["reasons"]],
    }


def _date(date: Document) -> dict[str, object]:
    return {
        "iso": date["date"],
        "day": day(date["date"]) + (f" to {day(date['until'])}" if "until" in date else ""),
        "text": visible(date["text"]),
        "place": "inside" if date["place"] == "inside" else "beside it",
        "score": f"{date['score']:.2f}",
        "others": [f"{day(other['date'])} ({other['score']:.2f})" for other in date["alternatives"][:3]],
    }
