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
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple, Protocol

import cv2

from postmark_id.batch.cluster import Cluster, refuse_stranger
from postmark_id.batch.discover import Found
from postmark_id.batch.examine import Identify, Recipe, examine, failure
from postmark_id.batch.looks import look
from postmark_id.batch.manifest import Manifest
from postmark_id.batch.pairs import Pairing
from postmark_id.batch.pool import Finished, Pool
from postmark_id.batch.products import Request, export
from postmark_id.batch.store import Store, locked
from postmark_id.batch.twins import Page, Twins, find_twins
from postmark_id.errors import PostmarkError, ScanError, one_line
from postmark_id.models import Scan, Side, SideName
from postmark_id.outputs.atomic import make_folder
from postmark_id.outputs.contract import Document, report_json
from postmark_id.outputs.overlay import save_overlay

LOG = logging.getLogger(__name__)

USUAL = Request()


class Brief(NamedTuple):
    """What came of a page, in few words.

    Attributes
    ----------
    outcome : str
    code : str
        Of its error; nothing where it has none.
    problem : str
        The error as people read it: file, cause and remedy.
    """

    outcome: str
    code: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class ScanJob:
    """Work of a worker: a file through the pipeline, its pictures and its result to the disk."""

    recipe: Recipe
    store: Store
    draw: bool
    loud: bool = False
    """Let the log of the worker speak."""
    key: str = ""
    """Of the run, where a worker may stand on another machine: it then refuses what it would do otherwise than we."""

    def start(self) -> Callable[[Found], list[Brief]]:
        """Load the pipeline."""
        cv2.setNumThreads(1)
        if self.key:
            refuse_stranger(self.recipe, self.store, self.key)
        if self.loud:
            logging.basicConfig(level=logging.INFO, format="%(name)s: %(message)s")
        examiner = self.recipe.open()

        def work(found: Found) -> list[Brief]:
            try:
                documents, looks = self._documents(found, examiner.identify)
                self.store.write(found, documents, looks)
            except PostmarkError:
                raise
            except Exception as error:
                # Drawing and writing are ours, too: their faults cost this scan only.
                LOG.info("%s: internal error", found.name, exc_info=True)
                documents = [failed_document(found, _internal(error))]
                self.store.write(found, documents)
            return [brief(document) for document in documents]

        return work

    def _documents(self, found: Found, identify: Identify) -> tuple[list[Document], dict[Page, bytes]]:
        documents = []
        looks: dict[Page, bytes] = {}
        back = found.back
        for page in examine(
            found.path,
            self.recipe.settings,
            identify,
            name=found.name,
            back=back.path if back else None,
            back_name=back.name if back else None,
            sides_in_turn=found.sides_in_turn,
        ):
            document = report_json(page.report)
            documents.append(document)
            for scan in filter(None, (page.scan, page.back)):
                looks[scan.path, scan.frame] = look(scan.pixels)
            if self.draw:
                self._draw(page.scan, document, "front")
                self._draw(page.back, document, "back")
        return documents, looks

    def _draw(self, scan: Scan | None, document: Document, side: SideName) -> None:
        """The annotated picture of one side."""
        if scan is not None:
            path = self.store.overlay_path(scan.path, scan.frame)
            make_folder(path.parent)
            save_overlay(path, scan.pixels, document, self.recipe.settings.overlay, side=side, overwrite=True)


class Workers(Protocol):
    """Who does the work: a `Pool` of this machine, or a `Cluster`."""

    stopping: bool

    def run(self, tasks: Iterable[Any]) -> Iterator[Finished]:
        """Work through tasks, giving each as it is finished."""
        ...


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
    """The two sides of a cover are two."""
    reused: int = 0
    undone: int = 0
    scans: int = 0
    """Pages of files."""
    covers: int = 0
    interrupted: bool = False
    outcomes: Counter[str] = field(default_factory=Counter)
    failures: dict[str, list[str]] = field(default_factory=dict)
    """Names of files by the code of their error."""
    pairs: int = 0
    """Covers of which both sides were looked at together."""
    twins: Twins = field(default_factory=Twins)
    """Scans that were seen before."""
    kept_sidecars: list[str] = field(default_factory=list)
    """Scans beside which other sidecars stand, which were left as they are."""

    def counts(self) -> dict[str, Any]:
        """Numbers alone, for the manifest."""
        return {
            "files": self.files,
            "undone": self.undone,
            "outcomes": dict(sorted(self.outcomes.items())),
            "failures": {code: len(names) for code, names in sorted(self.failures.items())},
            "same_file": len(self.twins.same_file),
            "same_look": len(self.twins.same_look),
        }


def brief(document: Document) -> Brief:
    """The brief of a document."""
    error = document.get("error")
    if error is None:
        return Brief(document["outcome"])
    return Brief(document["outcome"], error["code"], one_line(error["message"], error["hint"]))


