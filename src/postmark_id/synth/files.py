"""Writes covers and labels: each file is complete or absent."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterable
from pathlib import Path

from PIL import Image

from postmark_id.errors import OutputError, OverwriteError
from postmark_id.synth.covers import RenderedCover


def refuse_overwrite(folder: Path, names: Iterable[str]) -> None:
    """Refuse where a picture or label stands in the folder already.

    Raises
    ------
    OverwriteError
    """
    for name in names:
        for suffix in (".jpg", ".json"):
            if (folder / f"{name}{suffix}").exists():
                raise OverwriteError(
                    f"{folder / name}{suffix} exists", code="exists", hint="use --overwrite or choose another folder"
                )


def write_cover(cover: RenderedCover, folder: Path, name: str) -> Path:
    """Write `name`.jpg and `name`.json into a folder; gives the path of the picture.

    The JPEG quality follows from the seed and the difficulty of the cover.

    Raises
    ------
    OutputError
        Where the folder can't be written.
    """
    return write_pair(cover, jpeg_bytes(cover, _quality(cover)), folder, name)


def jpeg_bytes(cover: RenderedCover, quality: int) -> bytes:
    """The picture of a cover as a JPEG file with its resolution."""
    buffer = io.BytesIO()
    Image.fromarray(cover.pixels).save(buffer, "JPEG", quality=quality, dpi=(cover.dpi, cover.dpi))
    return buffer.getvalue()


def write_pair(cover: RenderedCover, picture: bytes, folder: Path, name: str) -> Path:
    """Write an encoded picture, and the label of its cover after it; gives the path of the picture.

    Raises
    ------
    OutputError
        Where the folder can't be written.
    """
    label = {"schema_version": cover.label["schema_version"], "file": f"{name}.jpg", **cover.label}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write_whole(folder / f"{name}.jpg", picture)
        _write_whole(folder / f"{name}.json", (json.dumps(label, ensure_ascii=False) + "\n").encode())
    except OSError as error:
        raise OutputError(
            f"{folder}: can't write {name}: {error.strerror or error}",
            code="not-writable",
            hint="choose another folder",
        ) from error
    return folder / f"{name}.jpg"


def _quality(cover: RenderedCover) -> int:
    """35 to 95: lower for harder covers, different for each."""
    spread = (int(cover.label["seed"]) * 2654435761 % 1000) / 1000
    return round(95 - 58 * float(cover.label["difficulty"]) * spread)


def _write_whole(path: Path, data: bytes) -> None:
    """Write beside the target, then move over it."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(data)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
