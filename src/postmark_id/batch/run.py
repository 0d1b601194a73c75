"""The story of a run: what is done already, what is to do, work through it, write down what came of all.

Results go to the disk one by one as they are found; tables and pages are made from them at the end, in the order of
names. So they are the same whatever the number of workers, and however often the run was interrupted.
"""

from __future__ import annotations

import contextlib
import logging
import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

import cv2

from postmark_id.batch.discover import Found
from postmark_id.batch.examine import Recipe, examine, failure
from postmark_id.batch.pool import Pool
from postmark_id.batch.store import Store, locked
from postmark_id.errors import PostmarkError, ScanError
from postmark_id.models import Scan, ScanReport
from postmark_id.outputs.atomic import make_folder
from postmark_id.outputs.contract import Document, report_json
from postmark_id.outputs.jsonl import write_jsonl
from postmark_id.outputs.overlay import save_overlay
from postmark_id.outputs.report import write_report
from postmark_id.outputs.table import write_csv

LOG = logging.getLogger(__name__)

Product = Literal["csv", "jsonl", "html", "overlay"]
PRODUCTS: tuple[Product, ...] = ("csv", "jsonl", "html", "overlay")

Brief = tuple[str, str]
"""Outcome of a page, and the code of its error or nothing."""


@dataclass(frozen=True, slots=True)
class ScanJob:
    """Work of a worker: a file through the pipeline, its pictures and its result to the disk."""

    recipe: Recipe
    store: Store
    draw: bool
    loud: bool = False
    """Let the log of the worker speak."""

    def start(self) -> Callable[[Found], list[Brief]]:
        """Load the pipeline."""
        cv2.setNumThreads(1)
        if self.loud:
            logging.basicConfig(level=logging.INFO, format="%(name)s: %(message)s")
        examiner = self.recipe.open()

        def work(found: Found) -> list[Brief]:
            try:
                documents = self._documents(found, examiner.identify)
                self.store.write(found, documents)
            except PostmarkError:
                raise
            except Exception as error:
                # Drawing and writing are ours, too: their faults cost this scan only.
                LOG.info("%s: internal error", found.name, exc_info=True)
                documents = [failed_document(found, _internal(error))]
                self.store.write(found, documents)
            return [brief(document) for document in documents]

        return work

    def _documents(self, found: Found, identify: Callable[[Scan], ScanReport]) -> list[Document]:
        documents = []
        settings = self.recipe.settings
        for page in examine(found.path, settings, identify, name=found.name):
            document = report_json(page.report)
            documents.append(document)
            if self.draw and page.scan is not None:
                path = self.store.overlay_path(found.name, page.scan.frame)
                make_folder(path.parent)
                save_overlay(path, page.scan.pixels, document, settings.overlay, overwrite=True)
        return documents


class Watch(Protocol):
    """Who wants to know how a run goes."""

    def begin(self, total: int, done: int, kept: Sequence[Brief]) -> None:
        """The number of files, of those that are done already, and the briefs of these."""
        ...

    def step(self, name: str, briefs: Sequence[Brief], seconds: float) -> None:
        """A file is done."""
        ...

    def say(self, message: str) -> None:
        """A message to the person."""
        ...


@dataclass(slots=True)
class Summary:
    """What came of a run."""

    files: int = 0
    reused: int = 0
    undone: int = 0
    interrupted: bool = False
    outcomes: Counter[str] = field(default_factory=Counter)
    failures: dict[str, list[str]] = field(default_factory=dict)
    """Names of files by the code of their error."""


def brief(document: Document) -> Brief:
    """Outcome and error code of a document."""
    return document["outcome"], document.get("error", {}).get("code", "")


def failed_document(found: Found, error: ScanError) -> Document:
    """Document of a file whose worker could not give one."""
    named = ScanError(f"{found.name}: {error.message}", code=error.code, hint=error.hint)
    return report_json(failure(found.name, 0, named))


