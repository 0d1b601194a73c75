"""What stands on the strips: dates in every format of the grammar, lettering of marks, and chance words."""

from __future__ import annotations

import random

from postmark_id.dates.alphabet import CYRILLIC, DIGITS, LATIN

ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
MONTHS = (
    ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"],
    [
        "JANUARY",
        "FEBRUARY",
        "MARCH",
        "APRIL",
        "MAY",
        "JUNE",
        "JULY",
        "AUGUST",
        "SEPTEMBER",
        "OCTOBER",
        "NOVEMBER",
        "DECEMBER",
    ],
    ["JAN", "FEB", "MRZ", "APR", "MAI", "JUN", "JUL", "AUG", "SEP", "OKT", "NOV", "DEZ"],
    [
        "JANUAR",
        "FEBRUAR",
        "MÄRZ",
        "APRIL",
        "MAI",
        "JUNI",
        "JULI",
        "AUGUST",
        "SEPTEMBER",
        "OKTOBER",
        "NOVEMBER",
        "DEZEMBER",
    ],
    ["JANV", "FÉVR", "MARS", "AVRIL", "MAI", "JUIN", "JUIL", "AOÛT", "SEPT", "OCT", "NOV", "DÉC"],
    ["ЯНВ", "ФЕВ", "МАР", "АПР", "МАЙ", "ИЮН", "ИЮЛ", "АВГ", "СЕН", "ОКТ", "НОЯ", "ДЕК"],
    [
        "ЯНВАРЯ",
        "ФЕВРАЛЯ",
        "МАРТА",
        "АПРЕЛЯ",
        "МАЯ",
        "ИЮНЯ",
        "ИЮЛЯ",
        "АВГУСТА",
        "СЕНТЯБРЯ",
        "ОКТЯБРЯ",
        "НОЯБРЯ",
        "ДЕКАБРЯ",
    ],
)
LETTERING = [
    "МИР",
    "САЛЮТ-7",
    "МКС",
    "БОРТ",
    "ПОЧТА",
    "СССР",
    "РОССИЯ",
    "БАЙКОНУР",
    "ЛЕНИНСК",
    "МОСКВА",
    "КОРОЛЕВ",
    "КАЛИНИНГРАД",
    "АРКАЛЫК",
    "ДЖЕЗКАЗГАН",
    "ПОЧТАМТ",
    "HOUSTON",
    "TEXAS",
    "TX",
    "KENNEDY",
    "SPACE",
    "CENTER",
    "FL",
    "USA",
    "TITUSVILLE",
    "MIR",
    "ISS",
    "SALYUT-7",
    "STATION",
    "DOCKING",
    "MISSION",
    "BOARD",
    "RUSSIAN",
    "POST",
    "SEGMENT",
    "INTERNATIONAL",
    "EXPEDITION",
    "USPS",
    "PHILATELIC",
    "PARIS",
    "BERLIN",
    "WIEN",
    "PRAHA",
    "WARSZAWA",
    "BUDAPEST",
    "БОРТОВАЯ",
    "ОРБИТАЛЬНЫЙ",
    "КОМПЛЕКС",
    "СТАНЦИЯ",
    "СТАНЦИИ",
    "ОРБИТАЛЬНОЙ",
    "РОССИЙСКИЙ",
    "СЕГМЕНТ",
    "МЕЖДУНАРОДНОЙ",
    "КОСМИЧЕСКОЙ",
    "МЕЖДУНАРОДНАЯ",
    "КОСМИЧЕСКАЯ",
    "ЭКСПЕДИЦИЯ",
    "ОСНОВНАЯ",
    "ЭКИПАЖ",
    "СОЮЗ",
    "ПРОГРЕСС",
    "СОЮЗ-ТМ",
    "КОСМОДРОМ",
    "КОСМОС",
    "ЗВЕЗДНЫЙ",
    "ГОРОДОК",
    "МОСКОВСКАЯ",
    "ОБЛ",
    "КАЗАХСТАН",
    "РОССИИ",
    "ПЕЧАТЬ",
    "ДОСТАВЛЕНО",
    "НАУЧНЫЙ",
    "ОТДЕЛЕНИЕ",
    "СВЯЗИ",
    "КОМАНДИР",
    "БОРТИНЖЕНЕР",
    "ДЕНЬ",
    "КОСМОНАВТИКИ",
    "АВИА",
    "ПЕРВЫЙ",
    "СПЕЦГАШЕНИЕ",
    "СТЫКОВКА",
    "ORBITAL",
    "COMPLEX",
    "CREW",
    "FIRST",
    "DAY",
    "OF",
    "ISSUE",
    "PAR",
    "AVION",
    "AIR",
    "MAIL",
    "SOYUZ",
    "PROGRESS",
    "SHUTTLE",
    "ATLANTIS",
    "ENDEAVOUR",
    "DISCOVERY",
    "ESA",
    "NASA",
    "ATV",
    "DRAGON",
    "HTV",
    "CYGNUS",
    "OK",
    "ПОС",
    "РС",
    "ОКС",
    "ЦУП",
    "ТМ",
    "STS",
    "ПЯТИУГОЛЬНАЯ",
    "СЛУЖБА",
    "СПАСЕНИЯ",
    "ВЕРТОЛЕТ",
    "ПОИСКОВО",
    "ЖЕЗКАЗГАН",
    "ТЮРАТАМ",
    "КУСТАНАЙ",
    "КАРАГАНДА",
    "ЦЕЛИНОГРАД",
    "ЛЕНИНГРАД",
    "КАЛУГА",
    "ЩЕЛКОВО",
    "ОБЛАСТЬ",
    "КАЗ. ССР",
    "ОРБИТАЛЬНАЯ",
    "ОРБИТАЛЬНОГО",
    "КОМПЛЕКСА",
    "НА БОРТУ",
    "БОРТОВОЙ",
    "КОСМОНАВТ",
    "КОСМОНАВТОВ",
    "МУЗЕЙ",
    "ГАГАРИН",
    "ЭКСПЕДИЦИИ",
    "ПОЗЫВНОЙ",
    "ИНТЕРКОСМОС",
    "FLORIDA",
    "CANAVERAL",
    "ORLANDO",
    "LANDING",
    "LAUNCH",
    "CONTROL",
    "KOUROU",
    "GUYANE",
    "TOULOUSE",
    "MOSCOW",
    "BAIKONUR",
    "ARKALYK",
    "CITY",
    "STAR",
    "FIRST FLIGHT",
    "ABOARD",
    "MUSEUM",
    "POSTAMT",
    "BAHNPOST",
    "LUFTPOST",
    "BRIEFMARKEN",
    "AUSSTELLUNG",
    "REPUBLIQUE",
    "FRANCAISE",
    "MAGYAR",
    "POSTA",
    "ČESKOSLOVENSKO",
    "POLSKA",
    "DDR",
    "BUNDESPOST",
]


