"""The network of the ring: convolutions over a mark unrolled around its centre, so that a turned mark is a shifted one.

Angles run along the width and wrap around; radii run down. Folded over the radii, what is left is a closed row of
features in which an octagon shows eight waves, a pentagon five, a circle none.
"""

import torch
from torch import nn
from training.blocks import Added

ROWS = 64
"""Radii."""
TURNS = 192
"""Angles."""
SHAPES = ("none", "pentagon", "octagon", "circle")


class Around(nn.Module):
    """A convolution that wraps around along the angles; normalised and cut off below zero."""

    def __init__(
        self, c_in: int, c_out: int, kernel: tuple[int, int] = (3, 3), stride: int = 1, dilation: int = 1
    ) -> None:
        super().__init__()
        self.down, self.along = kernel[0] // 2, dilation * (kernel[1] // 2)
        self.conv = nn.Conv2d(c_in, c_out, kernel, stride, dilation=(1, dilation), bias=False)
        self.norm = nn.BatchNorm2d(c_out)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = torch.cat([x[..., x.shape[-1] - self.along :], x, x[..., : self.along]], dim=3)
        x = nn.functional.pad(x, (0, 0, self.down, self.down))
        return torch.relu(self.norm(self.conv(x)))


def residual(channels: int, kernel: tuple[int, int] = (3, 3), dilation: int = 1) -> Added:
    return Added(Around(channels, channels, kernel, dilation=dilation), Around(channels, channels, kernel))


class Ring(nn.Module):
    """Input (N, 3, 64, 192), densities of ink in hundredths; output (N, 4) raw numbers of `SHAPES`."""

    def __init__(self, widths: tuple[int, int, int, int] = (16, 28, 56, 96)) -> None:
        super().__init__()
        w2, w4, w8, row = widths
        self.rings = nn.Sequential(
            Around(3, w2, (5, 5), 2), Around(w2, w4, (3, 3), 2), residual(w4), Around(w4, w8, (3, 3), 2), residual(w8)
        )
        self.fold = nn.Sequential(nn.Conv2d(w8, row, (ROWS // 8, 1), bias=False), nn.BatchNorm2d(row), nn.ReLU())
        self.row = nn.Sequential(*(residual(row, (1, 3), dilation) for dilation in (1, 2, 4)))
        self.answer = nn.Sequential(nn.Dropout(0.1), nn.Linear(2 * row, len(SHAPES)))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        row = self.row(self.fold(self.rings(x / 64.0 - 0.5)))
        return self.answer(torch.cat([row.mean(dim=(2, 3)), row.amax(dim=(2, 3))], dim=1))
