"""How far apart are two scans of one cover, and how far two covers? In bits of `batch.looks`, of 255.

    python benchmarks/looks.py [--covers 30] [--seed 950000]

The covers are rendered at 150 dpi, with those in samples/ added. The second scan is the first one changed.
"""

from __future__ import annotations

import argparse
import io
import itertools
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from postmark_id.batch.looks import look
from postmark_id.models import Picture
from postmark_id.synth.covers import render_cover

SAMPLES = Path(__file__).resolve().parent.parent / "samples"


def compressed(pixels: Picture) -> Picture:
    """As a JPEG of quality 40."""
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "JPEG", quality=40)
    return np.asarray(Image.open(stream))


def turned(degrees: float, shift: int) -> Callable[[Picture], Picture]:
    """Laid on the glass a little otherwise."""

    def turn(pixels: Picture) -> Picture:
        height, width = pixels.shape[:2]
        way = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
        way[:, 2] += shift
        return cv2.warpAffine(pixels, way, (width, height), borderMode=cv2.BORDER_REPLICATE)

    return turn


CHANGES: dict[str, Callable[[Picture], Picture]] = {
    "half the resolution": lambda p: cv2.resize(p, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA),
    "JPEG, quality 40": compressed,
    "8 % brighter": lambda p: np.clip(p * 1.08 + 5, 0, 255).astype(np.uint8),
    "turned by 0.3 degrees": turned(0.3, 2),
    "turned by 1 degree": turned(1.0, 8),
    "cropped by 1.7 % on all sides": lambda p: p[
        p.shape[0] // 60 : -p.shape[0] // 60, p.shape[1] // 60 : -p.shape[1] // 60
    ],
}


def bits(pixels: Picture) -> Picture:
    """The look of a picture, bit by bit."""
    return np.unpackbits(np.frombuffer(look(np.ascontiguousarray(pixels)), np.uint8))


def main() -> None:
    """Print a line for each change, and one for other covers."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--covers", type=int, default=30)
    parser.add_argument("--seed", type=int, default=950_000)
    args = parser.parse_args()
    covers = [render_cover(args.seed + k, 0.3, dpi=150).pixels for k in range(args.covers)]
    covers += [np.asarray(Image.open(path).convert("RGB")) for path in sorted(SAMPLES.glob("*.jpg"))]
    looks = [bits(cover) for cover in covers]
    print(f"{'of ' + str(len(covers)) + ' covers':<32} {'median':>6} {'90 %':>6} {'most':>6}")
    for name, change in CHANGES.items():
        apart = [int((bits(change(cover)) != one).sum()) for cover, one in zip(covers, looks, strict=True)]
        print(f"{name:<32} {np.median(apart):>6.0f} {np.percentile(apart, 90):>6.0f} {max(apart):>6}")
    others = sorted(int((one != other).sum()) for one, other in itertools.combinations(looks, 2))
    print(f"{'another cover (' + str(len(others)) + ' pairs)':<32} {np.median(others):>6.0f}, least {others[0]}")


if __name__ == "__main__":
    main()
