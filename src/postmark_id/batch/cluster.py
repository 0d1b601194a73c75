"""The same work on a Dask cluster: `Cluster` stands where `Pool` stands, and gives the same results.

Every Dask worker keeps processes of `pool`, one for each file that it works on at a time. So the limits of time and
memory hold as on one machine, and a scan that crashes its process costs the Dask worker nothing. Dask hands the files
out, a small window at a time, and gives those of a worker that is lost to another one.

Workers read the scans and write the results themselves, on storage that all machines see under the same paths. A
worker that would give other results, or that does not see the folder of the run, is refused.
"""

from __future__ import annotations

import gc
import logging
import multiprocessing
import queue
import secrets
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from postmark_id import __version__
from postmark_id.batch.examine import Recipe
from postmark_id.batch.manifest import read as read_manifest
from postmark_id.batch.pool import Finished, Job, Pool
from postmark_id.batch.store import Store
from postmark_id.errors import MissingDependencyError, OutputError, PostmarkError, ScanError, UsageError
from postmark_id.settings import BatchSettings

if TYPE_CHECKING:
    from distributed import Client, Future

_PATIENCE = 0.5
"""Seconds between two looks at whether the run is to stop."""
_CONNECT = 10.0
"""Seconds in which a scheduler must answer."""
_LOOK_ROUND = 2.0
"""Seconds between two looks at how many workers there are."""


def refuse_stranger(recipe: Recipe, store: Store, key: str) -> None:
    """Raise on a machine whose results would differ, or would not reach the folder of the run.

    Parameters
    ----------
    recipe : Recipe
    store : Store
        With the fingerprint and the folder of the machine that asks.
    key : str
        Of the run, as its manifest there has it.

    Raises
    ------
    MissingDependencyError
        Program, settings, library or table are others here.
    OutputError
        The folder of the run is not here.
    """
    if recipe.fingerprint() != store.fingerprint:
        raise MissingDependencyError(
            f"postmark-id {__version__}, its settings, library or table are not those of the run here",
            code="worker-differs",
            hint="install the same version, and give all machines the same marks with --library",
        )
    for pause in (0.5, 1.0, 3.0, 0.0):  # network storage shows a new file late
        with suppress(UsageError):
            if read_manifest(store.folder).key == key:
                return
        time.sleep(pause)
    raise OutputError(
        f"{store.folder}: the run is not to be seen here",
        code="worker-without-run",
        hint="put scans and results on storage that all machines see under the same path",
    )


