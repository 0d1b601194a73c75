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
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from postmark_id import __version__
from postmark_id.batch.discover import portable
from postmark_id.errors import PostmarkError, ScanError
from postmark_id.models import Outcome, Scan, ScanReport
from postmark_id.scan import load_bytes, read
from postmark_id.settings import Settings

if TYPE_CHECKING:
    from postmark_id.dates.engines import EngineName

LOG = logging.getLogger(__name__)


class Examiner(Protocol):
    """What identifies a scan; `pipeline.Identifier` is the one that is shipped."""

    def identify(self, scan: Scan) -> ScanReport:
        """Everything found on one scan."""
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
    """The pipeline with the built-in and the user's marks."""

    settings: Settings
    library: Path | None = None
    ocr: EngineName = "auto"

    def open(self) -> Examiner:
        """Load everything.

        Raises
        ------
        LibraryError, TableError, MissingDependencyError
        """
        # Models take seconds to load; --help and --dry-run need none of them.
        from postmark_id.library import Library  # noqa: PLC0415
        from postmark_id.pipeline import Identifier  # noqa: PLC0415

        return Identifier(self.settings, Library.load(self.library, settings=self.settings.library), ocr=self.ocr)

    def fingerprint(self) -> str:
        """Of version, settings, library, table and engine."""
        from postmark_id.flights.table import FlightTable  # noqa: PLC0415
        from postmark_id.library import Library  # noqa: PLC0415

        library = Library.load(self.library, settings=self.settings.library)
        table = FlightTable.for_user(settings=self.settings.flights)
        # How many pixels and seconds are allowed is no part of a result; whatever is, is a plain dataclass.
        parts = (__version__, replace(self.settings, batch=Settings().batch), library.marks, table, self.ocr)
        return hashlib.sha256("\n".join(map(repr, parts)).encode("utf-8", "backslashreplace")).hexdigest()


@dataclass(frozen=True, slots=True)
class Examined:
    """What came of one page; the scan is there for drawing, where it could be loaded."""

    report: ScanReport
    scan: Scan | None = None


def examine(
    path: str | os.PathLike[str],
    settings: Settings,
    identify: Callable[[Scan], ScanReport],
    *,
    name: str | None = None,
    frames: Collection[int] | None = None,
) -> Iterator[Examined]:
    """Identify every page of a file.

    Parameters
    ----------
    path : path-like
    settings : Settings
    identify : callable
        Scan to report, such as ``Identifier.identify``.
    name : str, optional
        What the results call the file; its path by default.
    frames : collection of int, optional
        Pages wanted, from 0.

    Yields
    ------
    Examined
        One for each page; a page that fails ends the file with a report of outcome ``error``. Only errors that
        end a whole run (`PostmarkError` but not `ScanError`) are raised.
    """
    name = portable(os.fspath(path)) if name is None else name
    frame, sha256 = 0, ""
    try:
        data = read(path, settings.scan)
        sha256 = hashlib.sha256(data).hexdigest()
        scans = load_bytes(data, name, settings.scan, frames=frames)
        del data
        begin = time.perf_counter()
        for scan in scans:
            frame = scan.frame
            loading = time.perf_counter() - begin
            with contextlib.redirect_stdout(sys.stderr):
                report = identify(scan)
            yield Examined(replace(report, timings={"scan": loading, **report.timings}), scan)
            frame += 1
            begin = time.perf_counter()
    except ScanError as error:
        yield _failed(name, frame, sha256, _with_name(error, path, name))
    except PostmarkError:
        raise
    except MemoryError:
        yield _failed(
            name,
            frame,
            sha256,
            ScanError(f"{name}: not enough memory", code="out-of-memory", hint="try --jobs 1 or a lower --max-mpixels"),
        )
    except Exception as error:
        # A fault of ours on one scan must cost this scan only; it is logged whole and reported as what it is.
        LOG.info("%s: internal error", name, exc_info=True)
        yield _failed(
            name,
            frame,
            sha256,
            ScanError(
                f"{name}: internal error ({type(error).__name__}: {' '.join(str(error).split())[:200]})",
                code="internal-error",
                hint="please report it, with this scan if you can; -vv shows more",
            ),
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


def _failed(name: str, frame: int, sha256: str, error: ScanError) -> Examined:
    return Examined(replace(failure(name, frame, error), sha256=sha256))
