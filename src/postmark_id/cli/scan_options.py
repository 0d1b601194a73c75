"""Options that `check` and `batch` share, and what they make of them."""

from __future__ import annotations

import datetime as dt
import logging
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from postmark_id.batch.examine import PipelineRecipe
from postmark_id.batch.pairs import Pairing
from postmark_id.cli.values import STATION, day
from postmark_id.errors import UsageError
from postmark_id.models import Station
from postmark_id.outputs.words import visible
from postmark_id.settings import Settings

if TYPE_CHECKING:
    from postmark_id.dates.engines import EngineName
    from postmark_id.flights.match import Priors

ENGINES = ("auto", "own", "rapidocr", "tesseract")

_OPTIONS = (
    click.option(
        "--ocr", type=click.Choice(ENGINES), default="auto", show_default=True, help="Engine that reads dates."
    ),
    click.option(
        "--library",
        type=click.Path(file_okay=False, path_type=Path),
        help="Folder of your own reference marks, in place of the usual one.",
    ),
    click.option(
        "--max-mpixels",
        type=click.FloatRange(min=0.001, max=4000),
        default=Settings().scan.max_mpixels,
        show_default=True,
        help="Refuse pictures with more million pixels than this.",
    ),
    click.option(
        "--max-frames",
        type=click.IntRange(1, 1000),
        default=Settings().scan.max_frames,
        show_default=True,
        help="Look at so many pages of a file at most.",
    ),
    click.option("--first-frame", is_flag=True, help="Look at the first page of every file only."),
    click.option("--allow-truncated", is_flag=True, help="Look at what is there of files that end too early."),
)


def _pairing(_ctx: click.Context, _param: click.Parameter, value: str) -> Pairing:
    return Pairing.parse(value)


pair_option = click.option(
    "--pair",
    "pairing",
    callback=_pairing,
    default=str(Pairing()),
    show_default=True,
    metavar="RULE",
    help="Which scans are front and back of one cover: words (_front, _back), numbers (-1, -2), letters (a, b), "
    "pages (of a file), none, or endings of your own such as _vs/_rs; several with commas between.",
)
"""How fronts and backs are found."""


def cachet_option(*, default: bool) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Whether the print on the covers is read."""
    return click.option(
        "--read-cachet/--no-read-cachet",
        default=default,
        show_default=True,
        help="Read the print on the cover, too, and warn where it names another flight than the date.",
    )


_PRIOR_OPTIONS = (
    click.option("--station", type=STATION, help="Station that you know it is from."),
    click.option("--after", type=day, metavar="DATE", help="First day possible."),
    click.option("--before", type=day, metavar="DATE", help="Last day possible."),
)


def prior_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add what the user knows already of the covers."""
    for option in reversed(_PRIOR_OPTIONS):
        command = option(command)
    return command


def priors(station: str | None, after: dt.date | None, before: dt.date | None, expect: str | None = None) -> Priors:
    """What the user knows.

    Raises
    ------
    UsageError
        No day is left.
    """
    from postmark_id.flights.match import Priors  # noqa: PLC0415

    if after and before and after > before:
        raise UsageError(f"--after {after} is later than --before {before}", code="no-day-left", hint="swap them")
    return Priors(Station(station) if station else None, after, before, expect)


def scan_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of the loader and of the pipeline to a command."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def recipe(
    *,
    ocr: str,
    library: Path | None,
    max_mpixels: float,
    max_frames: int,
    first_frame: bool,
    allow_truncated: bool,
    read_cachet: bool,
) -> PipelineRecipe:
    """What the options ask for."""
    settings = Settings()
    limits = replace(
        settings.scan,
        max_mpixels=max_mpixels,
        max_frames=max_frames,
        first_frame=first_frame,
        allow_truncated=allow_truncated,
    )
    settings = replace(settings, scan=limits, print=replace(settings.print, read=read_cachet))
    return PipelineRecipe(settings, library, cast("EngineName", ocr))


def warn_of_marks(folder: Path | None) -> None:
    """Tell on stderr, once a run and a line each, of marks that the run does without.

    Raises
    ------
    LibraryError
        The folder is not there.
    """
    from postmark_id.library import Library  # noqa: PLC0415
    from postmark_id.library.inspect import unusable  # noqa: PLC0415

    for notice in unusable(Library.load(folder)):
        click.echo(visible(f"warning: {notice.message}"), err=True)


def terminal_width() -> int:
    """Columns for prose: those of the terminal, within what reads well."""
    return min(100, shutil.get_terminal_size((80, 24)).columns)


def tell_all(ctx: click.Context) -> bool:
    """With -vv, let the log speak, tracebacks included; gives whether it does."""
    loud = bool(ctx.obj and ctx.obj.get("verbose", 0) > 1)
    if loud:
        logging.basicConfig(level=logging.INFO, format="%(name)s: %(message)s")
    return loud
