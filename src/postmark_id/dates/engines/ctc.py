"""Networks that read a line with CTC (Graves et al., ICML 2006), run by onnxruntime on one thread.

Our own reader and RapidOCR's recogniser are the same kind of thing: a picture of fixed height goes in, a
probability of each character at each step along the line comes out. So one class runs both; what differs is
in `Recipe`. We run RapidOCR's model ourselves, because its Python package logs to the console, takes all
processors, and keeps only the best character of each step, while the date grammar wants the others, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from postmark_id.dates.alphabet import SYMBOLS, fold
from postmark_id.dates.engines import Lattice, Reading
from postmark_id.models import Notice, Picture

MAX_ASPECT = 40
"""Longest strip taken, as width over height; a longer one is squeezed, which bounds time and memory."""

MOST_PADDED = 1.1
"""Width to which a strip is padded at most, as a multiple of its own."""

IDEOGRAPHS = range(0x3400, 0xA000)
"""Code points of ideographs, most of RapidOCR's alphabet, none of which any letter of ours is."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a network wants its input and what its columns mean."""

    name: str
    height: int
    """Height of the input in pixels."""
    channels: int
    """1 for grey, 3 for three equal or coloured channels."""
    alphabet: str | tuple[str, ...]
    """The characters of the columns after the blank."""
    batch: int
    """Strips read in one go."""
    margin: int = 0
    """Paper right of the widest strip of a batch, pixels."""
    stretch: float = 1.0
    """How much longer than it is a strip is shown: narrow letters then have steps enough to themselves."""


class CtcEngine:
    """A CTC network behind the protocol of engines.

    Parameters
    ----------
    session : onnxruntime.InferenceSession
        As `networks.open_session` gives it; input (n, channels, height, width) in -1..1 with paper high, output
        (n, steps, columns) of probabilities.
    recipe : Recipe
    """

    def __init__(self, session: Any, recipe: Recipe) -> None:
        self.name = recipe.name
        self.recipe = recipe
        self._session = session
        self._input = self._session.get_inputs()[0].name
        self.metadata: dict[str, str] = dict(self._session.get_modelmeta().custom_metadata_map)
        self._symbol = _columns(recipe.alphabet)

    def read(self, strips: Sequence[Picture]) -> list[Reading]:
        """Read strips; similar widths share a batch, so that little is padded."""
        inputs = [self._prepare(s) for s in strips]
        readings: dict[int, Reading] = {}
        for chosen in _batches([x.shape[2] for x in inputs], self.recipe.batch):
            for i, reading in zip(chosen, self._read_batch([inputs[i] for i in chosen]), strict=True):
                readings[i] = reading
        return [readings[i] for i in range(len(inputs))]

    def _prepare(self, strip: Picture) -> npt.NDArray[np.float32]:
        """Scale a strip to the height of the network, shape (channels, height, width), -1..1."""
        height, channels = self.recipe.height, self.recipe.channels
        if strip.size == 0:
            return np.ones((channels, height, height), dtype=np.float32)
        if channels == 1 and strip.ndim == 3:
            strip = np.asarray(cv2.cvtColor(strip, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
        elif channels == 3 and strip.ndim == 2:
            strip = np.repeat(strip[:, :, None], 3, axis=2)
        aspect = min(strip.shape[1] / strip.shape[0], MAX_ASPECT) * self.recipe.stretch
        width = max(round(height * aspect), height // 2)
        shrinks = strip.shape[0] > height
        scaled = cv2.resize(strip, (width, height), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC)
        planes = np.asarray(scaled, dtype=np.float32).reshape(height, width, channels).transpose(2, 0, 1)
        return np.asarray(planes / 127.5 - 1.0, dtype=np.float32)

    def _read_batch(self, inputs: list[npt.NDArray[np.float32]]) -> list[Reading]:
        width = max(x.shape[2] for x in inputs) + self.recipe.margin
        width += -width % 8
        batch = np.full((len(inputs), *inputs[0].shape[:2], width), self._padding(), dtype=np.float32)
        for row, x in zip(batch, inputs, strict=True):
            row[:, :, : x.shape[2]] = x
        try:
            (output,) = self._session.run(None, {self._input: batch})
        except Exception as error:  # any failure of the runtime costs this batch only
            notice = Notice(
                "ocr-failed", f"{self.name} failed: {str(error).splitlines()[0] if str(error) else error!r}"
            )
            return [Reading("", 0.0, engine=self.name, notice=notice) for _ in inputs]
        steps = output.shape[1]
        return [self._decode(p[: max(1, -(-x.shape[2] * steps // width))]) for p, x in zip(output, inputs, strict=True)]

    def _padding(self) -> float:
        """Right of a short strip: paper for our own network, mid grey for RapidOCR's, as each was trained."""
        return 1.0 if self.recipe.channels == 1 else 0.0

    def _decode(self, probabilities: npt.NDArray[np.float32]) -> Reading:
        """Best path (greedy) and the lattice in our alphabet."""
        lattice = self._project(probabilities)
        best = lattice.argmax(axis=1)
        peak = lattice.max(axis=1)
        chars: list[tuple[str, float]] = []
        previous = 0
        for column, p in zip(best.tolist(), peak.tolist(), strict=True):
            if column and column != previous:
                chars.append((SYMBOLS[column - 1], p))
            elif column and p > chars[-1][1]:
                chars[-1] = (chars[-1][0], p)
            previous = column
        score = float(np.mean([p for _, p in chars])) if chars else 0.0
        return Reading("".join(c for c, _ in chars), score, tuple(chars), lattice, self.name)

    def _project(self, probabilities: npt.NDArray[np.float32]) -> Lattice:
        """Sum the network's columns into ours; what has no place becomes a blank between words."""
        if self._symbol is None:
            return np.asarray(probabilities, dtype=np.float32)
        lattice = np.zeros((len(probabilities), 1 + len(SYMBOLS)), dtype=np.float32)
        # Of thousands of columns only a handful matter at a step; the rest together is noise.
        rows, columns = np.nonzero(probabilities > 1e-4)
        np.add.at(lattice, (rows, self._symbol[columns]), probabilities[rows, columns])
        return lattice


def _batches(widths: Sequence[int], most: int) -> list[list[int]]:
    """Numbers of the strips to read together: none is padded beyond `MOST_PADDED`, since padding costs as strips do."""
    batches: list[list[int]] = []
    for number in sorted(range(len(widths)), key=lambda k: widths[k]):
        if batches and len(batches[-1]) < most and widths[number] <= MOST_PADDED * widths[batches[-1][0]]:
            batches[-1].append(number)
        else:
            batches.append([number])
    return batches


def _columns(alphabet: str | tuple[str, ...]) -> npt.NDArray[np.intp] | None:
    """Our column for each column of a network; None where they are the same."""
    if alphabet == SYMBOLS:
        return None
    place = {s: i + 1 for i, s in enumerate(SYMBOLS)}
    blank = place[" "]
    ours = [place.get(fold(c)[:1], blank) if c and ord(c[0]) not in IDEOGRAPHS else blank for c in alphabet]
    return np.array([0, *ours], dtype=np.intp)
