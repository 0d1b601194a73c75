"""Finding marks, telling where they were struck, and cutting out their lettering."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class FoundWeights:
    """Weights of the log odds of a shape against no mark at all; fitted by ``training/ring/calibrate.py``."""

    pentagon: float = -1.33
    octagon: float = -1.32
    circle: float = -0.48
    noticed: float = 0.38
    """Log odds of any mark by the proposing network."""
    seen: float = 0.29
    """Log odds of this shape against no mark by the close look."""
    around: float = 0.92
    """The same by the ring."""


@dataclass(frozen=True, slots=True)
class AboardWeights:
    """Weights of the log odds that a mark was struck aboard."""

    polygon: float = 2.0
    """A pentagon or octagon: hardly any post office on the ground uses one."""
    lettering: float = 5.0
    """Lettering, times the score of its verdict."""
    surroundings: float = 0.5
    """What the proposing network makes of the surroundings."""
    station: float = 3.5
    """A station's name without a word for aboard, times the score of the verdict."""
    post: float = 0.9
    """The post of a country or a post office without a place: those on the ground name theirs."""
    strange: float = 1.3
    """A word that no mark aboard is known to bear, in a round mark: cancels name their town."""
    on_print: float = 0.6
    """A round mark across a postage stamp or other print."""
    on_print_polygon: float = 0.5
    """A polygon across it: seals are struck across stamps, too."""
    off_print: float = 0.4
    """A round mark on bare paper: cancels cancel stamps."""
    marked_day: float = 0.5
    """Dated on a day on which a ship docked or undocked; against it where nothing is known to have happened."""
    early: float = 4.0
    """A round mark dated long before people lived on any station, or when nobody lived on the one that it seems to
    name, times the score of its date."""
    hour: float = 0.8
    """A round mark dated with the hour before board postmarks of the ISS were."""
    foreign_month: float = 1.5
    """A round mark that spells its month in neither English nor Russian."""
    several_days: float = 1.5
    """A round mark dated with a first and a last day."""
    emblem: float = 4.0
    """A polygon that names no station and is inked as evenly as print, or lettered plainly: a printed emblem."""
    even: float = 1.5
    """A round mark that names no station and is inked as evenly as print."""
    red_pentagon: float = 2.4
    """A red pentagon without a station's name."""
    recognised: float = 5.0
    """A learned mark that was recognised for sure; half of it where the match is just good enough."""


@dataclass(frozen=True, slots=True)
class LetteringStrips:
    """How lettering is looked for in a mark; lengths in heights of its letters."""

    height: int = 40
    """Height of a strip, pixels."""
    purity: float = 1.0
    """How much of a mark's ink other colours take away."""
    solid: float = 0.5
    """Ink of the middling place of a polygon from which its letters are taken for left out of the ink."""
    bare_around: float = 0.25
    """Median ink in the corners around a round mark below which it lies on paper, and may be solid."""
    speck: float = 0.002
    """Area of the smallest letter left out of the ink, in squares of the mark's radius. Of 16 such seals on 700 covers
    4 were told their station with specks, 5 without those below 0.001, 10 below 0.002 or 0.003, none wrongly."""
    plain_row: float = 0.4
    """How likely letters must stand at a place for it to belong to a row."""
    least_row: float = 0.25
    """How likely they must stand at its ends."""
    least_length: float = 1.4
    """Rows shorter than this are no words."""
    least_figures: float = 0.5
    """The same of figures: a day that stands by itself may be one."""
    most_rows: int = 10
    """Rows of a mark that are read."""
    margin: float = 0.22
    """Margin of a strip above and below."""
    room: float = 0.6
    """Margin of a strip before and behind."""
    close: tuple[float, float] = (0.05, 0.3)
    """Both margins where the rows of a mark that tell nothing are read once more."""
    further: float = 4.0
    """By how much a row that seems cut off is lengthened at both ends."""


