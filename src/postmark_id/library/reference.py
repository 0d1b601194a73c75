"""References: what is learned of a mark from its strikes, and which of them a mark found on a scan is.

Every further strike is laid on the ones before; what is worn away in one is there in the others, and what
does not belong to the mark is there in one only. Marks are recognised by their learned references alone: the
schematic drawings that come with the program are nobody's strike, and are never compared with anything.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from postmark_id.errors import LibraryError, ScanError
from postmark_id.library.alignment import Pose, Strokes, coarse, fetched, refine
from postmark_id.library.impression import Floats, Impression, from_picture
from postmark_id.library.pairs import judged
from postmark_id.library.schema import ReferenceMark
from postmark_id.models import Notice
from postmark_id.scan import load
from postmark_id.settings import RecognitionSettings, ScanSettings

_MOST_CENTRES = 6
"""Strikes among which the one is chosen that the others are laid on."""
LEAST_LAID = 0.25
"""Agreement below which a strike can't be laid on the others."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A learned mark, ready to be recognised."""

    mark: ReferenceMark
    strokes: Strokes

    @property
    def strikes(self) -> int:
        """How many strikes it was learned from."""
        return max(1, len(self.mark.strikes))


@dataclass(frozen=True, slots=True)
class Laid:
    """A reference laid on a mark.

    Attributes
    ----------
    reference : Reference
    pose : Pose
    odds : float
        Log odds that both are one mark and not quite another.
    beyond : float
        By how much the odds are better than they need be: those, or the ones against a near twin, whichever lack more.
    rank : float
        By this candidates are ordered: the odds against a near twin, and something for the agreement.
    """

    reference: Reference
    pose: Pose
    odds: float
    beyond: float
    rank: float


@dataclass(frozen=True, slots=True)
class Recognition:
    """What a found mark looks like among the learned ones.

    Attributes
    ----------
    mark : Strokes
        What was found.
    reference : Reference
        The best.
    pose : Pose
    score : float
        How likely it is that mark, 0..1; 0.5 is needed.
    runner_up : ReferenceMark or None
        The next, and its score.
    runner_score : float
    accepted : bool
        Whether it is that mark; False says "none of these".
    sure : bool
        Whether the match may speak for station and place of striking.
    reason : str
        In plain words.
    """

    mark: Strokes
    reference: Reference
    pose: Pose
    score: float
    runner_up: ReferenceMark | None
    runner_score: float
    accepted: bool
    sure: bool
    reason: str


def average(strikes: Sequence[Impression]) -> Impression:
    """Lay strikes of one mark on each other and take what they have in common.

    Parameters
    ----------
    strikes : sequence of Impression
        At least one, of one shape. The first decides how the result stands; strikes that can't be laid on the others
        are left out.
    """
    if len(strikes) == 1:
        return strikes[0]
    ready = [Strokes(one) for one in strikes]
    agreements = [sum(_laid(b, a).agreement for b in ready if b is not a) for a in ready[:_MOST_CENTRES]]
    best = ready[int(np.argmax(agreements))]
    result = best
    for _ in range(2):
        result = Strokes(_mean(ready, result))
    # The result stands as its best strike does; turn it to stand as the first.
    if best is not ready[0]:
        pose = _laid(result, ready[0])
        ink, seen = fetched(result.impression.ink, pose.matrix), fetched(result.seen, pose.matrix)
        return Impression(ink, np.asarray(seen > 0.5, np.float32), strikes[0].shape)
    return result.impression


def _laid(mark: Strokes, reference: Strokes) -> Pose:
    return refine(mark, reference, coarse(mark, [reference])[0][1])[0]


def _mean(strikes: Sequence[Strokes], onto: Strokes) -> Impression:
    """What strikes have in common, laid on one of them or on what they had in common before."""
    poses = [(one, _laid(one, onto)) for one in strikes]
    return merged([(one.impression, pose.matrix) for one, pose in poses if one is onto or pose.agreement >= LEAST_LAID])


def merged(laid: Sequence[tuple[Impression, Floats]]) -> Impression:
    """Median of three and more strikes, mean of two, as far as they are seen.

    Parameters
    ----------
    laid : sequence of (Impression, ndarray of shape (2, 3))
        Strikes of one mark and how each lies: from pixels of the result to its own.
    """
    inks, weights = [], []
    for one, matrix in laid:
        ink = fetched(one.ink, matrix)
        inks.append(np.clip(ink / max(0.1, float(np.quantile(ink, 0.95))), 0.0, 1.0))
        weights.append(fetched(one.seen, matrix) > 0.9)
    stack = np.where(np.stack(weights), np.stack(inks), np.nan)
    seen = np.stack(weights).any(axis=0)
    stack[:, ~seen] = 0.0
    middle = np.nanmedian(stack, axis=0) if len(inks) > 2 else np.nanmean(stack, axis=0)
    return Impression(np.asarray(middle, np.float32), np.asarray(seen, np.float32), laid[0][0].shape)


