"""How a scan looks as a whole, in 32 bytes that hardly change when the same cover is scanned again.

A perceptual hash after Zauner, "Implementation and Benchmarking of Perceptual Image Hash Functions" (2010): the signs
of the lowest frequencies of the cosine transform of a small grey picture, here 16 x 16 of 64 x 64. Resolution,
compression and a little brightness change few of the bits; two covers differ in many more, even where they bear the
same seals. docs/outputs.md gives the measured distances.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from postmark_id.models import Picture

SIZE = 32
"""Bytes of a look."""
SAME_LOOK = 16
"""Bits in which two scans of the same cover may look different."""
SAME_RATIO = 0.03
"""Share by which the ratio of width and height of two such scans may differ."""
LEAST_CONTRAST = 3.0
"""Grey levels (standard deviation) of a scan that can be compared with others at all."""
_SIDE, _KEPT = 64, 16
_BANDS = 8
_CROWD = 64
"""Scans that all look the same are compared with so many of the first ones only, lest the work grow with the square."""
_BITS = np.array([number.bit_count() for number in range(256)], dtype=np.uint16)

Looks = npt.NDArray[np.uint8]


def look(pixels: Picture) -> bytes:
    """The look of a scan; empty where it shows nothing that could be compared, such as a blank sheet.

    Parameters
    ----------
    pixels : ndarray, shape (height, width, 3), uint8

    Returns
    -------
    bytes
        `SIZE` of them, or none.
    """
    small = cv2.resize(pixels, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA)
    grey = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY).astype(np.float32)
    if grey.std() < LEAST_CONTRAST:
        return b""
    waves = cv2.dct(grey)[:_KEPT, :_KEPT].ravel()
    # The first one is the mean brightness, which says nothing.
    bits = waves > np.median(waves[1:])
    bits[0] = False
    return np.packbits(bits).tobytes()


def first_alike(looks: Looks, ratios: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """For each scan the first one before it that looks the same.

    Those are compared that agree in one band of 32 bits at least, which nearly all do that are as near as is asked.

    Parameters
    ----------
    looks : ndarray, shape (n, 32), uint8
    ratios : ndarray, shape (n,)
        Width by height.

    Returns
    -------
    ndarray, shape (n,), int64
        Index, or -1 where there is none.
    """
    first = np.full(len(looks), -1, dtype=np.int64)
    for band in np.split(looks, _BANDS, axis=1):
        keys = np.ascontiguousarray(band).view(np.uint32).ravel()
        order = np.argsort(keys, kind="stable")
        ends = np.flatnonzero(np.diff(keys[order])) + 1
        for group in np.split(order, ends):
            for place in range(1, len(group)):
                one, before = group[place], group[: min(place, _CROWD)]
                apart = _BITS[looks[before] ^ looks[one]].sum(axis=1)
                similar = np.abs(ratios[before] / ratios[one] - 1) <= SAME_RATIO
                alike = before[(apart <= SAME_LOOK) & similar]
                if alike.size and (first[one] < 0 or alike[0] < first[one]):
                    first[one] = alike[0]
    return first
