"""Wordings that are known from marks, and what each is evidence for: a station, a board, the post, the ground."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from postmark_id.models import Station


class Claim(StrEnum):
    """What a wording is evidence for, apart from a station."""

    BOARD = "board"
    GROUND = "ground"
    POST = "post"
    """The post; aboard or not."""
    SOUVENIR = "souvenir"


@dataclass(frozen=True, slots=True)
class Wording:
    """A wording that is known from marks, and what it is evidence for.

    Attributes
    ----------
    text : str
    weight : float
        How much an errorless reading says, 0..1.
    station : Station or None
    claims : frozenset
    alone : bool
        Must stand as a word of its own, without an error.
    key : str
        The part that tells this wording from others and must be read without an error, where errors are forgiven
        elsewhere: the name of the station in ``БОРТ МИР``, the figure in ``САЛЮТ-7``.
    """

    text: str
    weight: float
    station: Station | None = None
    claims: frozenset[Claim] = frozenset()
    alone: bool = False
    key: str = ""


def _wordings(
    texts: str, weight: float, station: Station | None = None, *claims: Claim, alone: bool = False, key: str = ""
) -> list[Wording]:
    return [Wording(text.strip(), weight, station, frozenset(claims), alone, key) for text in texts.split(";")]


_MIR, _ISS, _S7, _S6 = Station.MIR, Station.ISS, Station.SALYUT_7, Station.SALYUT_6

WORDINGS: tuple[Wording, ...] = (
    # Salyut: the figure tells the station; without it the younger one is likelier, since only its marks are known.
    *_wordings("САЛЮТ-7; SALYUT-7; SALJUT-7; SALUT-7", 0.9, _S7, key="7"),
    *_wordings("САЛЮТ-6; SALYUT-6; SALJUT-6; SALUT-6", 0.65, _S6, key="6"),
    *_wordings("САЛЮТ; SALYUT; SALJUT", 0.55, _S7),
    *_wordings("БОРТ САЛЮТ-7; БОРТ СТАНЦИИ САЛЮТ-7", 0.95, _S7, Claim.BOARD, key="7"),
    *_wordings("БОРТ КОСМИЧЕСКОЙ СТАНЦИИ САЛЮТ-7; BOARD OF SPACE STATION SALYUT-7", 0.95, _S7, Claim.BOARD, key="7"),
    # Mir.
    *_wordings("МИР", 0.6, _MIR, alone=True),
    *_wordings("MIR", 0.6, _MIR, alone=True),
    *_wordings("КОМПЛЕКС МИР; КОМПЛЕКСА МИР; КОМПЛЕКСЕ МИР; СТАНЦИЯ МИР; СТАНЦИИ МИР", 0.85, _MIR, key="МИР"),
    *_wordings("SPACE STATION MIR; MIR SPACE STATION; MIR STATION; ORBITAL STATION MIR", 0.85, _MIR, key="MIR"),
    *_wordings("БОРТ МИР; БОРТ ОК МИР; БОРТ ОС МИР; БОРТ СТАНЦИИ МИР", 0.9, _MIR, Claim.BOARD, key="МИР"),
    *_wordings("БОРТ ОРБИТАЛЬНОЙ СТАНЦИИ МИР", 0.95, _MIR, Claim.BOARD, key="МИР"),
    # not ОС МИР, which КОСМИЧЕСКАЯ is full of
    *_wordings("ОК МИР; ПОС МИР", 0.7, _MIR, key="МИР"),
    *_wordings("ПОЧТОВОЕ ОТДЕЛЕНИЕ МИР; ПОЧТОВОЕ ОТДЕЛЕНИЕ ОК МИР", 0.9, _MIR, Claim.POST, Claim.BOARD, key="МИР"),
    *_wordings("ОТДЕЛЕНИЕ СВЯЗИ МИР; ОТДЕЛЕНИЕ СВЯЗИ ОК МИР", 0.9, _MIR, Claim.POST, Claim.BOARD, key="МИР"),
    *_wordings("ОРБИТАЛЬНЫЙ КОМПЛЕКС МИР; ОРБИТАЛЬНОГО КОМПЛЕКСА МИР", 0.95, _MIR, Claim.BOARD, key="МИР"),
    *_wordings("BORT MIR; ORBITAL COMPLEX MIR; ON BOARD MIR", 0.9, _MIR, Claim.BOARD, key="MIR"),
    *_wordings("ОРБИТАЛЬНЫЙ КОМПЛЕКС; ОРБИТАЛЬНОГО КОМПЛЕКСА; ОРБИТАЛЬНОМ КОМПЛЕКСЕ", 0.7, _MIR, Claim.BOARD),
    *_wordings("ORBITAL COMPLEX", 0.65, _MIR, Claim.BOARD),
    *_wordings("КОМПЛЕКС", 0.3, _MIR),
    *_wordings("ПЕРСЕЙ; PERSEUS; AUSTROMIR; АУСТРОМИР", 0.45, _MIR, Claim.SOUVENIR),
    # The ISS.
    *_wordings("МКС", 0.6, _ISS, alone=True),
    *_wordings("ISS", 0.6, _ISS, alone=True),
    *_wordings("БОРТ МКС; БОРТА МКС", 0.9, _ISS, Claim.BOARD, key="МКС"),
    *_wordings("РОССИЙСКИЙ СЕГМЕНТ МКС", 0.95, _ISS, Claim.BOARD, key="МКС"),
    *_wordings("МКС РС; РС МКС", 0.8, _ISS, key="МКС"),
    *_wordings("BORT MKS", 0.9, _ISS, Claim.BOARD, key="MKS"),
    *_wordings("BOARD OF ISS; ON BOARD ISS; BOARD ISS", 0.9, _ISS, Claim.BOARD, key="ISS"),
    *_wordings("МЕЖДУНАРОДНАЯ КОСМИЧЕСКАЯ СТАНЦИЯ; МЕЖДУНАРОДНОЙ КОСМИЧЕСКОЙ СТАНЦИИ", 0.9, _ISS),
    *_wordings("БОРТ МЕЖДУНАРОДНОЙ КОСМИЧЕСКОЙ СТАНЦИИ", 0.95, _ISS, Claim.BOARD),
    *_wordings("INTERNATIONAL SPACE STATION", 0.85, _ISS),
    *_wordings("BOARD OF INTERNATIONAL SPACE STATION", 0.95, _ISS, Claim.BOARD),
    *_wordings("МЕЖДУНАРОДНАЯ; МЕЖДУНАРОДНОЙ", 0.45, _ISS),
    *_wordings("РОССИЙСКИЙ СЕГМЕНТ; РОССИЙСКОГО СЕГМЕНТА; RUSSIAN SEGMENT", 0.9, _ISS, Claim.BOARD),
    *_wordings("СЕГМЕНТ; SEGMENT", 0.5, _ISS, Claim.BOARD),
    # Aboard, of any station.
    *_wordings("БОРТ; BORT; BOARD", 0.6, None, Claim.BOARD, alone=True),
    *_wordings("БОРТОВОЙ; БОРТОВАЯ; БОРТОВАЯ ПЕЧАТЬ; НА БОРТУ; НА БОРТ; ON BOARD; ABOARD", 0.7, None, Claim.BOARD),
    *_wordings("БОРТ КОСМИЧЕСКОЙ; БОРТ ОРБИТАЛЬНОЙ СТАНЦИИ", 0.75, None, Claim.BOARD),
    *_wordings("BOARD OF SPACE STATION; BOARD OF", 0.75, None, Claim.BOARD, key="BOARD"),
    *_wordings("КОСМИЧЕСКАЯ СТАНЦИЯ; КОСМИЧЕСКОЙ СТАНЦИИ; ОРБИТАЛЬНАЯ СТАНЦИЯ", 0.53, None, Claim.BOARD),
    *_wordings("ОРБИТАЛЬНОЙ СТАНЦИИ; КОСМИЧЕСКАЯ ПОЧТА; SPACE POST; ORBITAL STATION", 0.56, None, Claim.BOARD),
    *_wordings("НА ОРБИТЕ; ОРБИТЕ; IN ORBIT; ON ORBIT; FLOWN IN SPACE", 0.53, None, Claim.BOARD),
    *_wordings("ЭКСПЕДИЦИЯ; EXPEDITION", 0.56, None, Claim.SOUVENIR, Claim.BOARD),
    *_wordings("ЭКИПАЖ; ПОЗЫВНОЙ", 0.45, None, Claim.SOUVENIR),
    *_wordings("СТАНЦИЯ; СТАНЦИИ", 0.3),
    # The post.
    *_wordings("БОРТОВАЯ ПОЧТА; БОРТПОЧТА; BOARD POST", 0.75, None, Claim.POST, Claim.BOARD),
    *_wordings("ПОЧТА РОССИИ; ПОЧТА СССР; RUSSIAN POST", 0.6, None, Claim.POST),
    *_wordings("ПОЧТОВОЕ ОТДЕЛЕНИЕ; ОТДЕЛЕНИЕ СВЯЗИ; POST OFFICE", 0.6, None, Claim.POST),
    *_wordings("ПОЧТА", 0.5, None, Claim.POST),
    # Post offices on the ground.
    *_wordings("БАЙКОНУР; BAIKONUR; BAYKONUR; ЛЕНИНСК; LENINSK", 0.85, None, Claim.GROUND),
    *_wordings("КЗЫЛ-ОРДИНСКАЯ; КЗЫЛ-ОРДА; ТЮРАТАМ; ТЮРА-ТАМ; КАРАГАНДА; KARAGANDA", 0.8, None, Claim.GROUND),
    *_wordings("АРКАЛЫК; ARKALYK; ДЖЕЗКАЗГАН; ЖЕЗКАЗГАН; DZHEZKAZGAN; ЦЕЛИНОГРАД", 0.85, None, Claim.GROUND),
    *_wordings("КАЗАХСТАН", 0.8, None, Claim.GROUND, key="КАЗАХ"),
    *_wordings("МОСКВА; MOSCOW; MOSKVA; МОСКОВСКАЯ ОБЛ; МОСКОВСКОЙ ОБЛ", 0.8, None, Claim.GROUND),
    *_wordings("ЗВЕЗДНЫЙ ГОРОДОК; ЗВЕЗДНЫЙ; STAR CITY; ZVEZDNY", 0.85, None, Claim.GROUND),
    *_wordings("КАЛИНИНГРАД; KALININGRAD; КОРОЛЕВ; KOROLEV", 0.8, None, Claim.GROUND),
    *_wordings("ЛЕНИНГРАД; КАЛУГА; ГАГАРИН; ЩЕЛКОВО; ГОРОД КОСМОНАВТОВ", 0.75, None, Claim.GROUND),
    *_wordings("HOUSTON; TITUSVILLE; CAPE CANAVERAL; KENNEDY SPACE CENTER", 0.85, None, Claim.GROUND),
    *_wordings("SPACE CENTER", 0.7, None, Claim.GROUND, key="CENTER"),
    *_wordings("CANAVERAL; ORLANDO; FLORIDA; TEXAS; MERRITT ISLAND", 0.75, None, Claim.GROUND),
    *_wordings("DOCKING MISSION; MISSION CONTROL; LANDING; EDWARDS AFB; PASADENA", 0.75, None, Claim.GROUND),
    *_wordings("DOCKING STA; SHUTTLE STA", 0.7, None, Claim.GROUND, key="STA"),
    *_wordings("EDWARDS; REGISTERED; PAR AVION", 0.7, None, Claim.GROUND),
    *_wordings("KOUROU; GUYANE FRANCAISE; TOULOUSE; TSUKUBA", 0.75, None, Claim.GROUND),
    # crews land near Kustanai; КОСТАНАЙ is in КОСМИЧЕСКОЙ СТАНЦИИ
    *_wordings("КУСТАНАЙ; ЦЕНТР УПРАВЛЕНИЯ ПОЛЕТОМ; FIRST DAY OF ISSUE; ПЕРВЫЙ ДЕНЬ", 0.75, None, Claim.GROUND),
    *_wordings("ЦУП", 0.6, None, Claim.GROUND, alone=True),
    # what these share with КОСМОС, with СВЯЗИ МИР and with ОТДЕЛЕНИЕ does not make them
    *_wordings("КОСМОДРОМ", 0.85, None, Claim.GROUND, key="ДРОМ"),
    *_wordings("ВЛАДИМИР", 0.75, None, Claim.GROUND, key="ДИМИР"),
    *_wordings("ЖИТОМИР", 0.75, None, Claim.GROUND, key="ТОМИР"),
    *_wordings("СПЕЦГАШЕНИЕ", 0.75, None, Claim.GROUND, key="ГАШ"),
    *_wordings("WIEN; BONN; KOLN", 0.6, None, Claim.GROUND, alone=True),
    *_wordings("ОБЛ", 0.5, None, Claim.GROUND, alone=True),
    *_wordings("КАЗ ССР", 0.6, None, Claim.GROUND, key="КАЗ"),
    *_wordings("JSC STATION", 0.6, None, Claim.GROUND, key="JSC"),
    *_wordings("ПОЧТАМТ", 0.75, None, Claim.GROUND, key="МТ"),
    *_wordings("ОБЛАСТЬ; SHUTTLE LAUNCH; EUROMIR; ЕВРОМИР", 0.6, None, Claim.GROUND),
    *_wordings("ДЕНЬ КОСМОНАВТИКИ; МУЗЕЙ КОСМОНАВТИКИ; ИНТЕРКОСМОС; SPACE SHUTTLE", 0.55, None, Claim.GROUND),
    *_wordings("МЕСТО ПОСАДКИ; LANDING SITE", 0.75, None, Claim.GROUND),
    # peace, on print and exhibition cancels
    *_wordings("МИР ЗЕМЛЕ", 0.6, None, Claim.GROUND, key="ЗЕМЛ"),
    *_wordings("КОСМОС МИРУ; МИРУ МИР", 0.6, None, Claim.GROUND, key="МИРУ"),
    *_wordings("ВЕРТОЛЕТ; СПАСАТЕЛЬНАЯ; ПОИСКОВО-СПАСАТЕЛЬНАЯ; СПАСАТЕЛИ", 0.75, None, Claim.GROUND),
    # not ПОИСК, which is a module of the ISS
    *_wordings("ПОИСКОВЫЙ; ГРУППА ПОИСКА; ПОИСКА КОСМОНАВТОВ", 0.75, None, Claim.GROUND, key="ПОИСК"),
    *_wordings("СЛУЖБА СПАСЕНИЯ; СПАСЕНИЯ", 0.75, None, Claim.GROUND, key="СПАС"),
    *_wordings("АВИАОТРЯД", 0.75, None, Claim.GROUND, key="ОТРЯД"),
    *_wordings("HELICOPTER; RESCUE TEAM; RESCUE SERVICE; SEARCH AND RESCUE", 0.75, None, Claim.GROUND),
    *_wordings("СЛУЖБА; АВИАЦИЯ; АВИАЦИИ; ПОДГОТОВКИ КОСМОНАВТОВ; ФИЛАТЕЛИСТОВ", 0.6, None, Claim.GROUND),
    *_wordings("ПСС; ПСО; USPS", 0.6, None, Claim.GROUND, alone=True),  # поисково-спасательная служба, отряд
    *_wordings("МИ-8; МИ-6", 0.6, None, Claim.GROUND, alone=True),  # the helicopters of these teams
    *_wordings("ПОИСКОВАЯ ГРУППА", 0.75, None, Claim.GROUND, key="ГРУППА"),
    # Call signs of crews stand on their personal stamps.
    *_wordings("ЮПИТЕР; КРИСТАЛЛ; УРАН; АГАТ; МАЯК; ОКЕАН; ТАЙМЫР; ДОНБАСС; РОДНИК; ПАМИР; ВУЛКАН; ДЕРБЕНТ", 0.0),
    # Words that say nothing, but must not be taken for one of the above: РОССИЯ is not РОССИИ of a post office.
    *_wordings("SPACE STATION; КОСМИЧЕСКОЙ; РОССИЯ; КОСМОС; КОСМОНАВТ; COSMONAUT; МЕЖДУНАРОДНЫЙ", 0.0),
    *_wordings("ПИЛОТИРУЕМЫЙ; ПИЛОТИРУЕМОГО; СОЮЗ; SOYUZ; ASTRONAUT; FLIGHT", 0.0),
    *_wordings("МИРУ; МИРА", 0.0, alone=True),  # of peace, or of the world
    *_wordings("ПОС", 0.0, alone=True),  # почтовое отделение связи, a letter away from ПСС
)
