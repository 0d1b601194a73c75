"""Impressions as they are kept on disk, and maps between them."""

import numpy as np

from postmark_id.library.impression import Floats, Impression
from postmark_id.models import Shape


def packed(impression: Impression) -> np.ndarray:
    """Ink in 0..254, 255 where nothing is seen."""
    ink = np.round(np.clip(impression.ink, 0, 1) * 254)
    return np.where(impression.seen > 0.5, ink, 255).astype(np.uint8)


def unpacked(picture: np.ndarray) -> Impression:
    """An impression as the program has it; its shape plays no part here."""
    seen = picture < 255
    return Impression(np.where(seen, picture / 254.0, 0.0).astype(np.float32), seen.astype(np.float32), Shape.CIRCLE)


def chained(first: Floats, second: Floats) -> Floats:
    """First the one map, then the other, shape (2, 3) each."""
    a, b = (np.vstack([m, [0, 0, 1]]) for m in (first, second))
    return np.asarray((b @ a)[:2], np.float32)


def between(first: Floats, second: Floats) -> Floats:
    """The pose of a reference on a mark, both of which lie in a known way."""
    a, b = (np.vstack([m, [0, 0, 1]]) for m in (first, second))
    return np.asarray((b @ np.linalg.inv(a))[:2], np.float32)
