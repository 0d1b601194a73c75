"""``postmark-id marks``: look at the reference library, extend it with marks of one's own, pass marks on."""

from __future__ import annotations

import datetime as dt
import json
import tempfile
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from postmark_id.errors import ExitCode, UsageError
from postmark_id.library import archive, collection
from postmark_id.library.inspect import inspect
from postmark_id.library.schema import Dated, ReferenceMark
from postmark_id.library.store import Library, user_folder
from postmark_id.models import Kind, Shape, Station
from postmark_id.outputs import atomic

library_option = click.option(
    "--library",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of your own marks, in place of the usual one.",
)
format_option = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="A table for people, or JSON for programs.",
)
overwrite_option = click.option("--overwrite", is_flag=True, help="Replace what stands there already.")


@click.group("marks")
def command() -> None:
    """Look at the reference library, and add marks of your own.

    The marks that come with the program are never changed. Your own live in a folder of yours, or in the
    one that --library or the environment variable POSTMARK_ID_LIBRARY names.
    """


@command.command("list")
@library_option
@format_option
@click.option(
    "--station", type=click.Choice([s.value for s in Station], case_sensitive=False), help="Only marks of this station."
)
def list_marks(folder: Path | None, form: str, station: str | None) -> None:
    """List all marks, yours and the built-in ones."""
    library = _load(folder)
    marks = [mark for mark in library.marks if station is None or Station(station) in mark.stations]
    if form == "json":
        click.echo(_dumps([_as_json(mark) for mark in marks]))
        return
    rows = [_row(mark) for mark in marks]
    for line in _table(("id", "station", "shape", "dated", "used", "origin"), rows):
        click.echo(line)


@command.command("show")
@click.argument("ident", metavar="ID")
@library_option
@format_option
def show(ident: str, folder: Path | None, form: str) -> None:
    """Show everything that is known of one mark."""
    mark = _load(folder).find(ident)
    click.echo(_dumps(_as_json(mark)) if form == "json" else _described(mark))


@command.command("validate")
@library_option
@click.option("--strict", is_flag=True, help="Advice counts as a fault, too.")
def validate(folder: Path | None, strict: bool) -> int:
    """Check every mark and decode every picture; exit code 4 where something is wrong."""
    library = Library.load(folder)
    findings = inspect(library.marks)
    for problem in library.problems:
        click.echo(f"fault: {problem.message}")
    for finding in findings:
        click.echo(f"{'fault' if finding.grave else 'advice'}: {finding.notice.message}")
    faults = len(library.problems) + sum(finding.grave for finding in findings)
    advice = sum(not finding.grave for finding in findings)
    click.echo(f"marks: {len(library)}, faults: {faults}, advice: {advice}")
    return ExitCode.BAD_CONFIG if faults or (strict and advice) else ExitCode.OK


@command.command("add")
@click.argument("ident", metavar="ID")
@click.option(
    "--station",
    "stations",
    multiple=True,
    required=True,
    type=click.Choice([s.value for s in Station], case_sensitive=False),
    help="Station where it was used; may be given again.",
)
@click.option(
    "--kind",
    type=click.Choice([k.value for k in Kind]),
    default=Kind.STATION_SEAL.value,
    show_default=True,
    help="What it is.",
)
@click.option("--shape", type=click.Choice([s.value for s in Shape]), required=True, help="Its outline.")
@click.option(
    "--picture",
    "pictures",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A crop of a strike; copied. May be given again.",
)
@click.option("--name", help="A name for people.")
@click.option("--lettering", multiple=True, help="A wording on it; may be given again.")
@click.option("--ink", "inks", multiple=True, help="An ink that is known; may be given again.")
@click.option(
    "--dated", type=click.Choice([d.value for d in Dated]), default=Dated.UNKNOWN.value, help="Does it bear a date?"
)
@click.option("--date-format", "date_formats", multiple=True, help="Such as dd.mm.yy; may be given again.")
@click.option("--fixed-date", help="The date of a mark that is dated 'fixed', as YYYY-MM-DD.")
@click.option("--first", help="First use: 1987, 1987-11 or 1987-11-23.")
@click.option("--last", help="Last use; open where it is not given.")
@click.option("--size-mm", type=float, help="Largest diameter in millimetres.")
@click.option("--source", help="Where this is known from.")
@click.option("--licence", help="Licence of the pictures.")
@click.option("--notes", help="Anything else.")
@click.option("--replaces", help="Id of the mark that this one stands in for.")
@library_option
@overwrite_option
def add(ident: str, folder: Path | None, overwrite: bool, **fields: Any) -> None:
    """Add a mark of your own from what you know and crops of real strikes."""
    pictures: Sequence[Path] = fields.pop("pictures")
    fields["lettering"] = [{"text": text} for text in fields["lettering"]]
    given = {key: list(v) if isinstance(v, tuple) else v for key, v in fields.items() if v not in (None, (), [])}
    with tempfile.TemporaryDirectory() as place:
        mark = collection.write_mark(Path(place) / "mark", {"id": ident, **given, "provenance": "user"}, pictures)
        _report_added(collection.install([mark], user_folder(folder), _load(folder), overwrite=overwrite))


@command.command("remove")
@click.argument("ident", metavar="ID")
@library_option
def remove(ident: str, folder: Path | None) -> None:
    """Remove a mark of your own."""
    mark = _load(folder).find(ident)
    collection.remove(mark, user_folder(folder))
    click.echo(f"removed {ident} from {mark.folder.parent}", err=True)


