"""Many scans through one run, and what they leave behind: memory, open files and the rate, tenth by tenth.

Covers are rendered once and stand in the run under many names, as drawing them takes longer than identifying them. The
run is a real one, with one worker, its journal and its products. Memory is the resident set of the worker and of the
program that hands out the work; open files are those of both.

    python benchmarks/soak.py [--scans 2000] [--distinct 100] [--seed 940000] [--difficulty 0.45] [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import psutil
from bench import jpeg, one_core

from postmark_id.batch.discover import discover
from postmark_id.batch.examine import PipelineRecipe
from postmark_id.batch.run import Brief, run
from postmark_id.batch.store import open_store
from postmark_id.settings import Settings
from postmark_id.synth.covers import render_cover

MIB = 1 << 20


@dataclass(frozen=True)
class Tenth:
    """What stood at the end of a tenth of the scans."""

    scans: int
    scans_a_second: float
    worker_mib: float
    parent_mib: float
    open_files: int


@dataclass
class Watch:
    """Takes the measures as the run goes on."""

    total: int
    tenths: list[Tenth] = field(default_factory=list)
    failed: int = 0
    count: int = 0
    since: float = 0.0

    def begin(self, *_: object) -> None:
        """See `batch.run.Watch`."""
        self.since = time.perf_counter()

    def step(self, _name: str, briefs: Sequence[Brief], _seconds: float) -> None:
        """See `batch.run.Watch`."""
        self.count += 1
        self.failed += sum(bool(brief.code) for brief in briefs)
        if self.count % max(1, self.total // 10):
            return
        now = time.perf_counter()
        own = psutil.Process()
        worker = max(own.children(), key=lambda child: child.memory_info().rss)
        tenth = Tenth(
            self.count,
            max(1, self.total // 10) / (now - self.since),
            worker.memory_info().rss / MIB,
            own.memory_info().rss / MIB,
            own.num_fds() + worker.num_fds(),
        )
        self.tenths.append(tenth)
        self.since = now
        print(line(tenth), flush=True)

    def say(self, message: str) -> None:
        """See `batch.run.Watch`."""
        print(message, flush=True)


def main() -> None:
    """Render, run, and print a line for each tenth."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scans", type=int, default=2000)
    parser.add_argument("--distinct", type=int, default=100, help="covers that are rendered")
    parser.add_argument("--seed", type=int, default=940_000)
    parser.add_argument("--difficulty", type=float, default=0.45)
    parser.add_argument("--json", type=Path, help="write the figures there, too")
    args = parser.parse_args()
    one_core()
    with tempfile.TemporaryDirectory() as folder:
        scans = Path(folder) / "scans"
        scans.mkdir()
        for k in range(min(args.distinct, args.scans)):
            (scans / f"{k:06d}.jpg").write_bytes(jpeg(render_cover(args.seed + k, args.difficulty, dpi=300).pixels))
        for k in range(args.distinct, args.scans):
            os.link(scans / f"{k % args.distinct:06d}.jpg", scans / f"{k:06d}.jpg")
        print("   scans   a second   worker MiB   parent MiB   open files", flush=True)
        watch = soak(scans, Path(folder) / "run", args.scans)
    print(f"{watch.failed} of {watch.count} failed")
    if args.json:
        args.json.write_text(json.dumps([asdict(tenth) for tenth in watch.tenths], indent=2) + "\n", encoding="utf-8")


def soak(scans: Path, place: Path, total: int) -> Watch:
    """The run itself."""
    recipe = PipelineRecipe(Settings())
    found, _ = discover([scans])
    watch = Watch(total)
    run(found, open_store(place, recipe.fingerprint()), recipe, watch, jobs=1)
    return watch


def line(tenth: Tenth) -> str:
    """One line of the table."""
    return (
        f"{tenth.scans:>8} {tenth.scans_a_second:>10.2f} {tenth.worker_mib:>12.0f} {tenth.parent_mib:>12.0f} "
        f"{tenth.open_files:>12}"
    )


if __name__ == "__main__":
    main()
