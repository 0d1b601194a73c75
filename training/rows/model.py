"""The network of rows: a small residual pyramid over the ink of one mark, brought to one size.

Its map, at a quarter of the view, says of each place whether letters or figures stand there in a row, which way they
are read, how high they are and how far off the middle of the row the place lies.
"""

import torch
from torch import nn
from training.blocks import Pyramid, step

SIDE, RADIUS, STRIDE = 160, 74.0, 4
MAP = ("letters", "figures", "cos_2", "sin_2", "cos", "sin", "log_height", "aside")
# The slope as a doubled angle and the direction apart: where it can't be told which way round letters stand, the mean
# of both directions is nothing, and the slope must not go with it.


class Rows(Pyramid):
    """Input (N, 1, 160, 160), ink in 0..1; output (N, 8, 40, 40)."""

    def __init__(self, widths: tuple[int, int, int, int] = (16, 32, 56, 80)) -> None:
        super().__init__(1, widths, kernel=5)
        w4 = widths[1]
        self.map = nn.Sequential(step(w4, w4), nn.Conv2d(w4, len(MAP), 1))
        nn.init.constant_(self.map[1].bias, -1.5)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        f4, _ = self.features(x)
        return self.map(f4)
