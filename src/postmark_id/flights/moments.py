"""Moments of spaceflight: a UTC time where one is known, else only a day.

A moment known only by its day has that day in every zone: nothing is gained by pretending to a time.
Mir and the Salyuts lived on Moscow time, which had summer time from 1981 on and shifted its base several times,
so the civil day comes from the time zone database and never from a fixed offset.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Literal
from zoneinfo import ZoneInfo

Zone = Literal["UTC", "Moscow"]

_PATTERN = re.compile(r"(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2})(?::\d{2})?Z?)?", re.ASCII)
_NOON = dt.time(12)
_LATEST_COMMON_HOUR = 19
"""Before this hour UTC the day in Moscow is the same: its clocks were never five hours ahead."""
_MOSCOW = ZoneInfo("Europe/Moscow")


@dataclass(frozen=True, slots=True)
class Moment:
    """A day, and the UTC time of day where it is known.

    Attributes
    ----------
    date : datetime.date
        Civil day in UTC.
    time : datetime.time or None
        UTC, to the minute.
    """

    date: dt.date
    time: dt.time | None = None

    @property
    def iso(self) -> str:
        """As the contract writes it: ``1997-02-12T15:51Z``, or ``1997-02-12`` without a time."""
        return f"{self.date.isoformat()}T{self.time:%H:%M}Z" if self.time else self.date.isoformat()

    @property
    def order(self) -> tuple[dt.date, dt.time]:
        """For ordering only: a moment without a time stands at noon."""
        return self.date, self.time or _NOON

    @property
    def instant(self) -> dt.datetime:
        """UTC, for reckoning only: a moment without a time stands at noon."""
        return dt.datetime.combine(*self.order, tzinfo=dt.UTC)

    def day(self, zone: Zone = "UTC") -> dt.date:
        """Civil day of this moment in a zone."""
        if zone == "UTC" or self.time is None or self.time.hour < _LATEST_COMMON_HOUR:
            return self.date
        return self.instant.astimezone(_MOSCOW).date()

    def clock(self, zone: Zone = "UTC") -> str:
        """``15:51 UTC`` or ``18:51 Moscow time``; empty without a time."""
        if self.time is None:
            return ""
        if zone == "UTC":
            return f"{self.time:%H:%M} UTC"
        return f"{self.instant.astimezone(_MOSCOW):%H:%M} Moscow time"


def parse_moment(text: str) -> Moment:
    """Read ``1997-02-12`` or ``1997-02-12T15:51``; nothing else, since ``12/04/88`` may be April or December.

    Raises
    ------
    ValueError
        With a reason in words where the text is no such date.
    """
    found = _PATTERN.fullmatch(text)
    if not found:
        raise ValueError(f"{text!r} is not an ISO date: write YYYY-MM-DD or YYYY-MM-DDTHH:MM in UTC")
    day, clock = found.groups()
    try:
        date = dt.date.fromisoformat(day)
        time = dt.time.fromisoformat(clock) if clock else None
    except ValueError as error:
        raise ValueError(f"{text!r} does not exist: {error}") from None
    return Moment(date, time)
