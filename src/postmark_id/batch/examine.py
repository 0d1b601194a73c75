"""One file through the pipeline, with nothing that it holds able to stop the others.

`check` and the workers of `batch` both go this way, so that a scan gives the same result in either.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import sys
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from importlib.resources import files
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from postmark_id import __version__
from postmark_id.batch.discover import portable
from postmark_id.errors import PostmarkError, ScanError
from postmark_id.models import Outcome, Scan, ScanReport, Side
from postmark_id.scan import load_bytes, read
from postmark_id.settings import Settings

if TYPE_CHECKING:
    from postmark_id.dates.engines import EngineName
    from postmark_id.flights.match import Priors
    from postmark_id.pipeline import Identifier

LOG = logging.getLogger(__name__)


class Examiner(Protocol):
    """What identifies a scan; `pipeline.Identifier` is the one that is shipped."""

    def identify(self, scan: Scan, *, back: Scan | None = None) -> ScanReport:
        """Everything found on one scan, or on both sides of a cover."""
        ...


class Recipe(Protocol):
    """How a worker gets its examiner; crosses process borders, so it must be picklable."""

    @property
    def settings(self) -> Settings:
        """Limits of the loader and thresholds of the pipeline."""
        ...

    def open(self) -> Examiner:
        """Load models, library and table."""
        ...

    def fingerprint(self) -> str:
        """Changes whenever a result may change: 64 hexadecimal digits."""
        ...


@dataclass(frozen=True, slots=True)
class PipelineRecipe:
    """The pipeline with the built-in and the user's marks, and with what the user knows of all covers."""

    settings: Settings
    library: Path | None = None
    ocr: EngineName = "auto"
    priors: Priors | None = None

    def open(self) -> Examiner:
        """Load everything.

        Raises
        ------
        LibraryError, TableError, MissingDependencyError
        """
        # Models take seconds to load; --help and --dry-run need none of them.
        from postmark_id.library import Library  # noqa: PLC0415
        from postmark_id.pipeline import Identifier  # noqa: PLC0415

        library = Library.load(self.library, settings=self.settings.library)
        identifier = Identifier(self.settings, library, ocr=self.ocr)
        return identifier if self.priors is None else _Knowing(identifier, self.priors)

    def fingerprint(self) -> str:
        """Of version, networks, settings, library, table, engine, and what the user knows."""
        from postmark_id.flights.table import FlightTable  # noqa: PLC0415
        from postmark_id.library import Library  # noqa: PLC0415

        library = Library.load(self.library, settings=self.settings.library)
        table = FlightTable.for_user(settings=self.settings.flights)
        # How many pixels and seconds are allowed is no part of a result; whatever is, is a plain dataclass.
        settings = replace(self.settings, batch=Settings().batch)
        parts = (__version__, _networks(), settings, library.marks, table, self.ocr, self.priors)
        return hashlib.sha256("\n".join(map(repr, parts)).encode("utf-8", "backslashreplace")).hexdigest()


@dataclass(frozen=True, slots=True)
class _Knowing:
    """An identifier with what the user knows of every cover."""

    identifier: Identifier
    priors: Priors

    def identify(self, scan: Scan, *, back: Scan | None = None) -> ScanReport:
        """See `Examiner`."""
        return self.identifier.identify(scan, back=back, priors=self.priors)


def _networks() -> tuple[tuple[str, str], ...]:
    """Name and checksum of every network that comes with the package: new weights are a new program."""
    models = (one for one in files("postmark_id.data").iterdir() if one.name.endswith(".onnx"))
    return tuple(sorted((one.name, hashlib.sha256(one.read_bytes()).hexdigest()) for one in models))


@dataclass(frozen=True, slots=True)
class Examined:
    """What came of one cover; the scans are there for drawing, where they could be loaded."""

    report: ScanReport
    scan: Scan | None = None
    back: Scan | None = None


@dataclass(frozen=True, slots=True)
class _Page:
    """One page of a file as it was loaded, or why it was not."""

    scan: Scan | None = None
    failed: ScanReport | None = None
    seconds: float = 0.0


Identify = Callable[..., ScanReport]
"""A scan, and by keyword ``back`` that of the other side or None, to a report; such as ``Identifier.identify``."""


