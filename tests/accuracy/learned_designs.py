"""Covers on which fixed designs are struck, and the designs: four of each shape, with a pair of near twins in each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from postmark_id.geometry import iou
from postmark_id.models import Mark, Scan, Shape, Station
from postmark_id.synth.covers import render_plan
from postmark_id.synth.designs import Design
from postmark_id.synth.plan import Plan, Wanted, repeated

SHAPES = (Shape.PENTAGON, Shape.OCTAGON, Shape.CIRCLE)
TWINS = ({"motif": 1}, {"lower": 3}, {"motif": 1})
"""In what the two twins of each shape differ: the picture in the middle, or one line of lettering."""


def designs(seed: int) -> list[Design]:
    """Twelve designs."""
    found = []
    for k, (shape, differs) in enumerate(zip(SHAPES, TWINS, strict=True)):
        stations = (Station.MIR, Station.ISS) if k != 1 else (Station.ISS, Station.MIR)
        name, number, dated = shape.value, seed + 10 * k, shape is Shape.CIRCLE
        first = Design(f"{name}-a", shape, stations[0], number, dated)
        twin = replace(first, id=f"{name}-twin", **differs)
        others = (
            Design(f"{name}-b", shape, stations[1], number + 1, dated),
            Design(f"{name}-c", shape, stations[0], number + 2, True),
        )
        found += [first, twin, *others]
    return found


@dataclass(frozen=True)
class Cover:
    """A rendered cover and its label."""

    scan: Scan
    label: dict

    def truth_of(self, mark: Mark) -> dict | None:
        """The label of a found mark: right shape, and half of both outlines in common."""
        near = [one for one in self.label["marks"] if one["shape"] == mark.shape.value]
        best = max(near, key=lambda one: iou(one["outline"], mark.outline.points), default=None)
        return best if best is not None and iou(best["outline"], mark.outline.points) >= 0.5 else None


def covers_with(wanted: list[Wanted], seed: int, difficulty: float, each: int = 3) -> Iterator[Cover]:
    """Covers with so many of the wanted marks on each, some of them with a ground cancel besides."""
    rng = np.random.default_rng(seed)
    for number, start in enumerate(range(0, len(wanted), each)):
        some = wanted[start : start + each]
        if rng.random() < 0.5:
            some = [Wanted("cancel", date=dt.date(1995, 3, 4)), *some]
        plan = Plan("designs", tuple(some), int(rng.integers(0, 3)))
        cover = render_plan(plan, seed + number, difficulty)
        yield Cover(Scan(cover.pixels, f"cover-{seed + number}.jpg", dpi=cover.dpi), cover.label)


def strikes_of(some: list[Design], times: int, seed: int) -> list[Wanted]:
    """Each design so many times in a random order, those with a place for a date with a date."""
    return repeated(some, times, np.random.default_rng([seed, 1]))


def strangers(times: int, seed: int) -> list[Wanted]:
    """Marks of designs that nobody has learned: each is drawn anew."""
    rng = np.random.default_rng([seed, 2])
    wanted = []
    for number in range(times):
        station = (Station.MIR, Station.ISS)[int(rng.integers(2))]
        if number % 5 < 3:
            wanted.append(Wanted("seal", station, (Shape.PENTAGON, Shape.OCTAGON)[int(rng.integers(2))]))
        else:
            wanted.append(Wanted("postmark", station, date=dt.date(2002, 3, 4)))
    return wanted
