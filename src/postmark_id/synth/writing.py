"""How a date is written on a mark: the formats, how often each is drawn, and the text.

Design note: a format is a name that says how it looks; the name is what the label carries. Weights follow what the
descriptions of marks say (``dd.mm.yy`` most of all) and leave enough of the rest for a reader to learn them.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

import numpy as np

ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
RUSSIAN = (
    "ЯНВАРЯ", "ФЕВРАЛЯ", "МАРТА", "АПРЕЛЯ", "МАЯ", "ИЮНЯ",
    "ИЮЛЯ", "АВГУСТА", "СЕНТЯБРЯ", "ОКТЯБРЯ", "НОЯБРЯ", "ДЕКАБРЯ",
)  # fmt: skip
RUSSIAN_SHORT = ("ЯНВ", "ФЕВ", "МАР", "АПР", "МАЙ", "ИЮН", "ИЮЛ", "АВГ", "СЕН", "ОКТ", "НОЯ", "ДЕК")
ENGLISH = (
    "JANUARY", "FEBRUARY", "MARCH", "APRIL", "MAY", "JUNE",
    "JULY", "AUGUST", "SEPTEMBER", "OCTOBER", "NOVEMBER", "DECEMBER",
)  # fmt: skip
GERMAN = ("JAN", "FEB", "MÄRZ", "APR", "MAI", "JUNI", "JULI", "AUG", "SEPT", "OKT", "NOV", "DEZ")
FRENCH = ("JANV", "FÉV", "MARS", "AVRIL", "MAI", "JUIN", "JUIL", "AOÛT", "SEPT", "OCT", "NOV", "DÉC")

BOARD = {
    "dd.mm.yy": 30, "dd mm yy": 13, "dd-mm-yy": 7, "dd.mm.yyyy": 9, "dd.ROMAN.yy": 5, "dd ROMAN yyyy": 3,
    "dd-ROMAN-yy": 3, "dd МЕС yyyy": 4, "dd МЕСЯЦ yyyy": 3, "dd MON yyyy": 3, "dd mm yy hh": 6, "ddmmyyhh": 3,
    "ddmmyy": 4, "dd.mm.yy-hh": 3, "dd/mm/yy": 2, "yyyy.mm.dd": 1, "d.m.yy": 2, "dd mm yyyy": 2,
}  # fmt: skip
GROUND = {
    "dd.mm.yy": 18, "dd mm yy": 8, "dd mm yy hh": 14, "ddmmyyhh": 6, "dd.mm.yy-hh": 6, "dd-mm-yy": 4, "dd.ROMAN.yy": 5,
    "dd.ROMAN.yy-hh": 4, "yy.ROMAN.dd-hh": 2, "yyyy.mm.dd.hh": 3, "dd.mm.yyyy": 6, "dd MON yyyy": 6, "dd GER yyyy": 2,
    "dd FRE yyyy": 2, "dd МЕС yyyy": 4, "dd-dd.mm.yyyy": 3, "d.m.yy": 3,
}  # fmt: skip
AMERICAN = {"MON d yyyy": 50, "MONTH d, yyyy": 30, "MON dd yyyy": 12, "dd MON yyyy": 8}
IN_PIECES = frozenset({
    *AMERICAN, "dd.mm.yy", "dd mm yy", "dd-mm-yy", "dd.ROMAN.yy", "dd.mm.yyyy", "dd GER yyyy", "dd FRE yyyy",
    "dd МЕС yyyy", "d.m.yy",
})  # fmt: skip
"""Formats of cancels whose day, month and year may stand apart."""
RUBBER_OLD = {"dd mm yy": 80, "ddmmyy": 20}
"""The ISS postmark to 2020: six figures."""
RUBBER_NEW = {"dd mm yy hh": 65, "ddmmyyhh": 35}
"""The ISS postmark from 2021: eight figures, the last two an hour."""


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """A date and the way it is written.

    Attributes
    ----------
    date : datetime.date
        The first day where the text is a range.
    text : str
    format : str
        Name of the format.
    hour : int or None
    """

    date: dt.date
    text: str
    format: str
    hour: int | None = None

    @property
    def parts(self) -> tuple[str, ...]:
        """Day, month and year as they are written, in their order, of a date that `fits_in_pieces`."""
        return tuple(re.findall(r"\w+", self.text))

    @property
    def fits_in_pieces(self) -> bool:
        """Whether it may be set in pieces, the year by itself at the end."""
        return self.format in IN_PIECES


def choose_format(weights: dict[str, int], rng: np.random.Generator) -> str:
    """A name of a format, drawn by weight."""
    names = list(weights)
    share = np.asarray(list(weights.values()), np.float64)
    return names[int(rng.choice(len(names), p=share / share.sum()))]


def write_date(date: dt.date, form: str, rng: np.random.Generator) -> WrittenDate:
    """Write a date in the named format."""
    d, m = date.day, date.month - 1
    dd, mm, yy, yyyy = f"{d:02d}", f"{date.month:02d}", f"{date.year % 100:02d}", str(date.year)
    hour = int(rng.integers(0, 24)) if "hh" in form else None
    hh = f"{hour:02d}" if hour is not None else ""
    day = str(d) if rng.random() < 0.12 else dd
    if form == "dd-dd.mm.yyyy":
        last = date + dt.timedelta(days=int(rng.integers(1, 8)))
        if last.month != date.month:
            form, last = "dd.mm.yyyy", date
        return WrittenDate(date, f"{dd}-{last.day:02d}.{mm}.{yyyy}" if last != date else f"{dd}.{mm}.{yyyy}", form)
    texts = {
        "dd.mm.yy": f"{dd}.{mm}.{yy}",
        "dd mm yy": f"{dd} {mm} {yy}",
        "dd-mm-yy": f"{dd}-{mm}-{yy}",
        "dd/mm/yy": f"{dd}/{mm}/{yy}",
        "dd mm yyyy": f"{dd} {mm} {yyyy}",
        "d.m.yy": f"{d}.{date.month}.{yy}",
        "ddmmyy": f"{dd}{mm}{yy}",
        "dd.mm.yyyy": f"{dd}.{mm}.{yyyy}",
        "dd.ROMAN.yy": f"{day}.{ROMAN[m]}.{yy}",
        "dd-ROMAN-yy": f"{day}-{ROMAN[m]}-{yy}",
        "dd ROMAN yyyy": f"{day} {ROMAN[m]} {yyyy}",
        "dd.ROMAN.yy-hh": f"{day}.{ROMAN[m]}.{yy}-{hh}",
        "dd МЕС yyyy": f"{day} {RUSSIAN_SHORT[m]} {yyyy}",
        "dd МЕСЯЦ yyyy": f"{day} {RUSSIAN[m]} {yyyy}",
        "dd MON yyyy": f"{day} {ENGLISH[m][:3]} {yyyy}",
        "dd GER yyyy": f"{day}. {GERMAN[m]} {yyyy}",
        "dd FRE yyyy": f"{day} {FRENCH[m]} {yyyy}",
        "dd mm yy hh": f"{dd} {mm} {yy} {hh}",
        "ddmmyyhh": f"{dd}{mm}{yy}{hh}",
        "dd.mm.yy-hh": f"{dd}.{mm}.{yy}-{hh}",
        "yyyy.mm.dd": f"{yyyy}.{mm}.{dd}",
        "yyyy.mm.dd.hh": f"{yyyy}.{mm}.{dd}.{hh}",
        "yy.ROMAN.dd-hh": f"{yy}.{ROMAN[m]}.{dd}-{hh}",
        "MON d yyyy": f"{ENGLISH[m][:3]} {d} {yyyy}",
        "MON dd yyyy": f"{ENGLISH[m][:3]} {dd} {yyyy}",
        "MONTH d, yyyy": f"{ENGLISH[m]} {d}, {yyyy}",
    }
    return WrittenDate(date, texts[form], form, hour)
