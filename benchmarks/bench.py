"""Speed as ratios, taken in one run on one core: `make benchmark`.

Seconds differ from machine to machine, ratios hardly: everything is therefore also given in units of decoding the
300-dpi JPEG of the same cover, which any program has to do. Each figure is the median over the covers; the stages are
those of `ScanReport.timings`. For comparison the whole scan is given to Tesseract and to RapidOCR, which is what one
would do without knowing where the marks are.

    python benchmarks/bench.py [--covers 12] [--seed 930000] [--difficulty 0.45] [--no-ocr] [--json FILE]
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import logging
import os
import platform
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from postmark_id.models import Picture, Scan
from postmark_id.pipeline import Identifier
from postmark_id.scan import load_bytes
from postmark_id.settings import ScanSettings
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
    parser.add_argument("--json", type=Path, help="write the figures there, too")
    args = parser.parse_args()
    one_core()
    covers = [jpeg(render_cover(args.seed + k, args.difficulty, dpi=300).pixels) for k in range(args.covers)]
    rivals = {} if args.no_ocr else {"whole scan, Tesseract": tesseract(), "whole scan, RapidOCR": rapidocr()}
    rows = summed_up(measure(covers, Identifier(), {k: read for k, read in rivals.items() if read is not None}))
    print(table(rows))
    if args.json:
        args.json.write_text(json.dumps(document(args, covers, rows), indent=2) + "\n", encoding="utf-8")


def one_core() -> None:
    """Keep this process and its children on one core, where the system lets us."""
    cv2.setNumThreads(1)
    os.environ["OMP_THREAD_LIMIT"] = "1"
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def jpeg(pixels: Picture) -> bytes:
    """A scan as it lies on a disk."""
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", quality=88, dpi=(300, 300))
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
        spent |= {name: timed(read, scan) for name, read in rivals.items()}
        if number:
            for name, value in spent.items():
                seconds.setdefault(name, []).append(value)
    return seconds


def timed(read: Callable[[Picture], object], scan: Scan) -> float:
    """Seconds of one call."""
    begin = time.perf_counter()
    read(scan.pixels)
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