def failed_document(found: Found, error: ScanError) -> Document:
    """Document of a file whose worker could not give one."""
    named = ScanError(f"{found.name}: {error.message}", code=error.code, hint=error.hint)
    side = Side(found.back.name) if found.back else None
    return report_json(replace(failure(found.name, 0, named), back=side))


def run(
    files: Sequence[Found],
    store: Store,
    recipe: Recipe,
    watch: Watch,
    *,
    jobs: int,
    request: Request = USUAL,
    asked: Mapping[str, Any] | None = None,
    pairing: Pairing | None = None,
    restart: bool = False,
    fail_fast: bool = False,
    loud: bool = False,
    scheduler: str | None = None,
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
    request : Request
        What to write.
    asked : mapping, optional
        What the user asked for, to be kept in the manifest.
    pairing : Pairing, optional
        How the backs came to their fronts, to be told in the manifest.
    restart : bool
        Do everything again.
    fail_fast : bool
        Stop at the first scan that fails.
    loud : bool
        Let the logs of the workers speak on stderr.
    scheduler : str, optional
        Address of a Dask scheduler, whose workers do the work instead of this machine's.

    Raises
    ------
    OutputError
        Results can't be written, or another run works in the folder.
    LibraryError, TableError, MissingDependencyError
        Workers can't start.
    """
    draw = "overlay" in request.write
    rule = pairing or Pairing()
    pairs = sum(found.back is not None for found in files)
    with locked(store.folder):
        paired = {"rule": str(rule), "means": rule.in_words(), "covers": pairs}
        manifest = Manifest.begin(store.folder, store.fingerprint, asked or {}, paired)
        store.forget_vanished(files)
        todo = [found for found in files if restart or not store.is_done(found, drawn=draw)]
        waiting = {found.name for found in todo}
        kept = [brief(d) for found in files if found.name not in waiting for d in store.read(found.name)]
        watch.begin(len(files), len(files) - len(todo), kept)
        workers: Workers
        if scheduler is None:
            workers = Pool(ScanJob(recipe, store, draw, loud), min(jobs, max(1, len(todo))), recipe.settings.batch)
        else:
            workers = Cluster(ScanJob(recipe, store, draw, loud, manifest.key), scheduler, recipe.settings.batch)
        with _stopped_by_signals(workers, watch) as signalled:
            for finished in workers.run(todo):
                briefs = _kept(finished, store)
                waiting.discard(finished.task.name)
                watch.step(finished.task.name, briefs, finished.seconds)
                if fail_fast and any(one.outcome == "error" for one in briefs):
                    workers.stopping = True
        done = [found for found in files if found.name not in waiting]
        summary = _summary(done, store)
        summary.files = _count(files)
        summary.reused, summary.undone = summary.files - _count(todo), summary.files - _count(done)
        summary.interrupted, summary.pairs = bool(signalled), pairs
        pages = (page for found in done for page in store.pages(found.name))
        summary.twins = find_twins(pages)
        manifest = manifest.end(store.folder, summary.counts())
        ended = not summary.undone
        summary.kept_sidecars = export(done, store, request, manifest, ended=ended, twins=summary.twins)
        return summary


def _kept(finished: Finished, store: Store) -> list[Brief]:
    """Briefs of a file; where its worker could give none, what happened is kept as its result."""
    if finished.error is None:
        briefs: list[Brief] = finished.result
        return briefs
    documents = [failed_document(finished.task, finished.error)]
    store.write(finished.task, documents)
    return [brief(document) for document in documents]


def _count(found: Sequence[Found]) -> int:
    """Number of files."""
    return sum(len(one.names) for one in found)


def _summary(done: Sequence[Found], store: Store) -> Summary:
    """Counts of what was found."""
    summary = Summary()
    for found in done:
        covers = set()
        for document in store.read(found.name):
            outcome, code, _ = brief(document)
            summary.outcomes[outcome] += 1
            summary.scans += 2 if "back" in document else 1
            frame = document["scan"]["frame"]
            covers.add(frame // 2 if found.sides_in_turn else frame)  # a side that failed has a document of its own
            if code:  # of the side that failed, which may be the back
                summary.failures.setdefault(code, []).append(document["scan"]["path"])
        summary.covers += len(covers)
    return summary


@contextlib.contextmanager
def _stopped_by_signals(workers: Workers, watch: Watch) -> Iterator[list[int]]:
    """Ctrl-C or SIGTERM once: finish what is in work; again: stop now. Gives the signals that came."""
    came: list[int] = []
    if threading.current_thread() is not threading.main_thread():
        yield came
        return

    def stop(number: int, _frame: object) -> None:
        came.append(number)
        workers.stopping = True
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
