"""A cluster gives what one machine gives: a real scheduler and two workers on loopback, one of which is killed."""

import csv
import json
import os
import re
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass, replace

import numpy as np
import pytest
from examiner_doubles import DoubleRecipe, StrangeRecipe
from PIL import Image

from postmark_id.batch import cluster
from postmark_id.batch.discover import discover
from postmark_id.batch.run import run
from postmark_id.batch.store import open_store
from postmark_id.errors import MissingDependencyError, OutputError
from postmark_id.settings import Settings

pytest.importorskip("distributed")


def quick():
    settings = Settings()
    return replace(settings, batch=replace(settings.batch, seconds_per_file=4.0, seconds_without_worker=2.0))


def started(*arguments):
    """A program of Dask, and what its first line with an address says."""
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(p for p in sys.path if p),
        "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "3",
        "DASK_DISTRIBUTED__ADMIN__LOG_FORMAT": "%(message)s",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE, text=True, env=environment,
    )  # fmt: skip
    for line in process.stderr:
        if found := re.search(r"(?:Scheduler at|Registered to):\s+(tcp://\S+)", line):
            break
    threading.Thread(target=process.stderr.read, daemon=True).start()
    return process, found[1]


@dataclass
class Machines:
    address: str
    scheduler: subprocess.Popen
    workers: list[subprocess.Popen]

    def add(self, count=1):
        for _ in range(count):
            options = ("--no-nanny", "--no-dashboard", "--nthreads", "1", "--death-timeout", "60")
            process, _ = started("distributed.cli.dask_worker", self.address, *options)
            self.workers.append(process)


@contextmanager
def machines(workers=2):
    options = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard")
    scheduler, address = started("distributed.cli.dask_scheduler", *options)
    running = Machines(address, scheduler, [])
    try:
        running.add(workers)
        yield running
    finally:
        for process in (*running.workers, scheduler):
            process.kill()
            process.wait()
            process.stderr.close()


@pytest.fixture(scope="module")
def shared():
    with machines() as running:
        yield running


class Watch:
    def __init__(self, on_step=lambda count: None):
        self.steps, self.on_step = [], on_step

    def begin(self, *_): ...

    def step(self, name, *_):
        self.steps.append(name)
        self.on_step(len(self.steps))

    def say(self, *_): ...


def covers(folder, *names):
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        shade = sum(map(ord, name)) % 200 + 30
        Image.fromarray(np.full((48, 64, 3), shade, np.uint8)).save(folder / name)
    return folder


def batch(folder, place, *, address=None, watch=None, recipe=None, **options):
    recipe = recipe or DoubleRecipe(quick())
    found, _ = discover([folder], recursive=True)
    store = open_store(place, recipe.fingerprint())
    return run(found, store, recipe, watch or Watch(), jobs=1, scheduler=address, **options)


def products(place):
    """All that a run wrote, but for what tells when it was."""
    files = {str(p.relative_to(place)): p.read_bytes() for p in sorted(place.rglob("*")) if p.is_file()}
    lines = [{**json.loads(line), "timings": None} for line in files.pop("results.jsonl").splitlines()]
    journal = {name: json.loads(data) for name, data in files.items() if name.startswith("results/")}
    for kept in journal.values():
        for document in kept["documents"]:
            document["timings"] = None
    del files["manifest.json"], files[".lock"]
    return lines, journal, {name: data for name, data in files.items() if name not in journal}


NAMES = [f"slow-0.15-{k:02d}.png" for k in range(14)]
BAD = ["exit.png", "fault.png", "memory.png", "runaway.png", "segfault.png"]


def test_a_worker_that_is_killed_on_the_way_changes_no_byte_of_the_results(tmp_path):
    folder = covers(tmp_path / "in", *NAMES, *BAD)
    (folder / "empty.png").touch()
    batch(folder, tmp_path / "local" / "run")
    with machines() as running:

        def kill(count):
            if count == 5:
                running.workers[0].kill()

        watch = Watch(kill)
        summary = batch(folder, tmp_path / "cluster" / "run", address=running.address, watch=watch)
        assert running.workers[0].wait(timeout=30) == -signal.SIGKILL
        assert running.workers[1].poll() is None
    assert sorted(watch.steps) == sorted([*NAMES, *BAD, "empty.png"])
    assert products(tmp_path / "cluster" / "run") == products(tmp_path / "local" / "run")
    assert {code: len(names) for code, names in summary.failures.items()} == {
        "empty-file": 1, "internal-error": 1, "out-of-memory": 1, "timeout": 1, "worker-crashed": 2,
    }  # fmt: skip


