"""Matching dates with flights."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FlightSettings:
    """How dates are matched with flights. Scores order suggestions; they are no probabilities."""

    max_table_bytes: int = 20_000_000
    """Largest flight table read."""
    movement: float = 0.95
    """Weight of a docking, undocking, berthing or release on the day."""
    relocation: float = 0.80
    """Weight of a change of port; near enough to `movement` that another ship's makes a day ambiguous."""
    hatch_closing: float = 0.70
    """Weight of the closing of the hatches before a departure, where the user's table knows it."""
    launch_or_landing: float = 0.60
    """Weight of a launch or landing, which nobody aboard the station took part in."""
    accident: float = 0.55
    """Weight of an accident; one that ends a launch speaks for that launch."""
    other_event: float = 0.50
    """Weight of a spacewalk or an experiment."""
    minor_event: float = 0.45
    """Weight of a crew handover or a reentry."""
    day_off: float = 0.45
    """Weight of an arrival or departure one day from the mark's date."""
    year_off: float = 0.20
    """Weight of an arrival or departure on the same day of the year before or after."""
    one_zone: float = 0.95
    """Factor where the day fits in only one of UTC and Moscow time."""
    foreign_zone: float = 0.85
    """Factor where the day fits only by Moscow time and the station kept UTC (the ISS)."""
    hint: float = 0.40
    """Weight of what undated marks and ground cancels point to."""
    rival: float = 0.80
    """A second flight or date with this share of the first one's score leaves the answer open."""
    weak_rival: float = 0.50
    """A second date with this share leaves it open, too, unless only the first one fits an arrival or departure."""
    event_rival: float = 0.30
    """A second date with this share leaves it open where it falls on an arrival or departure, too, and leads where the
    first one falls on a quiet day: of 12 such dates on rendered covers all 12 were the true ones."""
    longest_aboard: int = 1000
    """Days between the first and the last date of a cover from which a warning asks to look again at the years."""
    readable_date: float = 0.15
    """Score below which a date counts as unread; of such readings one in four is right."""
    sure_date: float = 0.85
    """Score from which a date may decide by itself. Misread dates fall on quiet days, so those ask for more."""
    sure_date_on_event: float = 0.70
    """Score from which a date decides that falls exactly on an arrival or departure of its station: of eight with 0.65
    to 0.70 one was misread, and none of 167 with 0.70 to 0.95."""
    surer_than_use: float = 0.90
    """Score from which a date outside the documented use of its mark is only warned of: of 52 such dates on rendered
    covers by three hands 51 were read right, of 18 below it 11."""
    support: float = 0.60
    """Share of another mark's score that it lends to the same date."""
    empty_station: float = 0.50
    """Factor for a date on which nobody was aboard, beside one on which somebody was."""
    most_flights: int = 20
    """Suggestions listed at most; a date read with several doubtful figures fits many days."""
    years_beyond_table: int = 5
    """So many years after the table's last event a date can still be a date of a station that flies on."""
