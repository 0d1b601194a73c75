"""``postmark-id check``: one cover, or a few, for people and for programs."""

from __future__ import annotations

import datetime as dt
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from postmark_id.batch.discover import Found, portable
from postmark_id.batch.examine import Examined, PipelineRecipe, examine
from postmark_id.batch.pairs import Pairing, pair
from postmark_id.cli.scan_options import (
    cachet_option,
    pair_option,
    prior_options,
    priors,
    recipe,
    scan_options,
    tell_all,
    terminal_width,
    warn_of_marks,
)
from postmark_id.cli.values import encoded
from postmark_id.errors import ExitCode, UsageError, one_line
from postmark_id.models import Scan, ScanReport, SideName
from postmark_id.outputs import atomic
from postmark_id.outputs.contract import Document, dumps, report_json
from postmark_id.outputs.overlay import encode, save_overlay
from postmark_id.outputs.text import summary
from postmark_id.outputs.words import visible
from postmark_id.settings import Settings

if TYPE_CHECKING:
    from postmark_id.flights.match import Priors
    from postmark_id.pipeline import Identifier
    from postmark_id.trace import Trace


@click.command("check")
@click.argument("scans", nargs=-1, required=True, type=click.Path(path_type=str), metavar="SCAN...")
@click.option("--back", type=click.Path(path_type=str), help="Scan of the other side of the same cover.")
@pair_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="A summary for people; or JSON, one document, one a line for several scans or pages.",
)
@click.option(
    "--overlay", type=click.Path(path_type=Path), help="Write the annotated picture here (.png, .jpg, .webp)."
)
@click.option("--explain", is_flag=True, help="Tell on stderr what each stage saw and dropped.")
@click.option("--debug-dir", type=click.Path(path_type=Path), help="Write the pictures of the stages into this folder.")
@prior_options
@click.option("--expect", metavar="FLIGHT", help="Flight that it is said to belong to; checked, never assumed.")
@cachet_option(default=True)
@scan_options
@click.option("--overwrite", is_flag=True, help="Replace pictures that stand there already.")
@click.pass_context
def command(
    ctx: click.Context,
    /,
    *,
    scans: tuple[str, ...],
    back: str | None,
    pairing: Pairing,
    form: str,
    overlay: Path | None,
    explain: bool,
    debug_dir: Path | None,
    station: str | None,
    after: dt.date | None,
    before: dt.date | None,
    expect: str | None,
    overwrite: bool,
    **limits: Any,
) -> int:
    """Identify one cover: its marks, dates and flights.

    Exit code 0 when every scan was processed, whatever was found; 1 when one could not be.
    """
    tell_all(ctx)
    covers = _covers(scans, back, pairing)
    if (len(scans) > 1 and back) or (len(covers) > 1 and overlay):
        raise UsageError(
            "--back and --overlay are for one cover", code="one-scan", hint="give one scan, or use postmark-id batch"
        )
    known = priors(station, after, before, expect)
    if overlay:
        _refuse_place(overlay, overwrite)
    folder = atomic.prepare_folder(debug_dir) if debug_dir else None
    warn_of_marks(limits["library"])
    checker = Checker.open(recipe(**limits), known)
    pages = _Pages(form)
    failed = False
    for cover in covers:
        for page in checker.check(cover, explain=explain, debug=folder, overwrite=overwrite):
            document = report_json(page.report)
            pages.show(document)
            failed = failed or document["outcome"] == "error"
            if overlay:
                _draw(overlay, page, document, checker.settings, overwrite=overwrite)
    pages.end()
    return ExitCode.SOME_FAILED if failed else ExitCode.OK


def _covers(scans: Sequence[str], back: str | None, pairing: Pairing) -> list[Found]:
    """The covers that were named; files that don't exist among them, which fail by themselves."""
    if back:
        return [Found(scans[0], portable(scans[0]), Found(back, portable(back)))]
    named = dict.fromkeys(scans)
    covers, doubts = pair([Found(path, portable(path)) for path in named], pairing)
    for doubt in doubts:
        click.echo(visible(doubt), err=True)
    return covers


