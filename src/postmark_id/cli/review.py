"""``postmark-id review``: look through a run in the browser, confirm what is right, correct what is not."""

from __future__ import annotations

import webbrowser
from pathlib import Path

import click

from postmark_id.cli.values import counted
from postmark_id.errors import ExitCode, UsageError
from postmark_id.flights.table import FlightTable
from postmark_id.review.covers import Covers
from postmark_id.review.server import Review


@click.command("review")
@click.argument("folder", metavar="RUN", type=click.Path(path_type=Path))
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port on this machine; a free one by default.")
@click.option("--no-browser", is_flag=True, help="Only print the address.")
@click.option(
    "--table",
    "overlay",
    type=click.Path(dir_okay=False, path_type=Path),
    help="CSV file of your own flights, in place of the usual one.",
)
def command(folder: Path, *, port: int, no_browser: bool, overlay: Path | None) -> int:
    """Look through the covers of a run, the most doubtful first.

    The page is for this machine and for you alone. Every verdict is kept at once in RUN/reviews.jsonl; when you
    finish, the tables and the report of the run are written anew with them. Marks that you name for learning are taken
    into the library by `postmark-id marks learn --from-review RUN`.
    """
    covers, table = Covers(folder), FlightTable.for_user(overlay)
    try:
        server = Review(covers, table, port)
    except OSError as error:
        raise UsageError(
            f"port {port} can't be used: {error.strerror}", code="port-in-use", hint="choose another, or none"
        ) from error
    with server:
        click.echo(server.address)
        click.echo("open this address in a browser of this machine; Finish on the page, or Ctrl-C, ends it", err=True)
        if not no_browser:
            webbrowser.open(server.address)
        try:
            server.serve_forever(poll_interval=0.2)
        except KeyboardInterrupt:
            covers.finish()
            _tell(covers)
            return ExitCode.INTERRUPTED
    _tell(covers)
    return ExitCode.OK


def _tell(covers: Covers) -> None:
    click.echo(f"{counted(covers.said(), 'cover')} of {len(covers)} reviewed", err=True)
