"""Render a pool of covers to train on: python -m training.detector.render OUT --count 3000 --seed 1000000.

Training seeds start at 1,000,000; accuracy is measured on seeds from 900,000 up to there, so that no cover is in both.
"""

import json
import random

import cv2
from training.harvested import asked

from postmark_id.synth.covers import render_cover


def main() -> None:
    out, seeds = asked(__doc__, count=3000, seed=1_000_000)
    for seed in seeds:
        path = out / f"cover-{seed}.jpg"
        if path.with_suffix(".json").exists():
            continue
        rng = random.Random(seed)
        try:
            cover = render_cover(seed, rng.uniform(0.05, 1.0), dpi=rng.choice([100, 120, 140, 170]))
        except OSError as error:
            print(seed, error, flush=True)
            continue
        path.write_bytes(cv2.imencode(".jpg", cover.pixels[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 92])[1].tobytes())
        path.with_suffix(".json").write_text(json.dumps(cover.label))


if __name__ == "__main__":
    main()
