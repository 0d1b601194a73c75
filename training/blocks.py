"""Building blocks that several networks share."""

import torch
from torch import nn


def step(c_in: int, c_out: int, stride: int | tuple[int, int] = 1, kernel: int = 3, dilation: int = 1) -> nn.Sequential:
    """A convolution, normalised and cut off below zero."""
    return nn.Sequential(
        nn.Conv2d(c_in, c_out, kernel, stride, dilation * (kernel // 2), dilation, bias=False),
        nn.BatchNorm2d(c_out),
        nn.ReLU(inplace=True),
    )


class Added(nn.Module):
    """Steps whose outcome is added to what came before."""

    def __init__(self, *steps: nn.Module) -> None:
        super().__init__()
        self.step = nn.Sequential(*steps)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.step(x)


class Residual(nn.Module):
    """Two convolutions added to what came before, cut off below zero only then (He and others, 2016)."""

    def __init__(self, channels: int, dilation: int = 1) -> None:
        super().__init__()
        self.first = step(channels, channels, dilation=dilation)
        self.second = nn.Sequential(nn.Conv2d(channels, channels, 3, padding=1, bias=False), nn.BatchNorm2d(channels))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.relu(x + self.second(self.first(x)))


def doubled(x: torch.Tensor) -> torch.Tensor:
    """The same features at twice the size."""
    return nn.functional.interpolate(x, scale_factor=2.0, mode="nearest")
