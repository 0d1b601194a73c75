"""How a batch tells its progress: a bar on a terminal, plain lines elsewhere; always on stderr."""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from collections.abc import Sequence

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.text import Text

from postmark_id.batch.run import Brief
from postmark_id.outputs.words import DOUBT, OUTCOMES, visible

SHOWN = 5
"""Failures of an earlier run that are told again."""
LINE_SECONDS = 10.0
"""Seconds between two plain lines."""


def counts_line(counts: Counter[str]) -> str:
    """Counts by outcome, the answers first: ``12 flight identified, 3 no on-board mark found``."""
    return ", ".join(f"{counts[name]} {OUTCOMES[name]}" for name in reversed(DOUBT) if counts[name])


class Watcher:
    """Shows how a run goes; a context manager, as the bar must leave the terminal as it found it.

    Parameters
    ----------
    loud : bool
        A line for every file, even where nothing went wrong.
    """

    def __init__(self, *, loud: bool = False) -> None:
        self.loud = loud
        self.counts: Counter[str] = Counter()
        self.total = self.done = self.worked = 0
        self.began = self.last_line = time.monotonic()
        self.bar: Progress | None = None
        self.task = TaskID(0)

    def __enter__(self) -> Watcher:
        """Start the bar where there is a terminal for it."""
        if sys.stderr is not None and sys.stderr.isatty() and os.environ.get("TERM") != "dumb":
            self.bar = Progress(
                TextColumn("{task.fields[rate]}"),
                BarColumn(bar_width=None),
                MofNCompleteColumn(),
                TimeRemainingColumn(),
                TextColumn("{task.fields[counts]}"),
                console=Console(stderr=True),
            )
        return self

    def __exit__(self, *_: object) -> None:
        """Stop the bar."""
        if self.bar:
            self.bar.stop()

    def begin(self, total: int, done: int, kept: Sequence[Brief]) -> None:
        """See `batch.run.Watch`."""
        self.total, self.done = total, done
        self.counts.update(brief.outcome for brief in kept)
        self.began = self.last_line = time.monotonic()
        if self.bar:
            self.task = self.bar.add_task("", total=total, completed=done, rate="", counts="")
            self.bar.start()
        elif 0 < done < total:
            self.say("going on where the last run stopped")
        failed = [brief.problem for brief in kept if brief.problem]
        for problem in failed[:SHOWN]:
            self.say(problem)
        if len(failed) > SHOWN:
            self.say(f"and {len(failed) - SHOWN} more that failed before")

    def step(self, name: str, briefs: Sequence[Brief], seconds: float) -> None:
        """See `batch.run.Watch`."""
        self.done += 1
        self.worked += 1
        self.counts.update(brief.outcome for brief in briefs)
        for brief in briefs:
            if brief.problem:
                self.say(brief.problem)
        if self.loud:
            self.say(f"{name}: {', '.join(brief.code or brief.outcome for brief in briefs)} ({seconds:.1f} s)")
        rate = self.worked / max(1e-6, time.monotonic() - self.began)
        if self.bar:
            self.bar.update(self.task, completed=self.done, rate=_rate(rate), counts=counts_line(self.counts))
        elif time.monotonic() - self.last_line >= LINE_SECONDS:
            self.last_line = time.monotonic()
            left = (self.total - self.done) / rate
            self.say(f"{self.done} of {self.total}, {_rate(rate)}, {_span(left)} left: {counts_line(self.counts)}")

    def say(self, message: str) -> None:
        """Print a line, above the bar where there is one."""
        if self.bar:
            self.bar.console.print(Text(visible(message)))
        else:
            click.echo(visible(message), err=True)


def _rate(per_second: float) -> str:
    return f"{per_second:.1f} a second" if per_second >= 1 else f"{per_second * 60:.0f} a minute"


def _span(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
