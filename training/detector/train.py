"""Train the proposing network on rendered covers: python train.py OUT.pt COVERS... [--minutes 60] [--resume OUT.pt]."""

import argparse
import math
import time
from pathlib import Path

import torch
from data import Crops, R
from model import HEAT, MarkNet
from torch.nn import functional


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


def loss_of(out: torch.Tensor, heat, ignore, reg, weight) -> tuple[torch.Tensor, dict[str, float]]:
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
    total = torch.stack(list(parts.values())).sum()
    return total, {n: float(v.detach()) for n, v in parts.items()}


def main() -> None:
    ap = argparse.ArgumentParser()
    ap.add_argument("out", type=Path)
    ap.add_argument("covers", type=Path, nargs="+")
    ap.add_argument("--minutes", type=float, default=60)
    ap.add_argument("--batch", type=int, default=16)
    ap.add_argument("--lr", type=float, default=2e-3)
    ap.add_argument("--resume", type=Path)
    ap.add_argument("--threads", type=int, default=1)
    ap.add_argument("--seed", type=int, default=1)
    a = ap.parse_args()
    torch.set_num_threads(a.threads)
    torch.manual_seed(a.seed)
    net = MarkNet()
    if a.resume and a.resume.exists():
        kept, fresh = torch.load(a.resume)["net"], net.state_dict()
        net.load_state_dict({n: kept[n] if kept[n].shape == v.shape else kept[n][: len(v)] for n, v in fresh.items()})
    average = torch.optim.swa_utils.AveragedModel(
        net, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.998), use_buffers=True
    )
    opt = torch.optim.AdamW(net.parameters(), lr=a.lr, weight_decay=1e-3)
    loader = iter(
        torch.utils.data.DataLoader(Crops(a.covers, a.seed), batch_size=a.batch, num_workers=1, prefetch_factor=4)
    )
    begin, step, saved, mean = time.time(), 0, time.time(), {}
    while (passed := (time.time() - begin) / (60 * a.minutes)) < 1:
        warm = min(1.0, (step + 1) / 100)
        for g in opt.param_groups:
            g["lr"] = a.lr * warm * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * passed)))
        crop, *truth = next(loader)
        net.train()
        total, parts = loss_of(net(crop.float() / 255.0), *truth)
        opt.zero_grad()
        total.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        opt.step()
        average.update_parameters(net)
        step += 1
        for n, v in parts.items():
            mean[n] = 0.98 * mean.get(n, v) + 0.02 * v
        if step % 50 == 0:
            print(f"{step} {(time.time() - begin) / 60:.1f}min", {n: round(v, 3) for n, v in mean.items()}, flush=True)
        if time.time() - saved > 120:
            save(a.out, average)
            saved = time.time()
    save(a.out, average)


def save(path: Path, average) -> None:
    part = path.with_suffix(".part")
    torch.save({"net": average.module.state_dict()}, part)
    part.replace(path)


if __name__ == "__main__":
    main()
