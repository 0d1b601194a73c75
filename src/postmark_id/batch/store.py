"""The folder of a run, which is also its journal.

    RUN/.postmark-id            says that this folder holds results, so that no run takes it for input
    RUN/.lock                   held while a run works in it; freed by the system when the process dies
    RUN/results/<name>.json     one for each file, whole or absent: what is there is done
    RUN/overlays/<name>.jpg     annotated pictures, one for each page
    RUN/sidecars/<name>.xmp     keywords for picture programs, where they were asked for
    RUN/manifest.json           what was asked for and what came of it
    RUN/results.jsonl, results.csv, report.html, catalogue.sqlite

A result is used again when the fingerprint of program, settings, library and table is the same and the file is:
same size and time of change, or else the same content.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from postmark_id.batch.discover import MARKER, Found, local
from postmark_id.batch.twins import Page, Seen
from postmark_id.errors import OutputError, OverwriteError
from postmark_id.outputs.atomic import make_folder, prepare_folder, refuse_existing, sweep, write_text
from postmark_id.outputs.contract import Document, dumps

LOCK = ".lock"
_LONGEST_NAME = 255
PASSING = frozenset({"worker-crashed", "timeout", "permission", "vanished", "out-of-memory", "missing-support",
                     "unreadable", "internal-error"})  # fmt: skip
"""Errors that may be gone next time: such a file is tried again on resume."""


_DAMAGED = (ValueError, KeyError, IndexError, TypeError, AttributeError)
"""What a result that is none of ours raises."""


@dataclass(frozen=True, slots=True)
class Store:
    """Where a run keeps its results; see the module."""

    folder: Path
    fingerprint: str

    @property
    def results(self) -> Path:
        """Folder of the result files."""
        return self.folder / "results"

    @property
    def overlays(self) -> Path:
        """Folder of the annotated pictures."""
        return self.folder / "overlays"

    def result_path(self, name: str) -> Path:
        """File of the result of a file."""
        return self.results / local(_fitting(f"{name}.json"))

    def overlay_name(self, name: str, frame: int) -> str:
        """Portable path of an annotated picture relative to the run's folder; see `overlay_path`."""
        page = f"#{frame + 1}" if frame else ""
        return f"overlays/{_fitting(f'{name}{page}.jpg')}"

    def sidecar_path(self, name: str) -> Path:
        """File of the keywords of a scan."""
        return self.folder / "sidecars" / local(_fitting(f"{name}.xmp"))

    def overlay_path(self, name: str, frame: int) -> Path:
        """File of an annotated picture."""
        return self.folder / local(self.overlay_name(name, frame))

    def write(self, found: Found, documents: list[Document], looks: Mapping[Page, bytes] | None = None) -> None:
        """Keep the documents of a file; pictures of what it showed before and does not show any more are removed.

        Parameters
        ----------
        found : Found
        documents : list of Document
        looks : mapping of Page to bytes, optional
            How its pages look; see `looks`.

        Raises
        ------
        OutputError
        """
        path = self.result_path(found.name)
        make_folder(path.parent)
        made_from = {"fingerprint": self.fingerprint, "under": _base(found), **_sides(found), **_stamp(found.path)}
        with contextlib.suppress(OSError, *_DAMAGED):
            self._remove(self._pictures(self.read(found.name)) - self._pictures(documents))
        kept: Document = {"made_from": made_from, "documents": documents}
        if looks:
            kept["looks"] = [[name, frame, one.hex()] for (name, frame), one in looks.items() if one]
        write_text(path, dumps(kept) + "\n", overwrite=True)

    def read(self, name: str) -> list[Document]:
        """Documents of a file, by page.

        Raises
        ------
        OSError, ValueError
            There is none, or something else stands there.
        """
        documents: list[Document] = json.loads(self.result_path(name).read_bytes())["documents"]
        return documents

    def forget_vanished(self, files: Sequence[Found]) -> None:
        """Remove what was made of files that are no more: results, pictures and keywords in the run's own folder.

        Results of files that still lie there, or that other inputs led to, are kept: they may be asked for again. So
        are those of a folder in which nothing is found any more, as its disk may only be away.

        Parameters
        ----------
        files : sequence of Found
            Those of the run that begins.
        """
        if not files:
            return
        base, under = _parent(files[0]), _base(files[0])
        present = {self.result_path(found.name) for found in files}
        folders = {os.path.dirname(side.path) for found in files for side in (found, found.back) if side}  # noqa: PTH120
        for path in self.results.rglob("*.json"):
            if path in present:
                continue
            with contextlib.suppress(OSError, *_DAMAGED):
                kept = json.loads(path.read_bytes())
                documents, made_from = kept["documents"], kept["made_from"]
                names = {part["path"] for d in documents for part in (d["scan"], d.get("back")) if part}
                places = {base + local(name) for name in names}
                if made_from["under"] != under or any(map(os.path.lexists, places)):
                    continue
                if not {os.path.dirname(place) for place in places} <= folders:  # noqa: PTH120
                    continue
                self._remove({*self._pictures(documents), *map(self.sidecar_path, names), path})

    def _pictures(self, documents: Sequence[Document]) -> set[Path]:
        """Where the annotated pictures of documents are."""
        return {
            self.overlay_path(side["path"], side["frame"])
            for document in documents
            if document["outcome"] != "error"
            for side in (document["scan"], document.get("back"))
            if side
        }

    @staticmethod
    def _remove(paths: Iterable[Path]) -> None:
        for path in paths:
            with contextlib.suppress(OSError):
                path.unlink()

    def pages(self, name: str) -> Iterator[Seen]:
        """Every page that the result of a file tells of and that could be read; see `read`."""
        kept = json.loads(self.result_path(name).read_bytes())
        looks = {(path, frame): bytes.fromhex(look) for path, frame, look in kept.get("looks", ())}
        for document in kept["documents"]:
            if document["outcome"] == "error":
                continue
            for side in filter(None, (document["scan"], document.get("back"))):
                page = side["path"], side["frame"]
                yield Seen(page, side["sha256"], side["width"] / side["height"], looks.get(page, b""))

    def is_done(self, found: Found, *, drawn: bool = False) -> bool:
        """Whether the result of a file is there and would come out the same again.

        Parameters
        ----------
        found : Found
        drawn : bool
            Its annotated pictures must be there, too.
        """
        try:
            kept = json.loads(self.result_path(found.name).read_bytes())
            made_from, documents = kept["made_from"], kept["documents"]
            if made_from["fingerprint"] != self.fingerprint:
                return False
            if any(document.get("error", {}).get("code") in PASSING for document in documents):
                return False
            if drawn and not all(picture.exists() for picture in self._pictures(documents)):
                return False
            if (made_from.get("back"), made_from.get("sides_in_turn", False)) != (
                found.back.name if found.back else None,
                found.sides_in_turn,
            ):
                return False
            hashes = {part["path"]: part["sha256"] for d in documents for part in (d["scan"], d.get("back")) if part}
            sides = [(found, made_from)] + ([(found.back, made_from["back_file"])] if found.back else [])
            return all(_is_same(side, stamp, hashes.get(side.name)) for side, stamp in sides)
        except (OSError, *_DAMAGED):
            return False


