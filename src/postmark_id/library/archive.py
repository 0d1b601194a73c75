"""Marks in one file, to pass on to others: a zip archive with a folder for each mark.

An archive comes from a stranger. Names are checked before anything is unpacked (no way out of the folder, no
links, no two names that one file system would take for one), sizes are counted while unpacking, whatever the
archive says of itself, and every mark is then read as strictly as any other. Archives are written with fixed times,
so that the same marks give the same bytes.
"""

from __future__ import annotations

import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from postmark_id.errors import LibraryError
from postmark_id.library.schema import MARK_FILE, ReferenceMark, read_mark
from postmark_id.library.store import mark_folders
from postmark_id.settings import LibrarySettings

_CHUNK = 1 << 20
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_UNREADABLE = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)
"""What `zipfile` raises on damage, all of it seen."""
_LONGEST_NAME = 200
_FIXED_TIME = (1980, 1, 1, 0, 0, 0)


def write_archive(marks: Iterable[ReferenceMark], stream: BinaryIO) -> None:
    """Write marks into a zip archive: each one's `mark.toml` and the pictures that it names."""
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for mark in sorted(marks, key=lambda m: m.id):
            for path in (mark.file, *mark.pictures):
                entry = zipfile.ZipInfo(f"{mark.id}/{path.relative_to(mark.folder).as_posix()}", _FIXED_TIME)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = (stat.S_IFREG | 0o644) << 16
                archive.writestr(entry, path.read_bytes())


def unpack(path: Path, place: Path, settings: LibrarySettings | None = None) -> tuple[ReferenceMark, ...]:
    """Unpack an archive into an empty folder and read its marks.

    Raises
    ------
    LibraryError
        If it is no archive, tries to leave the folder, is larger than the limits, or holds a mark that can't be
        used. Whoever calls throws the folder away then.
    """
    limits = settings or LibrarySettings()
    try:
        with zipfile.ZipFile(path) as archive:
            _unpack(path, archive, place, limits)
    except _UNREADABLE as error:
        raise _refused(path, f"is no archive that can be read: {error}") from error
    try:
        return read_folder(place, limits)
    except LibraryError as error:
        # Name the archive, not the passing folder that it was unpacked to.
        message = error.message.replace(str(place), str(path))
        raise LibraryError(message, code=error.code, hint=error.hint) from error


def read_folder(folder: Path, settings: LibrarySettings | None = None) -> tuple[ReferenceMark, ...]:
    """All marks of a folder of marks, or the one mark of its own folder; one that can't be used is an error.

    Raises
    ------
    LibraryError
        The first fault, or that there is no mark.
    """
    places = [folder] if (folder / MARK_FILE).is_file() else mark_folders(folder)
    marks = tuple(read_mark(place, settings=settings) for place in places)
    if not marks:
        raise LibraryError(
            f"{folder}: holds no mark", code="no-marks", hint=f"each mark is a folder with a {MARK_FILE}"
        )
    return marks


def _unpack(path: Path, archive: zipfile.ZipFile, place: Path, limits: LibrarySettings) -> None:
    # Not `is_dir`, which falls over an entry without a name.
    entries = [entry for entry in archive.infolist() if not entry.filename.endswith("/")]
    if len(entries) > limits.max_archive_files:
        raise _refused(path, f"holds more than {limits.max_archive_files} files")
    taken: set[str] = set()
    left = limits.max_archive_bytes
    for entry in entries:
        target = _checked_name(path, entry)
        key = unicodedata.normalize("NFC", str(target)).casefold()
        if key in taken:
            raise _refused(path, f"holds {entry.filename!r} twice")
        taken.add(key)
        limit = min(left, limits.max_toml_bytes if target.name == MARK_FILE else limits.max_picture_bytes)
        left -= _extract(path, archive, entry, place / target, limit)


def _checked_name(path: Path, entry: zipfile.ZipInfo) -> PurePosixPath:
    name = PurePosixPath(entry.filename)
    unsafe = (
        name.is_absolute()
        or ".." in name.parts
        or any(c in entry.orig_filename for c in "\\:\0")
        or any(not c.isprintable() for c in entry.filename)
        or len(entry.filename) > _LONGEST_NAME
    )
    if unsafe:
        raise _refused(path, f"holds {entry.filename!r}, a name that is not allowed")
    if len(name.parts) < 2 or any(part.startswith(".") for part in name.parts):
        raise _refused(path, f"holds {entry.filename!r}, which is in no folder of a mark")
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        raise _refused(path, f"holds {entry.filename!r}, which is no regular file")
    if entry.flag_bits & 0x1:
        raise _refused(path, "is encrypted")
    if entry.compress_type not in _METHODS:
        raise _refused(path, f"packs {entry.filename!r} in an unusual way")
    return name


def _extract(path: Path, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path, limit: int) -> int:
    """Unpack one file, counting its bytes; returns how many they are."""
    size = 0
    target.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(entry) as source, target.open("xb") as sink:
        while chunk := source.read(_CHUNK):
            size += len(chunk)
            if size > limit:
                raise _refused(path, f"unpacks {entry.filename!r} to more than {limit} bytes")
            sink.write(chunk)
    return size


def _refused(path: Path, cause: str) -> LibraryError:
    return LibraryError(f"{path}: {cause}", code="bad-archive", hint="ask for one made by `postmark-id marks export`")