@command.command("export")
@click.argument("target", metavar="ARCHIVE", type=click.Path(dir_okay=False, path_type=Path))
@click.argument("idents", metavar="[ID]...", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="The built-in marks, too.")
@library_option
@overwrite_option
def export(target: Path, idents: tuple[str, ...], everything: bool, folder: Path | None, overwrite: bool) -> None:
    """Write your own marks, or those named, into a zip archive for others."""
    library = _load(folder)
    if idents:
        marks = [library.find(ident) for ident in dict.fromkeys(idents)]
    else:
        marks = [mark for mark in library.marks if everything or mark.origin == "user"]
    if not marks:
        raise UsageError("there is no mark of yours to export", code="no-marks", hint="name some, or say --all")
    with atomic.writing(target, overwrite=overwrite) as stream:
        archive.write_archive(marks, stream)
    click.echo(f"wrote {', '.join(mark.id for mark in marks)} into {target}", err=True)


@command.command("import")
@click.argument("source", metavar="ARCHIVE|FOLDER", type=click.Path(exists=True, path_type=Path))
@library_option
@overwrite_option
def import_marks(source: Path, folder: Path | None, overwrite: bool) -> None:
    """Take in the marks of an archive or folder: all of them, or none where one is faulty."""
    library, target = _load(folder), user_folder(folder)
    if source.is_dir():
        marks = archive.read_folder(source)
        _report_added(collection.install(marks, target, library, overwrite=overwrite))
        return
    with tempfile.TemporaryDirectory() as place:
        marks = archive.unpack(source, Path(place))
        _report_added(collection.install(marks, target, library, overwrite=overwrite))


def _load(folder: Path | None) -> Library:
    """The library; what had to be left out is told on stderr."""
    library = Library.load(folder)
    for problem in library.problems:
        click.echo(f"warning: {problem.message}", err=True)
    return library


def _report_added(marks: Sequence[ReferenceMark]) -> None:
    for mark in marks:
        click.echo(f"added {mark.id}: {mark.folder}", err=True)


def _row(mark: ReferenceMark) -> tuple[str, ...]:
    stations = ", ".join(station.value for station in mark.stations)
    return mark.id, stations, mark.shape.value, mark.dated.value, _used(mark), mark.origin


def _used(mark: ReferenceMark) -> str:
    if mark.last is None:
        return f"from {mark.first.year}" if mark.first else ""
    if mark.first is None:
        return f"to {mark.last.year}"
    years = (mark.first.year, mark.last.year)
    return f"{years[0]}" if years[0] == years[1] else f"{years[0]}-{years[1]}"


def _table(header: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Lines of a table with plain columns: the same on a terminal and in a pipe."""
    widths = [max(len(row[k]) for row in [header, *rows]) for k in range(len(header))]
    lines = [header, tuple("-" * width for width in widths), *rows]
    return ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines]


def _described(mark: ReferenceMark) -> str:
    """All that is known, for people, at 80 columns."""
    first, last = mark.first or "not documented", mark.last or "open"
    rows = [
        ("station", ", ".join(station.value for station in mark.stations)),
        ("kind", mark.kind.value),
        ("shape", mark.shape.value),
        ("dated", mark.dated.value + (f" {mark.fixed_date}" if mark.fixed_date else "")),
        ("date formats", ", ".join(mark.date_formats)),
        ("inks", ", ".join(mark.inks)),
        ("used", f"{first} to {last}"),
        ("size", f"{mark.size_mm:g} mm" if mark.size_mm else ""),
        *(("lettering", f"{line.text} ({line.status.value})") for line in mark.lettering),
        ("replaces", mark.replaces or ""),
        ("source", mark.source),
        ("pictures", ", ".join(f"{path.name} ({mark.provenance or 'of unknown origin'})" for path in mark.pictures)),
        ("licence", mark.licence),
        ("folder", f"{mark.folder} ({mark.origin})"),
        ("notes", mark.notes),
    ]
    lines = [mark.name, "=" * len(mark.name), mark.id]
    for label, value in rows:
        if value:
            wrapped = textwrap.wrap(value, 64, break_long_words=False, break_on_hyphens=False)
            lines += [f"{label if k == 0 else '':<14}{part}" for k, part in enumerate(wrapped)]
    return "\n".join(lines)


def _as_json(mark: ReferenceMark) -> dict[str, Any]:
    return {
        "id": mark.id,
        "name": mark.name,
        "origin": mark.origin,
        "stations": [station.value for station in mark.stations],
        "kind": mark.kind.value,
        "shape": mark.shape.value,
        "dated": mark.dated.value,
        "fixed_date": _iso(mark.fixed_date),
        "date_formats": list(mark.date_formats),
        "lettering": [
            {"text": line.text, "language": line.language or None, "status": line.status.value}
            for line in mark.lettering
        ],
        "inks": list(mark.inks),
        "first": _iso(mark.first),
        "last": _iso(mark.last),
        "size_mm": mark.size_mm,
        "source": mark.source,
        "provenance": mark.provenance,
        "licence": mark.licence,
        "notes": mark.notes,
        "replaces": mark.replaces,
        "pictures": [str(path) for path in mark.pictures],
    }


def _iso(day: dt.date | None) -> str | None:
    return None if day is None else str(day)


def _dumps(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False)