def run(
    files: Sequence[Found],
    store: Store,
    recipe: Recipe,
    watch: Watch,
    *,
    jobs: int,
    write: Sequence[Product] = PRODUCTS,
    restart: bool = False,
    fail_fast: bool = False,
    loud: bool = False,
) -> Summary:
    """Identify files and write the results.

    Parameters
    ----------
    files : sequence of Found
        In the order of names.
    store : Store
    recipe : Recipe
    watch : Watch
    jobs : int
        Worker processes.
    write : sequence of {"csv", "jsonl", "html", "overlay"}
    restart : bool
        Do everything again.
    fail_fast : bool
        Stop at the first scan that fails.
    loud : bool
        Let the logs of the workers speak on stderr.

    Raises
    ------
    OutputError
        Results can't be written, or another run works in the folder.
    LibraryError, TableError, MissingDependencyError
        Workers can't start.
    """
    draw = "overlay" in write
    with locked(store.folder):
        todo = [found for found in files if restart or not store.is_done(found, drawn=draw)]
        waiting = {found.name for found in todo}
        kept = [brief(d) for found in files if found.name not in waiting for d in store.read(found.name)]
        watch.begin(len(files), len(files) - len(todo), kept)
        pool = Pool(ScanJob(recipe, store, draw, loud), min(jobs, max(1, len(todo))), recipe.settings.batch)
        with _stopped_by_signals(pool, watch) as signalled:
            for finished in pool.run(todo):
                found, briefs = finished.task, finished.result
                if finished.error is not None:
                    document = failed_document(found, finished.error)
                    store.write(found, [document])
                    briefs = [brief(document)]
                waiting.discard(found.name)
                watch.step(found.name, briefs, finished.seconds)
                if fail_fast and any(outcome == "error" for outcome, _ in briefs):
                    pool.stopping = True
        done = [found for found in files if found.name not in waiting]
        export(done, store, write)
        return _summary(done, store, len(files), len(files) - len(todo), bool(signalled))


def export(files: Sequence[Found], store: Store, write: Sequence[Product]) -> None:
    """Make tables and page from the results on the disk."""

    def documents() -> Iterator[Document]:
        for found in files:
            yield from store.read(found.name)

    def picture(document: Document) -> str | None:
        name = store.overlay_name(document["scan"]["path"], document["scan"]["frame"])
        return name if "overlay" in write and document["outcome"] != "error" else None

    if "jsonl" in write:
        write_jsonl(store.folder / "results.jsonl", documents(), overwrite=True)
    if "csv" in write:
        write_csv(store.folder / "results.csv", documents(), overwrite=True)
    if "html" in write:
        title = store.folder.name or "Covers"
        write_report(store.folder / "report.html", documents(), title=title, picture=picture, overwrite=True)


def _summary(done: Sequence[Found], store: Store, files: int, reused: int, interrupted: bool) -> Summary:
    summary = Summary(files=files, reused=reused, undone=files - len(done), interrupted=interrupted)
    for found in done:
        for outcome, code in map(brief, store.read(found.name)):
            summary.outcomes[outcome] += 1
            if code:
                summary.failures.setdefault(code, []).append(found.name)
    return summary


@contextlib.contextmanager
def _stopped_by_signals(pool: Pool, watch: Watch) -> Iterator[list[int]]:
    """Ctrl-C or SIGTERM once: finish what is in work; again: stop now. Gives the signals that came."""
    came: list[int] = []
    if threading.current_thread() is not threading.main_thread():
        yield came
        return

    def stop(number: int, _frame: object) -> None:
        came.append(number)
        pool.stopping = True
        if len(came) > 1:
            raise KeyboardInterrupt
        watch.say("stopping after the scans in work; once more stops at once")

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield came
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _internal(error: Exception) -> ScanError:
    reason = " ".join(str(error).split())[:200]
    return ScanError(
        f"internal error ({type(error).__name__}: {reason})",
        code="internal-error",
        hint="please report it, with this scan if you can; -vv shows more",
    )
