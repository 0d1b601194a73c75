"""The network of rows: a small residual pyramid over the ink of one mark, brought to one size.

Its map, at a quarter of the view, says of each place whether letters or figures stand there in a row, which way they
are read, how high they are and how far off the middle of the row the place lies.
"""

import torch
from torch import nn
from training.blocks import Residual, doubled, step

SIDE, RADIUS, STRIDE = 160, 74.0, 4
MAP = ("letters", "figures", "cos_2", "sin_2", "cos", "sin", "log_height", "aside")
# The slope as a doubled angle and the direction apart: where it can't be told which way round letters stand, the mean
# of both directions is nothing, and the slope must not go with it.


class Rows(nn.Module):
    """Input (N, 1, 160, 160), ink in 0..1; output (N, 8, 40, 40)."""

    def __init__(self, widths: tuple[int, int, int, int] = (16, 32, 56, 80)) -> None:
        super().__init__()
        w2, w4, w8, w16 = widths
        self.stem = nn.Sequential(step(1, w2, 2, kernel=5), step(w2, w4, 2))
        self.stage4 = Residual(w4)
        self.stage8 = nn.Sequential(step(w4, w8, 2), Residual(w8))
        self.stage16 = nn.Sequential(step(w8, w16, 2), Residual(w16), Residual(w16, 2))
        self.from16 = nn.Conv2d(w16, w8, 1)
        self.from8 = nn.Conv2d(w8, w4, 1)
        self.merge8 = step(w8, w8)
        self.merge4 = step(w4, w4)
        self.map = nn.Sequential(step(w4, w4), nn.Conv2d(w4, len(MAP), 1))
        nn.init.constant_(self.map[1].bias, -1.5)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        f4 = self.stage4(self.stem(x * 2.0 - 1.0))
        f8 = self.stage8(f4)
        f16 = self.stage16(f8)
        f8 = self.merge8(f8 + doubled(self.from16(f16)))
        return self.map(self.merge4(f4 + doubled(self.from8(f8))))
