"""Tesseract as a last resort: needs the program and its language data, reads worn figures badly.

All strips of a call travel to one process as the pages of a TIFF, since starting it costs ten times what a strip
costs. We talk to the process ourselves: it runs in a session of its own, so that a time limit kills it
with all its children, and output that is not UTF-8 does no harm.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Sequence

import numpy as np
from PIL import Image

from postmark_id.dates.alphabet import fold
from postmark_id.dates.engines import Reading
from postmark_id.errors import MissingDependencyError
from postmark_id.models import Notice, Picture
from postmark_id.settings import DateSettings

HEIGHT = 48
MARGIN = 12
"""White around the strip, pixels; Tesseract loses characters that touch the edge."""
OLDEST = 4
"""Oldest version with the LSTM reader."""


class TesseractEngine:
    """Tesseract behind the protocol of engines.

    Parameters
    ----------
    program : str
        Path of the program.
    languages : str
        Such as ``"rus+eng"``.
    seconds : float
        Limit for starting; every strip adds a tenth of it.
    """

    name = "tesseract"

    def __init__(self, program: str, languages: str, seconds: float) -> None:
        self.program = program
        self.languages = languages
        self.seconds = seconds

    def read(self, strips: Sequence[Picture]) -> list[Reading]:
        """Read strips, all in one process."""
        if not strips:
            return []
        command = [self.program, "stdin", "stdout", "-l", self.languages, "--psm", "7", "tsv"]
        seconds = self.seconds * (1 + 0.1 * len(strips))
        output = run_bounded(command, _pages(strips), seconds)
        if isinstance(output, Notice):
            return [Reading("", 0.0, engine=self.name, notice=output) for _ in strips]
        pages = _words(output)
        return [_reading(pages.get(i + 1, [])) for i in range(len(strips))]


def open_tesseract(settings: DateSettings) -> TesseractEngine:
    """Find the program and its languages.

    Raises
    ------
    MissingDependencyError
        If the program is missing or too old, or has neither English nor Russian.
    """
    program = shutil.which(settings.tesseract_program)
    if program is None:
        raise MissingDependencyError(
            "tesseract is not installed", code="no-tesseract", hint="install the package tesseract-ocr"
        )
    version = run_bounded([program, "--version"], b"", settings.tesseract_seconds)
    number = re.search(r"tesseract\D{0,3}(\d+)", version) if isinstance(version, str) else None
    if number is None or int(number[1]) < OLDEST:
        raise MissingDependencyError(
            f"{program} does not answer as Tesseract {OLDEST} or newer",
            code="bad-tesseract",
            hint="install the package tesseract-ocr",
        )
    listed = run_bounded([program, "--list-langs"], b"", settings.tesseract_seconds)
    there = set(listed.split()) if isinstance(listed, str) else set()
    languages = [x for x in ("eng", "rus") if x in there]
    if not languages:
        raise MissingDependencyError(
            "tesseract has neither English nor Russian data",
            code="no-tessdata",
            hint="install tesseract-ocr-eng and tesseract-ocr-rus, or set TESSDATA_PREFIX",
        )
    return TesseractEngine(program, "+".join(languages), settings.tesseract_seconds)


def run_bounded(command: Sequence[str], data: bytes, seconds: float) -> str | Notice:
    """Run a program with a time limit that ends it and its children; give its output or why there is none."""
    name = os.path.basename(command[0])  # noqa: PTH119 - a program's name, no path is looked at
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1", "LC_ALL": "C"}
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
            start_new_session=True,
        )
    except OSError as error:
        return Notice("ocr-failed", f"{name} cannot be started: {error.strerror}")
    try:
        output, complaint = process.communicate(data, timeout=seconds)
    except subprocess.TimeoutExpired:
        _end(process)
        return Notice("ocr-timeout", f"{name} took more than {seconds:.0f} s and was stopped")
    text = output.decode("utf-8", errors="replace")
    if process.returncode != 0:
        said = complaint.decode("utf-8", errors="replace").strip().splitlines()[:1]
        return Notice("ocr-failed", f"{name} ended with code {process.returncode}: {' '.join(said)}".rstrip(": "))
    return text or complaint.decode("utf-8", errors="replace")


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill a process and its children, and reap it."""
    try:
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:  # Windows has no groups of this kind
            process.kill()
    except ProcessLookupError:
        pass
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe is not None:
            pipe.close()
    process.wait()


def _pages(strips: Sequence[Picture]) -> bytes:
    """All strips as the pages of one TIFF, each with a white margin."""
    pages = []
    for strip in strips:
        page = Image.fromarray(strip if strip.size else np.full((HEIGHT, HEIGHT), 255, np.uint8)).convert("L")
        width = max(1, round(page.width * HEIGHT / page.height))
        sheet = Image.new("L", (width + 2 * MARGIN, HEIGHT + 2 * MARGIN), 255)
        sheet.paste(page.resize((width, HEIGHT), Image.Resampling.LANCZOS), (MARGIN, MARGIN))
        pages.append(sheet)
    stream = io.BytesIO()
    pages[0].save(stream, "TIFF", save_all=True, append_images=pages[1:], dpi=(300, 300))
    return stream.getvalue()


def _words(tsv: str) -> dict[int, list[tuple[str, float]]]:
    """Words with their confidence 0..1 by page, from Tesseract's table; rubbish lines are passed over."""
    pages: dict[int, list[tuple[str, float]]] = {}
    for line in tsv.splitlines():
        fields = line.split("\t")
        if len(fields) != 12 or fields[0] != "5" or not fields[11].strip():
            continue
        try:
            page, confidence = int(fields[1]), float(fields[10]) / 100.0
        except ValueError:
            continue
        pages.setdefault(page, []).append((fields[11].strip(), min(max(confidence, 0.0), 1.0)))
    return pages


def _reading(words: list[tuple[str, float]]) -> Reading:
    chars: list[tuple[str, float]] = []
    for word, confidence in words:
        if chars:
            chars.append((" ", confidence))
        chars.extend((c, confidence) for c in fold(word))
    score = sum(p for _, p in chars) / len(chars) if chars else 0.0
    return Reading("".join(c for c, _ in chars), score, tuple(chars), None, "tesseract")
