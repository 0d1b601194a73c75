"""``postmark-id batch``: folders of scans, worked through whatever they hold, and gone on with after a stop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO, cast, get_args

import click

from postmark_id.batch.discover import Found, Skipped, discover, read_list
from postmark_id.batch.machine import available_cores
from postmark_id.batch.run import PRODUCTS, Product, Summary, run
from postmark_id.batch.store import Store, open_store
from postmark_id.cli.progress import Watcher, counts_line
from postmark_id.cli.scan_options import recipe, scan_options, tell_all
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
            f"{', '.join(unknown) or 'nothing'} can't be written; choose from {', '.join(PRODUCTS)}"
        )
    return cast("tuple[Product, ...]", names)


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
    help="What to write, with commas between.",
)
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
    restart: bool,
    dry_run: bool,
    files_from: BinaryIO | None,
    fail_fast: bool,
    timeout_per_file: float,
    overwrite: bool,
    **limits: Any,
) -> int:
    """Identify every cover in folders of scans.

    PATHs are folders, files and patterns such as 'box-*/*.tif'. Run the same command again to go on after an
    interruption: what is done already is not done again, unless the scan, the program or the library changed.
    """
    loud = tell_all(ctx)
    verbose = bool(ctx.obj and ctx.obj.get("verbose"))
    plan = recipe(**limits)
    settings = replace(plan.settings, batch=replace(plan.settings.batch, seconds_per_file=timeout_per_file))
    plan = replace(plan, settings=settings)
    found, skipped = _inputs(paths, files_from, recursive, run_folder)
    for item in skipped:
        click.echo(visible(f"skipped {item.path}: {item.reason}"), err=True)
    fingerprint = plan.fingerprint()
    if dry_run:
        _list(found, Store(run_folder.absolute(), fingerprint), restart, draw="overlay" in write)
        return ExitCode.OK
    store = open_store(run_folder, fingerprint, overwrite=overwrite)
    with Watcher(loud=verbose) as watcher:
        summary = run(
            found,
            store,
            plan,
            watcher,
            jobs=jobs or available_cores(),
            write=write,
            restart=restart,
            fail_fast=fail_fast,
            loud=loud,
        )
    _report(summary, store, write)
    return _exit_code(summary, skipped)


def _inputs(
    paths: Sequence[str], files_from: BinaryIO | None, recursive: bool, run_folder: Path
) -> tuple[list[Found], list[Skipped]]:
    """Files of the run.

    Raises
    ------
    UsageError
        There are none.
    """
    listed = read_list(files_from.read()) if files_from else []
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
        click.echo(f"{'done' if done else 'to do'}\t{visible(item.name)}")


def _report(summary: Summary, store: Store, write: Sequence[Product]) -> None:
    """The summary on stderr: counts, causes of failure, and where the results are."""
    pages = sum(summary.outcomes.values())
    lines = [f"{pages} {'scan' if pages == 1 else 'scans'}: {counts_line(summary.outcomes)}" if pages else "no scans"]
    if summary.reused:
        lines.append(f"{summary.reused} of {summary.files} files were done already")
    if summary.undone:
        lines.append(f"{summary.undone} of {summary.files} files are left; run the same command again to go on")
    for code, names in sorted(summary.failures.items(), key=lambda item: (-len(item[1]), item[0])):
        more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
        lines.append(f"{code}: {', '.join(names[:_SHOWN])}{more}")
    files = {"html": "report.html", "csv": "results.csv", "jsonl": "results.jsonl"}
    written = [str(store.folder / files[name]) for name in ("html", "csv", "jsonl") if name in write]
    lines += [f"written {path}" for path in written]
    for line in lines:
        click.echo(visible(line), err=True)


def _exit_code(summary: Summary, skipped: Sequence[Skipped]) -> ExitCode:
    if summary.interrupted:
        return ExitCode.INTERRUPTED
    if summary.outcomes["error"] or any(item.failed for item in skipped):
        return ExitCode.SOME_FAILED
    return ExitCode.OK