def text(rng: random.Random) -> str:
    """One line: a date or lettering, seldom chance characters."""
    kind = rng.random()
    if kind < 0.46:
        return date(rng)
    if kind < 0.86:
        return lettering(rng)
    return ringed(rng) if kind < 0.94 else chance(rng)


def mostly_date(rng: random.Random) -> str:
    """One line for a reader of figures: most often a date, seldom lettering or chance characters."""
    kind = rng.random()
    if kind < 0.70:
        return date(rng)
    if kind < 0.80:
        return lettering(rng)
    return ringed(rng) if kind < 0.88 else chance(rng)


def ringed(rng: random.Random) -> str:
    """A date among the words of a ring, as special cancels have it."""
    words = [rng.choice(LETTERING) if rng.random() < 0.5 else word(rng) for _ in range(rng.choice((1, 1, 2)))]
    words.insert(rng.randint(0, len(words)), date(rng))
    return rng.choice((" ", " ", " * ", " - ", ". ")).join(words)[:44]


def date(rng: random.Random) -> str:
    """A date as postmarks write it, sometimes with what stands beside it."""
    day, month = rng.randint(1, 31), rng.randint(1, 12)
    year = rng.choice((rng.randint(1977, 2030), rng.randint(1977, 2030), rng.randint(1900, 2099)))
    d, dd, mm = str(day), f"{day:02d}", f"{month:02d}"
    yy, yyyy = f"{year % 100:02d}", str(year)
    hh = f"{rng.randint(0, 24):02d}"
    sep = rng.choice((".", ".", ".", " ", " ", "-", "/", ". ", " . ", " - ", "  "))
    month_name = rng.choice((ROMAN, rng.choice(MONTHS)))[month - 1]
    gap = rng.choice((".", ".", "-", " ", " ", ". ", " - ", ""))
    written = rng.choices(
        (
            dd + sep + mm + sep + yy,
            dd + sep + mm + sep + yyyy,
            dd + sep + mm + sep + yy + rng.choice((" ", "-", sep)) + hh,
            dd + mm + yy + rng.choice(("", hh)),
            rng.choice((d, d, "-" + d, " " + d)) + gap + month_name + gap + rng.choice((yy, yyyy)),
            d + sep + str(month) + sep + rng.choice((yy, yyyy, "'" + yy)),
            f"{d}.{month}.-{yy}-{hh}",
            yyyy + sep + mm + sep + dd + rng.choice(("", "." + hh, "-" + hh, "")),
            yyyy + mm + dd + hh,
            f"{yy}.{ROMAN[month - 1]}.{d}-{hh}",
            f"{d}-{min(day + rng.randint(1, 9), 31)}{rng.choice('-. ')}{rng.choice((mm, month_name))}"
            f"{rng.choice('-. ')}{yyyy}",
            f"{d}-{month_name} - {rng.randint(1, 28)}-{ROMAN[month % 12]} {yyyy}",
            f"{month_name} {d}{rng.choice(('', '', ','))} {yyyy}",
        ),
        (22, 7, 12, 8, 20, 5, 1, 4, 3, 1, 2, 1, 4),
    )[0]
    if rng.random() < 0.06:
        written = rng.choice(("* {} *", "*{}*", "- {} -", "{} *", "* {}", "{}-", "-{}")).format(written)
    elif rng.random() < 0.04:
        written = rng.choice((f"{written} {rng.choice(LETTERING)}", f"{rng.choice(LETTERING)} {written}"))
    return written


