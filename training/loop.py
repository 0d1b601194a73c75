"""The loop that every network here is trained with.

The learning rate follows the clock, so that training takes just the time that there is: it warms up over the first
steps and falls along a cosine until the minutes are over. What is judged and saved is the average of the weights
(Polyak and Juditsky, 1992) over about the last tenth of the steps, and over a thousand of them at most: it is steadier
than the weights of any one step, and holds nothing of the beginning, however short the training.
"""

import argparse
import math
import time
from collections.abc import Callable
from pathlib import Path

import torch
from torch import nn
from torch.optim.swa_utils import AveragedModel

REPORT_EVERY = 150.0
"""Seconds between two reports; the weights are saved with each."""

Parts = dict[str, torch.Tensor]


def options(parser: argparse.ArgumentParser, *, minutes: float, rate: float) -> argparse.Namespace:
    """Read a command line that has the arguments of all trainings beside those of one, and begin from its seed.

    Parameters
    ----------
    parser : ArgumentParser
        With the arguments that only one network needs; one of them is `out`, the path of the weights.
    minutes, rate : float
        How long to train, and the highest learning rate, where the command line doesn't say.
    """
    parser.add_argument("--minutes", type=float, default=minutes)
    parser.add_argument("--rate", type=float, default=rate, help="highest learning rate")
    parser.add_argument("--resume", type=Path, metavar="WEIGHTS")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    torch.manual_seed(given.seed)
    return given


def train(
    net: nn.Module,
    losses: Callable[[nn.Module], Parts],
    given: argparse.Namespace,
    judged: Callable[[nn.Module], str] = lambda average: "",
    *,
    warm_up: int = 200,
    floor: float = 0.01,
) -> None:
    """Train until the time is up; every few minutes and in the end, save the averaged weights and report.

    Parameters
    ----------
    net : Module
    losses : callable
        Draws the examples of one step and gives the parts of the network's loss there by name; their sum counts.
    given : Namespace
        Of `options`.
    judged : callable
        Says how good the averaged network is; it comes in `eval` mode, and gradients are off.
    warm_up : int
        Steps until the learning rate is at its highest.
    floor : float
        Share of the learning rate that is left in the end.
    """
    if given.resume:
        resume(net, given.resume)
    average = AveragedModel(net, avg_fn=nearer, use_buffers=True)
    optimiser = torch.optim.AdamW(net.parameters(), weight_decay=1e-3)
    means: dict[str, float] = {}
    step, begun = 0, time.monotonic()
    reported = begun

    def report() -> None:
        save(average.module, given.out)
        average.eval()
        with torch.no_grad():
            verdict = judged(average.module)
        recent = " ".join(f"{name} {mean:.3f}" for name, mean in means.items())
        print(f"{(time.monotonic() - begun) / 60:.1f} min, step {step}: {recent} {verdict}", flush=True)

    while (passed := (time.monotonic() - begun) / (60 * given.minutes)) < 1:
        for group in optimiser.param_groups:
            fallen = floor + (1 - floor) * (1 + math.cos(math.pi * passed)) / 2
            group["lr"] = given.rate * min(1.0, (step + 1) / warm_up) * fallen
        net.train()
        parts = losses(net)
        optimiser.zero_grad()
        torch.stack([*parts.values()]).sum().backward()
        nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        optimiser.step()
        average.update_parameters(net)
        step += 1
        for name, part in parts.items():
            value = float(part.detach())
            means[name] = 0.99 * means.get(name, value) + 0.01 * value
        if time.monotonic() - reported > REPORT_EVERY:
            report()
            reported = time.monotonic()
    report()


def nearer(average: torch.Tensor, now: torch.Tensor, step: torch.Tensor) -> torch.Tensor:
    """Averaged weights a little nearer to the present ones, more so at the beginning; counters as they are."""
    return average.lerp(now, max(0.001, 10 / (10 + float(step)))) if average.is_floating_point() else now


def resume(net: nn.Module, path: Path) -> None:
    """Take over the weights that have a place in the network, and say which begin afresh: it may have grown."""
    fresh, kept = net.state_dict(), torch.load(path, weights_only=True)
    fitting = {name: kept[name] for name in fresh if name in kept and kept[name].shape == fresh[name].shape}
    if not fitting:
        raise SystemExit(f"{path} holds no weights of this network")
    if missing := net.load_state_dict(fitting, strict=False).missing_keys:
        print(f"{path}: nothing there for", *missing, flush=True)


def save(net: nn.Module, path: Path) -> None:
    """Write the weights whole or not at all."""
    part = path.with_suffix(".part")
    torch.save(net.state_dict(), part)
    part.replace(path)