@dataclass(frozen=True, slots=True)
class MarkSettings:
    """Proposing, fitting and accepting marks."""

    proposing_side: int = 896
    """Long side of the picture that the proposing network sees, pixels."""
    lowest_proposal: float = 0.10
    """Lowest peak of the network that is worth a fit."""
    lowest_date_line: float = 0.05
    """Lowest peak of the network that is read as a date."""
    lowest_date_inside: float = 0.1
    """Lowest peak of the close look that is read as a date."""
    most_dates_inside: int = 3
    """Peaks of the close look that are read at most; the first is mostly right, the others serve dateless marks."""
    closeup_batch: int = 8
    """Marks that the close look takes in one go."""
    most_proposals: int = 24
    """Marks fitted on one scan at most."""
    stroke_floor: float = 0.35
    """Strength of a stroke, relative to a fair one, from which a point of an outline counts as inked."""
    well_inked: float = 0.85
    """Share of a regular polygon that carries ink, from which none that is drawn out is tried."""
    plain_circle: float = 0.6
    """A circle that the close look holds less likely may be a ring within a pentagon; of 378 round marks one was."""
    borne_out: float = 0.7
    """How well strokes must bear out that pentagon, of 1; 378 round marks bore one out by 0.63 at most."""
    least_polygon: float = 0.65
    """A polygon less likely than this, with a circle next to it, is taken for round: of 2124 rendered covers two had
    such seals, and of 184 photographs without seals three had such postmarks."""
    least_found: float = 0.5
    """Marks less sure than this are dropped, unless what is read in them speaks for them."""
    least_doubtful: float = 0.04
    """How sure a shape must be, so that anything is read in it."""
    plain_lettering: float = 0.7
    """Weight of lettering that speaks for a mark of which little else is sure: a lone ISS or EXPEDITION does not."""
    plain_date: float = 0.35
    """Score of a date that speaks for a round mark of which little else is sure."""
    least_silent: float = 0.9
    """How sure it must be that a pentagon or octagon in which neither a known word nor a date can be read is a mark at
    all, of whatever shape."""
    least_named: float = 0.75
    """The same of one that names a station at most, as a printed emblem may, or has a date beside it."""
    fewest_silent: int = 2
    """Rows of lettering in such a mark at least: three emblems had one, and two of all silent seals."""
    surely_struck: float = 0.2
    """Evenness of a plain outline below which one row is enough: four of five such seals had less, and of nine emblems
    none."""
    faintest_silent: float = 0.06
    """Density of ink from which a silent polygon is no stain: one had 0.04, seals that are worn most 0.08."""
    least_date_aboard: float = 0.4
    """Score of a date from which a mark struck aboard bears it: of 23 with less, on 695 covers, 19 were wrong."""
    plain_reading: float = 0.9
    """Score from which a row of lettering counts as read plainly."""
    least_plain: float = 0.5
    """Share of the rows of a polygon, by their area, whose readings must be plain, so that what they say speaks
    against a seal, ..."""
    least_unlike: float = 0.6
    """... and share of their letters that must stand in words of no mark aboard. Of 469 seals three reached both, all
    of rescue teams; of 38 printed octagons that name no station 21 did."""
    even_as_print: float = 0.45
    """Evenness of an outline from which it is taken for print: of 1266 rendered strikes by three hands 12 had more, of
    122 on photographs the highest had 0.26, and of 421 printed polygons and rings 250 had more."""
    silent_print: float = 0.36
    """The same where no known word is read: then a seal is worn, and inked the less evenly. Of 54 such seals none had
    more than 0.32, and of 69 printed octagons and pentagons 56 had."""
    plain_as_print: float = 0.5
    """What plain rows of words that no mark aboard is known to bear add to that evenness."""
    quiet_beside: float = 0.5
    """Weight of a date beside a seal that falls on a quiet day: of 15 such dates on covers by two hands ten were
    misread, written or printed, and of 45 on other days four."""
    plain_polygon: float = 0.98
    """From here on such a silent polygon counts as struck aboard for its shape alone."""
    beside_reach: float = 2.6
    """A date line counts as standing beside a seal up to this distance of the centres, in radii of the seal."""
    lettering: LetteringStrips = field(default_factory=LetteringStrips)
    least_company: float = 0.7
    """Only marks at least this sure speak for the marks beside them."""
    found_weights: FoundWeights = field(default_factory=FoundWeights)
    aboard_weights: AboardWeights = field(default_factory=AboardWeights)
    hours_aboard_from: int = 2021
    """Year from which board postmarks are known to show the hour; ground cancels always did."""
    aboard_odds: float = 0.8
    """Log odds from which a mark counts as struck aboard (or, negative, on the ground)."""
    on_print_share: float = 0.12
    """Share on a postage stamp or other print from which a mark counts as struck across it."""
