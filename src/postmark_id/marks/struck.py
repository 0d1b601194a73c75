"""The ink of one mark, without paper, stamp and other inks, and views of it: from above, along a ring, along a line."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from postmark_id.geometry import as_array
from postmark_id.ink import Ink, Sheet, density_around, layer
from postmark_id.models import Outline

Floats = npt.NDArray[np.float32]
Places = tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]
"""Abscissae and ordinates of the points of a view, full-size pixels, each of the shape of the view."""


@dataclass(frozen=True, slots=True)
class Struck:
    """The ink of one mark around it, 0..1, and where it was taken from.

    Attributes
    ----------
    amount : ndarray, shape (height, width), float32
        In working pixels.
    left, top : float
        Where its upper left corner lies, full-size pixels.
    scale : float
        Working pixels for each full-size pixel.
    """

    amount: Floats
    left: float
    top: float
    scale: float

    @classmethod
    def of(cls, sheet: Sheet, outline: Outline, ink: Ink, purity: float) -> Struck:
        """Take the ink of a mark from its sheet; `purity` as in `postmark_id.ink.layer`."""
        values, (left, top) = density_around(sheet, as_array(outline.points) * sheet.scale, room=4.0)
        return cls(layer(values, ink, purity=purity), left / sheet.scale, top / sheet.scale, sheet.scale)

    def inside(self, outline: Outline) -> npt.NDArray[np.bool_]:
        """Which of its pixels lie within an outline, shape (height, width)."""
        mask = np.zeros(self.amount.shape, dtype=np.uint8)
        corners = (as_array(outline.points) - (self.left, self.top)) * self.scale
        cv2.fillPoly(mask, [np.round(corners).astype(np.int32)], 1)
        return mask > 0

    def reversed(self, outline: Outline, speck: float) -> Struck:
        """The bare places of a mark as if they were its ink, for letters left out of a solid ground.

        Parameters
        ----------
        outline : Outline
        speck : float
            Area of the smallest letter, in squares of the mark's radius: smaller places the stamp failed to ink.
        """
        from skimage.morphology import area_opening  # noqa: PLC0415  takes half a second, and few marks are solid

        bare = np.where(self.inside(outline), 255.0 * (1.0 - self.amount), 0.0).astype(np.uint8)
        letters = area_opening(bare, speck * (outline.radius * self.scale) ** 2)  # type: ignore[no-untyped-call]
        return replace(self, amount=(letters / np.float32(255.0)).astype(np.float32))

    def at(self, places: Places) -> Floats:
        """The ink at some places; none beyond what was taken."""
        x, y = ((v - start) * self.scale for v, start in zip(places, (self.left, self.top), strict=True))
        found = cv2.remap(
            self.amount, x.astype(np.float32), y.astype(np.float32), cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_CONSTANT, borderValue=0,
        )  # fmt: skip
        return np.asarray(found, dtype=np.float32)
