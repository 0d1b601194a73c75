"""The gallery of failures: the worst covers of a set, drawn and explained: `make gallery`.

Covers are ranked by what went wrong on them (see `mistakes`): a wrong answer that was called identified weighs most,
then seals claimed in vain, marks missed, dates, and board and ground mixed up. The worst are drawn on sheets, with the
true outlines in green dashes over the found ones in orange, heavier where something went wrong, and listed in
`docs/failures.md` with the same words.

    python benchmarks/gallery.py [FOLDER ...] [--results FILE ...] [--count N] [--seed 960000] [--difficulty D ...]
        [--worst 20] [--page docs/failures.md]

Without a folder, covers are rendered for the occasion. Results are those that `postmark-id evaluate --write` or
`postmark-id batch` wrote; without them the covers are identified here.
"""

from __future__ import annotations

import argparse
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from bench import one_core
from labelled import Cover, add_arguments, chosen, describe, tell
from mistakes import Kind, Mistake, badness, mistakes
from PIL import Image, ImageDraw, ImageFont

from postmark_id.evaluate import read_results
from postmark_id.evaluate.results import pair
from postmark_id.evaluate.run import identify_all
from postmark_id.models import Picture, Point, ScanReport
from postmark_id.scan import load
from postmark_id.settings import EvaluateSettings, ScanSettings, Settings

PAGE = Path(__file__).resolve().parent.parent / "docs" / "failures.md"
MOST_BYTES = 600_000
"""Of all sheets together: they go into the repository."""
A_SHEET, COLUMNS = 10, 2
"""Covers of a sheet, and how many of them stand side by side."""
TILE = (520, 340)
"""Room for a cover, pixels."""
MARGIN, CAPTION = 14, 46
TRUE, FOUND, CASING = (0, 140, 60), (245, 115, 0), (255, 255, 255)
PAPER, INK, FAINT = (246, 246, 244), (30, 34, 40), (96, 102, 110)
FINER = 2
"""Lines are drawn on a picture so many times larger than its tile, so that they are fine and smooth."""
HEAVY, LIGHT = 6, 2
DASH, GAP = 13.0, 17.0
ROOM = 7.0
"""Widths and lengths of lines, and how far from its figures a box is drawn, in pixels of that larger picture."""

Points = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Failure:
    """A cover on which something went wrong, the worst first."""

    cover: Cover
    report: ScanReport
    mistakes: tuple[Mistake, ...]