def open_store(folder: str | os.PathLike[str], fingerprint: str, *, overwrite: bool = False) -> Store:
    """Make or enter the folder of a run; before any work, so that a bad place costs none.

    Raises
    ------
    OutputError
        It can't be written to, or is a symbolic link.
    OverwriteError
        It holds something that is not a run's, and `overwrite` is not set.
    """
    place = Path(folder)
    if place.is_symlink():
        raise OutputError(
            f"{place}: is a symbolic link, and results are not written through links",
            code="output-is-link",
            hint="name the folder that it leads to",
        )
    path = prepare_folder(place)
    ours = (path / MARKER).exists()
    # Another program's lock or marker may be left from a run that was killed before it wrote anything else.
    if not ours and not overwrite and any(child.name != LOCK for child in path.iterdir()):
        raise OverwriteError(
            f"{path}: holds other files already",
            code="exists",
            hint="name a new folder, or add results to this one with --overwrite",
        )
    if not ours:
        write_text(path / MARKER, "This folder holds results of postmark-id; it is never taken for input.\n")
    store = Store(path, fingerprint)
    for part in (store.results, store.overlays):
        prepare_folder(part)
    for name in ("manifest.json", "results.jsonl", "results.csv", "report.html", "catalogue.sqlite"):
        refuse_existing(path / name, overwrite=True)
    return store


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder of a run; what a killed run left half is removed.

    Raises
    ------
    OutputError
        Another run holds it.
    """
    import fcntl  # noqa: PLC0415  not there on every system; only batch needs it

    with (folder / LOCK).open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise OutputError(
                f"{folder}: in use by {_holder(file)}", code="in-use", hint="wait for that run, or name another folder"
            ) from error
        file.seek(0)
        file.truncate()
        file.write(f"{os.getpid()}\n")
        file.flush()
        sweep(folder)
        yield


def _holder(file: IO[str]) -> str:
    file.seek(0)
    process = file.read().strip()
    return f"the run of process {process}" if process.isdecimal() else "another run"


def _parent(found: Found) -> str:
    """What the names of a run are relative to, with the slash."""
    return found.path.removesuffix(local(found.name).replace("/", os.sep))


def _base(found: Found) -> str:
    """The same without telling where a person keeps the scans."""
    return hashlib.sha256(os.fsencode(_parent(found))).hexdigest()[:16]


def _sides(found: Found) -> Document:
    """How front and back belong together, where they do."""
    if found.back is not None:
        return {"back": found.back.name, "back_file": _stamp(found.back.path)}
    return {"sides_in_turn": True} if found.sides_in_turn else {}


def _is_same(found: Found, kept: Document, sha256: str | None) -> bool:
    """Whether a file is the one that a result was made from."""
    stamp = _stamp(found.path)
    return (bool(stamp) and all(kept.get(key) == value for key, value in stamp.items())) or (
        sha256 == _sha256(found.path)
    )


def _stamp(path: str) -> Document:
    """Size and time of change of a file; empty where it has gone."""
    try:
        status = Path(path).stat()
    except (OSError, ValueError):
        return {}
    return {"size": status.st_size, "mtime_ns": status.st_mtime_ns}


def _sha256(path: str) -> str:
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _fitting(name: str) -> str:
    """A relative path whose last part is short enough for a file system; the cut is made unique by a hash."""
    folder, slash, last = name.rpartition("/")
    raw = last.encode("utf-8", "surrogateescape")
    if len(raw) <= _LONGEST_NAME:
        return name
    suffix = Path(last).suffix
    digest = hashlib.sha256(raw).hexdigest()[:16]
    kept = raw[: _LONGEST_NAME - 40].decode("utf-8", "ignore")
    return f"{folder}{slash}{kept}~{digest}{suffix}"
