"""The one place that writes files: a file appears whole under its name, or not at all.

Bytes go to a temporary file in the same folder, are flushed to the disk, and take the final name in one step
(``os.replace``). A crash leaves at most a temporary file, which `sweep` removes when the folder's owner starts again.
Between the last look at an existing file and the rename another program may create it; that race is accepted,
as not every file system can refuse to replace.
"""

from __future__ import annotations

import errno
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from postmark_id.errors import OutputError, OverwriteError

TEMPORARY_PREFIX = ".postmark-id-"
TEMPORARY_SUFFIX = ".tmp"


@contextmanager
def writing(path: str | os.PathLike[str], *, overwrite: bool = False) -> Iterator[BinaryIO]:
    """Open a file that gets its name only when the block ends well; see `placing`.

    Yields
    ------
    binary file
        For writing; what was written vanishes when the block raises.
    """
    with placing(path, overwrite=overwrite) as temporary, temporary.open("xb") as file:
        yield file


@contextmanager
def placing(path: str | os.PathLike[str], *, overwrite: bool = False) -> Iterator[Path]:
    """Give a name beside a file that is to be made there, and the file its own name when the block ends well.

    Parameters
    ----------
    path : path-like
        Its folder must exist.
    overwrite : bool
        Replace a file that stands there.

    Yields
    ------
    Path
        Where nothing stands yet; what is made there vanishes when the block raises.

    Raises
    ------
    OverwriteError
        A file stands there and `overwrite` is not set.
    OutputError
        It can't be written: a folder or device stands there, no permission, disk full.
    """
    target = Path(path)
    refuse_existing(target, overwrite=overwrite)
    temporary = target.parent / f"{TEMPORARY_PREFIX}{secrets.token_hex(8)}{TEMPORARY_SUFFIX}"
    try:
        yield temporary
        _flush(temporary)
        refuse_existing(target, overwrite=overwrite)
        temporary.replace(target)
        _settle(target.parent)
    except OSError as error:
        raise _not_writable(target, error) from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def write_bytes(path: str | os.PathLike[str], data: bytes, *, overwrite: bool = False) -> None:
    """Write a whole file of bytes; see `writing`."""
    with writing(path, overwrite=overwrite) as file:
        file.write(data)


def write_text(path: str | os.PathLike[str], text: str, *, overwrite: bool = False) -> None:
    """Write a whole file of UTF-8 text with line ends as given; see `writing`.

    Lone surrogates, which stand for undecodable bytes of file names, are written as escapes.
    """
    write_bytes(path, text.encode("utf-8", "backslashreplace"), overwrite=overwrite)


def refuse_existing(path: str | os.PathLike[str], *, overwrite: bool = False) -> None:
    """Raise where a file must not be written: for asking before the work starts.

    Raises
    ------
    OverwriteError, OutputError
        See `writing`.
    """
    target = Path(path)
    try:
        mode = target.lstat().st_mode
    except FileNotFoundError:
        return
    except (OSError, ValueError) as error:
        raise _not_writable(target, error) from error
    if stat.S_ISLNK(mode):
        raise OutputError(
            f"{target}: is a symbolic link, and results are not written through links",
            code="output-is-link",
            hint="name the file that it leads to",
        )
    if not stat.S_ISREG(mode):
        what = "a folder" if stat.S_ISDIR(mode) else "not a regular file"
        raise OutputError(f"{target}: is {what}", code="output-not-a-file", hint="name another file")
    if not overwrite:
        raise OverwriteError(
            f"{target}: exists already", code="exists", hint="name another file, or replace it with --overwrite"
        )


def prepare_folder(path: str | os.PathLike[str]) -> Path:
    """Make sure that a folder is there and can be written to, and make it where it is missing.

    Returns
    -------
    Path
        Absolute.

    Raises
    ------
    OutputError
        Something else stands there, or nothing can be written.
    """
    folder = Path(path).absolute()
    make_folder(folder)
    try:
        probe = folder / f"{TEMPORARY_PREFIX}{secrets.token_hex(8)}{TEMPORARY_SUFFIX}"
        probe.touch(exist_ok=False)
        probe.unlink()
    except OSError as error:
        raise _not_writable(folder, error) from error
    return folder


def make_folder(path: str | os.PathLike[str]) -> None:
    """Make a folder and those above it where they are missing.

    Raises
    ------
    OutputError
    """
    try:
        Path(path).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _not_writable(Path(path), error) from error


def sweep(folder: str | os.PathLike[str]) -> None:
    """Remove the temporary files that a killed program left in a folder and below; its owner's to call."""
    for left in Path(folder).rglob(f"{TEMPORARY_PREFIX}*{TEMPORARY_SUFFIX}"):
        with suppress(OSError):
            left.unlink()


def _flush(path: Path) -> None:
    """Bring a whole file to the disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _settle(folder: Path) -> None:
    """Bring the rename itself to the disk, where the system lets a folder be flushed."""
    with suppress(OSError, AttributeError):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _not_writable(path: Path, error: Exception) -> OutputError:
    number = error.errno if isinstance(error, OSError) else None
    if number in (errno.ENOSPC, errno.EDQUOT):
        return OutputError(f"{path}: the disk is full", code="disk-full", hint="make room and run it again")
    if number == errno.EEXIST or isinstance(error, NotADirectoryError | FileExistsError):
        return OutputError(f"{path}: a file stands in its way", code="output-not-a-folder", hint="name another folder")
    if isinstance(error, PermissionError) or number == errno.EROFS:
        return OutputError(f"{path}: no permission to write there", code="output-permission", hint="name another place")
    if isinstance(error, FileNotFoundError):
        return OutputError(f"{path}: its folder does not exist", code="output-no-folder", hint="make the folder first")
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return OutputError(f"{path}: can't be written: {reason}", code="output-failed", hint="check the disk")