def nearest(mark: Strokes, references: Sequence[Reference], settings: RecognitionSettings) -> list[Laid]:
    """The references that a rough comparison takes for nearest, laid on a mark of their shape, the best first."""
    near = coarse(mark, [one.strokes for one in references])
    order = sorted(range(len(references)), key=lambda k: -near[k][0])[: settings.candidates]
    poses = [(k, pose) for k in order for pose in refine(mark, references[k].strokes, near[k][1])[: settings.poses]]
    odds = judged(mark, [(references[k].strokes, pose) for k, pose in poses])
    best: dict[int, Laid] = {}
    for (k, pose), said in zip(poses, odds, strict=True):
        laid = _weighed(references[k], pose, said, settings)
        best[k] = max(best.get(k, laid), laid, key=lambda one: one.beyond)
    return sorted(best.values(), key=lambda one: -one.rank)


def _weighed(reference: Reference, pose: Pose, said: tuple[float, float], settings: RecognitionSettings) -> Laid:
    """A reference as it lies, with what the network says of it."""
    twin, odds = said
    beyond = min(odds - settings.least_odds, twin - settings.least_twin)
    return Laid(reference, pose, odds, beyond, twin + settings.agreeing * pose.agreement)


@dataclass(frozen=True, slots=True)
class Problem:
    """A learned mark that can't be used, by its id, and why."""

    mark: str
    notice: Notice


class Recogniser:
    """Knows the learned marks of a library.

    Parameters
    ----------
    marks : iterable of ReferenceMark
        Those without a learned reference are passed over.
    settings : RecognitionSettings, optional

    Attributes
    ----------
    references : tuple of Reference
    problems : tuple of Problem
        Learned pictures that can't be used.
    """

    def __init__(self, marks: Iterable[ReferenceMark], settings: RecognitionSettings | None = None) -> None:
        self.settings = settings or RecognitionSettings()
        references, problems = [], []
        for mark in marks:
            if mark.reference is None:
                continue
            try:
                references.append(Reference(mark, Strokes(read_impression(mark))))
            except (LibraryError, ScanError) as error:
                problems.append(Problem(mark.id, Notice(error.code, error.message)))
        self.references = tuple(references)
        self.problems = tuple(problems)

    def recognise(self, impression: Impression) -> Recognition | None:
        """Which learned mark an impression is, or which it is nearest to; None where none of its shape is learned."""
        some = [one for one in self.references if one.mark.shape is impression.shape]
        if not some:
            return None
        mark = Strokes(impression)
        return self._settled(mark, nearest(mark, some, self.settings))

    def look_alikes(self) -> list[tuple[ReferenceMark, ReferenceMark, float]]:
        """Pairs of learned marks that may be one mark, and their agreement; near twins may be among them."""
        pairs = []
        for number, one in enumerate(self.references):
            others = [other for other in self.references[:number] if other.mark.shape is one.mark.shape]
            for laid in nearest(one.strokes, others, self.settings):
                if laid.beyond >= 0:
                    pairs.append((one.mark, laid.reference.mark, laid.pose.agreement))
        return pairs

    def _settled(self, mark: Strokes, laid: Sequence[Laid]) -> Recognition:
        """Which candidate it is, if any."""
        settings = self.settings
        # What tells twins apart says nothing of marks that are quite unlike: only likely ones compete.
        able = [one for one in laid if one.beyond >= 0]
        first = able[0] if able else max(laid, key=lambda one: one.beyond)
        lead = first.rank - able[1].rank if len(able) > 1 else math.inf
        second = next((one for one in laid if one is not first), None)
        likely = bool(able)
        accepted = likely and lead >= settings.least_lead
        recognition = Recognition(
            mark=mark,
            reference=first.reference,
            pose=first.pose,
            score=share(first.beyond),
            runner_up=second.reference.mark if second else None,
            runner_score=share(second.beyond) if second else 0.0,
            accepted=accepted,
            sure=accepted and first.beyond >= settings.sure_margin,
            reason="",
        )
        return replace(recognition, reason=_words(recognition, likely=likely))


def read_impression(mark: ReferenceMark) -> Impression:
    """The learned picture of a mark.

    Raises
    ------
    LibraryError, ScanError
        If it can't be used.
    """
    assert mark.reference is not None
    limits = ScanSettings(max_mpixels=1.0, max_bytes=1_000_000)
    return from_picture(next(load(mark.reference, limits, frames={0})).pixels, mark.shape, str(mark.reference))


def share(odds: float) -> float:
    """Log odds as a share of one."""
    return 0.5 * (1.0 + math.tanh(odds / 2))


def _words(found: Recognition, *, likely: bool) -> str:
    strikes = found.reference.strikes
    learned = f"{found.reference.mark.id} (learned from {strikes} strike{'' if strikes == 1 else 's'})"
    second = f"; next {found.runner_up.id}, {found.runner_score:.2f}" if found.runner_up else ""
    measure = f"agreement {found.pose.agreement:.2f}; score {found.score:.2f}{second}"
    if found.accepted:
        return f"looks like {learned}: {measure}"
    if likely:
        return f"looks like {learned} or its near twin, and can't be told apart: {measure}"
    return f"none of the learned marks: nearest {learned}, {measure}, 0.50 needed"
