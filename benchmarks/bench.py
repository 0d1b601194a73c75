"""Speed as ratios, taken in one run on one core: `make benchmark`.

Seconds differ from machine to machine, ratios hardly: everything is therefore also given in units of decoding the
300-dpi JPEG of the same cover, which any program has to do. Each figure is the median over the covers; the stages are
those of `ScanReport.timings`. For comparison the whole scan is given to Tesseract and to RapidOCR, which is what one
would do without knowing where the marks are.

Then the promises that are no matter of one scan: two workers against one, a cold start against one process of
Tesseract, 600 dpi against 300, and the memory of an A4 sheet at 1200 dpi. Two workers want two cores that do nothing
else.

    python benchmarks/bench.py [--covers 12] [--seed 930000] [--difficulty 0.45] [--no-ocr] [--no-rest] [--profile]
        [--json FILE]
"""

from __future__ import annotations

import argparse
import contextlib
import cProfile
import io
import json
import logging
import os
import platform
import pstats
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image

from postmark_id.batch.discover import discover
from postmark_id.batch.examine import PipelineRecipe
from postmark_id.batch.products import Request
from postmark_id.batch.run import run
from postmark_id.batch.store import open_store
from postmark_id.models import Picture
from postmark_id.pipeline import Identifier
from postmark_id.scan import load_bytes
from postmark_id.settings import ScanSettings, Settings
from postmark_id.synth.covers import render_cover

DECODE = "decode JPEG"
WHOLE = "identify, all stages"
Seconds = dict[str, list[float]]


def main() -> None:
    """Measure, print a table, and write JSON where asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--covers", type=int, default=12)
    parser.add_argument("--seed", type=int, default=930_000)
    parser.add_argument("--difficulty", type=float, default=0.45)
    parser.add_argument("--no-ocr", action="store_true", help="leave out the OCR of whole scans, which takes longest")
    parser.add_argument("--no-rest", action="store_true", help="only the steps of one scan")
    parser.add_argument("--profile", action="store_true", help="instead, show the functions where the time goes")
    parser.add_argument("--json", type=Path, help="write the figures there, too")
    args = parser.parse_args()
    covers = [jpeg(render_cover(args.seed + k, args.difficulty, dpi=300).pixels) for k in range(args.covers)]
    if args.profile:
        one_core()
        profile(covers, Identifier())
        return
    rest = {} if args.no_rest else {"two workers against one": two_workers(covers)}
    one_core()
    rivals = {} if args.no_ocr else {"whole scan, Tesseract": tesseract(), "whole scan, RapidOCR": rapidocr()}
    identifier = Identifier()
    rows = summed_up(measure(covers, identifier, {k: read for k, read in rivals.items() if read is not None}))
    print(table(rows), flush=True)
    if not args.no_rest:
        rest |= cold_start(covers[0]) | largest_scan(args.seed, args.difficulty)
        rest["600 dpi against 300 dpi"] = finer(args, identifier)
        print("\n".join(f"{name:<44} {value:>8.2f}" for name, value in rest.items()))
    if args.json:
        whole = document(args, covers, rows) | {"rest": rest}
        args.json.write_text(json.dumps(whole, indent=2) + "\n", encoding="utf-8")


def one_core() -> None:
    """Keep this process and its children on one core, where the system lets us."""
    cv2.setNumThreads(1)
    os.environ["OMP_THREAD_LIMIT"] = "1"
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def jpeg(pixels: Picture, dpi: int = 300) -> bytes:
    """A scan as it lies on a disk."""
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", quality=88, dpi=(dpi, dpi))
    return buffer.getvalue()


def measure(covers: Sequence[bytes], identifier: Identifier, rivals: dict[str, Callable[[Picture], object]]) -> Seconds:
    """Seconds of each step on each cover; the first cover is done once beforehand, to warm up."""
    seconds: Seconds = {}
    for number, data in enumerate([covers[0], *covers]):
        spent: dict[str, float] = {}
        begin = time.perf_counter()
        (scan,) = load_bytes(data, "cover.jpg", ScanSettings())
        spent[DECODE] = time.perf_counter() - begin
        begin = time.perf_counter()
        report = identifier.identify(scan)
        whole = time.perf_counter() - begin
        spent |= {f"  {stage}": value for stage, value in report.timings.items()}
        spent[WHOLE] = whole
        spent |= {name: timed(read, scan.pixels) for name, read in rivals.items()}
        if number:
            for name, value in spent.items():
                seconds.setdefault(name, []).append(value)
    return seconds


def timed(read: Callable[[Any], object], given: object) -> float:
    """Seconds of one call."""
    begin = time.perf_counter()
    read(given)
    return time.perf_counter() - begin


def tesseract() -> Callable[[Picture], object] | None:
    """Tesseract on a whole scan, None where it is not installed."""
    import pytesseract  # noqa: PLC0415

    try:
        languages = {"eng", "rus"} & set(pytesseract.get_languages())
    except pytesseract.TesseractNotFoundError:
        return None
    return lambda pixels: pytesseract.image_to_string(Image.fromarray(pixels), lang="+".join(sorted(languages)))


def rapidocr() -> Callable[[Picture], object]:
    """RapidOCR with its own detector on a whole scan."""
    logging.disable(logging.INFO)
    from rapidocr import RapidOCR  # noqa: PLC0415

    with contextlib.redirect_stdout(io.StringIO()):
        engine = RapidOCR(
            params={
                "EngineConfig.onnxruntime.intra_op_num_threads": 1,
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            }
        )
    return lambda pixels: engine(np.ascontiguousarray(pixels[:, :, ::-1]))


class Clock:
    """Notes when each file of a run was done."""

    def __init__(self) -> None:
        self.times: list[float] = []

    def begin(self, *_: object) -> None:
        """See `batch.run.Watch`."""

    def step(self, *_: object) -> None:
        """See `batch.run.Watch`."""
        self.times.append(time.perf_counter())

    def say(self, *_: object) -> None:
        """See `batch.run.Watch`."""


def two_workers(covers: Sequence[bytes]) -> float:
    """Rate of two workers over that of one, each taken when all of its workers have begun."""
    rates = []
    for jobs in (1, 2):
        with tempfile.TemporaryDirectory() as folder:
            scans = Path(folder) / "scans"
            scans.mkdir()
            for k in range(4 * len(covers)):
                (scans / f"{k:03d}.jpg").write_bytes(covers[k % len(covers)])
            recipe, clock = PipelineRecipe(Settings()), Clock()
            store = open_store(Path(folder) / "run", recipe.fingerprint())
            run(discover([scans])[0], store, recipe, clock, jobs=jobs, request=Request(("jsonl",)))
            late = clock.times[len(clock.times) // 2 - 1 :]
            rates.append((len(late) - 1) / (late[-1] - late[0]))
    return rates[1] / rates[0]


def cold_start(cover: bytes) -> dict[str, float]:
    """Seconds of `check` and of Tesseract for one cover, each with all that it loads; the middle one of five."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cover.jpg"
        path.write_bytes(cover)
        programs = {"check, from a cold start, s": [str(Path(sys.executable).parent / "postmark-id"), "check", path]}
        if shutil.which("tesseract"):
            programs["Tesseract, one process, s"] = ["tesseract", path, "-", "-l", "eng+rus"]
        return {
            name: statistics.median(timed(lambda _, command=command: quietly(command), None) for _ in range(5))
            for name, command in programs.items()
        }


