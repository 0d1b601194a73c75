"""The reader's network: convolutions, one recurrent layer, CTC (after Shi, Bai and Yao, "CRNN", TPAMI 2017).

Input (n, 1, 32, width) in -1..1 with paper high; output (n, width / 4, 1 + symbols) of log probabilities. 77 million
multiplications for a strip of 32 x 160.
"""

from __future__ import annotations

import torch
from torch import nn
from training.blocks import step

from postmark_id.dates.alphabet import SYMBOLS


class Deeper(nn.Module):
    """A step that adds to what came before; it adds nothing at first, so that a trained network may grow by it.

    It is cut off below zero only after the sum: a step that adds nothing and is cut off before it never learns.
    """

    def __init__(self, channels: int, kernel: tuple[int, int] = (3, 3)) -> None:
        super().__init__()
        around = (kernel[0] // 2, kernel[1] // 2)
        self.step = nn.Conv2d(channels, channels, kernel, padding=around, bias=False)
        self.norm = nn.BatchNorm2d(channels)
        nn.init.zeros_(self.norm.weight)

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        return torch.relu(features + self.norm(self.step(features)))


class Reader(nn.Module):
    """CRNN for strips of 32 pixels."""

    def __init__(self) -> None:
        super().__init__()
        self.eye = nn.Sequential(
            step(1, 16, 2, kernel=5),  # 16 high
            step(16, 40, 2),  # 8 high
            step(40, 56),
            Deeper(56),
            Deeper(56),
            step(56, 64, (2, 1)),  # 4 high
            step(64, 80),
            Deeper(80),
            Deeper(80),
            Deeper(80),
            nn.Conv2d(80, 112, (4, 1), bias=False),  # 1 high
            nn.BatchNorm2d(112),
            nn.ReLU(inplace=True),
            Deeper(112, (1, 5)),  # along the line
            Deeper(112, (1, 5)),
        )
        self.memory = nn.GRU(112, 80, bidirectional=True, batch_first=True)
        self.drop = nn.Dropout(0.1)
        self.head = nn.Linear(160, 1 + len(SYMBOLS))

    def forward(self, strips: torch.Tensor) -> torch.Tensor:
        # half precision while it learns: half as long on a processor that has it
        with torch.autocast("cpu", torch.bfloat16, enabled=self.training):
            features = self.eye(strips)
        remembered, _ = self.memory(features.float().squeeze(2).transpose(1, 2))
        return self.head(self.drop(remembered)).log_softmax(dim=2)
