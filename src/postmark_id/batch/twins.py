"""Scans that were seen before in the same run: files of the same content under two names.

What a scan shows does not depend on others, so twins are no part of a kept result: they are told where the results are
put together, in the order of names. The first name is the scan, all later ones are its twins, however many workers
there were and whichever came first.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from postmark_id.outputs.contract import Document

CODE = "duplicate-scan"


@dataclass(slots=True)
class Twins:
    """Remembers the scans of a run as their documents come by.

    Attributes
    ----------
    found : list of str
        Scans that are the same as an earlier one.
    """

    found: list[str] = field(default_factory=list)
    _seen: dict[tuple[bytes, int], str] = field(default_factory=dict)
    """First name of each page, by content of the file and number of the page."""

    def tell(self, document: Document) -> Document:
        """The document, with a warning where a side of the cover is a twin."""
        if document["outcome"] == "error":
            return document
        notices = []
        for side in filter(None, (document["scan"], document.get("back"))):
            name, page = side["path"], (bytes.fromhex(side["sha256"]), side["frame"])
            first = self._seen.setdefault(page, name)
            if first != name:
                self.found.append(name)
                notices.append({"code": CODE, "message": f"{name} is the same file as {first}"})
        return {**document, "warnings": [*document["warnings"], *notices]} if notices else document
