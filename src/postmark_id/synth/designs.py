"""Fixed designs: the same rubber, struck on as many covers as one likes.

Design note: the other drawings are new on every cover, because nothing may learn one of them; learning a mark from its
strikes needs the opposite. Each part of a design (outline, ring of lettering, rows in the middle, picture) has chance
of its own, so that two designs can differ in one part alone, as real types do.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from postmark_id.models import Kind, Shape, Station
from postmark_id.synth import motifs
from postmark_id.synth.fonts import choose_font
from postmark_id.synth.layouts import DrawnMark, Hand, ring_text, sheet_for, write_date_line
from postmark_id.synth.outlines import draw_outline, hand_cut
from postmark_id.synth.wording import STATION_NAMES, STATION_PHRASES
from postmark_id.synth.writing import WrittenDate


@dataclass(frozen=True, slots=True)
class Design:
    """A mark that always looks the same, but for its date.

    Attributes
    ----------
    id : str
        Under which it may be learned; the label of a cover names it as ``design``.
    shape : Shape
        Pentagon, octagon or circle.
    station : Station
    seed : int
        Decides everything that is not given by the other fields.
    dated : bool
        Whether it has a place for a date.
    motif : int
        Which picture stands in the middle; another number is another picture.
    lower : int
        Which wording stands in the lower arc.
    """

    id: str
    shape: Shape
    station: Station
    seed: int
    dated: bool = False
    motif: int = 0
    lower: int = 0


def draw_design(design: Design, scale: float, date: WrittenDate | None = None, wheels: float = 0.0) -> DrawnMark:
    """Draw a design, with a date where it has a place for one and a date is given.

    Parameters
    ----------
    design : Design
    scale : float
        Pixels a millimetre of the sheet.
    date : WrittenDate, optional
    wheels : float
        How badly date wheels may be set, 0..1.
    """

    def chance(part: int) -> np.random.Generator:
        return np.random.default_rng([design.seed, 6006, part])

    rng = chance(0)
    radius = float(rng.uniform(12.0, 17.5))
    corners = hand_cut(design.shape.sides, radius, rng, 0.006)
    kind = Kind.BOARD_POSTMARK if design.shape is Shape.CIRCLE and design.dated else Kind.STATION_SEAL
    sheet = sheet_for(radius, scale, corners)
    mark = DrawnMark(sheet, kind, design.shape, design.station, True, corners, design=design.id)
    hand = Hand(mark, choose_font(rng), chance(1), wheels)
    free = draw_outline(mark.sheet, corners, rng, round_by=float(rng.choice([0.0, 1.5])))
    inner = radius * free * (math.cos(math.pi / design.shape.sides) * 0.98 if design.shape.sides else 1.0)
    wordings = STATION_PHRASES[design.station]
    first = int(rng.integers(len(wordings)))
    lower = wordings[(first + 1 + design.lower) % len(wordings)]
    core = ring_text(hand, inner, [wordings[first], lower], stars=bool(rng.random() < 0.4))
    rows = ["motif", "name", *(["date"] if design.dated else [])]
    rows = [str(row) for row in rng.permutation(rows)]
    weights = {"motif": float(rng.uniform(1.8, 2.8)), "name": float(rng.uniform(0.8, 1.3)), "date": 1.0}
    names = STATION_NAMES[design.station]
    name = names[int(rng.integers(len(names)))]
    reach = core * 0.88
    y = -reach
    for row in rows:
        depth = 2 * reach * weights[row] / sum(weights[r] for r in rows)
        middle = y + depth / 2
        y += depth
        chord = 1.9 * math.sqrt(max(0.01, core**2 - (abs(middle) + depth * 0.3) ** 2))
        if row == "motif":
            size = max(0.8, min(depth / 2, chord / 2) * 0.9)
            motifs.draw_motif(mark.sheet, (0.0, middle), size, chance(10 + design.motif))
        elif row == "name":
            mark.lettering.append(
                mark.sheet.text(name, (0.0, middle), max(1.2, min(depth * 0.6, 5.0)), hand.font, fit=chord)
            )
        elif date is not None:
            # Where the date stands belongs to the rubber; which typeface its wheels show does, too.
            setting = Hand(mark, hand.font, chance(2), wheels)
            write_date_line(setting, date, (0.0, middle), max(1.5, min(depth * 0.7, 4.5)), chord)
    return mark
