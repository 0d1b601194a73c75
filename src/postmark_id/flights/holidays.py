"""Days on which marks were struck although nothing happened: holidays, and birthdays of the stations."""

from __future__ import annotations

import datetime as dt

_DAYS = (
    (1, 1, 0, "New Year's Day"),
    (4, 12, 1961, "Cosmonautics Day, the anniversary of Gagarin's flight of 1961"),
    (5, 9, 1945, "Victory Day"),
    (10, 4, 1957, "the anniversary of Sputnik 1 (1957)"),
    (9, 29, 1977, "the anniversary of the launch of Salyut-6 (1977)"),
    (4, 19, 1982, "the anniversary of the launch of Salyut-7 (1982)"),
    (2, 20, 1986, "the anniversary of the launch of Mir (1986, Moscow date)"),
    (11, 20, 1998, "the anniversary of the launch of Zarya, the first part of the ISS (1998)"),
    (11, 2, 2000, "the anniversary of the first crew's arrival at the ISS (2000)"),
)


def holiday(date: dt.date) -> str:
    """What the day is remembered for; empty for most days."""
    named = (what for month, day, since, what in _DAYS if (date.month, date.day) == (month, day) and date.year > since)
    return "; ".join(named)
