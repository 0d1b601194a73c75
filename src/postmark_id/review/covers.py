"""The covers of a run as a person goes through them: the most doubtful first, each with what was said of it.

Only where a cover stands in ``results.jsonl`` is kept in memory, so that a run of a million opens, too.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from postmark_id.batch.manifest import Manifest
from postmark_id.batch.manifest import read as read_manifest
from postmark_id.batch.products import FILES, Request, results, write_products
from postmark_id.batch.store import Store, locked
from postmark_id.batch.verdicts import Page, Verdict, Verdicts, add, page_of, read_verdicts
from postmark_id.outputs.contract import Document, Saying
from postmark_id.outputs.words import cover_name, doubt


@dataclass(frozen=True, slots=True)
class Entry:
    """A cover of the list."""

    name: str
    outcome: str
    page: Page
    start: int
    """Where its document begins in ``results.jsonl``, bytes."""


class Covers:
    """The covers of a run, numbered from 1 in the order of doubt.

    Parameters
    ----------
    folder : Path
        Of the run.

    Raises
    ------
    UsageError
        It is no run, or it has no ``results.jsonl``.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        self.manifest: Manifest = read_manifest(self.folder)
        self.request = Request.asked(self.manifest.request)
        self.store = Store(self.folder, self.manifest.fingerprint)
        self._results = self.folder / FILES["jsonl"]
        self._writing = threading.Lock()
        self.entries = self._ordered()
        self.verdicts = read_verdicts(self.folder)

    def _ordered(self) -> list[Entry]:
        found = (
            (doubt(document), Entry(cover_name(document), document["outcome"], page_of(document), start))
            for start, document in results(self.folder)
        )
        return [entry for _, entry in sorted(found, key=lambda one: one[0])]

    def __len__(self) -> int:
        return len(self.entries)

    def document(self, number: int) -> Document:
        """Document of a cover, with what was said of it."""
        with self._results.open("rb") as file:
            file.seek(self.entries[number - 1].start)
            return self.verdicts.tell(json.loads(file.readline()))

    def saying(self, number: int) -> Saying | None:
        """The verdict on a cover in a word."""
        verdict = self.verdicts.last.get(self.entries[number - 1].page)
        return verdict.saying if verdict else None

    def count(self, saying: Saying) -> int:
        """Covers with a verdict of this kind."""
        return sum(self.saying(number) == saying for number in range(1, len(self) + 1))

    def said(self) -> int:
        """Covers with a verdict."""
        return sum(self.saying(number) is not None for number in range(1, len(self) + 1))

    def next(self, number: int) -> int | None:
        """The next cover without a verdict, from the beginning again after the last; None where there is none."""
        order = [*range(number + 1, len(self) + 1), *range(1, number + 1)]
        return next((other for other in order if self.saying(other) is None), None)

    def say(self, number: int, verdict: Verdict) -> None:
        """Write down a verdict.

        Raises
        ------
        OutputError
        """
        with self._writing:
            document = self.document(number)
            said = add(self.folder, document, verdict)
            self.verdicts = Verdicts({**self.verdicts.last, page_of(document): said})

    def picture(self, number: int, side: str) -> Path | None:
        """The annotated picture of a side of a cover; None where there is none.

        Parameters
        ----------
        number : int
        side : {"scan", "back"}
        """
        part = self.document(number).get(side)
        if not isinstance(part, dict):
            return None
        path = self.store.overlay_path(part["path"], part["frame"])
        inside = path.resolve().is_relative_to(self.folder.resolve())
        return path if inside and path.is_file() and not path.is_symlink() else None

    def finish(self) -> list[Path]:
        """Write tables, pages and catalogues of the run anew, with what was said; gives their places.

        Raises
        ------
        OutputError
            They can't be written, or a run works in the folder, which will tell of the verdicts itself.
        """
        with self._writing, locked(self.folder):
            write_products(self._told, self.store, self.request, self.manifest, ended=bool(self.manifest.ended))
            self.entries = self._ordered()
        return self.request.places(self.store)

    def _told(self) -> Iterator[Document]:
        return (self.verdicts.tell(document) for _, document in results(self.folder))
