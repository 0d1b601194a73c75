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

from postmark_id.cli.learn import learn
from postmark_id.cli.mark_options import format_option, library_option, load_library, overwrite_option
from postmark_id.cli.values import STATION, counted, encoded
from postmark_id.errors import ExitCode, UsageError
from postmark_id.library import archive, collection
from postmark_id.library.fields import looks_like_picture
from postmark_id.library.inspect import inspect
from postmark_id.library.schema import Dated, ReferenceMark
from postmark_id.library.store import Library, user_folder
from postmark_id.models import Kind, Shape, Station
from postmark_id.outputs import atomic


@click.group("marks")
def command() -> None:
    """Look at the reference library, and add marks of your own.

    The marks that come with the program are never changed. Your own live in a folder of yours, or in the
    one that --library, the environment variable POSTMARK_ID_LIBRARY or the file postmark-id.toml names.
    """


command.add_command(learn)


@command.command("list")
@library_option
@format_option
@click.option("--station", type=STATION, help="Only marks of this station.")
def list_marks(folder: Path | None, form: str, station: str | None) -> None:
    """List all marks, yours and the built-in ones."""
    library = load_library(folder)
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
@click.option("--sheet", type=click.Path(path_type=Path), help="Write its pictures side by side (.png, .jpg, .webp).")
@overwrite_option
def show(ident: str, *, folder: Path | None, form: str, sheet: Path | None, overwrite: bool) -> None:
    """Show everything that is known of one mark."""
    mark = load_library(folder).find(ident)
    if sheet is not None:
        _save_sheet(mark, sheet, overwrite)
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
    type=STATION,
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
    type=click.Path(exists=True, path_type=Path),
    help="A crop of a strike, or a folder of crops; copied. May be given again.",
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
    pictures = [picture for path in fields.pop("pictures") for picture in _files(path)]
    fields["lettering"] = [{"text": text} for text in fields["lettering"]]
    given = {key: list(v) if isinstance(v, tuple) else v for key, v in fields.items() if v not in (None, (), [])}
    with tempfile.TemporaryDirectory() as place:
        mark = collection.write_mark(Path(place) / "mark", {"id": ident, **given, "provenance": "user"}, pictures)
        _report_added(collection.install([mark], user_folder(folder), load_library(folder), overwrite=overwrite))


def _files(path: Path) -> list[Path]:
    """A file, or the pictures of a folder by name.

    Raises
    ------
    UsageError
        If a folder holds none.
    """
    if not path.is_dir():
        return [path]
    found = [entry for entry in sorted(path.iterdir()) if entry.is_file() and looks_like_picture(entry)]
    if not found:
        raise UsageError(f"{path}: holds no picture", code="no-picture", hint="give PNG, JPEG, TIFF, WebP or BMP")
    return found


@command.command("remove")
@click.argument("ident", metavar="ID")
@library_option
def remove(ident: str, folder: Path | None) -> None:
    """Remove a mark of your own; `marks restore` takes it back."""
    mark = load_library(folder).find(ident)
    collection.remove(mark, user_folder(folder))
    click.echo(f"removed {ident} from {mark.folder.parent}; `marks restore {ident}` takes it back", err=True)


@command.command("restore")
@click.argument("ident", metavar="ID")
@library_option
def restore(ident: str, folder: Path | None) -> None:
    """Take back a mark that was removed."""
    mark = collection.restore(ident, user_folder(folder), load_library(folder))
    click.echo(f"restored {mark.id}: {mark.folder}", err=True)


@command.command("export")
@click.argument("target", metavar="ARCHIVE", type=click.Path(dir_okay=False, path_type=Path))
@click.argument("idents", metavar="[ID]...", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="The built-in marks, too.")
@library_option
@overwrite_option
def export(target: Path, idents: tuple[str, ...], everything: bool, folder: Path | None, overwrite: bool) -> None:
    """Write your own marks, or those named, into a zip archive for others."""
    library = load_library(folder)
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
    library, target = load_library(folder), user_folder(folder)
    if source.is_dir():
        marks = archive.read_folder(source)
        _report_added(collection.install(marks, target, library, overwrite=overwrite))
        return
    with tempfile.TemporaryDirectory() as place:
        marks = archive.unpack(source, Path(place))
        _report_added(collection.install(marks, target, library, overwrite=overwrite))


def _save_sheet(mark: ReferenceMark, target: Path, overwrite: bool) -> None:
    from postmark_id.library.inspect import picture_of  # noqa: PLC0415
    from postmark_id.outputs.picture_sheet import picture_sheet  # noqa: PLC0415
    from postmark_id.settings import OverlaySettings  # noqa: PLC0415

    if not mark.pictures:
        raise UsageError(f"{mark.id} has no picture", code="no-picture", hint="learn it with `postmark-id marks learn`")
    scans = {strike.picture: strike.scan for strike in mark.strikes}
    pictures = [(scans.get(path) or path.name, picture_of(path)) for path in mark.pictures]
    data = encoded(picture_sheet(pictures), target, OverlaySettings())
    atomic.write_bytes(target, data, overwrite=overwrite)


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
    rows = [
        ("station", ", ".join(station.value for station in mark.stations)),
        ("kind", mark.kind.value),
        ("shape", mark.shape.value),
        ("dated", mark.dated.value + (f" {mark.fixed_date}" if mark.fixed_date else "")),
        ("date formats", ", ".join(mark.date_formats)),
        ("inks", ", ".join(mark.inks)),
        ("used", _use_in_words(mark)),
        ("date line", _place_of_date(mark)),
        (
            "learned",
            f"{counted(len(mark.strikes), 'strike')}, the last on {mark.strikes[-1].learned}" if mark.strikes else "",
        ),
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


def _use_in_words(mark: ReferenceMark) -> str:
    if mark.first is None:
        return f"until {mark.last}; no beginning of use is known" if mark.last else "neither beginning nor end is known"
    return f"{mark.first} to {mark.last}" if mark.last else f"from {mark.first} on; no end of use is known"


def _place_of_date(mark: ReferenceMark) -> str:
    if mark.date_line is None:
        return ""
    (x, y), (width, height) = mark.date_line.centre, mark.date_line.size
    return f"centre {x:+.2f}, {y:+.2f}, size {width:.2f} x {height:.2f} radii, turned by {mark.date_line.rotation:.0f}"


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
        "reference": None if mark.reference is None else str(mark.reference),
        "strikes": [
            {"picture": str(strike.picture), "scan": strike.scan, "learned": _iso(strike.learned)}
            for strike in mark.strikes
        ],
        "date_line": None
        if mark.date_line is None
        else {
            "centre": list(mark.date_line.centre),
            "size": list(mark.date_line.size),
            "rotation": mark.date_line.rotation,
        },
    }


def _iso(day: dt.date | None) -> str | None:
    return None if day is None else str(day)


def _dumps(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False)
