"""Prints how the engines read the same strips, and fits the calibration of scores.

    python -m training.reader.compare --count 600
    python -m training.reader.compare --covers COVERS
    python -m training.reader.compare --count 3000 --engines auto --calibrate

The strips show dates between 1977 and 2030 in fonts and with seeds that training never saw; with `--covers` they are
cut from labelled covers (`postmark-id synth`) where the labels say that a legible date stands. Columns: share of strips
whose text is exactly right but for blanks, whose first date candidate is right, with the right date among the first
three, with a wrong date at a score above 0.8, and milliseconds a strip on one thread. `auto` asks as the program
does, second engine and other direction included. For the calibration, half as many strips without a date are added.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import random
import time
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image
from training.harvested import in_a_row
from training.reader import texts
from training.reader.render import STRIP, Strips

from postmark_id.dates.alphabet import fold
from postmark_id.dates.engines import create
from postmark_id.dates.grammar import Window, parse_text
from postmark_id.dates.reader import DateReader
from postmark_id.dates.strips import cut, normalise
from postmark_id.models import DateReading, Picture
from postmark_id.settings import DateSettings

WINDOW = Window(dt.date(1977, 1, 1), dt.date(2030, 12, 31))
FIRST_SEED = 910_000
RAW = DateSettings(calibration=((0.0, 0.0), (1.0, 1.0)))

Line = tuple[Picture, str, dt.date]


def rendered(count: int, hard: float) -> list[Line]:
    """Strips with a date that the grammar understands when the text is read without a fault."""
    chosen: list[Line] = []
    seed = FIRST_SEED
    while len(chosen) < count:
        seed += 1
        text = texts.date(random.Random(seed))
        meant = parse_text(text, WINDOW)
        if not meant or meant[0].score < 0.5:
            continue
        strip, label = Strips(seed, held_out=True, hard=hard, height=STRIP)(text)
        chosen.append((strip, label, meant[0].date))
    return chosen


def others(count: int, hard: float) -> list[Picture]:
    """Strips without a date: lettering, chance figures, bare paper. A date read there is wrong."""
    chosen: list[Picture] = []
    seed = FIRST_SEED + 500_000
    while len(chosen) < count:
        seed += 1
        rng = random.Random(seed)
        text = rng.choice((texts.lettering, texts.lettering, texts.chance, lambda _: ""))(rng)
        if not parse_text(text, WINDOW):
            chosen.append(Strips(seed, held_out=True, hard=hard, height=STRIP)(text)[0])
    return chosen


def from_covers(folder: Path) -> list[Line]:
    """Legible dates of labelled covers, cut where the labels say."""
    chosen: list[Line] = []
    for path in sorted(folder.rglob("*.json")):
        label = json.loads(path.read_text())
        if "marks" not in label or not path.with_name(label["file"]).exists():
            continue
        pixels = np.asarray(Image.open(path.with_name(label["file"])).convert("RGB"), np.uint8)
        dates = [m["date"] for m in label["marks"] if in_a_row(m["date"])]
        for date in dates:
            strip = normalise(cut(pixels, tuple(map(tuple, date["quad"])), STRIP, RAW.strip_pad))
            chosen.append((strip, fold(date["text"]), dt.date.fromisoformat(date["date"])))
    return chosen


def read_all(
    name: Any, strips: list[Picture], settings: DateSettings
) -> tuple[list[str], list[DateReading | None], float]:
    """Texts and dates by one engine, and milliseconds a strip."""
    reader = DateReader(create(name, settings), settings)
    reader.first.read(strips[:2])
    clock = time.time if name == "tesseract" else time.process_time  # Tesseract works in a process of its own
    begun = clock()
    dates = [d for k in range(0, len(strips), 8) for d in reader.read_strips(strips[k : k + 8], WINDOW)]
    spent = clock() - begun
    return [r.text for r in reader.first.read(strips)], dates, 1000 * spent / len(strips)


def calibration(scores: list[float], hits: list[bool], knots: int = 8) -> list[tuple[float, float]]:
    """Monotone map from raw scores to the share that is right: means of equal groups, pooled where they fall."""
    order = np.argsort(scores)
    groups = [
        (float(np.mean(np.take(scores, g))), float(np.mean(np.take(hits, g))), len(g))
        for g in np.array_split(order, knots)
    ]
    pooled: list[tuple[float, float, int]] = []
    for group in groups:
        pooled.append(group)
        while len(pooled) > 1 and pooled[-2][1] > pooled[-1][1]:
            (s1, h1, n1), (s2, h2, n2) = pooled[-2:]
            n = n1 + n2
            pooled[-2:] = [((s1 * n1 + s2 * n2) / n, (h1 * n1 + h2 * n2) / n, n)]
    return [(round(s, 3), round(h, 3)) for s, h, _ in pooled]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=600)
    parser.add_argument("--covers", type=Path, help="folder of labelled covers instead of rendered strips")
    parser.add_argument("--hard", type=float, default=1.0)
    parser.add_argument("--engines", nargs="+", default=["own", "rapidocr", "tesseract", "auto"])
    parser.add_argument("--calibrate", action="store_true")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    chosen = from_covers(options.covers) if options.covers else rendered(options.count, options.hard)
    strips, labels, days = (list(column) for column in zip(*chosen, strict=True))
    print("| engine | text exact | date right | among 3 | wrong and sure | ms a strip |\n|---|---|---|---|---|---|")
    for name in options.engines:
        read, dates, spent = read_all(name, strips, RAW if options.calibrate else DateSettings())
        exact = np.mean([a.replace(" ", "") == b.replace(" ", "") for a, b in zip(read, labels, strict=True)])
        hits = [d is not None and d.date == day for d, day in zip(dates, days, strict=True)]
        near = [
            d is not None and day in (d.date, *(a.date for a in d.alternatives[:2]))
            for d, day in zip(dates, days, strict=True)
        ]
        sure = [d is not None and d.score > 0.8 and not hit for d, hit in zip(dates, hits, strict=True)]
        print(
            f"| {name} | {exact:.3f} | {np.mean(hits):.3f} | {np.mean(near):.3f} | {np.mean(sure):.3f} | {spent:.1f} |",
            flush=True,
        )
        if options.calibrate:
            _, false, _ = read_all(name, others(options.count // 2, options.hard), RAW)
            scored = [(d.score, hit) for d, hit in zip(dates, hits, strict=True) if d is not None]
            scored += [(d.score, False) for d in false if d is not None]
            print("calibration", calibration([s for s, _ in scored], [h for _, h in scored]))


if __name__ == "__main__":
    main()