def main() -> None:
    """Rank the covers, draw the worst, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_arguments(parser)
    parser.add_argument("--results", type=Path, action="append", default=[], help="results.jsonl, or a run's folder")
    parser.add_argument("--worst", type=int, default=20, help="covers shown")
    parser.add_argument("--page", type=Path, default=PAGE, help="page to write; its pictures go into images/ beside it")
    args = parser.parse_args()
    one_core()
    with chosen(args) as covers:
        failures = ranked(covers, reports_of(covers, args.results))
        worst = failures[: args.worst]
        sheets = [draw_sheet(worst[k : k + A_SHEET], k + 1) for k in range(0, len(worst), A_SHEET)]
        names = write_sheets(sheets, args.page.parent / "images", args.page.stem)
        args.page.write_text(page(covers, failures, worst, names), encoding="utf-8")
    tell(f"{args.page}: {len(worst)} of {len(failures)} covers with a mistake, of {len(covers)}")


def reports_of(covers: Sequence[Cover], results: Sequence[Path]) -> list[ScanReport]:
    """The result of each cover: read where somebody has it, else made now."""
    if results:
        known = [report for path in results for report in read_results(path)]
        return [report for _, report in pair([cover.truth for cover in covers], known)]
    reports = []
    for report in identify_all([cover.path for cover in covers], Settings()):
        reports.append(report)
        tell(f"identified {len(reports)} of {len(covers)}")
    return reports


def ranked(covers: Sequence[Cover], reports: Sequence[ScanReport]) -> list[Failure]:
    """Covers on which something went wrong, the worst first."""
    settings = EvaluateSettings()
    failures = [
        Failure(cover, report, tuple(found))
        for cover, report in zip(covers, reports, strict=True)
        if (found := mistakes(cover, report, settings))
    ]
    return sorted(failures, key=lambda failure: (-badness(failure.mistakes), failure.cover.truth.file))


def draw_sheet(failures: Sequence[Failure], first: int) -> Picture:
    """Covers side by side, numbered from `first`, each with two lines below that say what went wrong."""
    rows = [failures[k : k + COLUMNS] for k in range(0, len(failures), COLUMNS)]
    bands = [_row(row, first + k * COLUMNS) for k, row in enumerate(rows)]
    return np.vstack([np.full((MARGIN, bands[0].shape[1], 3), PAPER, np.uint8), *bands])


def _row(failures: Sequence[Failure], first: int) -> Picture:
    """Covers side by side, as high as the highest of them."""
    tiles = [draw_cover(failure) for failure in failures]
    below = max(len(tile) for tile in tiles)
    band = Image.new("RGB", (COLUMNS * (TILE[0] + MARGIN) + MARGIN, below + CAPTION + MARGIN), PAPER)
    for k, (tile, failure) in enumerate(zip(tiles, failures, strict=True)):
        left = MARGIN + k * (TILE[0] + MARGIN)
        band.paste(Image.fromarray(tile), (left + (TILE[0] - tile.shape[1]) // 2, below - tile.shape[0]))
        _caption(ImageDraw.Draw(band), (left, below + 4), first + k, failure.mistakes)
    return np.asarray(band, np.uint8)


def draw_cover(failure: Failure) -> Picture:
    """A cover in the size of a tile, what was found on it in orange, and what is there in green dashes."""
    (scan,) = load(failure.cover.path, ScanSettings(), frames=(0,))
    scale = min(TILE[0] / scan.width, TILE[1] / scan.height)
    picture = _resized(scan.pixels, scale * FINER)
    concerned = {outline for mistake in failure.mistakes for outline in mistake.where}
    found = [mark.outline.points for mark in failure.report.marks]
    lines = [m.date.quad for m in failure.report.marks if m.date is not None and m.date.quad is not None]
    for outline in found:
        _trace(picture, outline, scale * FINER, FOUND, heavy=outline in concerned)
    for line in lines:
        _trace(picture, line, scale * FINER, FOUND, heavy=line in concerned, margin=ROOM)
    for true in failure.cover.truth.marks:
        heavy = true.outline in concerned or any(_same_place(true.outline, one) for one in {*found} & concerned)
        _trace(picture, true.outline, scale * FINER, TRUE, heavy=heavy, dashed=True)
    return _resized(picture, 1 / FINER)


def _resized(picture: Picture, scale: float) -> Picture:
    size = max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.ascontiguousarray(cv2.resize(picture, size, interpolation=how), dtype=np.uint8)


def _same_place(a: Sequence[Point], b: Sequence[Point]) -> bool:
    """Whether an outline is that of a mark concerned: one is drawn as heavy as the other."""
    (ax, ay), (bx, by) = np.mean(a, axis=0), np.mean(b, axis=0)
    return bool(np.hypot(ax - bx, ay - by) < 0.2 * np.ptp(a, axis=0).max())


def _trace(
    picture: Picture,
    outline: Sequence[Point],
    scale: float,
    colour: tuple[int, int, int],
    *,
    heavy: bool,
    dashed: bool = False,
    margin: float = 0.0,
) -> None:
    """A closed line, whole or dashed, with a light casing so that it shows on any paper."""
    points = np.asarray(outline, np.float64) * scale
    away = points - points.mean(axis=0)
    points += margin * np.sqrt(2) * away / np.maximum(np.linalg.norm(away, axis=1, keepdims=True), 1.0)
    lines = dashes(points, DASH, GAP) if dashed else [np.vstack([points, points[:1]])]
    width = HEAVY if heavy else LIGHT
    fixed = [np.rint(line * 16).astype(np.int32).reshape(-1, 1, 2) for line in lines]
    for tint, thickness in ((CASING, width + FINER), (colour, width)):
        cv2.polylines(picture, fixed, False, tint, thickness, cv2.LINE_AA, 4)


def dashes(points: Points, dash: float, gap: float) -> list[Points]:
    """Cut a closed line into dashes of even length, about as long and as far apart as asked.

    Parameters
    ----------
    points : ndarray, shape (n, 2)
        Corners of the line.
    dash, gap : float
        Lengths, in the unit of the points.
    """
    closed = np.vstack([points, points[:1]])
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(closed, axis=0), axis=1))])
    count = max(3, round(along[-1] / (dash + gap)))
    step = along[-1] / count
    lines = []
    for begin in np.arange(count) * step:
        end = begin + step * dash / (dash + gap)
        # the corners within a dash belong to it, lest it cut them off
        at = np.concatenate([[begin], along[(along > begin) & (along < end)], [end]])
        lines.append(np.stack([np.interp(at, along, closed[:, k]) for k in (0, 1)], axis=1))
    return lines


def _caption(draw: ImageDraw.ImageDraw, place: tuple[int, int], number: int, found: Sequence[Mistake]) -> None:
    """The worst mistake in the first line, the others in the second."""
    first, second = found[0].words, "; ".join(mistake.words for mistake in found[1:])
    left, top = place
    indent = 30
    draw.text((left, top), str(number), INK, _font("Bold", 17))
    draw.text((left + indent, top), _shortened(first, _font("Bold", 15), TILE[0] - indent), INK, _font("Bold", 15))
    plain = _font("Regular", 14)
    draw.text((left + indent, top + 20), _shortened(second, plain, TILE[0] - indent), FAINT, plain)


def _shortened(text: str, font: ImageFont.FreeTypeFont, width: int) -> str:
    while font.getlength(text) > width:
        text = text[:-2].rstrip("… ,;") + "…"
    return text


@cache
def _font(weight: str, size: int) -> ImageFont.FreeTypeFont:
    data = (files("postmark_id.outputs") / "fonts" / f"Roboto-{weight}.ttf").read_bytes()
    return ImageFont.truetype(io.BytesIO(data), size, layout_engine=ImageFont.Layout.BASIC)


def write_sheets(sheets: Sequence[Picture], folder: Path, stem: str) -> list[str]:
    """Write the sheets as JPEG, as good as the room for all of them allows; gives their names."""
    folder.mkdir(parents=True, exist_ok=True)
    for quality in range(88, 20, -4):
        pictures = [_jpeg(sheet, quality) for sheet in sheets]
        if sum(map(len, pictures)) <= MOST_BYTES:
            break
    names = [f"{stem}-{k}.jpg" if len(sheets) > 1 else f"{stem}.jpg" for k in range(1, len(sheets) + 1)]
    for old in folder.glob(f"{stem}*.jpg"):
        old.unlink()
    for name, picture in zip(names, pictures, strict=True):
        (folder / name).write_bytes(picture)
    return names


def _jpeg(picture: Picture, quality: int) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(picture).save(stream, "JPEG", quality=quality, optimize=True, progressive=True)
    return stream.getvalue()


def page(covers: Sequence[Cover], failures: Sequence[Failure], worst: Sequence[Failure], sheets: Sequence[str]) -> str:
    """The page in Markdown: how often each mistake occurs, then the sheets with what went wrong on each cover."""
    parts = [HEADING.format(covers=describe(covers), count=len(covers), clean=len(covers) - len(failures))]
    parts.append(_table(failures))
    for k, sheet in enumerate(sheets):
        first, shown = k * A_SHEET + 1, worst[k * A_SHEET : (k + 1) * A_SHEET]
        parts.append(f"## {first} to {first + len(shown) - 1}\n\n![The covers of this list](images/{sheet})\n")
        parts.append("".join(_item(number, failure) for number, failure in enumerate(shown, start=first)))
    return "\n".join(parts)


HEADING = """# The worst covers

