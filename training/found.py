"""True marks as the program finds them, for networks that see a mark only after it was found."""

import math
import random

import numpy as np

from postmark_id.ink import Sheet
from postmark_id.marks.fit import Fit, fit
from postmark_id.marks.propose import Proposal
from postmark_id.models import Shape
from postmark_id.settings import Settings

SETTINGS = Settings()


def as_found(sheet: Sheet, mark: dict, rng: random.Random) -> Fit:
    """The fit of a true mark from about where it lies."""
    outline = np.asarray(mark["outline"], np.float64)
    centre = outline.mean(axis=0)
    radius = float(np.linalg.norm(outline - centre, axis=1).mean())
    x, y = centre + radius * np.array([rng.gauss(0, 0.02), rng.gauss(0, 0.02)])
    turn = mark["rotation"] + (rng.gauss(0, 6) if rng.random() < 0.8 else rng.uniform(-180, 180))
    rough = Proposal(Shape(mark["shape"]), (float(x), float(y)), radius * math.exp(rng.gauss(0, 0.03)), turn, 0.9)
    return fit(sheet, rough, SETTINGS.marks, SETTINGS.ink)
