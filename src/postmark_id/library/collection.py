"""Changes to the user's own marks: add, replace, remove. The built-in marks are never touched.

A mark is a folder, so a change is a rename: the new folder is filled under a hidden name beside the others, read
back as any mark would be, and only then takes its name. What is hidden is passed over when the library is loaded;
a killed program leaves at most one such folder. Several marks come in one after the other, so that a crash between
two of them leaves the first ones in: each is whole, and the same command brings the rest.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import tomli_w

from postmark_id.errors import LibraryError, OutputError, OverwriteError, UsageError
from postmark_id.library.schema import MARK_FILE, ReferenceMark, is_safe_id, read_mark
from postmark_id.library.store import Library
from postmark_id.settings import LibrarySettings

BIN = ".bin"
"""Folder for removed marks inside a library; hidden, so that loading passes it over."""


@contextmanager
def staging(folder: Path) -> Iterator[Path]:
    """A hidden folder inside a library, made where it is missing, and gone afterwards.

    Raises
    ------
    OutputError
        If nothing can be written there.
    """
    place = folder / f".incoming-{secrets.token_hex(6)}"
    try:
        place.mkdir(parents=True)
        yield place
    except OSError as error:
        raise OutputError(
            f"{folder}: can't be written: {error.strerror or error}",
            code="library-not-writable",
            hint="correct its permissions, or name another folder with --library",
        ) from error
    finally:
        shutil.rmtree(place, ignore_errors=True)


def write_mark(place: Path, fields: Mapping[str, Any], pictures: Sequence[Path]) -> ReferenceMark:
    """Make the folder of a new mark from its fields and copies of its pictures.

    Parameters
    ----------
    place : Path
        A folder that does not exist yet.
    fields : mapping
        As in `mark.toml`, without ``pictures``.
    pictures : sequence of Path
        Files that are copied in under names of our own, so that no name of theirs can do harm.

    Raises
    ------
    LibraryError
        If a field or a picture is not acceptable.
    """
    place.mkdir()
    names = [f"picture-{number}{_plain_suffix(path)}" for number, path in enumerate(pictures, start=1)]
    for path, name in zip(pictures, names, strict=True):
        shutil.copyfile(path, place / name)
    document = {"schema_version": 1, **fields, "pictures": names}
    (place / MARK_FILE).write_bytes(tomli_w.dumps(document, multiline_strings=True).encode("utf-8", "replace"))
    try:
        return read_mark(place)
    except LibraryError as error:
        # The file is ours and on its way; what the user typed is what has to change.
        raise LibraryError(error.message.split(": ", 1)[-1], code=error.code, hint=error.hint) from error


def install(
    marks: Sequence[ReferenceMark],
    folder: Path,
    library: Library,
    *,
    overwrite: bool = False,
    settings: LibrarySettings | None = None,
) -> tuple[ReferenceMark, ...]:
    """Take marks into the user's folder; all of them are checked before the first one goes in.

    Parameters
    ----------
    marks : sequence of ReferenceMark
        Read from anywhere but the user's folder. Only `mark.toml` and the pictures that it names are copied.
    folder : Path
        The user's folder; made where it is missing.
    library : Library
        What is there now, to refuse an id that belongs to another mark.
    overwrite : bool
        Put a mark in the place of the user's mark of the same id.

    Raises
    ------
    LibraryError
        Two marks have one id, or an id belongs to a built-in mark that is not replaced.
    OverwriteError
        A mark of the user has that id, and `overwrite` is not set.
    """
    _refuse_clashes(marks, folder, library, overwrite=overwrite)
    with staging(folder) as place:
        for mark in marks:
            copy = place / mark.id
            copy.mkdir()
            shutil.copyfile(mark.file, copy / MARK_FILE)
            for picture in mark.pictures:
                target = copy / picture.relative_to(mark.folder)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(picture, target)
            read_mark(copy, settings=settings)
        for mark in marks:
            put(place / mark.id, _present_folder(mark.id, folder, library), place)
    return tuple(read_mark(_present_folder(mark.id, folder, library), settings=settings) for mark in marks)


def remove(mark: ReferenceMark, folder: Path) -> Path:
    """Put a mark of the user into the bin of the library, from which `restore` takes it back; gives its place there.

    An older removed mark of the same id gives way.

    Raises
    ------
    LibraryError
        If it is a built-in mark.
    """
    if mark.origin == "built-in":
        raise LibraryError(
            f"{mark.id} came with the program and can't be removed",
            code="built-in-mark",
            hint=f'add a mark of your own that says replaces = "{mark.id}"',
        )
    target = folder / BIN / mark.id
    with staging(folder) as place:
        target.parent.mkdir(exist_ok=True)
        if target.exists():
            target.rename(place / "older")
        mark.folder.rename(target)
    return target


def restore(ident: str, folder: Path, library: Library) -> ReferenceMark:
    """Take a removed mark out of the bin again.

    Raises
    ------
    UsageError
        No mark of that id was removed.
    LibraryError, OverwriteError
        Another mark bears the id by now.
    """
    removed = folder / BIN / ident
    if not is_safe_id(ident) or not removed.is_dir():
        there = sorted(path.name for path in (folder / BIN).iterdir()) if (folder / BIN).is_dir() else []
        hint = f"in the bin: {', '.join(there)}" if there else "the bin is empty"
        raise UsageError(f"no mark {ident!r} was removed", code="nothing-removed", hint=hint)
    mark = read_mark(removed)
    _refuse_clashes([mark], folder, library, overwrite=False)
    target = folder / ident
    with staging(folder):
        removed.rename(target)
    return read_mark(target)


def put(new: Path, target: Path, place: Path) -> None:
    """Let a finished folder take its name; what bore it goes into `place`, to be thrown away with it."""
    if target.exists():
        target.rename(place / f"{new.name}.before")
    new.rename(target)


def _present_folder(ident: str, folder: Path, library: Library) -> Path:
    """Where a mark of the user lives: its folder need not bear its id."""
    present = library.get(ident)
    return present.folder if present is not None and present.origin == "user" else folder / ident


def _refuse_clashes(marks: Sequence[ReferenceMark], folder: Path, library: Library, *, overwrite: bool) -> None:
    seen: dict[str, ReferenceMark] = {}
    for mark in marks:
        present = library.get(mark.id)
        if mark.id in seen:
            raise LibraryError(
                f"{mark.file}: the id {mark.id!r} belongs to {seen[mark.id].file}, too",
                code="duplicate-mark",
                hint="choose another id",
            )
        if present is not None and present.origin == "built-in" and mark.replaces != mark.id:
            raise LibraryError(
                f"{mark.id} is a mark that came with the program",
                code="duplicate-mark",
                hint=f'say replaces = "{mark.id}", or choose another id',
            )
        target = _present_folder(mark.id, folder, library)
        if target.exists() and not overwrite:
            raise OverwriteError(
                f"{target}: a mark stands there already", code="exists", hint="replace it with --overwrite"
            )
        seen[mark.id] = mark


def _plain_suffix(path: Path) -> str:
    suffix = path.suffix.lower()
    return suffix if suffix[1:].isascii() and suffix[1:].isalnum() else ""