def largest_scan(seed: int, difficulty: float) -> dict[str, float]:
    """Peak of memory and seconds of `check` on an A4 sheet at 1200 dpi, 139 million pixels."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sheet.jpg"
        sheet = cv2.resize(render_cover(seed, difficulty, dpi=300).pixels, (14031, 9921), interpolation=cv2.INTER_CUBIC)
        Image.fromarray(sheet).save(path, "JPEG", quality=88, dpi=(1200, 1200))
        del sheet
        program = (
            "import resource, sys\n"
            "from postmark_id.cli import main\n"
            "try: main(['check', sys.argv[1], '--format', 'json'])\n"
            "except SystemExit: print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)\n"
        )
        begin = time.perf_counter()
        done = subprocess.run([sys.executable, "-c", program, path], capture_output=True, text=True, check=True)
        seconds = time.perf_counter() - begin
        return {
            "A4 at 1200 dpi, peak of memory, GiB": int(done.stderr.split()[-1]) / (1 << 20),
            "A4 at 1200 dpi, cold, s": seconds,
        }


def finer(args: argparse.Namespace, identifier: Identifier) -> float:
    """Seconds of loading and identifying at 600 dpi over those at 300, the middle one of the covers."""
    ratios = []
    for k in range(min(args.covers, 6)):
        coarse = render_cover(args.seed + k, args.difficulty, dpi=300).pixels
        fine = cv2.resize(coarse, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
        seconds = []
        for pixels, dpi in ((coarse, 300), (fine, 600)):
            data = jpeg(pixels, dpi)
            seconds.append(min(timed(lambda _, data=data: load_and_identify(data, identifier), None) for _ in range(2)))
        ratios.append(seconds[1] / seconds[0])
    return statistics.median(ratios)


def load_and_identify(data: bytes, identifier: Identifier) -> None:
    """A scan from its bytes to its report."""
    for scan in load_bytes(data, "cover.jpg", ScanSettings()):
        identifier.identify(scan)


def profile(covers: Sequence[bytes], identifier: Identifier) -> None:
    """Print the functions that take most time themselves; Python's own are slowed down by the measuring."""
    load_and_identify(covers[0], identifier)
    with cProfile.Profile() as taken:
        for data in covers:
            load_and_identify(data, identifier)
    pstats.Stats(taken).strip_dirs().sort_stats("tottime").print_stats(16)


def quietly(command: Sequence[str | Path]) -> None:
    """Run a program and throw away what it says."""
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)


def summed_up(seconds: Seconds) -> list[dict[str, float | str]]:
    """Median milliseconds of each step and how many decodings that is."""
    unit = statistics.median(seconds[DECODE])
    return [
        {"step": name, "ms": 1000 * statistics.median(values), "decodings": statistics.median(values) / unit}
        for name, values in seconds.items()
    ]


def table(rows: Sequence[dict[str, float | str]]) -> str:
    """Rows as plain text."""
    lines = [f"{'step':<24} {'median ms':>10} {'decodings':>10}", "-" * 46]
    lines += [f"{row['step']:<24} {row['ms']:>10.1f} {row['decodings']:>10.2f}" for row in rows]
    return "\n".join(lines)


def document(
    args: argparse.Namespace, covers: Sequence[bytes], rows: Sequence[dict[str, float | str]]
) -> dict[str, object]:
    """All that is needed to repeat the run."""
    return {
        "covers": len(covers),
        "seed": args.seed,
        "difficulty": args.difficulty,
        "mean_kilobytes": statistics.fmean(len(data) for data in covers) / 1000,
        "python": platform.python_version(),
        "opencv": cv2.__version__,
        "machine": platform.machine(),
        "steps": rows,
    }


if __name__ == "__main__":
    main()
