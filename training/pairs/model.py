"""The network of pairs: some small ones that weigh up the measures of a pair, each for itself, and their mean."""

import torch
from torch import nn

MEASURES = 84
KINDS = ("one", "twin", "other")


class Pairs(nn.Module):
    """Input (N, 84), measures; output (N, 2), log odds of one mark against a near twin and against another mark."""

    mean: torch.Tensor
    spread: torch.Tensor

    def __init__(self, voices: int = 5) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(MEASURES))
        self.register_buffer("spread", torch.ones(MEASURES))
        self.voices = nn.ModuleList(
            nn.Sequential(
                nn.Linear(MEASURES, 48), nn.ReLU(), nn.Dropout(0.25), nn.Linear(48, 24), nn.ReLU(),
                nn.Linear(24, len(KINDS)),
            )
            for _ in range(voices)
        )  # fmt: skip

    def heard(self, x: torch.Tensor) -> torch.Tensor:
        """What each voice says, raw, (voices, N, kinds)."""
        even = ((x - self.mean) / self.spread).clamp(-4.0, 4.0)
        return torch.stack([voice(even) for voice in self.voices])

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        raw = self.heard(x).mean(dim=0)
        return raw[:, :1] - raw[:, 1:]