@dataclass(slots=True)
class Cluster:
    """Runs tasks on the workers of a scheduler; see `Pool` for what both do.

    Attributes
    ----------
    job : Job
    address : str
        Of the scheduler, such as ``tcp://10.0.0.1:8786``.
    settings : BatchSettings
    stopping : bool
        Set from outside, as by a signal: tasks handed out are finished, no other is.
    """

    job: Job
    address: str
    settings: BatchSettings
    stopping: bool = False
    _out: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    """Future and task of what is handed out, by key."""
    _hands: int = 0
    """Tasks that the workers can do at a time, when last asked."""
    _asked: float = 0.0
    _seen: float = 0.0
    """When a worker was there last."""

    def run(self, tasks: Iterable[Any]) -> Iterator[Finished]:
        """Work through tasks, giving each as it is finished.

        Raises
        ------
        PostmarkError
            What `Job.start` raised on a worker, or a task that must end the run (such as a full disk).
        MissingDependencyError
            The extra is not installed; there is no scheduler, or it is lost; there are no workers.
        """
        with self._connected() as client:
            yield from self._through(client, tasks)

    def _through(self, client: Client, tasks: Iterable[Any]) -> Iterator[Finished]:
        session = secrets.token_hex(8)
        ended: queue.SimpleQueue[Future[Any]] = queue.SimpleQueue()
        left = enumerate(tasks)
        self._seen = time.monotonic()
        try:
            while True:
                # Twice what can be worked on at a time: a worker need not wait for us, and a stop not for long.
                while not self.stopping and len(self._out) < max(2, 2 * self._look_round(client)):
                    number, task = next(left, (-1, None))
                    if number < 0:
                        break
                    key = f"postmark-id-{session}-{number}"
                    future = client.submit(_do, session, self.job, self.settings, task, key=key, pure=False)
                    self._out[key] = future, task
                    future.add_done_callback(ended.put)
                if not self._out:
                    return
                with suppress(queue.Empty):
                    future, task = self._out.pop(str(ended.get(timeout=_PATIENCE).key))
                    yield self._finished(future, task)
                self._look_round(client)
        finally:
            with suppress(Exception):  # whatever went wrong before is what matters
                client.cancel([future for future, _ in self._out.values()])
                client.run(_release, session, on_error="ignore")
            self._out.clear()

    def _look_round(self, client: Client) -> int:
        """Tasks that the workers can do at a time; asked for every few seconds, as workers come and go."""
        now = time.monotonic()
        if now - self._asked > _LOOK_ROUND or not self._hands:
            try:
                self._hands = sum(client.nthreads().values())
            except (OSError, TimeoutError) as error:
                raise self._lost() from error
            self._asked = now
        if self._hands:
            self._seen = now
        elif now - self._seen > self.settings.seconds_without_worker:
            raise MissingDependencyError(
                f"{self.address}: the scheduler has had no worker for {now - self._seen:.0f} seconds",
                code="no-worker",
                hint=f"start some with dask worker {self.address}",
            )
        return self._hands

    def _finished(self, future: Future[Any], task: Any) -> Finished:
        """What came of a task; raises what must end the run."""
        from distributed import KilledWorker  # noqa: PLC0415

        if future.status == "finished":
            reply = future.result()
            if isinstance(reply, PostmarkError):
                raise reply
            assert isinstance(reply, Finished)
            return reply
        if future.cancelled():
            raise self._lost()
        error = future.exception()
        if isinstance(error, KilledWorker):
            hint = "try it by itself; if memory was short, with a lower --max-mpixels"
            return Finished(task, error=ScanError("every worker that held it died", code="worker-crashed", hint=hint))
        reason = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        raise MissingDependencyError(
            f"{self.address}: the workers can't do this work ({reason})",
            code="worker-start",
            hint=f"give them the same program: pip install 'postmark-id[dask]=={__version__}'",
        )

    @contextmanager
    def _connected(self) -> Iterator[Client]:
        try:
            from distributed import Client  # noqa: PLC0415  an extra, asked for only with --scheduler
        except ImportError as error:
            raise MissingDependencyError(
                "--scheduler needs Dask, which is not installed",
                code="missing-extra",
                hint="pip install 'postmark-id[dask]'",
            ) from error
        logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what it has to say comes as an error, too
        client = None
        with suppress(OSError, TimeoutError, ValueError, TypeError):
            client = Client(self.address, timeout=_CONNECT, set_as_default=False)
        if client is None:
            gc.collect()  # half a client, collected while the next one starts, would wait for that one for ever
            raise MissingDependencyError(
                f"{self.address or 'no address'}: no Dask scheduler answers there",
                code="no-scheduler",
                hint="check the address, or start one with dask scheduler",
            )
        with client:
            yield client

    def _lost(self) -> MissingDependencyError:
        return MissingDependencyError(
            f"{self.address}: the scheduler has gone",
            code="scheduler-lost",
            hint="start it again, and run the same command again to go on",
        )


_LOCK = threading.Lock()
_IDLE: dict[str, list[tuple[Pool, float]]] = {}
"""On a Dask worker: pools of one process each that wait for the next task of a session, and since when."""
_FORGOTTEN = 600.0
"""Seconds after which the pool of another session is one whose client died."""


def _do(session: str, job: Job, settings: BatchSettings, task: Any) -> Finished | PostmarkError:
    """One task, on a Dask worker; what must end the run is given back, as Dask would log what is raised."""
    from distributed import get_worker  # noqa: PLC0415

    # Dask's nanny starts its workers as daemons, which may have no children; ours end with their parent.
    multiprocessing.current_process().daemon = False
    pool = _borrowed(session) or Pool(job, 1, settings)
    try:
        finished = pool.do(task)
    except PostmarkError as error:
        return type(error)(f"worker {get_worker().address}: {error.message}", code=error.code, hint=error.hint)
    with _LOCK:
        _IDLE.setdefault(session, []).append((pool, time.monotonic()))
    return finished


def _borrowed(session: str) -> Pool | None:
    """A pool that waits for this session; forgotten ones are closed by the way."""
    with _LOCK:
        now = time.monotonic()
        others = [key for key in _IDLE if key != session and all(now - since > _FORGOTTEN for _, since in _IDLE[key])]
        forgotten = [pool for key in others for pool, _ in _IDLE.pop(key)]
        idle = _IDLE.get(session)
        found = idle.pop()[0] if idle else None
    for pool in forgotten:
        pool.close()
    return found


def _release(session: str) -> None:
    """End the processes of a session that has come to its end."""
    with _LOCK:
        ended = _IDLE.pop(session, [])
    for pool, _ in ended:
        pool.close()
