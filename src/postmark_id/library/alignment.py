"""Alignment: how one impression has to be turned and shifted to lie on another, and how well it then agrees.

Two steps. Coarse: impressions are unrolled around their centre, so that a turn becomes a shift, and all turns are
tried at once by the Fourier transform; a few sizes, shifts and stretches are tried besides, since a fitted outline is
some per cent off. The transforms of references are kept, which makes this the cheap part, even for hundreds. Fine: the
best few references are aligned from their best few turns by enhanced correlation (Evangelidis and Psarakis, 2008),
slant included. Their agreement is the mean of local correlations, so that one dark blot counts for no more than the
place it covers. It says which poses are worth a look; whether both are one mark is for the network of pairs to say
(`postmark_id.library.pairs`).

What is compared is not ink but strokes: ink less its surroundings, evened in strength, so that a faint part of a
strike has its say. The outline itself is left out, since all marks of a shape share it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
import numpy.typing as npt

from postmark_id.library.impression import MIDDLE, RADIUS, SIDE, Floats, Impression, Matrix
from postmark_id.models import Shape

TURNS = 128
"""Turns tried in the coarse step."""
RINGS = 28
SIZES = (0.95, 1.0, 1.05)
SHIFTS = ((0.0, 0.0), (4.0, 0.0), (-4.0, 0.0), (0.0, 4.0), (0.0, -4.0))
"""Of the coarse step, pixels."""
STRETCH = 1.15
"""Of the coarse step, in four directions: the corners of an uneven polygon may be fitted now this way and now that."""
INNER = 0.8
"""Share of the inscribed radius within which marks are judged; beyond run their outlines."""
COARSE_INNER = 0.93
"""The same in the coarse step, where outlines help to find the turn."""


def _drawn_out(by: float, towards: float) -> Matrix:
    """A stretch in one direction, degrees, that leaves areas as they are; shape (2, 2)."""
    c, s = math.cos(math.radians(towards)), math.sin(math.radians(towards))
    turn = np.array([[c, -s], [s, c]])
    return np.asarray(turn @ np.diag([math.sqrt(by), 1 / math.sqrt(by)]) @ turn.T)


_POSES = tuple((size * np.eye(2), shift) for size in SIZES for shift in SHIFTS) + tuple(
    (_drawn_out(STRETCH, turn), SHIFTS[0]) for turn in range(0, 180, 45)
)
_PEAKS = 4
"""Turns that are aligned closely."""
_PEAK_WIDTH = 5
"""Turns to each side of a peak that count as the same."""
_STEPS = ((0.5, 2.5, 30), (1.0, 1.0, 30))
"""Of the fine step: share of the full size, blur in full-size pixels, iterations."""
_LOCAL = 8.0
"""Reach of a local correlation, pixels."""
_MOST_SHIFT = 14.0
_MOST_STRETCH = 1.2

_AXIS = np.arange(SIDE, dtype=np.float32) - np.float32(MIDDLE)
_DISTANCE = np.hypot(_AXIS[:, None], _AXIS[None, :]) / RADIUS


def blurred(field: Floats, sigma: float) -> Floats:
    """Gaussian blur."""
    return np.asarray(cv2.GaussianBlur(field, (0, 0), sigma), np.float32)


def disc(shape: Shape, share: float) -> Floats:
    """1 inside `share` of the inscribed circle of a shape, 0 outside."""
    inscribed = math.cos(math.pi / shape.sides) if shape.sides else 1.0
    return np.asarray(inscribed * share > _DISTANCE, np.float32)


class Strokes:
    """An impression, made ready to be compared.

    Parameters
    ----------
    impression : Impression
    """

    def __init__(self, impression: Impression) -> None:
        self.impression = impression
        self.seen = impression.seen
        ridge = self._ridge
        spread = np.sqrt(blurred(ridge * ridge, 12.0) / (blurred(self.seen, 12.0) + 1e-3))
        self.even: Floats = (ridge / (spread + 0.06) * self.seen).astype(np.float32)
        """Strokes of about the same strength everywhere."""

    @property
    def shape(self) -> Shape:
        """Of the outline."""
        return self.impression.shape

    @property
    def _ridge(self) -> Floats:
        """Ink less that of its surroundings; the unseen counts as neither ink nor paper."""
        ink, seen = self.impression.ink * self.seen, self.seen
        around = blurred(ink, 6.0) / (blurred(seen, 6.0) + 1e-3)
        return np.asarray((blurred(ink, 1.0) - around * blurred(seen, 1.0)) * seen, np.float32)

    @cached_property
    def smooth(self) -> Floats:
        """What is judged."""
        return blurred(self.even, 0.8)

    @cached_property
    def steps(self) -> tuple[tuple[Floats, npt.NDArray[np.uint8]], ...]:
        """What the fine step aligns, for each of `_STEPS`: strokes, and 1 where all is seen."""

        def resized(field: Floats, share: float) -> Floats:
            return np.asarray(cv2.resize(field, None, fx=share, fy=share, interpolation=cv2.INTER_AREA), np.float32)

        return tuple(
            (resized(blurred(self.even, sigma), share), (resized(self.seen, share) > 0.99).astype(np.uint8))
            for share, sigma, _ in _STEPS
        )

    @cached_property
    def spectrum(self) -> npt.NDArray[np.complex64]:
        """Transform of the unrolled strokes, shape (RINGS, TURNS // 2 + 1)."""
        return np.asarray(np.fft.rfft(self._unrolled(np.eye(2), (0.0, 0.0)), axis=1), np.complex64)

    @cached_property
    def spectra(self) -> npt.NDArray[np.complex64]:
        """The same for all sizes and shifts that are tried, shape (poses, RINGS, TURNS // 2 + 1)."""
        unrolled = np.stack([self._unrolled(linear, shift) for linear, shift in _POSES])
        return np.asarray(np.fft.rfft(unrolled, axis=2), np.complex64)

    def _unrolled(self, linear: Matrix, shift: tuple[float, float]) -> Floats:
        inscribed = math.cos(math.pi / self.shape.sides) if self.shape.sides else 1.0
        radii = np.linspace(0.08, COARSE_INNER * inscribed, RINGS)[:, None]
        angles = np.arange(TURNS)[None, :] * (2 * math.pi / TURNS)
        spokes = np.stack([radii * RADIUS * np.cos(angles), radii * RADIUS * np.sin(angles)])
        x, y = (np.tensordot(linear, spokes, 1) + MIDDLE + np.reshape(shift, (2, 1, 1))).astype(np.float32)
        found = cv2.remap(blurred(self.even, 1.2), x, y, cv2.INTER_LINEAR) * np.sqrt(radii).astype(np.float32)
        return np.asarray(found / (np.linalg.norm(found) + 1e-6), np.float32)


@dataclass(frozen=True, slots=True)
class Pose:
    """How a reference lies on a mark.

    Attributes
    ----------
    matrix : ndarray, shape (2, 3), float32
        From pixels of the reference's impression to those of the mark's.
    agreement : float
        -1..1; about 0.3 and less for marks that have nothing in common but their shape.
    """

    matrix: Floats
    agreement: float

    @property
    def turn(self) -> float:
        """Degrees clockwise by which the mark is turned against the reference."""
        return math.degrees(math.atan2(float(self.matrix[1, 0]), float(self.matrix[0, 0])))


def coarse(mark: Strokes, references: Sequence[Strokes]) -> list[tuple[float, tuple[Floats, ...]]]:
    """All turns, sizes and shifts for each reference.

    Returns
    -------
    list of (correlation, matrices)
        For each reference its best correlation, and the matrices of a `Pose` at its best turns, the best first.
    """
    if not references:
        return []
    own = np.ascontiguousarray(mark.spectra.transpose(2, 0, 1))
    theirs = np.ascontiguousarray(np.stack([one.spectrum for one in references]).transpose(2, 0, 1))
    # Many small products: einsum does them as they come, where matmul would wake all cores for each.
    product = np.einsum("fpr,fnr->fpn", own, np.conj(theirs))
    # (references, poses, turns)
    found = np.fft.irfft(product.transpose(2, 1, 0), n=TURNS, axis=2)
    return [(float(one.max()), _peaks(one)) for one in found]


def _peaks(found: npt.NDArray[np.float64]) -> tuple[Floats, ...]:
    """Matrices at the best turns of a table of correlations, shape (poses, turns)."""
    by_turn = found.max(axis=0)
    matrices = []
    for _ in range(_PEAKS):
        turn = int(np.argmax(by_turn))
        matrices.append(_matrix(int(np.argmax(found[:, turn])), 2 * math.pi * turn / TURNS))
        by_turn[(np.arange(turn - _PEAK_WIDTH, turn + _PEAK_WIDTH + 1)) % TURNS] = -np.inf
    return tuple(matrices)


def _matrix(pose: int, angle: float) -> Floats:
    linear, shift = _POSES[pose]
    c, s = math.cos(angle), math.sin(angle)
    turned = linear @ np.array([[c, -s], [s, c]])
    return np.column_stack([turned, MIDDLE + np.array(shift) - turned @ (MIDDLE, MIDDLE)]).astype(np.float32)


def refine(mark: Strokes, reference: Strokes, starts: Sequence[Floats]) -> list[Pose]:
    """Align a reference closely with a mark, from each of some matrices; the best agreement first."""
    aligned = [_aligned(mark, reference, start) for start in starts]
    found = [Pose(matrix, _agreement(mark, reference, matrix)[0]) for matrix in aligned]
    return sorted(found, key=lambda pose: -pose.agreement)


def _aligned(mark: Strokes, reference: Strokes, start: Floats) -> Floats:
    matrix = start
    for (share, _, iterations), (picture, mask), (template, _) in zip(_STEPS, mark.steps, reference.steps, strict=True):
        criteria = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, iterations, 1e-4)
        begun = _resized(matrix, share)
        try:
            _, warp = cv2.findTransformECC(template, picture, begun, cv2.MOTION_AFFINE, criteria, mask, 3)
        except cv2.error:
            # It did not converge, as with marks that have nothing in common.
            break
        tried = _resized(np.asarray(warp, np.float32), 1 / share)
        if not _plausible(tried):
            break
        matrix = tried
    return matrix


