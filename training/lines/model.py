"""The network that lays a date line true: what it sees of a rough line, and what it says of the true one.

A window around the rough line is brought to one size (`postmark_id.dates.trueing.window`); the answer is where the true
line lies from there, in heights of the rough one, and whether there is one at all.
"""

import torch
from torch import nn
from training.blocks import Added, step

ROWS, COLUMNS = 48, 192
ANSWERS = ("along", "across", "turn", "log_width", "log_height", "present", "struck")


class Lines(nn.Module):
    """Input (N, 1, 48, 192) in -1..1 with paper high; output (N, 7), the `ANSWERS`, raw."""

    def __init__(self) -> None:
        super().__init__()
        self.eye = nn.Sequential(
            step(1, 16, 2, kernel=5),  # 24 x 96
            step(16, 32, 2),  # 12 x 48
            Added(step(32, 32), step(32, 32)),
            step(32, 56, 2),  # 6 x 24
            Added(step(56, 56), step(56, 56)),
            step(56, 64, 2),  # 3 x 12
        )
        self.answer = nn.Sequential(
            nn.Flatten(), nn.Linear(64 * 36, 96), nn.ReLU(inplace=True), nn.Dropout(0.1), nn.Linear(96, len(ANSWERS))
        )

    def forward(self, windows: torch.Tensor) -> torch.Tensor:
        return self.answer(self.eye(windows))
