"""The network of the close look: a small residual pyramid over one mark, cut out so that its radius is `RADIUS` pixels.

Two outputs: a map at a quarter of the patch with the middle of the date line as a peak, its direction and its size
beside it; and a few numbers about the mark as a whole: its shape, where its outline lies, which way up it stands.
"""

import torch
from torch import nn
from training.blocks import Pyramid, step

SIDE = 160
"""Side of the patch, pixels."""
RADIUS = 64.0
"""Circumradius of the mark in the patch, pixels."""
STRIDE = 4
MAP = ("date", "dx", "dy", "cos_2", "sin_2", "cos", "sin", "log_width", "log_height")
# The slope as a doubled angle and the direction apart: where it can't be told which way round figures stand, the mean
# of both directions is nothing, and the slope must not go with it.
SHAPES = ("none", "pentagon", "octagon", "circle")
WHOLE = (*SHAPES, "mark_dx", "mark_dy", "mark_log_radius", "upright_cos", "upright_sin")


class Closeup(Pyramid):
    """Input (N, 3, 160, 160), RGB in 0..1; outputs (N, 9, 40, 40) and (N, 9)."""

    def __init__(self, widths: tuple[int, int, int, int] = (16, 28, 56, 96)) -> None:
        super().__init__(3, widths)
        _, w4, _, w16 = widths
        self.map = nn.Sequential(step(w4, w4), nn.Conv2d(w4, len(MAP), 1))
        self.pool = step(w16, w16)
        self.whole = nn.Sequential(nn.Linear(w16 * 9, 96), nn.ReLU(inplace=True), nn.Linear(96, len(WHOLE)))
        nn.init.constant_(self.map[1].bias, -2.0)

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        f4, f16 = self.features(x)
        # the middle, the ring around it and what lies outside are told apart by place, so no mean over all
        pooled = nn.functional.avg_pool2d(self.pool(f16), 4, 3).flatten(1)
        return self.map(f4), self.whole(pooled)
