"""``postmark-id marks learn``: teach the library a mark from a scan."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import click

from postmark_id.cli.mark_options import library_option, load_library
from postmark_id.cli.values import STATION, counted
from postmark_id.errors import UsageError
from postmark_id.library.store import Library, user_folder
from postmark_id.models import Box, Kind, Scan, Shape
from postmark_id.outputs.words import visible


def _box(_ctx: click.Context, _param: click.Parameter, value: str | None) -> Box | None:
    if value is None:
        return None
    try:
        x, y, width, height = (int(part) for part in value.split(","))
    except ValueError as error:
        raise click.BadParameter(f"{value!r} is no box; write it as 120,80,300,300") from error
    return x, y, width, height


@click.command("learn")
@click.argument("path", metavar="SCAN", type=click.Path(path_type=str))
@click.option(
    "--id", "ident", required=True, help="Id of the mark: a new one, or one of yours that shall know it better."
)
@click.option(
    "--station",
    "stations",
    multiple=True,
    type=STATION,
    help="Station where it was used; needed for a new mark; may be given again.",
)
@click.option("--kind", type=click.Choice([k.value for k in Kind]), help="What it is; by its shape if not given.")
@click.option("--mark", "number", type=click.IntRange(min=1), help="Which mark of the scan, by its number in `check`.")
@click.option("--box", callback=_box, metavar="X,Y,W,H", help="A box around the mark, in pixels of the scan.")
@click.option("--name", help="A name for people.")
@click.option("--source", help="Where the strike comes from, such as a collection.")
@click.option("--licence", help="Licence of its picture.")
@click.option("--replaces", help="Id of the mark that this one stands in for.")
@click.option("--anyway", is_flag=True, help="Take the strike in even if it does not look like the ones before.")
@library_option
def learn(
    path: str,
    *,
    ident: str,
    stations: tuple[str, ...],
    number: int | None,
    box: Box | None,
    folder: Path | None,
    anyway: bool,
    **fields: Any,
) -> None:
    """Learn a mark from a strike on a scan.

    One strike is enough to begin. Each further strike with the same id makes the mark known better: wear and
    dirt of the single strikes vanish. The marks that come with the program are never changed.
    """
    from postmark_id.library import learning  # noqa: PLC0415

    if number is not None and box is not None:
        raise UsageError("--mark and --box name a mark twice", code="mark-named-twice", hint="give one of them")
    library, target = load_library(folder), user_folder(folder)
    given = {key: value for key, value in fields.items() if value is not None}
    known = _known_fields(library, ident, list(stations), given)
    lesson, advice = _study(path, number, box)
    if "kind" not in known and library.get(ident) is None:
        known["kind"] = (Kind.BOARD_POSTMARK if lesson.impression.shape is Shape.CIRCLE else Kind.STATION_SEAL).value
    mark = learning.learn(lesson, known, target, library, today=dt.date.today(), anyway=anyway)
    for sentence in advice:
        click.echo(f"advice: {sentence}", err=True)
    alike = learning.look_alike(library, lesson.impression, ident)
    if alike is not None:
        click.echo(f"advice: this looks like {alike[0].id}, same mark? (agreement {alike[1]:.2f})", err=True)
    click.echo(visible(f"learned {mark.id} from {counted(len(mark.strikes), 'strike')}: {mark.folder}"), err=True)


def _known_fields(library: Library, ident: str, stations: list[str], given: dict[str, Any]) -> dict[str, Any]:
    """Fields of the mark as far as the options say them.

    Raises
    ------
    UsageError
        A new mark without a station.
    """
    from postmark_id.library.schema import is_safe_id  # noqa: PLC0415

    present = library.get(ident)
    if not is_safe_id(ident):
        raise UsageError(f"{ident!r} can't be an id", code="bad-id", hint="use small letters a-z, figures and dashes")
    if not stations and (present is None or present.origin == "built-in"):
        raise UsageError(f"{ident} is a new mark and needs a station", code="no-station", hint="say --station Mir")
    return {"id": ident, **given} | ({"stations": stations} if stations else {})


def _study(path: str, number: int | None, box: Box | None) -> tuple[Any, tuple[str, ...]]:
    """Find the marks of a scan and prepare the chosen one."""
    from postmark_id.marks.learn import choose, lesson_of  # noqa: PLC0415
    from postmark_id.pipeline import Identifier  # noqa: PLC0415
    from postmark_id.scan import load  # noqa: PLC0415
    from postmark_id.settings import Settings  # noqa: PLC0415

    settings = Settings()
    scan: Scan = next(load(path, settings.scan, frames=(0,)))
    # The numbers are those of `check`, which do not depend on what is learned.
    report = Identifier(settings, Library(())).identify(scan)
    return lesson_of(choose(report.marks, scan, settings, number=number, box=box), scan, settings)
