"""Marks of a run that a review named for learning, and the scans on which they stand."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from postmark_id.batch.discover import discover
from postmark_id.batch.manifest import read as read_manifest
from postmark_id.batch.products import results
from postmark_id.batch.verdicts import MarkVerdict, read_verdicts
from postmark_id.errors import UsageError
from postmark_id.models import Box, Kind
from postmark_id.outputs.contract import NO_MARK, Document


@dataclass(frozen=True, slots=True)
class NamedStrike:
    """A strike that a person named.

    Attributes
    ----------
    ident : str
        Of the mark that it is one of.
    station : str
    kind : str
        Empty where nobody knows it.
    path : str
        Of the scan.
    name : str
        Of the scan in the results.
    frame : int
        Number of the page from 0.
    box : Box
    """

    ident: str
    station: str
    kind: str
    path: str
    name: str
    frame: int
    box: Box


def strikes_to_learn(folder: Path) -> list[NamedStrike]:
    """The strikes that the review of a run named, in the order of its results.

    Parameters
    ----------
    folder : Path
        Of the run.

    Raises
    ------
    UsageError
        It is no run, it has no results, or its scans are not where they were.
    """
    manifest, verdicts = read_manifest(folder), read_verdicts(folder)
    named: list[tuple[Document, MarkVerdict]] = []
    for _, document in results(folder):
        verdict = verdicts.on(document)
        named += [(_scan_of(document, one), one) for one in (verdict.marks if verdict else ()) if _is_named(one)]
    if not named:
        return []
    paths, listed = manifest.inputs()
    found, _ = discover(paths, listed, recursive=bool(manifest.request.get("recursive")))
    places = {side.name: side.path for one in found for side in (one, one.back) if side}
    if gone := next((scan["path"] for scan, _ in named if scan["path"] not in places), None):
        raise UsageError(
            f"{gone}: is not where the run found it",
            code="no-scan",
            hint="run it in the folder where `postmark-id batch` was run",
        )
    return [_strike(one, scan, places[scan["path"]]) for scan, one in named]


def _strike(one: MarkVerdict, scan: Document, path: str) -> NamedStrike:
    kind = "" if one.kind == Kind.UNKNOWN else one.kind
    return NamedStrike(one.teach, one.station or "", kind, path, scan["path"], scan["frame"], one.box)


def _is_named(one: MarkVerdict) -> bool:
    return bool(one.teach and one.station and one.kind != NO_MARK)


def _scan_of(document: Document, one: MarkVerdict) -> Document:
    scan: Document = document["back" if one.side == "back" else "scan"]
    return scan
