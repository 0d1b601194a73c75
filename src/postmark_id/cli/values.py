"""What people type and read in more than one command: stations, days, places of pictures, and how many there are."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from postmark_id.errors import OutputError
from postmark_id.models import Picture, Station
from postmark_id.settings import OverlaySettings

STATION = click.Choice([station.value for station in Station], case_sensitive=False)
"""A station, whatever the case."""


def day(text: str) -> dt.date:
    """A civil day as 1997-02-12; nothing else, since 02/12 is read in two ways."""
    try:
        return dt.datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError as error:
        raise click.BadParameter(f"{text!r} is not a date; write it as YYYY-MM-DD, such as 1997-02-12") from error


def counted(number: int, noun: str) -> str:
    """``1 strike``, ``2 strikes``."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def encoded(picture: Picture, path: Path, settings: OverlaySettings) -> bytes:
    """Bytes of a picture in the format that the name of its file says.

    Raises
    ------
    OutputError
        The name says none that is written.
    """
    from postmark_id.outputs.overlay import encode  # noqa: PLC0415  keeps --help quick

    try:
        return encode(picture, path.suffix, settings)
    except OutputError as error:
        raise OutputError(
            f"{path}: pictures are not written in this format", code=error.code, hint=error.hint
        ) from error
