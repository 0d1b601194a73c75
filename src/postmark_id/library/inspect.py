"""What `marks validate` looks at beyond what loading does: every picture is decoded and compared.

Loading looks at the first bytes of a picture only, because it happens before each run; this takes its time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from postmark_id.errors import LibraryError, ScanError
from postmark_id.library.reference import Recogniser, read_impression
from postmark_id.library.schema import Dated, ReferenceMark
from postmark_id.library.store import Library
from postmark_id.models import Notice, Picture
from postmark_id.scan import load
from postmark_id.settings import LibrarySettings, ScanSettings

_EMPTY_SPREAD = 4.0
"""Spread of grey values (standard deviation of 0..255) below which a picture shows nothing."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to know about a mark.

    Attributes
    ----------
    mark : str
        Its id.
    notice : Notice
    grave : bool
        Whether it keeps the mark from working as it should; else it is advice.
    """

    mark: str
    notice: Notice
    grave: bool


def inspect(marks: Iterable[ReferenceMark], settings: LibrarySettings | None = None) -> tuple[Finding, ...]:
    """Decode the pictures of marks and compare the marks with each other."""
    limits = settings or LibrarySettings()
    findings: list[Finding] = []
    owners: dict[str, Path] = {}
    checked = tuple(marks)
    for mark in checked:
        findings += _fields(mark)
        for picture in mark.pictures:
            findings += _picture(mark, picture, owners, limits)
    return (*findings, *_look_alikes(checked))


def unusable(library: Library) -> tuple[Notice, ...]:
    """Marks of a library that a run does without, each with cause and remedy; quick enough to ask before every run."""
    broken = []
    for mark in library.marks:
        if mark.reference is not None:
            try:
                read_impression(mark)
            except (LibraryError, ScanError) as error:
                remedy = f"learn {mark.id} again, or take it out with 'postmark-id marks remove {mark.id}'"
                message = f"{error.message}; no strike can be recognised as {mark.id} ({remedy})"
                broken.append(Notice(error.code, message))
    return (*library.problems, *broken)


def picture_of(path: Path, limits: LibrarySettings | None = None) -> Picture:
    """A picture of a mark, decoded within the limits of the library.

    Raises
    ------
    ScanError
    """
    limits = limits or LibrarySettings()
    scan_limits = ScanSettings(max_mpixels=limits.max_picture_mpixels, max_bytes=limits.max_picture_bytes)
    return next(load(path, scan_limits, frames={0})).pixels


def _look_alikes(marks: Sequence[ReferenceMark]) -> list[Finding]:
    """Learned marks that can't be used, and pairs of them that look like one mark."""
    recogniser = Recogniser(marks)
    findings = [Finding(problem.mark, problem.notice, grave=True) for problem in recogniser.problems]
    for reference, other, agreement in recogniser.look_alikes():
        text = f"{reference.file}: this looks like {other.id}, same mark? (agreement {agreement:.2f})"
        findings.append(Finding(reference.id, Notice("look-alike", text), grave=False))
    return findings


def _fields(mark: ReferenceMark) -> list[Finding]:
    advice = []
    if not mark.pictures:
        advice.append(("no-picture", "has no picture"))
    if not mark.lettering:
        advice.append(("no-lettering", "has no lettering"))
    if mark.dated is Dated.YES and not mark.date_formats:
        advice.append(("no-date-format", "is dated, but says no date_formats"))
    if mark.dated is Dated.NO and mark.date_formats:
        advice.append(("undated-format", "is not dated, but has date_formats"))
    if mark.fixed_date and not (mark.first or mark.fixed_date) <= mark.fixed_date <= (mark.last or mark.fixed_date):
        advice.append(("date-outside-use", "has a fixed date outside its use"))
    return [Finding(mark.id, Notice(code, f"{mark.file}: {text}"), grave=False) for code, text in advice]


def _picture(mark: ReferenceMark, path: Path, owners: dict[str, Path], limits: LibrarySettings) -> list[Finding]:
    try:
        pixels = picture_of(path, limits)
    except ScanError as error:
        return [Finding(mark.id, Notice(error.code, error.message), grave=True)]
    findings = []
    if float(pixels.std()) < _EMPTY_SPREAD:
        findings.append(Finding(mark.id, Notice("empty-picture", f"{path}: shows nothing"), grave=True))
    digest = hashlib.sha256(pixels.tobytes() + str(pixels.shape).encode()).hexdigest()
    # A reference is worked out from its strikes; that of a single one is that strike, as it has to be.
    if path == mark.reference:
        return findings
    if digest in owners:
        notice = Notice("same-picture", f"{path}: is the same picture as {owners[digest]}")
        findings.append(Finding(mark.id, notice, grave=False))
    owners.setdefault(digest, path)
    return findings
