"""``postmark-id flights``: look up the table of flights, ask what a date means, add flights of one's own."""

from __future__ import annotations

import csv
import datetime as dt
import difflib
import io
import textwrap
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import click

from postmark_id.cli.values import STATION, counted, day
from postmark_id.errors import ExitCode, TableError, UsageError
from postmark_id.flights.holidays import holiday
from postmark_id.flights.match import FlightStory, near
from postmark_id.flights.moments import Moment
from postmark_id.flights.rows import read_bytes
from postmark_id.flights.stays import STAY_COLUMNS, VEHICLES, Stay
from postmark_id.flights.table import ATTRIBUTION, FlightTable, read_stays, user_table
from postmark_id.models import Station
from postmark_id.outputs import atomic
from postmark_id.outputs.contract import Document, dumps, flight_json, notice_json
from postmark_id.settings import FlightSettings

WIDTH = 80
TEXT = "text"
MOST_SHOWN = 3
_MOMENTS = ("launch", "docking", "hatch_closing", "undocking", "landing")
"""Flights of one name that are shown in full; more are listed."""

table_option = click.option(
    "--table",
    "overlay",
    type=click.Path(dir_okay=False, path_type=Path),
    help="CSV file of your own flights, in place of the usual one.",
)
format_option = click.option(
    "--format",
    "form",
    type=click.Choice([TEXT, "json"]),
    default=TEXT,
    show_default=True,
    help="Text for people, or JSON for programs.",
)
station_option = click.option("--station", type=STATION, help="Only this station.")


@click.group("flights")
def command() -> None:
    """Look up dockings and undockings, and add flights of your own.

    The table that comes with the program is never changed. Your own flights live in a file of yours, or in the
    one that --table or the environment variable POSTMARK_ID_FLIGHTS names; a flight that it names replaces
    the one of the program.
    """


@command.command("list")
@station_option
@click.option("--year", type=int, help="Only stays that touch this year.")
@table_option
@format_option
def list_flights(station: str | None, year: int | None, overlay: Path | None, form: str) -> None:
    """List the stays of all flights at their stations; times are UTC."""
    stays = [
        stay
        for stay in FlightTable.for_user(overlay).stays
        if (station is None or stay.station == station) and (year is None or _touches(stay, year))
    ]
    stays.sort(key=lambda s: min(m.order for m in _moments(s)))
    if form == "json":
        click.echo(dumps([_stay_json(stay) for stay in stays], indent=2))
        return
    _print_rows(stays)


@command.command("show")
@click.argument("name")
@table_option
@format_option
def show(name: str, overlay: Path | None, form: str) -> None:
    """Show everything that is known of a flight; NAME may be an alias or Cyrillic."""
    table = FlightTable.for_user(overlay)
    flights = table.find(name)
    if not flights:
        raise UsageError(f"no flight is called {name!r}", code="unknown-flight", hint=_hint(name, table))
    if form == "json":
        click.echo(dumps([_stay_json(stay) for flight in flights for stay in table.stays_of(flight)], indent=2))
    elif len(flights) > MOST_SHOWN:
        _print_rows([stay for flight in flights for stay in table.stays_of(flight)])
    else:
        for place, flight in enumerate(flights):
            click.echo("\n".join(([""] if place else []) + _described(flight, table)))
        _attribute()


@command.command("near")
@click.argument("date", metavar="DATE", type=day)
@station_option
@table_option
@format_option
def near_date(date: dt.date, station: str | None, overlay: Path | None, form: str) -> None:
    """Say what DATE (YYYY-MM-DD) would mean in a mark struck aboard, and why."""
    table = FlightTable.for_user(overlay)
    story = near(date, table, station=Station(station) if station else None)
    if form == "json":
        click.echo(dumps(_near_json(date, story), indent=2))
        return
    for line in _near_text(date, story):
        click.echo(line)
    _attribute()


