"""XMP sidecars: keywords for digiKam, darktable, Lightroom and every program that reads XMP.

A sidecar ``cover.jpg.xmp`` holds keywords and nothing else: ``dc:subject``, and the same as a tree for Lightroom and
digiKam. Dates and descriptions of the picture are left to the scanner and to its owner. Only what is sure becomes a
plain keyword; a candidate stands in a branch of its own, so that a search for a flight finds no guesses.

Text comes from our tables, but names of flights may be a user's own: characters that XML forbids are left out, and the
whole is parsed again before it is written.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from xml.etree import ElementTree as ET

from postmark_id.outputs.atomic import write_bytes
from postmark_id.outputs.contract import Document

ROOT = "Space covers"
"""Branch of the keyword tree that all of ours grow from."""

_NAMES = {
    "x": "adobe:ns:meta/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "lr": "http://ns.adobe.com/lightroom/1.0/",
    "digiKam": "http://www.digikam.org/ns/1.0/",
}
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SEPARATORS = str.maketrans({"|": "-", "/": "-"})

Branch = tuple[str, ...]
"""A keyword with those above it."""


def keywords(documents: Iterable[Document]) -> list[Branch]:
    """Keywords of a file from the documents of its pages, each once, in a stable order."""
    found: dict[Branch, None] = {}
    for document in documents:
        found.update(dict.fromkeys(_branches(document)))
    return list(found)


def _branches(document: Document) -> Iterator[Branch]:
    outcome = document["outcome"]
    if outcome == "error":
        return
    yield ROOT, "Result", outcome
    for mark in document["marks"]:
        if mark["station"]:
            yield ROOT, "Station", mark["station"]
        if mark["kind"] != "unknown":
            yield ROOT, "Mark", mark["kind"].replace("-", " ")
    dates = {date["date"]: None for date in document["dates"]}
    branch = "Date" if outcome in ("identified", "no-event") else "Date to check"
    for date in dates:
        yield ROOT, branch, date
    for rank, flight in enumerate(document["flights"]):
        # The suggestions that stand for each date come first; see FlightStory.
        sure = outcome == "identified" and rank < len(dates)
        yield ROOT, "Flight" if sure else "Flight to check", flight["flight"]
        if sure:
            yield ROOT, "Event", flight["event"]


def render(branches: Iterable[Branch]) -> bytes:
    """The sidecar as bytes of XML."""
    for prefix, address in _NAMES.items():
        ET.register_namespace(prefix, address)
    plain = [tuple(_plain(part) for part in branch) for branch in branches]
    root = ET.Element(_tag("x", "xmpmeta"))
    resource = ET.SubElement(ET.SubElement(root, _tag("rdf", "RDF")), _tag("rdf", "Description"))
    resource.set(_tag("rdf", "about"), "")
    _add_list(resource, _tag("dc", "subject"), "Bag", dict.fromkeys(_word(branch) for branch in plain))
    _add_list(resource, _tag("lr", "hierarchicalSubject"), "Bag", ("|".join(branch) for branch in plain))
    _add_list(resource, _tag("digiKam", "TagsList"), "Seq", ("/".join(branch) for branch in plain))
    ET.indent(root)
    packet = b'<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
    body: bytes = ET.tostring(root, encoding="utf-8")
    data = packet + body + b'\n<?xpacket end="w"?>\n'
    ET.fromstring(data)
    return data


def write_sidecar(path: str | os.PathLike[str], documents: Iterable[Document], *, overwrite: bool = False) -> bool:
    """Write the sidecar of a file, unless there is nothing to say.

    Parameters
    ----------
    path : path-like
    documents : iterable of Document
        Of all pages of the file.
    overwrite : bool

    Returns
    -------
    bool
        Whether there was something to say.

    Raises
    ------
    OverwriteError, OutputError
    """
    found = keywords(documents)
    if found:
        write_bytes(path, render(found), overwrite=overwrite)
    return bool(found)


def _word(branch: Branch) -> str:
    """A keyword that says what it is where the tree is not shown."""
    kind, value = branch[-2], branch[-1]
    return f"{value} ({kind[:1].lower()}{kind[1:]})" if "check" in kind or kind == "Result" else value


def _plain(text: str) -> str:
    """Text without what XML forbids, and without what programs take for a step in the tree."""
    return " ".join(_FORBIDDEN.sub("", text).translate(_SEPARATORS).split())


def _tag(prefix: str, name: str) -> str:
    return f"{{{_NAMES[prefix]}}}{name}"


def _add_list(parent: ET.Element, tag: str, kind: str, items: Iterable[str]) -> None:
    holder = ET.SubElement(ET.SubElement(parent, tag), _tag("rdf", kind))
    for item in items:
        ET.SubElement(holder, _tag("rdf", "li")).text = item
