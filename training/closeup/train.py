"""Train the close look on rendered covers: python train.py OUT.pt COVERS... [--minutes 50] [--resume OUT.pt]."""

import argparse
import math
import time
from pathlib import Path

import torch
from data import Patches
from model import SHAPES, Closeup
from torch.nn import functional


def loss_of(found: tuple, truth: list) -> tuple[torch.Tensor, dict[str, float]]:
    maps, whole = found
    truth_maps, map_weight, truth_whole, counts = truth
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
    return torch.stack(list(parts.values())).sum(), {n: float(v.detach()) for n, v in parts.items()}


def main() -> None:
    ap = argparse.ArgumentParser()
    ap.add_argument("out", type=Path)
    ap.add_argument("covers", type=Path, nargs="+")
    ap.add_argument("--minutes", type=float, default=50)
    ap.add_argument("--batch", type=int, default=32)
    ap.add_argument("--lr", type=float, default=2e-3)
    ap.add_argument("--resume", type=Path)
    ap.add_argument("--seed", type=int, default=1)
    a = ap.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(a.seed)
    net = Closeup()
    if a.resume and a.resume.exists():
        kept, fresh = torch.load(a.resume)["net"], net.state_dict()
        net.load_state_dict({n: kept[n] if n in kept and kept[n].shape == v.shape else v for n, v in fresh.items()})
    average = torch.optim.swa_utils.AveragedModel(
        net, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.998), use_buffers=True
    )
    opt = torch.optim.AdamW(net.parameters(), lr=a.lr, weight_decay=1e-3)
    patches = Patches(a.covers, a.seed)
    loader = iter(torch.utils.data.DataLoader(patches, batch_size=a.batch, num_workers=1, prefetch_factor=6))
    begin, step, saved, mean = time.time(), 0, time.time(), {}
    while (passed := (time.time() - begin) / (60 * a.minutes)) < 1:
        rate = a.lr * min(1.0, (step + 1) / 100) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * passed)))
        for g in opt.param_groups:
            g["lr"] = rate
        crop, *truth = next(loader)
        net.train()
        total, parts = loss_of(net(crop.float() / 255.0), truth)
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
