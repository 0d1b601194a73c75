"""Run the pipeline over labelled pictures.

Kept apart from the rest of the room because it alone needs the pipeline. `batch` is made for runs that must
survive anything; here a crash may stop the measurement, and the reports stay in memory.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path

import cv2

from postmark_id.dates.engines import EngineName
from postmark_id.errors import ScanError
from postmark_id.models import ScanReport
from postmark_id.pipeline import Identifier, error_report
from postmark_id.scan import load
from postmark_id.settings import Settings


def identify_all(
    paths: Sequence[Path], settings: Settings, *, jobs: int = 1, ocr: EngineName = "auto"
) -> Iterator[ScanReport]:
    """Identify the first frame of each picture, in the order given.

    Parameters
    ----------
    paths : sequence of Path
    settings : Settings
    jobs : int
        Worker processes; 1 works in this process. Results don't depend on it.
    ocr : str
        Engine, as for `Identifier`.

    Yields
    ------
    ScanReport
        One for each path; outcome ``error`` where the picture can't be read.
    """
    if jobs <= 1:
        identifier = Identifier(settings, ocr=ocr)
        yield from (_identify(identifier, settings, path) for path in paths)
        return
    with ProcessPoolExecutor(
        jobs, multiprocessing.get_context("spawn"), initializer=_start_worker, initargs=(settings, ocr)
    ) as pool:
        yield from pool.map(_identify_in_worker, paths)


def _identify(identifier: Identifier, settings: Settings, path: Path) -> ScanReport:
    begin = time.perf_counter()
    try:
        (scan,) = load(path, settings.scan, frames=(0,))
        loading = time.perf_counter() - begin
        report = identifier.identify(scan)
    except ScanError as error:
        return error_report(str(path), 0, error)
    return replace(report, timings={"scan": loading, **report.timings})


_worker: tuple[Identifier, Settings] | None = None
"""What a worker process has loaded; only ever set in a worker, once."""


def _start_worker(settings: Settings, ocr: EngineName) -> None:
    global _worker  # noqa: PLW0603 - an initializer of a pool has no other way to hand on what it loaded
    cv2.setNumThreads(1)
    _worker = Identifier(settings, ocr=ocr), settings


def _identify_in_worker(path: Path) -> ScanReport:
    assert _worker is not None
    return _identify(*_worker, path)