def test_a_run_on_a_cluster_is_gone_on_with_at_home_and_the_other_way_round(shared, tmp_path):
    folder = covers(tmp_path / "in", *[f"slow-0.2-{k}.png" for k in range(6)])
    watch = Watch()
    first = batch(folder, tmp_path / "run", address=shared.address, watch=watch, fail_fast=True)
    assert (first.undone, first.reused) == (0, 0)
    assert batch(folder, tmp_path / "run").reused == 6
    covers(folder, "z.png")
    assert batch(folder, tmp_path / "run", address=shared.address).reused == 6
    with (tmp_path / "run" / "results.csv").open(encoding="utf-8-sig", newline="") as file:
        assert len([row for row in csv.DictReader(file) if row["row"] == "cover"]) == 7


def test_a_stop_finishes_what_is_handed_out_and_begins_no_other(shared, tmp_path):
    folder = covers(tmp_path / "in", *[f"slow-0.2-{k:02d}.png" for k in range(12)])
    (folder / "a.png").touch()
    watch = Watch()
    summary = batch(folder, tmp_path / "run", address=shared.address, watch=watch, fail_fast=True)
    assert 1 <= len(watch.steps) <= 6
    assert summary.undone == 13 - len(watch.steps)


def test_a_worker_that_would_give_other_results_is_refused_in_one_line(shared, tmp_path):
    folder = covers(tmp_path / "in", "a.png")
    with pytest.raises(MissingDependencyError, match="not those of the run") as refused:
        batch(folder, tmp_path / "run", address=shared.address, recipe=StrangeRecipe(quick(), home=os.getpid()))
    assert refused.value.code == "worker-differs"
    assert refused.value.message.startswith("worker tcp://127.0.0.1:")
    assert "\n" not in refused.value.message + refused.value.hint
    assert not list((tmp_path / "run" / "results").iterdir())


def test_a_worker_that_does_not_see_the_run_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(cluster.time, "sleep", lambda _: None)
    recipe = DoubleRecipe()
    store = open_store(tmp_path / "run", recipe.fingerprint())
    with pytest.raises(OutputError, match="not to be seen") as refused:
        cluster.refuse_stranger(recipe, store, "0" * 32)
    assert "storage" in refused.value.hint


def test_an_address_without_scheduler_or_a_scheduler_without_workers_is_told_in_one_line(tmp_path, monkeypatch):
    monkeypatch.setattr(cluster, "_CONNECT", 3.0)
    folder = covers(tmp_path / "in", "a.png")
    for address in ("tcp://127.0.0.1:1", "nonsense://x", ""):
        with pytest.raises(MissingDependencyError) as refused:
            batch(folder, tmp_path / "run", address=address)
        assert refused.value.code == "no-scheduler"
    with machines(workers=0) as running:
        with pytest.raises(MissingDependencyError) as refused:
            batch(folder, tmp_path / "run", address=running.address)
        assert refused.value.code == "no-worker"
        assert f"dask worker {running.address}" in refused.value.hint


def test_a_scheduler_that_goes_ends_the_run_which_then_goes_on_elsewhere(tmp_path):
    folder = covers(tmp_path / "in", *[f"slow-0.3-{k}.png" for k in range(8)])
    with machines(workers=1) as running:
        watch = Watch(lambda count: running.scheduler.kill() if count == 2 else None)
        with pytest.raises(MissingDependencyError) as lost:
            batch(folder, tmp_path / "run", address=running.address, watch=watch)
        assert lost.value.code == "scheduler-lost"
    assert batch(folder, tmp_path / "run").reused >= 2


def test_without_the_extra_the_message_names_it(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(MissingDependencyError) as refused:
        batch(covers(tmp_path / "in", "a.png"), tmp_path / "run", address="tcp://127.0.0.1:8786")
    assert refused.value.code == "missing-extra"
    assert "pip install 'postmark-id[dask]'" in refused.value.hint
