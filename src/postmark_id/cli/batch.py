"""``postmark-id batch``: folders of scans, worked through whatever they hold, and gone on with after a stop."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO, cast, get_args

import click

from postmark_id.batch.discover import Found, Skipped, discover, portable, read_list
from postmark_id.batch.machine import available_cores
from postmark_id.batch.manifest import read as read_manifest
from postmark_id.batch.pairs import Pairing, pair
from postmark_id.batch.products import PRODUCTS, Product, Request
from postmark_id.batch.run import Summary, run
from postmark_id.batch.store import Store, open_store
from postmark_id.cli.progress import Watcher, counts_line
from postmark_id.cli.scan_options import (
    cachet_option,
    pair_option,
    prior_options,
    priors,
    recipe,
    scan_options,
    tell_all,
    warn_of_marks,
)
from postmark_id.cli.values import counted
from postmark_id.errors import ExitCode, UsageError
from postmark_id.outputs.words import visible
from postmark_id.settings import Settings

_SHOWN = 5
"""Names given for each cause of failure."""


def _products(_ctx: click.Context, _param: click.Parameter, value: str) -> tuple[Product, ...]:
    names = tuple(dict.fromkeys(name.strip() for name in value.split(",") if name.strip()))
    unknown = [name for name in names if name not in get_args(Product)]
    if unknown or not names:
        raise click.BadParameter(
            f"{', '.join(unknown) or 'nothing'} can't be written; choose from {', '.join(get_args(Product))}"
        )
    return cast("tuple[Product, ...]", names)


_INPUTS = frozenset({"paths", "listed"})
"""What a request says of scans; it is taken whole, and only where the command line names none."""


def _like(ctx: click.Context, _param: click.Parameter, value: Path | None) -> Path | None:
    """Take what an earlier run was asked for, where the command line says nothing else."""
    if value is not None:
        asked = {name: option for name, option in read_manifest(value).request.items() if name not in _INPUTS}
        ctx.default_map = {**(ctx.default_map or {}), **asked}
    return value


@click.command("batch")
@click.argument("paths", nargs=-1, type=click.Path(path_type=str), metavar="PATH...")
@click.option("-o", "--output", "run_folder", type=click.Path(path_type=Path), required=True, help="Folder of the run.")
@click.option("-r", "--recursive", is_flag=True, help="Look into folders of folders.")
@click.option(
    "-j",
    "--jobs",
    type=click.IntRange(1, 256),
    default=None,
    help="Worker processes; as many as there are cores by default.",
)
@click.option(
    "--write",
    callback=_products,
    default=",".join(PRODUCTS),
    show_default=True,
    help="What to write, with commas between; sqlite and xmp are written on request.",
)
@pair_option
@click.option(
    "--like",
    is_eager=True,
    callback=_like,
    type=click.Path(path_type=Path),
    metavar="RUN",
    help="Do what was asked for in an earlier run, but for what stands here; without a PATH the same scans, too.",
)
@click.option(
    "--catalogue",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Add the run to this SQLite catalogue, which may hold other runs.",
)
@click.option(
    "--sidecars-beside-scans",
    is_flag=True,
    help="Write XMP sidecars beside the scans, where none stand yet, instead of into the folder of the run.",
)
@click.option("--raw-csv", is_flag=True, help="Leave cells of the table that look like formulas as they are.")
@click.option("--restart", is_flag=True, help="Do everything again instead of going on where the last run stopped.")
@click.option("--dry-run", is_flag=True, help="Only list what would be done.")
@click.option("--files-from", type=click.File("rb"), help="Take paths from this file, one a line; - is standard input.")
@click.option("--fail-fast", is_flag=True, help="Stop at the first scan that fails.")
@click.option(
    "--timeout-per-file",
    type=click.FloatRange(min=0.1),
    default=Settings().batch.seconds_per_file,
    show_default=True,
    metavar="SECONDS",
    help="Give a file up after this time.",
)
@click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="Let the workers of this Dask scheduler do the work, such as tcp://10.0.0.1:8786; see large-collections.md.",
)
@prior_options
@cachet_option(default=False)
@scan_options
@click.option("--overwrite", is_flag=True, help="Use a folder that holds other files already.")
@click.pass_context
def command(
    ctx: click.Context,
    /,
    *,
    paths: tuple[str, ...],
    run_folder: Path,
    recursive: bool,
    jobs: int | None,
    write: tuple[Product, ...],
    pairing: Pairing,
    like: Path | None,
    catalogue: Path | None,
    sidecars_beside_scans: bool,
    raw_csv: bool,
    restart: bool,
    dry_run: bool,
    files_from: BinaryIO | None,
    fail_fast: bool,
    timeout_per_file: float,
    scheduler: str | None,
    station: str | None,
    after: dt.date | None,
    before: dt.date | None,
    overwrite: bool,
    **limits: Any,
) -> int:
    """Identify every cover in folders of scans.

    PATHs are folders, files and patterns such as 'box-*/*.tif'. Run the same command again to go on after an
    interruption: what is done already is not done again, unless the scan, the program or the library changed.
    """
    loud = tell_all(ctx)
    verbose = bool(ctx.obj and ctx.obj.get("verbose"))
    request = _request(write, catalogue, beside_scans=sidecars_beside_scans, raw_csv=raw_csv)
    listed = read_list(files_from.read()) if files_from else []
    if like is not None and not paths and files_from is None:
        paths, listed = read_manifest(like).inputs()
    asked = _asked(ctx, paths, listed)
    plan = recipe(**limits)
    warn_of_marks(limits["library"])
    settings = replace(plan.settings, batch=replace(plan.settings.batch, seconds_per_file=timeout_per_file))
    known = priors(station, after, before) if station or after or before else None
    plan = replace(plan, settings=settings, priors=known)
    found, skipped = _inputs(paths, listed, recursive, run_folder)
    for item in skipped:
        click.echo(visible(f"skipped {item.path}: {item.reason}"), err=True)
    found, doubts = pair(found, pairing)
    for doubt in doubts:
        click.echo(visible(doubt), err=True)
    fingerprint = plan.fingerprint()
    if like is not None and read_manifest(like).fingerprint != fingerprint:
        click.echo(f"the program, its settings or its tables are not those of {like}: results may differ", err=True)
    if dry_run:
        _list(found, Store(run_folder.absolute(), fingerprint), restart, draw="overlay" in write)
        _tell_pairs(sum(item.back is not None for item in found), pairing)
        return ExitCode.OK
    store = open_store(run_folder, fingerprint, overwrite=overwrite)
    request.refuse_places(store)
    with Watcher(loud=verbose) as watcher:
        summary = run(
            found,
            store,
            plan,
            watcher,
            jobs=jobs or available_cores(),
            request=request,
            asked=asked,
            pairing=pairing,
            restart=restart,
            fail_fast=fail_fast,
            loud=loud,
            scheduler=scheduler,
        )
    _report(summary, store, request, pairing)
    return _exit_code(summary, skipped)


def _request(write: tuple[Product, ...], catalogue: Path | None, *, beside_scans: bool, raw_csv: bool) -> Request:
    """What to write.

    Raises
    ------
    UsageError
        The options don't go together.
    """
    if beside_scans and "xmp" not in write:
        raise UsageError(
            "--sidecars-beside-scans says where sidecars go, but none are asked for",
            code="no-sidecars",
            hint="add xmp to --write",
        )
    return Request(write, catalogue.absolute() if catalogue else None, beside_scans, raw_csv)


_NOT_REPEATED = {"paths", "files_from", "run_folder", "like", "dry_run", "restart", "overwrite"}


def _asked(ctx: click.Context, paths: Sequence[str], listed: Sequence[str]) -> dict[str, Any]:
    """What a run like this one is to be asked for: options by name, with values of JSON."""
    asked: dict[str, Any] = {"paths": list(map(portable, paths)), "listed": list(map(portable, listed))}
    for name, value in sorted(ctx.params.items()):
        if name in _NOT_REPEATED or value is None:
            continue
        if isinstance(value, tuple):
            asked[name] = ",".join(value)
        else:
            asked[name] = value if isinstance(value, bool | int | float | str) else portable(str(value))
    return asked


def _inputs(
    paths: Sequence[str], listed: Sequence[str], recursive: bool, run_folder: Path
) -> tuple[list[Found], list[Skipped]]:
    """Files of the run.

    Raises
    ------
    UsageError
        There are none.
    """
    if not paths and not listed:
        raise UsageError("nothing to do: no scans were named", code="no-input", hint="name a folder of scans")
    found, skipped = discover(paths, listed, recursive=recursive)
    output = run_folder.absolute()
    found = [item for item in found if not Path(item.path).is_relative_to(output)]
    if not found:
        reasons = "".join(f"; {item.path}: {item.reason}" for item in skipped[:_SHOWN])
        raise UsageError(
            f"nothing to do: no pictures in {', '.join([*paths, *listed][:_SHOWN])}{reasons}",
            code="no-scans",
            hint="pictures are found by suffix, such as .jpg or .tif; -r looks into folders of folders",
        )
    return found, skipped


def _list(found: Sequence[Found], store: Store, restart: bool, *, draw: bool) -> None:
    for item in found:
        done = not restart and store.is_done(item, drawn=draw)
        click.echo("\t".join(["done" if done else "to do", *map(visible, item.names)]))


def _tell_pairs(pairs: int, pairing: Pairing) -> None:
    if pairs:
        covers = "cover has" if pairs == 1 else "covers have"
        click.echo(f"{pairs} {covers} a front and a back: {pairing.in_words()} (--pair {pairing})", err=True)


def _report(summary: Summary, store: Store, request: Request, pairing: Pairing) -> None:
    """The summary on stderr: counts, causes of failure, and where the results are."""
    counts = counted(summary.scans, "scan")
    if summary.covers != summary.scans:
        counts += f", {counted(summary.covers, 'cover')}"
    lines = [f"{counts}: {counts_line(summary.outcomes)}" if summary.scans else "no scans"]
    if summary.reused:
        lines.append(f"{summary.reused} of {summary.files} files were done already")
    if summary.undone:
        lines.append(f"{summary.undone} of {summary.files} files are left; run the same command again to go on")
    for code, names in sorted(summary.failures.items(), key=lambda item: (-len(item[1]), item[0])):
        lines.append(f"{code}: {_some(names)}")
    for what, twins in (("the same file", summary.twins.same_file), ("looks the same", summary.twins.same_look)):
        if twins:
            lines.append(f"{what} as an earlier scan: {_some([name for name, _ in twins])}")
    if summary.kept_sidecars:
        lines.append(f"sidecars stand there already and were left as they are: {_some(summary.kept_sidecars)}")
    lines += [f"written {path}" for path in request.places(store)]
    for line in lines:
        click.echo(visible(line), err=True)
    _tell_pairs(summary.pairs, pairing)


def _some(names: Sequence[str]) -> str:
    """The first names, and how many more there are."""
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return f"{', '.join(names[:_SHOWN])}{more}"


def _exit_code(summary: Summary, skipped: Sequence[Skipped]) -> ExitCode:
    if summary.interrupted:
        return ExitCode.INTERRUPTED
    if summary.outcomes["error"] or any(item.failed for item in skipped):
        return ExitCode.SOME_FAILED
    return ExitCode.OK
