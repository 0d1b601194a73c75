"""``postmark-id marks learn``: teach the library a mark from a scan."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import click

from postmark_id.cli.mark_options import library_option, load_library
from postmark_id.cli.values import STATION, counted
from postmark_id.errors import ExitCode, PostmarkError, UsageError, one_line
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
@click.argument("path", metavar="[SCAN]", required=False, type=click.Path(path_type=str))
@click.option("--id", "ident", help="Id of the mark: a new one, or one of yours that shall know it better.")
@click.option(
    "--from-review",
    "run_folder",
    metavar="RUN",
    type=click.Path(path_type=Path),
    help="Instead of a SCAN: learn all marks that were named for it with `postmark-id review RUN`.",
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
    path: str | None,
    *,
    ident: str | None,
    run_folder: Path | None,
    stations: tuple[str, ...],
    number: int | None,
    box: Box | None,
    folder: Path | None,
    anyway: bool,
    **fields: Any,
) -> int:
    """Learn a mark from a strike on a scan, or all that a review named.

    One strike is enough to begin. Each further strike with the same id makes the mark known better: wear and
    dirt of the single strikes vanish. The marks that come with the program are never changed.
    """
    given = {key: value for key, value in fields.items() if value is not None}
    if run_folder is not None:
        said = any(value is not None for value in (path, ident, number, box))
        if said or stations or "kind" in given:
            raise UsageError(
                "--from-review takes scans, ids, stations and kinds from the review",
                code="said-twice",
                hint="leave out the scan and the options that name a mark",
            )
        return _learn_reviewed(run_folder, folder, given, anyway=anyway)
    if path is None or ident is None:
        raise UsageError("nothing to learn", code="no-input", hint="name a scan and an --id, or say --from-review RUN")
    if number is not None and box is not None:
        raise UsageError("--mark and --box name a mark twice", code="mark-named-twice", hint="give one of them")
    wanted = {"id": ident, **given} | ({"stations": list(stations)} if stations else {})
    _learn(path, wanted, folder, number=number, box=box, anyway=anyway)
    return ExitCode.OK


def _learn(
    path: str,
    wanted: dict[str, Any],
    folder: Path | None,
    *,
    number: int | None = None,
    box: Box | None,
    anyway: bool,
    frame: int = 0,
) -> None:
    """Learn one strike, and say so."""
    from postmark_id.library import learning  # noqa: PLC0415

    library, target = load_library(folder), user_folder(folder)
    ident = wanted["id"]
    _refuse_unknown(library, wanted)
    lesson, advice = _study(path, frame, number, box)
    if "kind" not in wanted and library.get(ident) is None:
        kind = Kind.BOARD_POSTMARK if lesson.impression.shape is Shape.CIRCLE else Kind.STATION_SEAL
        wanted = {**wanted, "kind": kind.value}
    mark = learning.learn(lesson, wanted, target, library, today=dt.date.today(), anyway=anyway)
    for sentence in advice:
        click.echo(f"advice: {sentence}", err=True)
    alike = learning.look_alike(library, lesson.impression, ident)
    if alike is not None:
        click.echo(f"advice: this looks like {alike[0].id}, same mark? (agreement {alike[1]:.2f})", err=True)
    click.echo(visible(f"learned {mark.id} from {counted(len(mark.strikes), 'strike')}: {mark.folder}"), err=True)


def _learn_reviewed(run_folder: Path, folder: Path | None, given: dict[str, Any], *, anyway: bool) -> int:
    """Learn every strike that a review named; one that can't be learned is told, and the others go on."""
    from postmark_id.batch.named import strikes_to_learn  # noqa: PLC0415

    strikes = strikes_to_learn(run_folder)
    if not strikes:
        raise UsageError(
            f"{run_folder}: its review names no mark to be learned",
            code="nothing-named",
            hint="write an id into `learn as` with `postmark-id review`",
        )
    failed = 0
    for strike in strikes:
        wanted = {"id": strike.ident, **given}
        present = load_library(folder).get(strike.ident)
        if present is None or present.origin == "built-in":
            wanted |= {"stations": [strike.station]} | ({"kind": strike.kind} if strike.kind else {})
        try:
            _learn(strike.path, wanted, folder, box=strike.box, anyway=anyway, frame=strike.frame)
        except PostmarkError as error:
            known = error.code == "known-strike"
            failed += not known
            what = "known already" if known else one_line(error.message, error.hint)
            click.echo(visible(f"{strike.ident}, {strike.name}: {what}"), err=True)
    return ExitCode.SOME_FAILED if failed else ExitCode.OK


def _refuse_unknown(library: Library, wanted: dict[str, Any]) -> None:
    """Ask for what a new mark needs, before the scan is looked at.

    Raises
    ------
    UsageError
        It can't have that id, or it has no station.
    """
    from postmark_id.library.schema import is_safe_id  # noqa: PLC0415

    ident = wanted["id"]
    present = library.get(ident)
    if not is_safe_id(ident):
        raise UsageError(f"{ident!r} can't be an id", code="bad-id", hint="use small letters a-z, figures and dashes")
    if "stations" not in wanted and (present is None or present.origin == "built-in"):
        raise UsageError(f"{ident} is a new mark and needs a station", code="no-station", hint="say --station Mir")


def _study(path: str, frame: int, number: int | None, box: Box | None) -> tuple[Any, tuple[str, ...]]:
    """Find the marks of a scan and prepare the chosen one."""
    from postmark_id.marks.learn import choose, lesson_of  # noqa: PLC0415
    from postmark_id.pipeline import Identifier  # noqa: PLC0415
    from postmark_id.scan import load  # noqa: PLC0415
    from postmark_id.settings import Settings  # noqa: PLC0415

    settings = Settings()
    scan: Scan = next(load(path, settings.scan, frames=(frame,)))
    # The numbers are those of `check`, which do not depend on what is learned.
    report = Identifier(settings, Library(())).identify(scan)
    return lesson_of(choose(report.marks, scan, settings, number=number, box=box), scan, settings)
