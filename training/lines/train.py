"""Train the network that lays date lines true: python train.py OUT.pt COVERS... [--minutes 30] [--resume WEIGHTS].

COVERS are folders of labelled covers, as training/detector/render.py writes them. Every hundredth cover is kept for
testing.
"""

import argparse
import math
import multiprocessing as mp
import os
import random
import time
from itertools import islice
from pathlib import Path

import cv2
import numpy as np
import torch
from data import Sample, samples
from model import Lines
from torch.nn import functional

BATCH = 64
POOL = 30_000


def produce(folders: list[Path], seed: int, chunks: "mp.Queue[list[Sample]]") -> None:
    os.nice(5)
    cv2.setNumThreads(1)
    source = samples(folders, seed)
    while True:
        chunks.put(list(islice(source, 256)))


def losses(raw: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    """How far lines are off where there are some, whether they are told from other places, and from print."""
    known = ~wanted.isnan()
    wanted = wanted.nan_to_num()
    off = functional.smooth_l1_loss(raw[:, :5], wanted[:, :5], reduction="none", beta=0.1)
    told = functional.binary_cross_entropy_with_logits(raw[:, 5:], wanted[:, 5:], reduction="none")
    weight = torch.tensor([0.6, 2.0, 2.0, 1.0, 1.0, 0.3, 0.3])
    return (torch.cat([off, told], dim=1) * weight * known).sum() / len(raw)


def tensors(drawn: list[Sample]) -> tuple[torch.Tensor, torch.Tensor]:
    x = np.stack([window for window, _ in drawn])[:, None].astype(np.float32) / 127.5 - 1.0
    return torch.from_numpy(x), torch.from_numpy(np.stack([answer for _, answer in drawn]))


def told(net: torch.nn.Module, held_out: list[Sample]) -> str:
    """Distance from the true line before and after, and how well lines are told from other places and from print."""
    net.eval()
    with torch.no_grad():
        x, wanted = tensors(held_out)
        raw = torch.cat([net(part) for part in x.split(128)])
    there = ~wanted[:, 0].isnan()
    before, after = wanted[there, :5].abs(), (raw[there, :5] - wanted[there, :5]).abs()
    quantiles = (part.quantile(torch.tensor([0.5, 0.9]), 0).flatten() for part in (before, after))
    spread = [f"{b:.3f}>{a:.3f}" for b, a in zip(*quantiles, strict=True)]
    right = [((raw[:, k] > 0) == (wanted[:, k] > 0.5))[~wanted[:, k].isnan()].float().mean() for k in (5, 6)]
    return f"{' '.join(spread)} present {right[0]:.3f} struck {right[1]:.3f}"


def main() -> None:
    ap = argparse.ArgumentParser()
    ap.add_argument("out", type=Path)
    ap.add_argument("covers", type=Path, nargs="+")
    ap.add_argument("--minutes", type=float, default=30)
    ap.add_argument("--rate", type=float, default=2e-3)
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--resume", type=Path)
    a = ap.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(a.seed)
    rng = random.Random(a.seed)
    held_out = list(islice(samples(a.covers, 0, held_out=True), 600))
    chunks: mp.Queue[list[Sample]] = mp.Queue(maxsize=16)
    mp.Process(target=produce, args=(a.covers, a.seed, chunks), daemon=True).start()
    pool: list[Sample] = []
    while len(pool) < 2000:
        pool += chunks.get()
    net = Lines()
    if a.resume:
        net.load_state_dict(torch.load(a.resume, weights_only=True))
    net = net.to(memory_format=torch.channels_last)
    average = torch.optim.swa_utils.AveragedModel(
        net, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.998), use_buffers=True
    )
    opt = torch.optim.AdamW(net.parameters(), lr=a.rate, weight_decay=1e-3)
    begin, step, last, mean, place = time.time(), 0, time.time(), 0.0, 0
    while (passed := (time.time() - begin) / (60 * a.minutes)) < 1:
        for group in opt.param_groups:
            group["lr"] = a.rate * min(1.0, (step + 1) / 200) * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * passed)))
        if not chunks.empty():
            for sample in chunks.get():
                if len(pool) < POOL:
                    pool.append(sample)
                else:
                    pool[place] = sample
                    place = (place + 1) % POOL
        net.train()
        x, wanted = tensors(rng.sample(pool, BATCH))
        loss = losses(net(x), wanted)
        opt.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        opt.step()
        average.update_parameters(net)
        step += 1
        mean += 0.01 * (float(loss.detach()) - mean)
        if time.time() - last > 120:
            last = time.time()
            print(f"{(last - begin) / 60:.1f}min {step} {mean:.3f} {told(average.module, held_out)}", flush=True)
            save(a.out, average)
    save(a.out, average)
    print("final", step, told(average.module, held_out))


def save(path: Path, average: torch.optim.swa_utils.AveragedModel) -> None:
    part = path.with_suffix(".part")
    torch.save(average.module.state_dict(), part)
    part.replace(path)


if __name__ == "__main__":
    main()
