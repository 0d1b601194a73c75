"""Stand-ins for the pipeline that do to a worker what the name of a file says."""

import hashlib
import os
import signal
import sys
import time
from dataclasses import dataclass, field, replace

import numpy as np

from postmark_id.errors import LibraryError, OutputError
from postmark_id.geometry import regular_polygon
from postmark_id.models import Kind, Mark, Outcome, Outline, Scan, ScanReport, Shape
from postmark_id.settings import Settings


class DoubleExaminer:
    """Finds one circle as large as the picture, whose score is the picture's mean."""

    def identify(self, scan: Scan, *, back: Scan | None = None) -> ScanReport:
        name = scan.path.rsplit("/", 1)[-1]
        if name.startswith("segfault"):
            os.kill(os.getpid(), signal.SIGSEGV)
        if name.startswith("exit"):
            os._exit(0)
        if name.startswith("runaway"):
            while True:
                pass
        if name.startswith("memory"):
            raise MemoryError
        if name.startswith("greedy"):
            np.ones(6_000_000_000, np.uint8)
        if name.startswith("fault"):
            raise ZeroDivisionError("a fault of ours")
        if name.startswith("disk"):
            raise OutputError("results: the disk is full", code="disk-full", hint="make room")
        if name.startswith("slow"):
            time.sleep(float(name.split("-")[1]))
        if name.startswith("print"):
            print("a library talks")
            os.write(1, b"and writes to the stream itself\n")
        if name.startswith("nan"):
            return self._report(scan, float("nan"))
        report = self._report(scan, float(scan.pixels.mean()) / 255)
        if back is None:
            return report
        other = self._report(back, float(back.pixels.mean()) / 255)
        return replace(report, marks=(*report.marks, *(replace(mark, side="back") for mark in other.marks)))

    def _report(self, scan: Scan, score: float) -> ScanReport:
        centre, radius = (scan.width / 2, scan.height / 2), scan.height / 3
        outline = Outline(Shape.CIRCLE, centre, radius, 0.0, regular_polygon(centre, radius, 0, 0))
        return ScanReport(
            scan.path, scan.frame, scan.sha256, scan.width, scan.height, scan.dpi, Outcome.NO_EVENT,
            marks=(Mark(Kind.BOARD_POSTMARK, outline, score),), warnings=scan.notices, timings={"marks": 0.0},
        )  # fmt: skip


@dataclass(frozen=True)
class DoubleRecipe:
    """Opens a `DoubleExaminer`, or fails as told."""

    settings: Settings = field(default_factory=Settings)
    fails: str = ""
    version: str = "1"
    priors: object = None

    def open(self) -> DoubleExaminer:
        if self.fails == "library":
            raise LibraryError("mark.toml:3: bad", code="bad-mark", hint="mend it")
        if self.fails == "die":
            os._exit(7)
        return DoubleExaminer()

    def fingerprint(self) -> str:
        known = repr(self.priors) if self.priors else ""
        return hashlib.sha256((self.version + known).encode()).hexdigest()


@dataclass(frozen=True)
class StrangeRecipe(DoubleRecipe):
    """Gives other results in every other process than the one that asks."""

    home: int = 0

    def fingerprint(self) -> str:
        return ("a" if os.getpid() == self.home else "b") * 64


def main() -> None:
    """A batch with the double: FOLDER RUN [JOBS], for tests that kill it."""
    from pathlib import Path

    from postmark_id.batch.discover import discover
    from postmark_id.batch.run import run
    from postmark_id.batch.store import open_store

    class Quiet:
        def begin(self, *_: object) -> None: ...

        def step(self, name: str, *_: object) -> None:
            print(name, flush=True)

        def say(self, message: str) -> None:
            print(message, file=sys.stderr, flush=True)

    recipe = DoubleRecipe()
    found, _ = discover([sys.argv[1]], recursive=True)
    summary = run(found, open_store(Path(sys.argv[2]), recipe.fingerprint()), recipe, Quiet(), jobs=int(sys.argv[3]))
    sys.exit(130 if summary.interrupted else 0)


if __name__ == "__main__":
    main()
