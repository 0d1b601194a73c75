"""The bytes of one file, or a clear word why there are none.

A file is opened read-only and without blocking, and asked afterwards what it is: a FIFO or a device named
``x.jpg`` is refused instead of waited for, and nothing can be swapped between the look and the open. It is
read once; what was read is what is hashed and decoded, whatever happens to the file meanwhile.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from functools import partial
from pathlib import Path

from postmark_id.errors import ScanError
from postmark_id.settings import ScanSettings

READ_SIZE = 1 << 24


def read(path: str | os.PathLike[str], settings: ScanSettings) -> bytes:
    """Read a whole regular file.

    Parameters
    ----------
    path : path-like
        A symbolic link to a regular file is followed.
    settings : ScanSettings
        `max_bytes` limits the size.

    Raises
    ------
    ScanError
        ``empty-file``, ``vanished``, ``permission``, ``is-a-directory``, ``not-a-file``, ``file-too-large``
        or ``unreadable``.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except (OSError, ValueError) as error:
        raise _refusal(path, error) from error
    try:
        status = os.fstat(descriptor)
        _require_regular(path, status, settings)
        data = _read_all(partial(os.read, descriptor), status.st_size, settings.max_bytes)
    except OSError as error:
        raise _refusal(path, error) from error
    finally:
        os.close(descriptor)
    if not data:
        raise ScanError(
            f"{path}: file is empty (0 bytes)", code="empty-file", hint="copy or scan it again, or leave it out"
        )
    return data


def _read_all(read_some: Callable[[int], bytes], size: int, limit: int) -> bytes:
    """Join the pieces of a raw read; one piece, and so no second copy, where the file keeps its size."""
    pieces: list[bytes] = []
    total = 0
    while total <= limit:
        piece = read_some(max(size + 1 - total, READ_SIZE) if not pieces else READ_SIZE)
        if not piece:
            break
        pieces.append(piece)
        total += len(piece)
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def _require_regular(path: str | os.PathLike[str], status: os.stat_result, settings: ScanSettings) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise ScanError(
            f"{path}: is a folder, not a scan", code="is-a-directory", hint="postmark-id batch works on folders"
        )
    if not stat.S_ISREG(status.st_mode):
        raise ScanError(f"{path}: is not a regular file", code="not-a-file", hint="leave it out")
    if status.st_size > settings.max_bytes:
        raise ScanError(
            f"{path}: file has {status.st_size / 1e6:,.0f} MB, more than {settings.max_bytes / 1e6:,.0f} MB",
            code="file-too-large",
            hint="save it with compression or at a lower resolution",
        )


def _refusal(path: str | os.PathLike[str], error: Exception) -> ScanError:
    number = error.errno if isinstance(error, OSError) else None
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return ScanError(
            f"{path}: there is no such file, or it has gone",
            code="vanished",
            hint="check the name and whether the disk is still there",
        )
    if isinstance(error, PermissionError):
        return ScanError(
            f"{path}: no permission to read it", code="permission", hint="make it readable for you, such as chmod u+r"
        )
    if isinstance(error, IsADirectoryError):
        return ScanError(
            f"{path}: is a folder, not a scan", code="is-a-directory", hint="postmark-id batch works on folders"
        )
    if number in (errno.ENXIO, errno.ENODEV, errno.EOPNOTSUPP):
        return ScanError(f"{path}: is not a regular file", code="not-a-file", hint="leave it out")
    if number == errno.ELOOP:
        return ScanError(f"{path}: symbolic link leads to itself", code="vanished", hint="repair the link")
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return ScanError(f"{path}: can't be read: {reason}", code="unreadable", hint="check the disk and copy it again")


def suffix(path: str | os.PathLike[str]) -> str:
    """Suffix of a file name in lower case with its dot, ``""`` where there is none."""
    return Path(path).suffix.lower()
