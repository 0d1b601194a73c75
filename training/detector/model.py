"""The proposing network: a small residual pyramid with heat maps of mark centres and date lines.

In the manner of CenterNet (Zhou, Wang and Krähenbühl, "Objects as Points", 2019): every object is a peak of a heat
map at 1/8 of the input, with its size and angle regressed at the peak. It only proposes; `marks.fit` verifies.
"""

import torch
from torch import nn
from training.blocks import Residual, doubled, step

STRIDE = 8
HEAT = ("pentagon", "octagon", "circle", "date")
# regressions, in the order of the output channels behind the heat maps
REGRESSIONS = (
    "mark_dx", "mark_dy", "mark_log_radius", "mark_cos", "mark_sin", "mark_cos_n", "mark_sin_n", "mark_ground",
    "date_dx", "date_dy", "date_log_width", "date_log_height", "date_cos_2", "date_sin_2",
)  # fmt: skip


class MarkNet(nn.Module):
    """Input (N, 3, H, W), RGB in 0..1, sides multiples of 32; output (N, 4 + 14, H/8, W/8)."""

    def __init__(self, widths: tuple[int, int, int, int, int] = (16, 24, 48, 80, 112)) -> None:
        super().__init__()
        w2, w4, w8, w16, w32 = widths
        self.stem = nn.Sequential(step(3, w2, 2), step(w2, w4, 2))
        self.stage8 = nn.Sequential(step(w4, w8, 2), Residual(w8))
        self.stage16 = nn.Sequential(step(w8, w16, 2), Residual(w16), Residual(w16, 2))
        self.stage32 = nn.Sequential(step(w16, w32, 2), Residual(w32), Residual(w32, 2))
        self.from32 = nn.Conv2d(w32, w16, 1)
        self.from16 = nn.Conv2d(w16, w8, 1)
        self.merge16 = step(w16, w16)
        self.merge8 = step(w8, w8)
        self.heat = nn.Sequential(step(w8, w8), nn.Conv2d(w8, len(HEAT), 1))
        self.regression = nn.Sequential(step(w8, w8), nn.Conv2d(w8, len(REGRESSIONS), 1))
        nn.init.constant_(self.heat[1].bias, -4.0)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        f8 = self.stage8(self.stem(x * 2.0 - 1.0))
        f16 = self.stage16(f8)
        f32 = self.stage32(f16)
        f16 = self.merge16(f16 + doubled(self.from32(f32)))
        f8 = self.merge8(f8 + doubled(self.from16(f16)))
        return torch.cat([self.heat(f8), self.regression(f8)], 1)