def _resized(matrix: Floats, share: float) -> Floats:
    """The same map between pictures that are both resized; pixels keep their centres."""
    shift = matrix[:, 2] + (matrix[:, :2].sum(axis=1) - 1) * (0.5 / share - 0.5)
    return np.column_stack([matrix[:, :2], shift * share]).astype(np.float32)


def _plausible(matrix: Floats) -> bool:
    sizes = np.linalg.svd(matrix[:, :2], compute_uv=False)
    shift = matrix @ np.array([MIDDLE, MIDDLE, 1.0]) - MIDDLE
    return bool(sizes[0] < _MOST_STRETCH and sizes[1] > 1 / _MOST_STRETCH and np.abs(shift).max() < _MOST_SHIFT)


def fetched(field: Floats, matrix: Matrix | Floats) -> Floats:
    """A field of a mark as its reference lies, given the matrix of the pose."""
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(field, matrix.astype(np.float32), (SIDE, SIDE), flags=flags), np.float32)


def _agreement(mark: Strokes, reference: Strokes, matrix: Floats) -> tuple[float, Floats]:
    """Mean of local correlations, weighted by what the reference shows there, and their map."""
    weight = disc(reference.shape, INNER) * reference.seen * fetched(mark.seen, matrix)
    if weight.sum() < 0.25 * disc(reference.shape, INNER).sum():
        return 0.0, weight
    found, wanted = fetched(mark.smooth, matrix), reference.smooth
    both = blurred(found * wanted * weight, _LOCAL)
    mine, theirs = blurred(found * found * weight, _LOCAL), blurred(wanted * wanted * weight, _LOCAL)
    local = both / np.sqrt(mine * theirs + 1e-4)
    share = theirs * weight
    return float((local * share).sum() / (share.sum() + 1e-6)), (local * weight).astype(np.float32)


def evidence(mark: Strokes, reference: Strokes, pose: Pose) -> Floats:
    """Where mark and reference agree, -1..1, as the reference lies; shape (SIDE, SIDE)."""
    return _agreement(mark, reference, pose.matrix)[1]