def examine(
    path: str | os.PathLike[str],
    settings: Settings,
    identify: Identify,
    *,
    name: str | None = None,
    frames: Collection[int] | None = None,
    back: str | os.PathLike[str] | None = None,
    back_name: str | None = None,
    sides_in_turn: bool = False,
) -> Iterator[Examined]:
    """Identify every page of a file, or of the two files of a cover.

    Parameters
    ----------
    path : path-like
    settings : Settings
    identify : callable
        See `Identify`.
    name : str, optional
        What the results call the file; its path by default.
    frames : collection of int, optional
        Pages wanted, from 0.
    back : path-like, optional
        File of the other side: its pages belong to those of `path`, one to one.
    back_name : str, optional
        What the results call it.
    sides_in_turn : bool
        The pages of the file are front and back, front and back.

    Yields
    ------
    Examined
        One for each page, or for each front with its back; a page that fails ends its file with a report of outcome
        ``error``, and the other side then stands alone. Only errors that end a whole run (`PostmarkError` but not
        `ScanError`) are raised.
    """
    fronts = _pages(path, settings, portable(os.fspath(path)) if name is None else name, frames)
    covers: Iterator[tuple[_Page | None, _Page | None]]
    if back is not None:
        backs = _pages(back, settings, portable(os.fspath(back)) if back_name is None else back_name, frames)
        covers = zip_longest(fronts, backs)
    elif sides_in_turn:
        covers = zip_longest(fronts, fronts)
    else:
        covers = ((page, None) for page in fronts)
    for front, other in covers:
        if front and other and front.scan and other.scan:
            yield _identified(front.scan, other.scan, identify, front.seconds + other.seconds)
            continue
        for page in (front, other):
            if page and page.scan:
                yield _identified(page.scan, None, identify, page.seconds)
            elif page and page.failed:
                yield Examined(page.failed)


def _pages(
    path: str | os.PathLike[str], settings: Settings, name: str, frames: Collection[int] | None
) -> Iterator[_Page]:
    """Pages of a file; the first that can't be loaded is the last."""
    frame, sha256 = 0, ""
    try:
        begin = time.perf_counter()
        data = read(path, settings.scan)
        sha256 = hashlib.sha256(data).hexdigest()
        scans = load_bytes(data, name, settings.scan, frames=frames)
        del data
        for scan in scans:
            frame = scan.frame
            yield _Page(scan, seconds=time.perf_counter() - begin)
            frame += 1
            begin = time.perf_counter()
    except Exception as error:
        yield _Page(failed=replace(failure(name, frame, _reason(error, path, name)), sha256=sha256))


def _identified(scan: Scan, back: Scan | None, identify: Identify, loading: float) -> Examined:
    """The report of a cover that could be loaded."""
    side = Side(back.path, back.frame, back.sha256, back.width, back.height, back.dpi) if back else None
    try:
        with contextlib.redirect_stdout(sys.stderr):
            report = identify(scan, back=back)
    except Exception as error:
        report = failure(scan.path, scan.frame, _reason(error, scan.path, scan.path))
        return Examined(replace(report, sha256=scan.sha256, back=side))
    notices = report.warnings + (back.notices if back else ())
    report = replace(report, warnings=notices, timings={"scan": loading, **report.timings}, back=side)
    return Examined(report, scan, back)


def _reason(error: Exception, path: str | os.PathLike[str], name: str) -> ScanError:
    """What an exception means for the scan that it met; one that must end the run is raised again."""
    if isinstance(error, ScanError):
        return _with_name(error, path, name)
    if isinstance(error, PostmarkError):
        raise error
    if isinstance(error, MemoryError):
        hint = "try --jobs 1 or a lower --max-mpixels"
        return ScanError(f"{name}: not enough memory", code="out-of-memory", hint=hint)
    # A fault of ours on one scan must cost this scan only; it is logged whole and reported as what it is.
    LOG.info("%s: internal error", name, exc_info=error)
    return ScanError(
        f"{name}: internal error ({type(error).__name__}: {' '.join(str(error).split())[:200]})",
        code="internal-error",
        hint="please report it, with this scan if you can; -vv shows more",
    )


def _with_name(error: ScanError, path: str | os.PathLike[str], name: str) -> ScanError:
    """The same error with the name of the results instead of the path on this machine."""
    return ScanError(error.message.replace(os.fspath(path), name), code=error.code, hint=error.hint)


def failure(name: str, frame: int, error: ScanError) -> ScanReport:
    """Report of a page that could not be processed."""
    return ScanReport(
        path=name,
        frame=frame,
        sha256="",
        width=0,
        height=0,
        dpi=None,
        outcome=Outcome.ERROR,
        error=(error.code, error.message, error.hint),
    )