@command.command("add")
@click.argument("flight")
@click.option("--station", type=STATION, required=True, help="Where it went.")
@click.option("--vehicle", type=click.Choice(VEHICLES), required=True, help="What kind of ship it is.")
@click.option("--docking", help="Docking or berthing, YYYY-MM-DD or YYYY-MM-DDTHH:MM in UTC.")
@click.option("--undocking", help="Undocking or release, likewise.")
@click.option("--hatch-closing", help="When the hatches were closed before it left, likewise.")
@click.option("--launch", help="Launch, likewise.")
@click.option("--landing", help="Landing or deorbit, likewise.")
@click.option("--port", help="Where at the station it stood.")
@click.option("--alias", "aliases", multiple=True, help="Another name; may be given again.")
@click.option("--crew-up", multiple=True, help="Family name of one who went up; may be given again.")
@click.option("--crew-down", multiple=True, help="Family name of one who came down; may be given again.")
@click.option("--remarks", help="Anything else.")
@click.option("--source", help="Where this is known from.")
@table_option
def add(flight: str, overlay: Path | None, **given: Any) -> None:
    """Add a stay of FLIGHT to your own table; the file is made where there is none."""
    path = overlay or user_table()
    row = {
        "flight": flight,
        "vehicle_type": given["vehicle"],
        "station": given["station"],
        "crewed": "yes" if given["crew_up"] or given["crew_down"] else "no",
        **{f"{name}_utc": given[name] or "" for name in _MOMENTS},
        **{name: given[name] or "" for name in ("port", "remarks", "source")},
        **{name: ";".join(given[name]) for name in ("aliases", "crew_up", "crew_down")},
    }
    limit = FlightSettings().max_table_bytes
    stays, problems = read_stays(read_bytes(path, limit)) if path.exists() else ((), [])
    if problems:
        raise TableError(f"{path}, {problems[0]}", code="bad-table", hint="repair the table before you add to it")
    rows = [*(_row_of(stay) for stay in stays), row]
    data = _csv(rows)
    _, problems = read_stays(data)
    if problems:
        raise UsageError(problems[0].message, code="bad-flight", hint="nothing was added")
    path.parent.mkdir(parents=True, exist_ok=True)
    atomic.write_bytes(path, data, overwrite=True)
    click.echo(f"added {flight} to {path}", err=True)


@command.command("validate")
@click.argument("file", metavar="[CSV]", required=False, type=click.Path(dir_okay=False, path_type=Path))
def validate(file: Path | None) -> int:
    """Check a table of flights line by line; your own where CSV is not given. Exit code 4 where it is wrong."""
    path = file or user_table()
    if file is None and not path.exists():
        click.echo(f"{path}: not there, so only the program's own table is used")
        return ExitCode.OK
    stays, problems = read_stays(read_bytes(path, FlightSettings().max_table_bytes))
    for problem in problems:
        click.echo(f"{path}: {problem}")
    if problems:
        click.echo(f"{path}: faults: {len(problems)}; nothing of it is used")
        return ExitCode.BAD_CONFIG
    known = FlightTable.load()
    flights = dict.fromkeys(stay.flight for stay in stays)
    for flight in flights:
        if known.stays_of(flight):
            click.echo(f"{path}: {flight} replaces the program's own rows of that flight")
    for riddle in FlightTable.load(path).riddles:
        click.echo(f"{path}: crew: {riddle}")
    click.echo(f"{path}: no fault; stays: {len(stays)}, flights: {len(flights)}")
    return ExitCode.OK


def _moments(stay: Stay) -> list[Moment]:
    return [m for m in (stay.launch, stay.docking, stay.undocking, stay.landing) if m]


def _touches(stay: Stay, year: int) -> bool:
    if any(moment.date.year == year for moment in _moments(stay)):
        return True
    left = stay.undocking or stay.landing
    return stay.docking is not None and stay.docking.date.year < year and (left is None or year < left.date.year)


def _when(moment: Moment | None) -> str:
    return moment.iso.replace("T", " ").rstrip("Z") if moment else "-"


