"""``postmark-id evaluate``: accuracy on labelled scans, drift between runs."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

import click

from postmark_id import evaluate
from postmark_id.dates.engines import EngineName
from postmark_id.errors import UsageError
from postmark_id.evaluate.results import missing_report, pair
from postmark_id.evaluate.truth import Truth
from postmark_id.models import Outcome, ScanReport
from postmark_id.outputs import atomic, contract
from postmark_id.outputs.jsonl import write_jsonl
from postmark_id.settings import Settings


@click.command("evaluate")
@click.argument("labelled", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--results",
    type=click.Path(exists=True, path_type=Path),
    help="Measure these results (results.jsonl, or the folder of a run) instead of running on the pictures.",
)
@click.option(
    "--against",
    type=click.Path(exists=True, path_type=Path),
    help="Show what changed since this run (results.jsonl, or the folder of a run).",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Tables for people, or one JSON document.",
)
@click.option("-j", "--jobs", type=click.IntRange(1, 256), default=1, show_default=True, help="Processes.")
@click.option("--limit", type=click.IntRange(1), help="Take only the first N labels.")
@click.option(
    "--ocr",
    type=click.Choice(get_args(EngineName)),
    default="auto",
    show_default=True,
    help="Engine that reads dates.",
)
@click.option(
    "--write",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Keep the results in this file of JSON lines, for --results and --against.",
)
@click.option("--overwrite", is_flag=True, help="Replace the file named by --write.")
def command(
    *,
    labelled: Path,
    results: Path | None,
    against: Path | None,
    form: str,
    jobs: int,
    limit: int | None,
    ocr: EngineName,
    write: Path | None,
    overwrite: bool,
) -> None:
    """Compare results with labels: marks, dates, flights and outcomes, by difficulty.

    LABELLED is a folder of pictures with a label beside each, such as `postmark-id synth` writes.
    """
    if write and results:
        raise UsageError(
            "--write keeps the results of a run, and --results runs nothing",
            code="write-without-run",
            hint="leave one of them out",
        )
    if write:
        atomic.refuse_existing(write, overwrite=overwrite)
    settings = Settings()
    labels = evaluate.read_labels(labelled)[:limit]
    before = evaluate.read_results(against) if against else None
    reports = evaluate.read_results(results) if results else _run(labelled, labels, settings, jobs, ocr)
    if write:
        write_jsonl(write, map(contract.report_json, reports), overwrite=overwrite)
    pairs = pair(labels, reports)
    _warn_of_gaps(pairs)
    scores = evaluate.score(pairs, settings.evaluate)
    changes = evaluate.drift(_both(pairs, pair(labels, before))) if before is not None else None
    if form == "json":
        document = evaluate.to_json(scores, settings.evaluate)
        if changes is not None:
            document["drift"] = changes.to_json()
        click.echo(contract.dumps(document, indent=2))
    else:
        click.echo(evaluate.to_text(scores, settings.evaluate), nl=False)
        if changes is not None:
            click.echo("\n" + changes.to_text(), nl=False)


def _run(folder: Path, labels: Sequence[Truth], settings: Settings, jobs: int, ocr: EngineName) -> list[ScanReport]:
    # Imported here because it loads the models, which measuring given results doesn't need.
    from postmark_id.evaluate.run import identify_all  # noqa: PLC0415

    paths = [folder / label.file for label in labels]
    stream = identify_all(paths, settings, jobs=jobs, ocr=ocr)
    with click.progressbar(stream, length=len(paths), label="identify", file=sys.stderr) as bar:
        return list(bar)


def _warn_of_gaps(pairs: Sequence[tuple[Truth, ScanReport]]) -> None:
    failed = [report for _, report in pairs if report.outcome is Outcome.ERROR]
    for report in failed[:10]:
        assert report.error is not None
        click.echo(f"postmark-id: {report.error[1]}", err=True)
    if len(failed) > 10:
        click.echo(f"postmark-id: and {len(failed) - 10} more without a result", err=True)


def _both(
    now: Sequence[tuple[Truth, ScanReport]], before: Sequence[tuple[Truth, ScanReport]]
) -> list[tuple[str, ScanReport, ScanReport]]:
    """Covers that both runs know."""
    return [
        (truth.file, old, new)
        for (truth, new), (_, old) in zip(now, before, strict=True)
        if missing_report(truth.file) not in (old, new)
    ]
