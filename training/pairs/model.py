"""The network that looks at a pair: where do mark and reference differ, and are they one mark?

It sees both as they lie on each other, with maps of how they compare: local correlations, and strokes that have nothing
of the other near them. While it is trained, it also says of each place whether the two rubbers differ there.
"""

import math

import torch
from torch import nn
from torch.nn import functional
from training.blocks import Residual, step

KINDS = ("one", "twin", "other")
SIDE = 128
"""Of the fields, pixels: those of an impression less an edge."""
FIELDS = 5
"""Strokes and ink of both, and what is seen in both."""
REACHES = (1.25, 2.5)
"""Of local correlations, in pixels of half the size."""


def bell(sigma: float) -> torch.Tensor:
    """Weights of a Gaussian blur along one axis."""
    reach = math.ceil(2.5 * sigma)
    at = torch.arange(-reach, reach + 1, dtype=torch.float32)
    weights = torch.exp(-(at**2) / (2 * sigma**2))
    return weights / weights.sum()


def around(x: torch.Tensor) -> torch.Tensor:
    """The greatest value within two pixels, along rows and then along columns: much faster than pooling."""
    for dim in (2, 3):
        padded = functional.pad(x, (0, 0, 2, 2) if dim == 2 else (2, 2, 0, 0))
        parts = [padded.narrow(dim, k, x.shape[dim]) for k in range(5)]
        x = torch.maximum(torch.maximum(torch.maximum(parts[0], parts[1]), torch.maximum(parts[2], parts[3])), parts[4])
    return x


class Pairs(nn.Module):
    """Input (N, 5, 128, 128); output (N, 2), log odds of one mark against a near twin and against another mark."""

    def __init__(self, widths: tuple[int, int, int] = (20, 32, 48)) -> None:
        super().__init__()
        w2, w4, w8 = widths
        for k, reach in enumerate(REACHES):
            self.register_buffer(f"bell{k}", bell(reach), persistent=False)
        axis = (torch.arange(SIDE // 2) - (SIDE // 2 - 1) / 2) / (SIDE / 4)
        self.register_buffer("distance", torch.hypot(axis[:, None], axis[None])[None, None] - 0.7, persistent=False)
        self.stem = step(FIELDS, w2, 2, kernel=5)
        self.maps = nn.BatchNorm2d(2 * len(REACHES) + 4)
        self.quarter = nn.Sequential(step(w2 + 2 * len(REACHES) + 5, w4, 2), Residual(w4))
        self.eighth = nn.Sequential(step(w4, w8, 2), Residual(w8), Residual(w8, 2))
        self.places = nn.Conv2d(w8, 1, 1)
        self.head = nn.Sequential(nn.Linear(2 * w8 + 2, 48), nn.ReLU(), nn.Dropout(0.2), nn.Linear(48, len(KINDS)))

    def compared(self, x: torch.Tensor) -> torch.Tensor:
        """How both compare, at half the size."""
        own, theirs = x[:, :1], x[:, 1:2]
        products = functional.avg_pool2d(torch.cat([own * theirs, own * own, theirs * theirs], dim=1), 2)
        found = []
        for k in range(len(REACHES)):
            weights = getattr(self, f"bell{k}")
            n = len(weights)
            rows = weights.view(1, 1, n, 1).repeat(3, 1, 1, 1)
            once = functional.conv2d(products, rows, padding=(n // 2, 0), groups=3)
            both, mine, other = functional.conv2d(once, rows.transpose(2, 3), padding=(0, n // 2), groups=3).split(
                1, dim=1
            )
            found += [both / torch.sqrt(mine * other + 1e-4), torch.sqrt(torch.minimum(mine, other) + 1e-6)]
        more, less = torch.relu(own), torch.relu(theirs)
        alone = torch.relu(more - around(less)) ** 2
        lacking = torch.relu(less - around(more)) ** 2
        apart = functional.avg_pool2d(torch.cat([alone, lacking], dim=1), 2)
        near = functional.avg_pool2d(apart, 5, 1, 2)
        return torch.cat([*found, apart, near], dim=1)

    def heard(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """What it says of each kind, raw, (N, kinds), and of each place, (N, 1, 16, 16)."""
        with torch.no_grad():
            compared = self.compared(x)
        distance = self.distance.expand(x.shape[0], -1, -1, -1)
        half = torch.cat([self.stem(x), self.maps(compared), distance], dim=1)
        deep = self.eighth(self.quarter(half))
        places = self.places(deep)
        differs = torch.sigmoid(places).flatten(1)
        whole = torch.cat([deep.mean(dim=(2, 3)), deep.amax(dim=(2, 3)), differs.mean(dim=1, keepdim=True),
                           places.flatten(1).amax(dim=1, keepdim=True)], dim=1)  # fmt: skip
        return self.head(whole), places

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        raw, _ = self.heard(x)
        return raw[:, :1] - raw[:, 1:]
