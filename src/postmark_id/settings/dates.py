"""Reading dates, and the print around marks."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DateSettings:
    """Cutting strips, reading them, and weighing what they may mean."""

    strip_height: int = 48
    """Height of a strip, pixels; engines scale it to what they need."""
    strip_pad: float = 0.2
    """Margin cut around a line, as a share of its height: a box is never quite where the figures are."""
    further_pads: tuple[float, ...] = (0.6, 0.05)
    """Margins with which an unsure line is cut again: a box may be too narrow, or take in a neighbouring line."""
    further_looks: int = 12
    """Unsure lines of a scan that are cut again at most, the most promising first."""
    batch: int = 16
    """Strips that a network reads in one go."""
    tesseract_program: str = "tesseract"
    """Name or path of the program."""
    tesseract_seconds: float = 20.0
    """Time limit of one call; every strip adds a tenth of it."""
    beam_width: int = 10
    """Spellings kept while a lattice is searched."""
    beam_floor: float = 5e-3
    """Symbols less probable than this at a step are not followed."""
    name_patience: float = 3.0
    """Log odds against a month's name, all letters together, that make it e times less likely."""
    name_doubt: float = 0.03
    """Weight of letters among figures that are no month's name."""
    name_least: float = 0.4
    """Share of the likeliest name from which letters are taken for it, whatever they spell."""
    spellings: int = 16
    """Most probable spellings that the grammar looks at."""
    least_score: float = 0.005
    """Date candidates below this are dropped."""
    least_weight: float = 0.3
    """Scores of all candidates of a mark together, below which its line is no date or not readable."""
    least_best: float = 0.3
    """Score of the best candidate of a mark, below which nobody can say which date it is."""
    most_candidates: int = 31
    """Candidates kept of one line."""
    two_digit_pivot: int = 77
    """Two-digit years from this on are 19yy, smaller ones 20yy, where the window leaves the choice."""
    other_century: float = 0.1
    """Weight of the century that the pivot does not choose."""
    not_preferred: float = 0.4
    """Weight of a date inside the window but outside its preferred spans."""
    outside_window: float = 0.02
    """Weight of a date outside the window; it is kept, so that a reason can be given."""
    impossible: float = 0.3
    """Weight of a spelling that has the form of a date but is none, such as 31.02.96."""
    least_left: float = 0.03
    """Share of a reading that must lie in the life of the mark's station, so that the life decides."""
    agreement: float = 0.15
    """How far another cut of the same line that reads the same date takes away doubt, times its score."""
    rivalry: float = 0.4
    """How far the best look that reads another date takes away, times its score."""
    same_day: float = 12.0
    """Odds that two marks of a cover bear one date against those that a misreading hits the other's date."""
    whole_line: float = 0.4
    """Share of a fragment's score from which the longer reading is taken."""
    plain_row: float = 0.8
    """Rows of lettering that the engine is less sure of are read upside down, too."""
    ring_row: float = 9.0
    """Length of a strip, in heights of it, from which its row runs around a mark and is read both ways."""
    sure: float = 0.9
    """A line read with this score is not read upside down as well."""
    doubted: float = 0.8
    """A line read below this is read by the reader of figures, too, which also errs where the first is right."""
    enough: float = 0.5
    """A mark without a date of this score has its less likely lines and rows of figures read, too."""
    doubtful: float = 0.95
    """A line read below this goes to the second engine, too; at 0.75 more wrong dates looked sure."""
    second_opinions: int = 2
    """Lines of a scan that go to the second engine at most, the most promising first; each costs 30 ms."""
    least_present: float = 0.2
    """How likely there must be figures at a line, so that it is read."""
    least_struck: float = 0.12
    """How likely a line beside a seal must be a strike, not print or handwriting, so that it is read."""
    surely_struck: float = 0.4
    """From here on nobody doubts it. Of 402 covers, 18 looks at dates lay below, and three at print read as dates."""
    maybe_struck: float = 0.6
    """Weight of what is read in a line of which that is doubted: of 15 such dates on 460 covers 8 were print."""
    same_ink: float = 0.945
    """Likeness from which a line has the ink of its seal; of 41 dates aboard 3 had less, of 31 others 12."""
    other_ink: float = 0.6
    """Weight of what is read in a line of another ink in or beside a seal."""
    stronger: float = 1.9
    """How often as strong as the ink of its seal the strokes of a line are that lies over or under it: of 69 dates of
    seals one had so much, of 11 others four."""
    stronger_ink: float = 0.3
    """Weight of what is read in such a line."""
    lines_in_ink: int = 2
    """Lines of a doubtful mark that are read in its ink alone."""
    purity: float = 2.0
    """How much of a mark's ink other colours take away where a doubtful line is read in that ink alone."""
    among_words: float = 0.8
    """Weight of a date that stands among words, as in a ring."""
    upside_down: float = 0.85
    """Weight of a reading against the direction that the detector gave."""
    calibration: tuple[tuple[float, float], ...] = ((0.0, 0.0), (1.0, 1.0))
    """Monotone map from raw to reported scores; why it is the identity: docs/decisions/0003-date-engine.md."""


@dataclass(frozen=True, slots=True)
class PrintSettings:
    """Finding and reading print outside the marks; lengths in pixels of the working copy or in heights of a letter."""

    read: bool = False
    """Whether the print is read at all: it costs about a tenth of a second and tells nothing of marks and dates."""
    stroke: int = 15
    """Strokes are thinner than this, pixels."""
    contrast: int = 35
    """Grey levels by which a stroke is darker than what is around it, in its darkest channel."""
    letter_heights: tuple[int, int] = (6, 64)
    """Smallest and largest letter, pixels."""
    most_blobs: int = 2500
    """Blobs looked at, the tallest first: memory grows with their square."""
    gap: float = 1.6
    """Widest gap to the next letter or word."""
    shortest_line: float = 2.2
    margin: float = 0.8
    """How much farther than its blobs a line is cut at both ends: a last figure may be no blob of its own."""
    most_lines: int = 60
    """Lines read, the longest first; each costs 3 ms."""
    second_readings: int = 5
    """Lines with letters and figures that the second engine reads as well; each costs 30 ms."""
    strip_height: int = 48
    strip_pad: float = 0.1
    """Margin cut around a line, as a share of its height."""


@dataclass(frozen=True, slots=True)
class SpottingSettings:
    """When a known word counts as spotted in what an engine held possible."""

    highest_cost: float = 1.3
    """Mean log odds per letter against the best spelling, at most."""
    highest_cost_short: float = 0.1
    """The same for short words."""
    least_lead: float = 0.9
    """Lead over decoys of the same length, at least."""
    lead_for_cost: float = 0.7
    """Further lead asked for each unit of cost."""
    highest_addition: float = 0.8
    """Mean log odds per letter of a word by which a phrase is longer than another known one, at most."""
    share_of_best: float = 0.75
    """Words with less than this share of the best word's lead are echoes of it."""
    plain: float = 0.2
    """Cost up to which a word is read plainly; beside long words МКС was lost, since short ones never lead by much."""
    share_of_best_plain: float = 0.4
    """The share for words that are read plainly."""
    least_line_score: float = 0.5
    """Lines of lettering that the engine is less sure of are not reported."""
