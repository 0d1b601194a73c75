"""The library: the marks that come with the program, overlaid with the user's own.

What holds: a mark that can't be used is reported as a `Notice` and left out, and the others work; nothing is ever
written to the built-in marks; a mark of the user with the id of another mark must say ``replaces``, so that nobody
shadows a mark by accident. The order of marks is by id, whatever the file system says. Loading takes about a
millisecond a mark, so 5,000 marks, the most that are read from one folder, take some seconds.

The user's folder is, in this order: the one named on the command line, the one in ``POSTMARK_ID_LIBRARY``, the one that
the project file in the working folder names (`library.project`), or ``marks`` in the user's data folder. A folder that
was named must exist; the default one need not.
"""

from __future__ import annotations

import datetime as dt
import difflib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import platformdirs

from postmark_id.errors import LibraryError, UsageError, one_line
from postmark_id.library.project import PROJECT_FILE, project_library
from postmark_id.library.schema import ReferenceMark, read_mark
from postmark_id.models import Notice
from postmark_id.settings import LibrarySettings

ENVIRONMENT = "POSTMARK_ID_LIBRARY"

Period = tuple[dt.date | None, dt.date | None]
"""First and last day of documented use, both included; None is open."""


def builtin_folder() -> Path:
    """Folder of the marks that come with the program: in the wheel, or in a checkout of the sources."""
    package = Path(__file__).resolve().parent.parent
    for folder in (package / "data" / "reference_marks", package.parent.parent / "reference_marks"):
        if folder.is_dir():
            return folder
    raise LibraryError(
        f"{package}: the built-in reference marks are missing",
        code="no-builtin-library",
        hint="install postmark-id again",
    )


def user_folder(named: Path | None = None) -> Path:
    """Folder of the user's own marks; it need not exist yet.

    Raises
    ------
    LibraryError
        If a folder that was named, by argument, environment or project, is not there; or the project file is faulty.
    """
    by_environment = os.environ.get(ENVIRONMENT)
    if named:
        chosen, origin = named, "--library"
    elif by_environment:
        chosen, origin = Path(by_environment), ENVIRONMENT
    elif by_project := project_library():
        chosen, origin = by_project, str(PROJECT_FILE)
    else:
        return platformdirs.user_data_path("postmark-id", appauthor=False) / "marks"
    if not chosen.is_dir():
        raise LibraryError(f"{chosen}: no such folder", code="no-library", hint=f"make it, or correct {origin}")
    return chosen


@dataclass(frozen=True, slots=True)
class Library:
    """Reference marks in the order of their ids.

    Attributes
    ----------
    marks : tuple of ReferenceMark
    problems : tuple of Notice
        What was left out, and why; codes ``bad-mark``, ``duplicate-mark``, ``replaces-nothing``, ``too-many-marks``.
    """

    marks: tuple[ReferenceMark, ...]
    problems: tuple[Notice, ...] = ()

    @classmethod
    def load(
        cls,
        folder: Path | None = None,
        *,
        strict: bool = False,
        builtin: Path | None = None,
        settings: LibrarySettings | None = None,
    ) -> Library:
        """Read the built-in marks and the user's.

        Parameters
        ----------
        folder : Path, optional
            The user's folder; see `user_folder` for the default.
        strict : bool
            Raise on the first problem instead of reporting it.
        builtin : Path, optional
            Another folder in place of the marks that come with the program.

        Raises
        ------
        LibraryError
            If a folder that was named does not exist; if `strict`, at the first problem.
        """
        limits = settings or LibrarySettings()
        problems: list[Notice] = []
        own = _read_folder(builtin or builtin_folder(), "built-in", limits, problems)
        theirs = _read_folder(user_folder(folder), "user", limits, problems)
        marks = _overlay(own, theirs, problems)
        if strict and problems:
            first = problems[0]
            raise LibraryError(first.message, code=first.code, hint="mend the mark, or leave --strict out")
        return cls(tuple(sorted(marks, key=lambda mark: mark.id)), tuple(problems))

    def get(self, ident: str) -> ReferenceMark | None:
        """The mark of an id, or None."""
        return next((mark for mark in self.marks if mark.id == ident), None)

    def find(self, ident: str) -> ReferenceMark:
        """The mark of an id that a person typed.

        Raises
        ------
        UsageError
            If there is none; the hint names what is near.
        """
        mark = self.get(ident)
        if mark is None:
            near = difflib.get_close_matches(ident, [m.id for m in self.marks], n=1)
            hint = f"did you mean {near[0]!r}?" if near else "see 'postmark-id marks list'"
            raise UsageError(f"no mark has the id {ident!r}", code="unknown-mark", hint=hint)
        return mark

    def periods(self) -> Mapping[str, Period]:
        """Documented use of every mark, by id."""
        return MappingProxyType({mark.id: (mark.first, mark.last) for mark in self.marks})

    def __iter__(self) -> Iterator[ReferenceMark]:
        return iter(self.marks)

    def __len__(self) -> int:
        return len(self.marks)


def mark_folders(folder: Path) -> list[Path]:
    """Folders of marks inside a library folder, by name; hidden ones and files beside them are passed over."""
    try:
        entries = sorted(folder.iterdir(), key=lambda path: path.name)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise LibraryError(
            f"{folder}: can't be read: {error.strerror or error}",
            code="no-library",
            hint="correct its permissions, or name another with --library",
        ) from error
    return [path for path in entries if not path.name.startswith(".") and path.is_dir()]


def _read_folder(folder: Path, origin: str, settings: LibrarySettings, problems: list[Notice]) -> list[ReferenceMark]:
    """All marks of one folder; two with one id are both named, and the first by name of folder stays."""
    folders = mark_folders(folder)
    if len(folders) > settings.max_marks:
        left = len(folders) - settings.max_marks
        problems.append(Notice("too-many-marks", f"{folder}: {left} marks beyond {settings.max_marks} were left"))
        folders = folders[: settings.max_marks]
    marks: dict[str, ReferenceMark] = {}
    for place in folders:
        try:
            mark = read_mark(place, origin=origin, settings=settings)
        except LibraryError as error:
            problems.append(Notice(error.code, one_line(error.message, error.hint)))
            continue
        if mark.id in marks:
            problems.append(_duplicate(mark, marks[mark.id]))
        else:
            marks[mark.id] = mark
    return list(marks.values())


def _overlay(own: list[ReferenceMark], theirs: list[ReferenceMark], problems: list[Notice]) -> list[ReferenceMark]:
    marks = {mark.id: mark for mark in own}
    for mark in theirs:
        present = marks.get(mark.id)
        if present is not None and mark.replaces != mark.id:
            problems.append(_duplicate(mark, present, hint=f'say replaces = "{mark.id}", or choose another id'))
            continue
        if mark.replaces is not None and mark.replaces not in marks:
            problems.append(
                Notice("replaces-nothing", f"{mark.file}: replaces {mark.replaces!r}, but no mark has that id")
            )
        elif mark.replaces is not None:
            del marks[mark.replaces]
        marks[mark.id] = mark
    return list(marks.values())


def _duplicate(mark: ReferenceMark, present: ReferenceMark, hint: str = "choose another id") -> Notice:
    return Notice("duplicate-mark", f"{mark.file}: the id {mark.id!r} belongs to {present.file} already ({hint})")
