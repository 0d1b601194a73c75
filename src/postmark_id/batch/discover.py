"""Which files a run is about: folders, globs and lists, walked without following loops or waiting for pipes.

Names are relative to what all inputs have in common, so that results do not depend on the current folder and do not
tell where a person keeps the scans. Order is by name within each folder, the same on every file system.
"""

from __future__ import annotations

import errno
import glob
import os
import stat
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from postmark_id.errors import UsageError
from postmark_id.scan.formats import SUFFIXES

MARKER = ".postmark-id"
"""A folder that holds this file is the output of a run, and never its input."""

_KNOWN = frozenset(suffix for suffixes in SUFFIXES.values() for suffix in suffixes)
_NEVER = ("__MACOSX", "@eaDir", "$RECYCLE.BIN")


@dataclass(frozen=True, slots=True)
class Found:
    """A file to look at: its absolute path, and its name in the results (``/`` between folders)."""

    path: str
    name: str
    back: Found | None = None
    """File of the other side of the same cover."""
    sides_in_turn: bool = False
    """Whether its pages are front and back, front and back."""

    @property
    def names(self) -> tuple[str, ...]:
        """Of all files of the cover."""
        return (self.name, self.back.name) if self.back else (self.name,)


@dataclass(frozen=True, slots=True)
class Skipped:
    """What was passed over, and why."""

    path: str
    reason: str
    failed: bool = False
    """Whether something that was asked for could not be looked at."""


def discover(
    inputs: Sequence[str | os.PathLike[str]], listed: Sequence[str] = (), *, recursive: bool = False
) -> tuple[list[Found], list[Skipped]]:
    """Find the scans of a run.

    Parameters
    ----------
    inputs : sequence of path-like
        Files (taken whatever their suffix), folders (pictures by suffix), globs that the shell left alone.
    listed : sequence of str
        Further files and folders, as a program lists them: one that has gone is found, and fails alone later.
    recursive : bool
        Look into folders of folders.

    Returns
    -------
    found : list of Found
        Each file once, by name.
    skipped : list of Skipped

    Raises
    ------
    UsageError
        An input does not exist, or a glob matches nothing.
    """
    wanted = [place for given in inputs for place in _expanded(os.fspath(given))]
    places = [_absolute(place) for place in [*wanted, *listed]]
    if not places:
        return [], []
    base = os.path.commonpath([place if place.is_dir() else place.parent for place in places])
    listing = _Listing(base)
    for number, place in enumerate(places):
        if number >= len(wanted) and not os.path.lexists(place):
            listing.take(place)
            continue
        for item in _walk(place, recursive=recursive, asked=True):
            if isinstance(item, Skipped):
                listing.skipped.append(item)
            else:
                listing.take(item)
    return sorted(
        listing.found.values(), key=lambda found: found.name.encode("utf-8", "surrogateescape")
    ), listing.skipped


class _Listing:
    """Files by name, each once, although one may be named by two inputs or in two spellings."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.found: dict[str, Found] = {}
        self.skipped: list[Skipped] = []
        self._seen: set[tuple[object, str]] = set()

    def take(self, path: Path) -> None:
        """Add a file that is not there yet."""
        name = os.path.relpath(path, self.base).replace(os.sep, "/")
        try:
            status = path.stat()
            same: object = (status.st_dev, status.st_ino)
        except OSError:
            same = str(path)
        # A file system may take a name in either case and in either Unicode form for the same file.
        key = (same, unicodedata.normalize("NFC", name).casefold())
        if key not in self._seen:
            self._seen.add(key)
            self.found[name] = Found(str(path), portable(name))


def _absolute(place: str) -> Path:
    return Path(os.path.abspath(place))  # noqa: PTH100  links stay what they are


def portable(path: str) -> str:
    """A path as text that is the same in every locale: its bytes as UTF-8, others as lone surrogates."""
    return os.fsencode(path).decode("utf-8", "surrogateescape")


def local(name: str) -> str:
    """A portable name as this process must spell it to reach the same bytes."""
    return os.fsdecode(name.encode("utf-8", "surrogateescape"))


def read_list(lines: bytes) -> list[str]:
    """Paths of a list: one a line, or separated by NUL where there is one."""
    separator = b"\0" if b"\0" in lines else b"\n"
    return [os.fsdecode(line) for line in (part.rstrip(b"\r") for part in lines.split(separator)) if line]


def _expanded(given: str) -> Iterable[str]:
    if os.path.lexists(given):
        return [given]
    if glob.has_magic(given):
        matches = sorted(glob.glob(given, recursive=True), key=os.fsencode)  # noqa: PTH207  patterns may be absolute
        if matches:
            return matches
        raise UsageError(f"{given}: no file fits this pattern", code="no-match", hint="check the folder and the suffix")
    raise UsageError(f"{given}: there is no such file or folder", code="no-input", hint="check the name")


def _walk(place: Path, *, recursive: bool, asked: bool) -> Iterator[Path | Skipped]:
    """Regular files at or below a place; `asked` for a place that the user named."""
    link = os.path.islink(place)  # noqa: PTH114  Path.is_symlink raises on names that are too long
    try:
        mode = place.stat().st_mode
    except (OSError, ValueError) as error:
        yield Skipped(str(place), "broken symbolic link" if link else _why(error), failed=asked or not link)
        return
    if stat.S_ISREG(mode):
        yield place
    elif not stat.S_ISDIR(mode):
        yield Skipped(str(place), "not a regular file", failed=asked)
    elif link and not asked:
        yield Skipped(str(place), "symbolic link to a folder")
    elif os.path.lexists(place / MARKER):
        yield Skipped(str(place), "holds results of postmark-id")
    else:
        yield from _walk_folder(place, recursive=recursive)


def _walk_folder(folder: Path, *, recursive: bool) -> Iterator[Path | Skipped]:
    try:
        entries = sorted(folder.iterdir(), key=lambda entry: os.fsencode(entry.name))
    except OSError as error:
        yield Skipped(str(folder), _why(error), failed=True)
        return
    for entry in entries:
        if entry.name.startswith(".") or entry.name in _NEVER:
            continue
        picture = entry.suffix.lower() in _KNOWN
        try:
            wanted = recursive if stat.S_ISDIR(entry.stat().st_mode) else picture
        except OSError as error:
            # What lies too deep for the system can't be told to be a folder or a file, and must not be lost in silence.
            wanted = picture or (recursive and error.errno == errno.ENAMETOOLONG)
        if wanted:
            yield from _walk(entry, recursive=recursive, asked=False)


def _why(error: Exception) -> str:
    if isinstance(error, PermissionError):
        return "no permission"
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