Where most went wrong, and what; `make gallery` writes this page and its pictures. Rendered covers:
{covers}. On {clean} of all {count} nothing is wrong.

Green dashes show what is there, orange lines what was found, both heavier where something is wrong; boxes are the date
lines that were read. A number in brackets is the score of a claim. Covers are ranked by the weights of their mistakes
together; that of a doubtful claim is multiplied by its score. Leaving a mark open is no mistake by itself.
"""


def _table(failures: Sequence[Failure]) -> str:
    """How often each mistake occurs on all covers."""
    counts = Counter(mistake.kind for failure in failures for mistake in failure.mistakes)
    covers = Counter(kind for failure in failures for kind in {mistake.kind for mistake in failure.mistakes})
    rows = [f"| {kind.words} | {kind.weight:g} | {counts[kind]} | {covers[kind]} |\n" for kind in Kind if counts[kind]]
    return "| mistake | weight | how often | covers |\n| --- | --- | --- | --- |\n" + "".join(rows)


def _item(number: int, failure: Failure) -> str:
    truth, words = failure.cover.truth, "; ".join(mistake.words for mistake in failure.mistakes)
    return f"{number}. `{failure.cover.path.stem}`, difficulty {truth.difficulty:g}: {words}.\n"


if __name__ == "__main__":
    main()