def _draw(place: Path, page: Examined, document: Document, settings: Settings, *, overwrite: bool) -> None:
    """Write the annotated pictures of a cover, that of the back beside that of the front."""
    sides: tuple[tuple[Scan | None, SideName], ...] = ((page.scan, "front"), (page.back, "back"))
    for scan, side in sides:
        if scan is not None:
            path = _page_path(place, scan.frame if side == "front" else page.report.frame, side)
            save_overlay(path, scan.pixels, document, settings.overlay, side=side, overwrite=overwrite)


@dataclass(frozen=True, slots=True)
class Checker:
    """The pipeline with what the user knows about the cover."""

    identifier: Identifier
    settings: Settings
    priors: Priors

    @classmethod
    def open(cls, plan: PipelineRecipe, priors: Priors) -> Checker:
        """Load models.

        Raises
        ------
        LibraryError, TableError, MissingDependencyError
        """
        # `open` promises an Examiner; the shipped recipe gives the pipeline itself.
        return cls(cast("Identifier", plan.open()), plan.settings, priors)

    def check(self, cover: Found, *, explain: bool, debug: Path | None, overwrite: bool) -> Iterator[Examined]:
        """Identify every page of a cover; notes and pictures of the stages go out page by page."""
        from postmark_id.trace import Trace  # noqa: PLC0415

        traces: list[Trace] = []

        def identify(scan: Scan, *, back: Scan | None = None) -> ScanReport:
            traces.append(Trace(with_pictures=debug is not None))
            return self.identifier.identify(scan, back=back, priors=self.priors, trace=traces[-1])

        for page in examine(
            cover.path,
            self.settings,
            identify,
            back=cover.back.path if cover.back else None,
            sides_in_turn=cover.sides_in_turn,
        ):
            trace = traces.pop() if traces else Trace()
            if explain:
                for stage, sentence in trace.notes:
                    click.echo(visible(f"{stage}: {sentence}"), err=True)
            if debug:
                self._keep(trace, debug, page.report, overwrite)
            yield page

    def _keep(self, trace: Trace, folder: Path, report: ScanReport, overwrite: bool) -> None:
        stem = f"{Path(report.path).stem[:80]}-{report.frame + 1}"
        for number, (name, picture) in enumerate(trace.pictures, start=1):
            data = encode(picture, ".png", self.settings.overlay)
            atomic.write_bytes(folder / f"{stem}-{number:02d}-{name}.png", data, overwrite=overwrite)


class _Pages:
    """Prints documents as they come: one JSON document alone is indented by nothing and ends with a line end."""

    def __init__(self, form: str) -> None:
        self.form = form
        self.count = 0

    def show(self, document: Document) -> None:
        """Print one document."""
        self.count += 1
        if self.form == "json":
            _print_bytes(dumps(document).encode("utf-8") + b"\n")
            if "error" in document:
                error = document["error"]
                click.echo(visible(f"postmark-id: {one_line(error['message'], error['hint'])}"), err=True)
            return
        if self.count > 1:
            click.echo()
        colour = (
            sys.stdout is not None
            and sys.stdout.isatty()
            and not os.environ.get("NO_COLOR")
            and os.environ.get("TERM") != "dumb"
        )
        click.echo(summary(document, width=terminal_width(), colour=colour))

    def end(self) -> None:
        """Bring all of it out before the program ends."""
        if sys.stdout is not None:
            sys.stdout.flush()


def _print_bytes(data: bytes) -> None:
    """UTF-8 whatever the console takes: a letter escaped for the console would not be JSON any more."""
    if sys.stdout is None:
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def _refuse_place(path: Path, overwrite: bool) -> None:
    """Refuse a place for a picture before the work starts.

    Raises
    ------
    OutputError, OverwriteError
    """
    import numpy as np  # noqa: PLC0415

    encoded(np.zeros((1, 1, 3), np.uint8), path, Settings().overlay)
    atomic.refuse_existing(path, overwrite=overwrite)
    if not path.absolute().parent.is_dir():
        atomic.prepare_folder(path.absolute().parent)


def _page_path(path: Path, frame: int, side: SideName) -> Path:
    more = (f"-{frame + 1}" if frame else "") + ("-back" if side == "back" else "")
    return path.with_name(f"{path.stem}{more}{path.suffix}")
