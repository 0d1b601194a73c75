"""Train the close look on rendered covers: python -m training.closeup.train OUT.pt COVERS... [--minutes 50]."""

import torch
from torch.nn import functional
from training.closeup.data import Patches
from training.closeup.model import SHAPES, Closeup
from training.detector.train import train_on_covers
from training.loop import Parts


def parts_of(found: tuple[torch.Tensor, torch.Tensor], truth_maps, map_weight, truth_whole, counts) -> Parts:
    maps, whole = found
    heat, weight = truth_maps[:, 0], map_weight[:, 0]
    p = torch.sigmoid(maps[:, 0]).clamp(1e-5, 1 - 1e-5)
    peak = (heat > 0.97) | ((heat == functional.max_pool2d(heat[:, None], 3, 1, 1)[:, 0]) & (heat > 0.5))
    positive = -(peak * weight * (1 - p) ** 2 * torch.log(p)).sum()
    negative = -(~peak * weight * (1 - heat) ** 4 * p**2 * torch.log(1 - p)).sum()
    n = peak.sum().clamp(min=1.0)
    parts = {"date": (positive + negative) / n}

    def l1(found, wanted, weights, factor):
        loss = functional.smooth_l1_loss(found, wanted, reduction="none", beta=0.05)
        return factor * (loss * weights).sum() / weights.sum().clamp(min=1.0)

    parts["place"] = l1(maps[:, 1:3], truth_maps[:, 1:3], map_weight[:, 1:3], 1.0)
    parts["slope"] = l1(maps[:, 3:5], truth_maps[:, 3:5], map_weight[:, 3:5], 3.0)
    parts["turn"] = l1(maps[:, 5:7], truth_maps[:, 5:7], map_weight[:, 5:7], 1.0)
    parts["size"] = l1(maps[:, 7:9], truth_maps[:, 7:9], map_weight[:, 7:9], 2.0)
    k = len(SHAPES)
    ce = functional.cross_entropy(whole[:, :k], truth_whole[:, :k].argmax(1), reduction="none")
    parts["shape"] = (ce * counts[:, 0]).sum() / counts[:, 0].sum().clamp(min=1.0)
    parts["outline"] = l1(whole[:, k : k + 3], truth_whole[:, k : k + 3], counts[:, k : k + 3], 3.0)
    parts["upright"] = l1(whole[:, k + 3 :], truth_whole[:, k + 3 :], counts[:, k + 3 :], 1.5)
    return parts


if __name__ == "__main__":
    train_on_covers(Closeup, Patches, parts_of, __doc__, minutes=50, batch=32)
