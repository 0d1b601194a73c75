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


class Pyramid(nn.Module):
    """A residual pyramid over one mark: features at a quarter of its picture that know of those at a sixteenth.

    Parameters
    ----------
    channels : int
        Of the picture; values in 0..1.
    widths : tuple of int
        Channels of the features at a half, a quarter, an eighth and a sixteenth.
    kernel : int
        Of the first step.
    """

    def __init__(self, channels: int, widths: tuple[int, int, int, int], kernel: int = 3) -> None:
        super().__init__()
        w2, w4, w8, w16 = widths
        self.stem = nn.Sequential(step(channels, w2, 2, kernel=kernel), step(w2, w4, 2))
        self.stage4 = Residual(w4)
        self.stage8 = nn.Sequential(step(w4, w8, 2), Residual(w8))
        self.stage16 = nn.Sequential(step(w8, w16, 2), Residual(w16), Residual(w16, 2))
        self.from16 = nn.Conv2d(w16, w8, 1)
        self.from8 = nn.Conv2d(w8, w4, 1)
        self.merge8 = step(w8, w8)
        self.merge4 = step(w4, w4)

    def features(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Features at a quarter and at a sixteenth."""
        f4 = self.stage4(self.stem(x * 2.0 - 1.0))
        f8 = self.stage8(f4)
        f16 = self.stage16(f8)
        f8 = self.merge8(f8 + doubled(self.from16(f16)))
        return self.merge4(f4 + doubled(self.from8(f8))), f16
