"""Who was aboard a station on a day, worked out from the crews that ships brought and took.

People board with the ship that names them in `crew_up` and leave with the next one that names them in `crew_down`:
crews stay over, and many came home on another ship than the one they went up on. A ship that moves to another
station (Soyuz T-15) takes its crew along.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from postmark_id.flights.moments import Moment
from postmark_id.flights.stays import Stay, in_order
from postmark_id.models import Station

Moves = dict[tuple[str, Station], list[tuple[Moment, int, str, int]]]
"""Per person and station: moment, +1 for boarding or -1 for leaving, flight, seat."""


@dataclass(frozen=True, slots=True)
class Tour:
    """Time of one person aboard a station.

    Attributes
    ----------
    person : str
        Family name as the table writes it.
    station : Station
    boarded, left : Moment
        `left` is None while the table knows of no return.
    up, down : str
        Flights that brought and took the person.
    seat : int
        Place in the crew list of the flight up, from 0.
    """

    person: str
    station: Station
    boarded: Moment
    left: Moment | None
    up: str
    down: str = ""
    seat: int = 0


def tours(flights: Iterable[Sequence[Stay]]) -> tuple[tuple[Tour, ...], tuple[str, ...]]:
    """All tours in the order of boarding, and what does not fit together, in words.

    Parameters
    ----------
    flights : iterable of sequences of Stay
        The stays of one flight each.
    """
    moves: Moves = defaultdict(list)
    for stays in flights:
        _add_moves(in_order(stays), moves)
    found: list[Tour] = []
    riddles: list[str] = []
    for (person, station), steps in moves.items():
        boarded: tuple[Moment, str, int] | None = None
        for moment, step, flight, seat in sorted(steps, key=lambda s: (s[0].order, s[1])):
            if step > 0 and boarded is None:
                boarded = moment, flight, seat
            elif step < 0 and boarded is not None:
                found.append(Tour(person, station, boarded[0], moment, boarded[1], flight, boarded[2]))
                boarded = None
            else:
                verb = "boards twice" if step > 0 else "leaves without having come"
                riddles.append(f"{person} {verb} at {station} ({flight}, {moment.iso})")
        if boarded is not None:
            found.append(Tour(person, station, boarded[0], None, boarded[1], seat=boarded[2]))
    found.sort(key=lambda t: (t.boarded.order, t.up, t.seat))
    return tuple(found), tuple(riddles)


def _add_moves(stays: Sequence[Stay], moves: Moves) -> None:
    visits = [list(group) for _, group in groupby(stays, key=lambda s: s.station)]
    for number, visit in enumerate(visits):
        arrival, departure = visit[0], visit[-1]
        is_last = number == len(visits) - 1
        if arrival.docking:
            for seat, person in enumerate(arrival.crew_up):
                moves[person, arrival.station].append((arrival.docking, 1, arrival.flight, seat))
        if departure.undocking:
            for person in departure.crew_down if is_last else departure.crew_up:
                moves[person, departure.station].append((departure.undocking, -1, departure.flight, 0))