def lettering(rng: random.Random) -> str:
    """One to four words of marks, sometimes a number, sometimes a star."""
    count = rng.choice((1, 1, 1, 2, 2, 3, 4))
    words = [rng.choice(LETTERING) if rng.random() < 0.7 else word(rng) for _ in range(count)]
    if rng.random() < 0.15:
        words.append(str(rng.randint(1, 10 ** rng.randint(1, 6))))
    line = rng.choice((" ", " ", " ", "-", "*", " * ", ". ")).join(words)
    if rng.random() < 0.1:
        line = line.capitalize() if rng.random() < 0.5 else line.title()
    return line[:40]


def word(rng: random.Random) -> str:
    """A made-up word in one script, so that letters are read and not guessed."""
    script = rng.choice((LATIN, CYRILLIC + "АВЕКМНОРСТХ"))
    return "".join(rng.choices(script, k=rng.randint(2, 11)))


def chance(rng: random.Random) -> str:
    """Figures and signs without sense."""
    figures = "".join(rng.choices(DIGITS, k=rng.randint(2, 12)))
    if rng.random() < 0.5:
        cut = rng.randint(1, len(figures))
        figures = figures[:cut] + rng.choice(" .-/:") + figures[cut:]
    return (rng.choice(LATIN) + figures if rng.random() < 0.15 else figures).strip()