def _print_rows(stays: Iterable[Stay]) -> None:
    header = ("flight", "station", "launched", "arrived", "left")
    rows = [
        (s.flight, str(s.station), s.launch.date.isoformat() if s.launch else "-", _when(s.docking), _when(s.undocking))
        for s in stays
    ]
    widths = [max(len(row[column]) for row in (header, *rows)) for column in range(len(header))]
    for row in (header, *rows):
        click.echo("  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip())
    _attribute(f"{counted(len(rows), 'stay')}.")


def _attribute(before: str = "") -> None:
    """Name the source wherever the table is shown; on stderr, as it is no data."""
    click.echo(textwrap.fill(f"{before} {ATTRIBUTION}".strip(), WIDTH, break_on_hyphens=False), err=True)


def _hint(name: str, table: FlightTable) -> str:
    flights = {stay.flight for stay in table.stays} | {alias for stay in table.stays for alias in stay.aliases}
    close = difflib.get_close_matches(name, sorted(flights), n=3)
    return f"did you mean {', '.join(close)}?" if close else "see 'postmark-id flights list'"


def _described(flight: str, table: FlightTable) -> list[str]:
    stays = table.stays_of(flight)
    first = stays[0]
    lines = [f"{flight}  ({first.vehicle}, {first.station})"]
    if first.aliases:
        lines += _wrapped("also", ", ".join(dict.fromkeys(a for s in stays for a in s.aliases)))
    lines += [f"  {event.kind:<13}{_when(event.moment)}" for event in table.events_of(flight) if not event.title]
    lines += [line for e in table.events_of(flight) if e.title for line in _wrapped(str(e.kind), f"{e.date} {e.title}")]
    for label, text in (
        ("hatch closed", ", ".join(_when(s.hatch_closing) for s in stays if s.hatch_closing)),
        ("port", " -> ".join(dict.fromkeys(s.port for s in stays if s.port))),
        ("crew up", ", ".join(first.crew_up)),
        ("crew down", ", ".join(stays[-1].crew_down)),
        ("remarks", "; ".join(dict.fromkeys(s.remarks for s in stays if s.remarks))),
        ("source", ", ".join(dict.fromkeys(code for s in stays for code in s.source.split(";")))),
    ):
        lines += _wrapped(label, text) if text else []
    return lines


def _wrapped(label: str, text: str, indent: str = "  ") -> list[str]:
    return textwrap.wrap(
        text, WIDTH, initial_indent=f"{indent}{label:<13}", subsequent_indent=indent + " " * 13, break_on_hyphens=False
    )


def _near_text(date: dt.date, story: FlightStory) -> Iterable[str]:
    yield f"{date}: {story.outcome}"
    for match in story.flights:
        off = f", {match.days_off:+d} day{'s' * (abs(match.days_off) != 1)}" if match.days_off else ""
        yield ""
        yield f"  {match.flight} ({match.station}): {match.event}{off}  [score {match.score:.2f}]"
        for reason in match.reasons:
            yield from textwrap.wrap(
                reason, WIDTH, initial_indent="    - ", subsequent_indent="      ", break_on_hyphens=False
            )
    if story.warnings:
        yield ""
    for notice in story.warnings:
        yield from textwrap.wrap(
            f"{notice.code}: {notice.message}", WIDTH, initial_indent="  ! ", subsequent_indent="    ",
            break_on_hyphens=False,
        )  # fmt: skip
    yield ""
    if what := holiday(date):
        yield from _wrapped("remembered", what)
    people = _aboard(story)
    yield from _wrapped("aboard", ", ".join(people) if people else "nobody")


def _aboard(story: FlightStory) -> Sequence[str]:
    return list(dict.fromkeys(person for date in story.dates for person in date.aboard))


def _near_json(date: dt.date, story: FlightStory) -> Document:
    return {
        "date": date.isoformat(),
        "outcome": str(story.outcome),
        "flights": [flight_json(match) for match in story.flights],
        "warnings": [notice_json(notice) for notice in story.warnings],
        "aboard": list(_aboard(story)),
        "attribution": ATTRIBUTION,
    }


def _row_of(stay: Stay) -> dict[str, str]:
    return {
        "flight": stay.flight,
        "aliases": ";".join(stay.aliases),
        "vehicle_type": stay.vehicle,
        "crewed": "yes" if stay.crewed else "no",
        "station": str(stay.station),
        "port": stay.port,
        **{
            f"{name}_utc": moment.iso.rstrip("Z") if moment else ""
            for name, moment in (
                ("launch", stay.launch),
                ("docking", stay.docking),
                ("hatch_closing", stay.hatch_closing),
                ("undocking", stay.undocking),
                ("landing", stay.landing),
            )
        },
        "crew_up": ";".join(stay.crew_up),
        "crew_down": ";".join(stay.crew_down),
        "remarks": stay.remarks,
        "source": stay.source,
    }


def _stay_json(stay: Stay) -> Document:
    return {name: (value or None) for name, value in _row_of(stay).items()}


def _csv(rows: Iterable[dict[str, str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, STAY_COLUMNS.all, lineterminator="\n", restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()
