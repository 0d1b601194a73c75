"""Tesseract as a last resort, through pytesseract: needs the program and its language data, reads worn figures badly.

All strips of a call travel to one process as the pages of a TIFF, since starting it costs ten times what a strip
costs; its table is taken as bytes, so that output that is not UTF-8 does no harm.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image
from pytesseract import pytesseract

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
        table = self._table(strips, self.seconds * (1 + 0.1 * len(strips)))
        if isinstance(table, Notice):
            return [Reading("", 0.0, engine=self.name, notice=table) for _ in strips]
        pages = _words(table)
        return [_reading(pages.get(i + 1, [])) for i in range(len(strips))]

    def _table(self, strips: Sequence[Picture], seconds: float) -> str | Notice:
        """Tesseract's table of words, or why there is none."""
        os.environ.setdefault("OMP_THREAD_LIMIT", "1")  # batches run a process a core already
        pytesseract.tesseract_cmd = self.program
        with tempfile.TemporaryDirectory(prefix="postmark-id-") as folder:
            pages = Path(folder) / "strips.tiff"
            try:
                _write_pages(strips, pages)
                output = pytesseract.run_and_get_output(
                    str(pages), "tsv", self.languages, "--psm 7 -c tessedit_create_tsv=1", timeout=seconds,
                    return_bytes=True,
                )  # fmt: skip
            except pytesseract.TesseractError as error:
                return Notice("ocr-failed", f"tesseract ended with code {error.status}: {error.message}".rstrip(": "))
            except pytesseract.TesseractNotFoundError:
                return Notice("ocr-failed", f"{self.program} cannot be started")
            except OSError as error:
                return Notice("ocr-failed", f"tesseract gave no table: {error.strerror}")
            except RuntimeError:  # what pytesseract raises when the time is up
                return Notice("ocr-timeout", f"tesseract took more than {seconds:.0f} s and was stopped")
        return str(bytes(output), "utf-8", errors="replace")


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
    number = re.search(r"tesseract\D{0,3}(\d+)", ask(program, "--version", settings.tesseract_seconds))
    if number is None or int(number[1]) < OLDEST:
        raise MissingDependencyError(
            f"{program} does not answer as Tesseract {OLDEST} or newer",
            code="bad-tesseract",
            hint="install the package tesseract-ocr",
        )
    there = set(ask(program, "--list-langs", settings.tesseract_seconds).split())
    languages = [x for x in ("eng", "rus") if x in there]
    if not languages:
        raise MissingDependencyError(
            "tesseract has neither English nor Russian data",
            code="no-tessdata",
            hint="install tesseract-ocr-eng and tesseract-ocr-rus, or set TESSDATA_PREFIX",
        )
    return TesseractEngine(program, "+".join(languages), settings.tesseract_seconds)


def ask(program: str, option: str, seconds: float) -> str:
    """What a program says when asked with one option; nothing where it fails or takes too long."""
    try:
        answer = subprocess.run([program, option], capture_output=True, timeout=seconds, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return (answer.stdout or answer.stderr).decode("utf-8", errors="replace") if answer.returncode == 0 else ""


def _write_pages(strips: Sequence[Picture], path: Path) -> None:
    """Write all strips as the pages of one TIFF, each with a white margin."""
    pages = []
    for strip in strips:
        page = Image.fromarray(strip if strip.size else np.full((HEIGHT, HEIGHT), 255, np.uint8)).convert("L")
        width = max(1, round(page.width * HEIGHT / page.height))
        sheet = Image.new("L", (width + 2 * MARGIN, HEIGHT + 2 * MARGIN), 255)
        sheet.paste(page.resize((width, HEIGHT), Image.Resampling.LANCZOS), (MARGIN, MARGIN))
        pages.append(sheet)
    pages[0].save(path, "TIFF", save_all=True, append_images=pages[1:], dpi=(300, 300))


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
