"""Scans that were seen before in the same run: the same file under another name, or a scan that looks the same.

What a scan shows does not depend on others, so twins are no part of a kept result: they are told where the results are
put together, in the order of names. The first name is the scan, all later ones are its twins, however many workers
there were and whichever came first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from postmark_id.batch.looks import SIZE, first_alike
from postmark_id.outputs.contract import Document

SAME_FILE, SAME_LOOK = "duplicate-scan", "similar-scan"

Page = tuple[str, int]
"""Name of a file, and number of the page from 0."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A page of a run.

    Attributes
    ----------
    page : Page
    sha256 : str
        Of its file.
    ratio : float
        Width by height.
    look : bytes
        See `looks`; empty where there is none.
    """

    page: Page
    sha256: str
    ratio: float
    look: bytes = b""


@dataclass(frozen=True, slots=True)
class Twins:
    """Pages that were seen before, each with the name of the first."""

    same_file: Mapping[Page, str] = field(default_factory=dict)
    same_look: Mapping[Page, str] = field(default_factory=dict)

    def tell(self, document: Document) -> Document:
        """The document, with a warning for each side that is a twin."""
        notices = []
        for side in filter(None, (document["scan"], document.get("back"))):
            name, page = side["path"], (side["path"], side["frame"])
            if page in self.same_file:
                message = f"{name} is the same file as {self.same_file[page]}"
                notices.append({"code": SAME_FILE, "message": message})
            elif page in self.same_look:
                message = f"{name} looks like another scan of {self.same_look[page]}, or of a cover very much like it"
                notices.append({"code": SAME_LOOK, "message": message})
        return {**document, "warnings": [*document["warnings"], *notices]} if notices else document


def find_twins(pages: Iterable[Seen]) -> Twins:
    """Find the twins of a run, whose pages come in the order of names."""
    by_content: dict[tuple[bytes, int], str] = {}
    same_file: dict[Page, str] = {}
    names: list[Page] = []
    ratios: list[float] = []
    looks = bytearray()
    for seen in pages:
        name, frame = seen.page
        first = by_content.setdefault((bytes.fromhex(seen.sha256), frame), name)
        if first != name:
            same_file[seen.page] = first
        elif seen.look:
            names.append(seen.page)
            ratios.append(seen.ratio)
            looks += seen.look
    table = np.frombuffer(bytes(looks), dtype=np.uint8).reshape(-1, SIZE)
    alike = first_alike(table, np.array(ratios))
    same_look = {
        names[one]: names[first][0]
        for one, first in enumerate(alike.tolist())
        if first >= 0 and names[first][0] != names[one][0]
    }
    return Twins(same_file, same_look)
