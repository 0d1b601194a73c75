"""Worker processes, each with one task at a time and a clock.

A process pool of the standard library breaks as a whole when one worker dies, and can't end a task that runs away.
Here a worker that crashes or exceeds its time costs the task it held and nothing else: it is replaced, and no other
worker notices. Workers are spawned, not forked, as models and OpenCV keep threads.

A worker ends when its end of the pipe is closed or its parent dies, in the middle of a task, too: what a killed run
had in work is done again by the next. Ctrl-C reaches all processes of a terminal; workers ignore it and leave the
decision to the parent.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from typing import Any, Protocol

from postmark_id.errors import MissingDependencyError, PostmarkError, ScanError
from postmark_id.settings import BatchSettings

_SPAWNING = threading.Lock()
"""The environment of the process is changed while a worker starts; pools may live in several threads."""
THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_THREAD_LIMIT")


class Job(Protocol):
    """What a worker does; crosses process borders, so it must be picklable."""

    def start(self) -> Callable[[Any], Any]:
        """Load what is needed, once a worker, and give the function that works on one task."""
        ...


@dataclass(frozen=True, slots=True)
class Finished:
    """A task and what came of it: a result, or the error that it met."""

    task: Any
    result: Any = None
    error: ScanError | None = None
    seconds: float = 0.0


@dataclass(slots=True)
class _Worker:
    process: Any
    pipe: Connection
    ready: bool = False
    task: Any = None
    since: float = field(default_factory=time.monotonic)

    def kill(self) -> None:
        self.process.kill()
        self.process.join()
        self.pipe.close()


@dataclass(slots=True)
class Pool:
    """Runs tasks on workers.

    Attributes
    ----------
    job : Job
    jobs : int
        Workers at a time.
    settings : BatchSettings
    stopping : bool
        Set from outside, as by a signal: tasks in work are finished, no other is begun.
    """

    job: Job
    jobs: int
    settings: BatchSettings
    stopping: bool = False
    _workers: list[_Worker] = field(default_factory=list)
    _deaths: int = 0

    def run(self, tasks: Iterable[Any]) -> Iterator[Finished]:
        """Work through tasks, giving each as it is finished.

        Raises
        ------
        PostmarkError
            What `Job.start` raised, or a task that must end the run (such as a full disk).
        MissingDependencyError
            Workers die before they are ready.
        """
        try:
            yield from self._through(tasks)
        finally:
            self.close()

    def do(self, task: Any) -> Finished:
        """Work on one task, and keep the worker for the next; see `run`."""
        try:
            (finished,) = self._through([task])
        except BaseException:
            self.close()
            raise
        return finished

    def _through(self, tasks: Iterable[Any]) -> Iterator[Finished]:
        queue = iter(tasks)
        following = next(queue, None)
        while True:
            for worker in [w for w in self._workers if w.ready and w.task is None]:
                if following is None or self.stopping:
                    break
                self._hand(worker, following)
                following = next(queue, None)
            waiting = following is not None and not self.stopping
            # The first worker starts alone: what is missing is then said once.
            while waiting and len(self._workers) < (self.jobs if any(w.ready for w in self._workers) else 1):
                self._workers.append(self._spawn())
            if not waiting and all(w.task is None for w in self._workers):
                return
            yield from self._collect()

    def close(self) -> None:
        """End all workers at once."""
        while self._workers:
            self._workers.pop().kill()

    def _hand(self, worker: _Worker, task: Any) -> None:
        worker.task, worker.since = task, time.monotonic()
        # A worker that died while idle is noticed in `_collect`, as its pipe is at its end.
        with contextlib.suppress(OSError):
            worker.pipe.send(task)

    def _collect(self) -> Iterator[Finished]:
        """Wait for the next message, death or end of a time limit."""
        limits = [self._limit(worker) for worker in self._workers if worker.task is not None or not worker.ready]
        pause = max(0.0, min([*limits, time.monotonic() + 0.5]) - time.monotonic())
        for pipe in wait([worker.pipe for worker in self._workers], timeout=pause):
            worker = next(w for w in self._workers if w.pipe is pipe)
            try:
                kind, value = worker.pipe.recv()
            except (EOFError, OSError):
                yield from self._bury(worker)
                continue
            if kind == "fatal":
                raise value
            if kind == "ready":
                worker.ready, self._deaths = True, 0
            else:
                task, worker.task = worker.task, None
                yield Finished(task, value, seconds=time.monotonic() - worker.since)
        for worker in [w for w in self._workers if time.monotonic() > self._limit(w)]:
            yield from self._give_up(worker)

    def _limit(self, worker: _Worker) -> float:
        if not worker.ready:
            return worker.since + self.settings.seconds_to_start
        return worker.since + self.settings.seconds_per_file if worker.task is not None else float("inf")

    def _bury(self, worker: _Worker) -> Iterator[Finished]:
        """Replace a worker that died; its task is lost."""
        worker.process.join()
        self._remove(worker)
        if not worker.ready:
            self._deaths += 1
            if self._deaths >= self.settings.starts:
                raise MissingDependencyError(
                    f"workers die while they start ({_cause(worker.process.exitcode)})",
                    code="worker-start",
                    hint="postmark-id doctor shows what is missing",
                )
        if worker.task is not None:
            error = ScanError(
                f"the worker died ({_cause(worker.process.exitcode)})",
                code="worker-crashed",
                hint="if memory was short, try --jobs 1 or a lower --max-mpixels",
            )
            yield Finished(worker.task, error=error, seconds=time.monotonic() - worker.since)

    def _give_up(self, worker: _Worker) -> Iterator[Finished]:
        self._remove(worker)
        if not worker.ready:
            raise MissingDependencyError(
                f"a worker was not ready after {self.settings.seconds_to_start:g} seconds",
                code="worker-start",
                hint="postmark-id doctor shows what is missing",
            )
        error = ScanError(
            f"took longer than {self.settings.seconds_per_file:g} seconds",
            code="timeout",
            hint="allow more with --timeout-per-file, or make it smaller",
        )
        yield Finished(worker.task, error=error, seconds=time.monotonic() - worker.since)

    def _remove(self, worker: _Worker) -> None:
        self._workers.remove(worker)
        worker.kill()

    def _spawn(self) -> _Worker:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        share = max(self.settings.least_memory, _memory())
        process = context.Process(target=_work, args=(theirs, self.job, share), daemon=True)
        with _SPAWNING, _one_thread():
            process.start()
        theirs.close()
        return _Worker(process, ours)


def _work(pipe: Connection, job: Job, memory: int) -> None:
    """Life of a worker: load, then one task after the other until the pipe ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _limit_memory(memory)
    # Standard output carries data only; what a library prints goes where messages go.
    with contextlib.suppress(OSError):
        os.dup2(2, 1)
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        try:
            work = job.start()
        except PostmarkError as error:
            pipe.send(("fatal", error))
            return
        pipe.send(("ready", None))
        while True:
            task = pipe.recv()
            try:
                pipe.send(("done", work(task)))
            except PostmarkError as error:
                pipe.send(("fatal", error))
                return


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _limit_memory(memory: int) -> None:
    """Let a worker meet MemoryError, which costs a scan, before the system runs out, which costs more."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource  # noqa: PLC0415  not there on every system

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (memory if hard < 0 else min(memory, hard), hard))


def _memory() -> int:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError, AttributeError):
        return 0


@contextlib.contextmanager
def _one_thread() -> Iterator[None]:
    """Environment in which libraries start one thread: as many workers as cores would else fight for them."""
    before = {name: os.environ.get(name) for name in THREAD_VARIABLES}
    os.environ.update(dict.fromkeys(THREAD_VARIABLES, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _cause(exit_code: int | None) -> str:
    if exit_code is not None and exit_code < 0:
        with contextlib.suppress(ValueError):
            return signal.Signals(-exit_code).name
    return f"exit code {exit_code}"
