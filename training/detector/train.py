"""Train the proposing network on rendered covers: python -m training.detector.train OUT.pt COVERS... [--minutes 60]."""

import argparse
from collections.abc import Callable
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional
from torch.utils.data import DataLoader, IterableDataset
from training.detector.data import Crops, R
from training.detector.model import HEAT, MarkNet
from training.loop import Parts, options, train


def focal(logit: torch.Tensor, heat: torch.Tensor, ignore: torch.Tensor) -> torch.Tensor:
    """Penalty-reduced focal loss of CornerNet (Law and Deng, 2018), over peaks and their surroundings."""
    p = torch.sigmoid(logit).clamp(1e-5, 1 - 1e-5)
    peak = (heat > 0.97).float()
    # the cell nearest to a centre counts as its peak even where the centre falls between cells
    is_max = (heat == functional.max_pool2d(heat, 3, 1, 1)) & (heat > 0.5)
    peak = torch.maximum(peak, is_max.float())
    positive = -peak * (1 - p) ** 2 * torch.log(p)
    negative = -(1 - peak) * (1 - heat) ** 4 * (1 - ignore).clamp(0, 1) * p**2 * torch.log(1 - p)
    return (positive.sum() + negative.sum()) / peak.sum().clamp(min=1.0)


def parts_of(out: torch.Tensor, heat, ignore, reg, weight) -> Parts:
    k = len(HEAT)
    parts = {"heat": focal(out[:, :k], heat, ignore)}
    r = out[:, k:]

    def l1(names: list[str], factor: float) -> torch.Tensor:
        i = [R[n] for n in names]
        w = weight[:, i]
        return (
            factor
            * (functional.smooth_l1_loss(r[:, i], reg[:, i], reduction="none", beta=0.1) * w).sum()
            / w.sum().clamp(min=1.0)
        )

    parts["place"] = l1(["mark_dx", "mark_dy", "date_dx", "date_dy"], 1.0)
    parts["size"] = l1(["mark_log_radius", "date_log_width", "date_log_height"], 3.0)
    parts["angle"] = l1(["mark_cos_n", "mark_sin_n", "date_cos_2", "date_sin_2"], 1.0)
    parts["letters"] = l1(["mark_cos", "mark_sin"], 0.4)
    w, i = weight[:, R["mark_ground"]], R["mark_ground"]
    bce = functional.binary_cross_entropy_with_logits(r[:, i], reg[:, i], reduction="none")
    parts["ground"] = 0.3 * (bce * w).sum() / w.sum().clamp(min=1.0)
    return parts


def train_on_covers(
    network: Callable[[], nn.Module],
    examples: Callable[[list[Path], int], IterableDataset],
    parts_of: Callable[..., Parts],
    doc: str,
    *,
    minutes: float,
    batch: int,
) -> None:
    """Train a network on examples that a process cuts out of folders of covers: pictures, and what is true there.

    Parameters
    ----------
    network : callable
        Makes the network.
    examples : callable
        Gives the examples of some folders and a seed.
    parts_of : callable
        Gives the parts of the loss from the network's output and the batched truth.
    doc : str
        What the command line says of itself.
    minutes, batch : float, int
        Where the command line doesn't say.
    """
    parser = argparse.ArgumentParser(description=doc)
    parser.add_argument("out", type=Path)
    parser.add_argument("covers", type=Path, nargs="+")
    parser.add_argument("--batch", type=int, default=batch)
    given = options(parser, minutes=minutes, rate=2e-3)
    source = examples(given.covers, given.seed)
    batches = iter(DataLoader(source, batch_size=given.batch, num_workers=1, prefetch_factor=6))

    def losses(net: nn.Module) -> Parts:
        pictures, *truth = next(batches)
        return parts_of(net(pictures.float() / 255.0), *truth)

    train(network(), losses, given, warm_up=100, floor=0.02)


if __name__ == "__main__":
    train_on_covers(MarkNet, Crops, parts_of, __doc__, minutes=60, batch=16)
