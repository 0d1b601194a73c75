"""The reader's network: six convolutions, one recurrent layer, CTC (after Shi, Bai and Yao, "CRNN", TPAMI 2017).

Input (n, 1, 32, width) in -1..1 with paper high; output (n, width / 4, 1 + symbols) of log probabilities. 27 million
multiplications for a strip of 32 x 160. docs/decisions/0013-a-reader-that-never-grew.md tells of larger ones.
"""

from __future__ import annotations

import torch
from torch import nn
from training.blocks import step

from postmark_id.dates.alphabet import SYMBOLS


class Reader(nn.Module):
    """CRNN for strips of 32 pixels, with one column more than there are symbols."""

    def __init__(self, symbols: str = SYMBOLS) -> None:
        super().__init__()
        self.eye = nn.Sequential(
            step(1, 16, 2, kernel=5),  # 16 high
            step(16, 40, 2),  # 8 high
            step(40, 56),
            step(56, 64, (2, 1)),  # 4 high
            step(64, 80),
            nn.Conv2d(80, 112, (4, 1), bias=False),  # 1 high
            nn.BatchNorm2d(112),
            nn.ReLU(inplace=True),
        )
        self.memory = nn.GRU(112, 80, bidirectional=True, batch_first=True)
        self.drop = nn.Dropout(0.1)
        self.head = nn.Linear(160, 1 + len(symbols))

    def forward(self, strips: torch.Tensor) -> torch.Tensor:
        # half precision while it learns: a third faster on a processor that has it
        with torch.autocast("cpu", torch.bfloat16, enabled=self.training):
            features = self.eye(strips)
        remembered, _ = self.memory(features.float().squeeze(2).transpose(1, 2))
        return self.head(self.drop(remembered)).log_softmax(dim=2)
